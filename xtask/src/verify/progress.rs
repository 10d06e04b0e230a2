//! What is going on, for whoever is watching.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is printed about a long step where there is no terminal.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// A step's progress: a spinner with the last line of output on a terminal, plain lines elsewhere.
pub(super) struct Progress {
    label: String,
    began: Instant,
    spinner: Option<ProgressBar>,
    last_sign: Instant,
}

impl Progress {
    /// Step `number` of `count` begins.
    pub(super) fn begin(number: usize, count: usize, name: &str) -> Self {
        let width = count.to_string().len();
        let label = format!("[{number:width$}/{count}] {name}");
        let spinner = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg:.dim}");
            let spinner = ProgressBar::new_spinner().with_style(style.expect("the template is right"));
            spinner.set_prefix(label.clone());
            spinner.enable_steady_tick(Duration::from_millis(120));
            spinner
        });
        if spinner.is_none() {
            println!("{label} ...");
        }
        Self { label, began: Instant::now(), spinner, last_sign: Instant::now() }
    }

    /// A line of output has come.
    pub(super) fn line(&mut self, line: &str) {
        match &self.spinner {
            Some(spinner) if !line.trim().is_empty() => spinner.set_message(line.trim().to_owned()),
            Some(_) => {}
            None if self.last_sign.elapsed() >= SIGN_OF_LIFE => {
                println!("{}: {} so far: {}", self.label, duration(self.began.elapsed()), line.trim());
                self.last_sign = Instant::now();
            }
            None => {}
        }
    }

    /// The step is done: leaves one line about it.
    pub(super) fn end(self, result: &str) {
        if let Some(spinner) = self.spinner {
            spinner.finish_and_clear();
        }
        println!("{}: {result}, {}", self.label, duration(self.began.elapsed()));
    }
}

/// A duration in few words.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let seconds = seconds.round() as u64;
    if seconds < 3600 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_change_their_unit_where_they_should() {
        let of = |seconds: f64| duration(Duration::from_secs_f64(seconds));
        assert_eq!(of(0.04), "0.0 s");
        assert_eq!(of(59.9), "59.9 s");
        assert_eq!(of(59.97), "1 min 00 s");
        assert_eq!(of(754.4), "12 min 34 s");
        assert_eq!(of(7384.0), "2 h 03 min");
    }
}
