//! How far a test program has come.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// The trials of the test program that is running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trials {
    done: u64,
    of: u64,
}

static RUNNING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^running (\d+) tests?$").expect("the pattern is right"));

/// The end of a trial. What it says itself may stand between its name and its result.
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:test .* \.\.\. )?(?:ok|FAILED|ignored(?:, .*)?)$").expect("the pattern is right")
});

impl Trials {
    /// Takes in one line of output.
    pub(super) fn read(&mut self, line: &str) {
        if let Some(found) = RUNNING.captures(line) {
            *self = Self { done: 0, of: found[1].parse().unwrap_or_default() };
        } else if line.starts_with("test result:") {
            *self = Self::default();
        } else if self.done < self.of && DONE.is_match(line) {
            self.done += 1;
        }
    }
}

/// Nothing where nothing is running.
impl fmt::Display for Trials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            0 => Ok(()),
            of => write!(formatter, "{} of {of} trials done", self.done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lines: &[&str]) -> String {
        let mut trials = Trials::default();
        lines.iter().for_each(|line| trials.read(line));
        trials.to_string()
    }

    #[test]
    fn trials_are_counted_however_they_end() {
        let lines = [
            "running 66 tests",
            "test every_program/chain1/s,s/3 preemptions                       ... ok",
            "test growth ... FAILED",
            "test src/lib.rs - pushes (line 3) ... ok",
            "test slow ... ignored, not on this machine",
        ];
        assert_eq!(after(&lines), "4 of 66 trials done");
    }

    #[test]
    fn what_a_trial_says_before_its_result_is_no_result() {
        let lines =
            ["running 2 tests", r#"test a ... scenario: {"name":"a"}"#, "cases: ring 12", "ok", "FAILED"];
        assert_eq!(after(&lines[..3]), "0 of 2 trials done");
        assert_eq!(after(&lines), "2 of 2 trials done");
    }

    #[test]
    fn the_next_program_begins_anew_and_between_two_nothing_runs() {
        let lines =
            ["running 1 test", "test a ... ok", "test result: ok. 1 passed; 0 failed", "running 3 tests"];
        assert_eq!(after(&lines[..2]), "1 of 1 trials done");
        assert_eq!(after(&lines[..3]), "");
        assert_eq!(after(&lines), "0 of 3 trials done");
    }

    #[test]
    fn results_without_a_program_are_not_counted() {
        assert_eq!(after(&["test a ... ok", "ok"]), "");
        assert_eq!(after(&["running 1 test", "test a ... ok", "ok"]), "1 of 1 trials done");
    }
}
