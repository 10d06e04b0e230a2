//! What is going on, for whoever is watching.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::trials::Trials;

/// How often a line is printed about a long step where there is no terminal.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// A step's progress: a spinner with the last line of output on a terminal, plain lines elsewhere.
pub(super) struct Progress {
    label: String,
    began: Instant,
    spinner: Option<ProgressBar>,
    last_sign: Instant,
    latest: Latest,
}

/// What the output said last.
#[derive(Default)]
struct Latest {
    trials: Trials,
    line: String,
}

impl Progress {
    /// The step called `name` begins, at `place` among the others.
    pub(super) fn begin(place: &str, name: &str) -> Self {
        let label = format!("[{place}] {name}");
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
        let now = Instant::now();
        Self { label, began: now, spinner, last_sign: now, latest: Latest::default() }
    }

    /// A line of output has come.
    pub(super) fn line(&mut self, line: &str) {
        self.latest.read(line);
        if let Some(spinner) = &self.spinner {
            spinner.set_message(self.latest.in_words());
        }
    }

    /// How long nobody need call [`Self::show`].
    pub(super) fn patience(&self) -> Duration {
        SIGN_OF_LIFE.saturating_sub(self.last_sign.elapsed())
    }

    /// Prints a sign of life, if it is time for one and there is no terminal with better ones.
    pub(super) fn show(&mut self) {
        if self.last_sign.elapsed() < SIGN_OF_LIFE {
            return;
        }
        self.last_sign = Instant::now();
        if self.spinner.is_none() {
            let so_far = duration(self.began.elapsed());
            println!("{}: {so_far} so far: {}", self.label, self.latest.in_words());
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

impl Latest {
    fn read(&mut self, line: &str) {
        self.trials.read(line);
        if !line.trim().is_empty() {
            self.line = line.trim().to_owned();
        }
    }

    fn in_words(&self) -> String {
        let trials = self.trials.to_string();
        if trials.is_empty() { self.line.clone() } else { format!("{trials}; {}", self.line) }
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

    #[test]
    fn the_last_line_with_something_in_it_is_shown_behind_the_trials() {
        let mut latest = Latest::default();
        latest.read("   Compiling pooldeque v0.1.0");
        assert_eq!(latest.in_words(), "Compiling pooldeque v0.1.0");
        for line in ["running 12 tests", "test growth ... ok", ""] {
            latest.read(line);
        }
        assert_eq!(latest.in_words(), "1 of 12 trials done; test growth ... ok");
    }

    #[test]
    fn a_sign_of_life_is_due_after_a_minute() {
        let mut progress = Progress::begin("1/1", "a step");
        assert!(progress.patience() > SIGN_OF_LIFE / 2);
        let Some(long_ago) = Instant::now().checked_sub(2 * SIGN_OF_LIFE) else { return };
        progress.last_sign = long_ago;
        assert_eq!(progress.patience(), Duration::ZERO);
        progress.show();
        assert!(progress.patience() > SIGN_OF_LIFE / 2);
    }
}
