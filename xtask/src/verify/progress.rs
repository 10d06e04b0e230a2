//! What is going on, for whoever is watching.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::time::duration;

/// How often a line is printed about a long step where there is no terminal.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// A step's progress: a spinner with the last line of output on a terminal, plain lines elsewhere.
pub(super) struct Progress {
    label: String,
    began: Instant,
    spinner: Option<ProgressBar>,
    last_sign: Instant,
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
        Self { label, began: now, spinner, last_sign: now, line: String::new() }
    }

    /// A line of output has come.
    pub(super) fn line(&mut self, line: &str) {
        if !line.trim().is_empty() {
            line.trim().clone_into(&mut self.line);
        }
        if let Some(spinner) = &self.spinner {
            spinner.set_message(self.line.clone());
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
            println!("{}: {} so far: {}", self.label, duration(self.began.elapsed()), self.line);
        }
    }

    /// How long the step has taken so far.
    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// The step is done: leaves one line about it.
    pub(super) fn end(self, result: &str) {
        if let Some(spinner) = self.spinner {
            spinner.finish_and_clear();
        }
        println!("{}: {result}, {}", self.label, duration(self.began.elapsed()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
