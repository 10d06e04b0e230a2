//! Progress on the terminal.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::time::duration;

/// How often a line of a long step is printed where there is no terminal.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// A step's progress: a spinner with the last line of output on a terminal, plain lines elsewhere.
pub(crate) struct Progress {
    label: String,
    began: Instant,
    spinner: Option<ProgressBar>,
    last_sign: Instant,
}

impl Progress {
    /// The step called `name` begins, at `place` among the others.
    pub(crate) fn begin(place: &str, name: &str) -> Self {
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
        Self { label, began: now, spinner, last_sign: now }
    }

    /// A line of output has come. From time to time it is printed, where there is no terminal to see them all.
    pub(crate) fn line(&mut self, line: &str) {
        match &self.spinner {
            Some(spinner) if !line.trim().is_empty() => spinner.set_message(line.trim().to_owned()),
            None if self.last_sign.elapsed() > SIGN_OF_LIFE => {
                self.last_sign = Instant::now();
                println!("{}: {} so far: {line}", self.label, duration(self.began.elapsed()));
            }
            Some(_) | None => {}
        }
    }

    /// How long the step has taken so far.
    pub(crate) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// The step is done: leaves one line about it.
    pub(crate) fn end(self, result: &str) {
        if let Some(spinner) = self.spinner {
            spinner.finish_and_clear();
        }
        println!("{}: {result}, {}", self.label, duration(self.began.elapsed()));
    }
}
