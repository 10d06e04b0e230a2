//! What is run under which sanitizer, and what must come of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use regex::Regex;
use serde::Deserialize;

/// `checks.toml`.
#[derive(Deserialize)]
pub(super) struct Checks {
    pub(super) sanitizer: BTreeMap<String, Sanitizer>,
    pub(super) check: Vec<Check>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A sanitizer that Rust has, or Miri.
#[derive(Deserialize)]
pub(super) struct Sanitizer {
    /// The compiler's.
    pub(super) flags: String,
    /// The variable that its options are in.
    pub(super) variable: String,
}

/// One program or suite under one sanitizer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    /// Begins with its sanitizer's.
    pub(super) name: String,
    /// What it shows when it passes.
    pub(super) about: String,
    /// The arguments to cargo.
    pub(super) run: String,
    /// The model checker that it runs on.
    pub(super) model: Option<String>,
    /// The sanitizer's options.
    pub(super) options: Option<String>,
    planted: Option<Vec<String>>,
    artefact: Option<String>,
    allowed: Option<String>,
}

/// A thing that is not run, and the reason.
#[derive(Deserialize)]
pub(super) struct LeftOut {
    pub(super) what: String,
    pub(super) why: String,
}

/// The headline of a report.
static HEADLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?:WARNING: ThreadSanitizer|==\d+==ERROR: (?:Address|Leak)Sanitizer|error: (?:Undefined Behavior|memory leaked)): ")
        .expect("the pattern is right")
});

/// What a program or a suite says that it ran.
static RAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?:test result: \w+\. (\d+) passed|(?:soak|storm): (.+)$)")
        .expect("the pattern is right")
});

impl Checks {
    pub(super) fn read() -> Result<Self> {
        toml::from_str(include_str!("checks.toml")).context("checks.toml cannot be read")
    }
}

impl Check {
    pub(super) fn sanitizer(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// Whether it shows that the code is clean, and not that the sanitizer sees.
    pub(super) fn is_of_the_code(&self) -> bool {
        self.planted.is_none() && self.artefact.is_none()
    }

    /// Judges a run by how it ended and what was said. Passes with what ran, in few words.
    pub(super) fn judge(&self, success: bool, said: &str) -> Result<String> {
        let reports = reports(said);
        let ran = what_ran(said);
        let (must, pattern) = match (&self.planted, &self.artefact, &self.allowed) {
            (Some(words), ..) => {
                let found = reports.iter().any(|report| words.iter().all(|word| report.contains(word)));
                ensure!(found, "no report of {}", words.join(" in "));
                return Ok("reported, as it should be".to_owned());
            }
            (None, Some(pattern), _) => (true, Some(Regex::new(pattern)?)),
            (None, None, allowed) => (false, allowed.as_deref().map(Regex::new).transpose()?),
        };
        for report in &reports {
            let is_expected = pattern.as_ref().is_some_and(|pattern| pattern.is_match(report));
            ensure!(is_expected, "{}", summary(report));
        }
        if must {
            ensure!(!reports.is_empty(), "nothing was reported");
            return Ok(format!("{} reports, wrongly, as expected", reports.len()));
        }
        // A program in which something was reported ends with failure.
        ensure!(success || !reports.is_empty(), "it failed");
        ran.context("nothing ran")
    }
}

/// The reports in what was said, each from its headline to the next one's.
fn reports(said: &str) -> Vec<&str> {
    let starts: Vec<_> = HEADLINE.find_iter(said).map(|found| found.start()).collect();
    let ends = starts.iter().skip(1).copied().chain([said.len()]);
    starts.iter().zip(ends).map(|(start, end)| &said[*start..end]).collect()
}

/// What a report is about, in one line.
fn summary(report: &str) -> &str {
    let summary = report.lines().find(|line| line.starts_with("SUMMARY: "));
    summary.or_else(|| report.lines().next()).unwrap_or_default()
}

/// What a program or a suite says that it ran; nothing if no test did.
fn what_ran(said: &str) -> Option<String> {
    let mut tests = 0;
    for found in RAN.captures_iter(said) {
        if let Some(words) = found.get(2) {
            return Some(words.as_str().to_owned());
        }
        tests += found[1].parse::<u64>().unwrap_or_default();
    }
    (tests > 0).then(|| format!("{tests} tests"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RACE: &str = "\
WARNING: ThreadSanitizer: data race (pid=7)
  Write of size 8 at 0x7 by main thread:
    #0 free tsan_interceptors_posix.cpp:735:3
    #1 <alloc::sync::Arc<u8>>::drop_slow sync.rs:1

  Previous atomic write of size 8 at 0x7 by thread T1:
    #0 core::sync::atomic::atomic_sub::<usize, usize> src/deque/dequeue.rs:1
    #1 <alloc::sync::Arc<u8> as core::ops::drop::Drop>::drop sync.rs:2

SUMMARY: ThreadSanitizer: data race alloc.rs:128:14 in alloc::alloc::dealloc
";

    /// What the check of this name comes to.
    fn judge(name: &str, success: bool, said: &str) -> Result<String, String> {
        let checks = Checks::read().unwrap().check;
        let check = checks.iter().find(|check| check.name == name).unwrap();
        check.judge(success, said).map_err(|error| error.to_string())
    }

    #[test]
    fn every_sanitizer_has_a_control_before_anything_else() {
        let Checks { sanitizer, check, .. } = Checks::read().unwrap();
        for name in sanitizer.keys() {
            assert!(
                check.iter().find(|check| check.sanitizer() == name).unwrap().planted.is_some(),
                "{name}"
            );
        }
        assert!(check.iter().all(|check| sanitizer.contains_key(check.sanitizer())));
    }

    #[test]
    fn reports_of_each_sanitizer_are_counted() {
        let address = "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x7\nSUMMARY: AddressSanitizer: here\n";
        let leak = "==7==ERROR: LeakSanitizer: detected memory leaks\n";
        let miri =
            "error: Undefined Behavior: memory access failed\nerror: memory leaked: a\nerror: aborting\n";
        assert_eq!(reports(&format!("{RACE}{RACE}{address}{leak}{miri}")).len(), 6);
        assert_eq!(reports("test result: ok. 3 passed\nan ERROR: AddressSanitizer: in prose\n").len(), 0);
        assert_eq!((summary(address), summary(leak)), ("SUMMARY: AddressSanitizer: here", leak.trim()));
    }

    #[test]
    fn a_report_a_failure_and_an_idle_run_are_all_wrong() {
        let ran = "test result: ok. 3 passed; 0 failed\nsoak: 2 scenarios, 5 executions\n";
        assert_eq!(judge("thread/soak", true, ran).unwrap(), "2 scenarios, 5 executions");
        assert_eq!(judge("leak/pool", true, &"test result: ok. 3 passed\n".repeat(2)).unwrap(), "6 tests");
        assert!(
            judge("thread/soak", true, &format!("{RACE}{ran}")).unwrap_err().starts_with("SUMMARY: Thread")
        );
        assert_eq!(judge("thread/soak", false, ran).unwrap_err(), "it failed");
        assert_eq!(judge("thread/soak", true, "test result: ok. 0 passed").unwrap_err(), "nothing ran");
    }

    #[test]
    fn what_was_planted_must_be_found_where_it_was() {
        assert!(judge("thread/control", false, RACE).is_ok());
        assert!(judge("thread/control", true, "").is_err());
        assert!(judge("thread/control", false, &RACE.replace("dequeue", "other")).is_err());
    }

    #[test]
    fn an_artefact_must_be_there_and_be_what_it_is_said_to_be() {
        let in_the_library = RACE.replace("alloc::sync::Arc<u8>", "std::sync::mpmc::list::Channel<()>");
        let in_the_program =
            RACE.replace("#0 free", "#0 planted::mutex::a").replace("#0 core", "#0 planted::mutex::b");
        let ring = RACE.replace("<alloc::sync::Arc<u8>>::drop_slow ", "<pooldeque::reclaim::Guard>::drop ");
        for (name, report) in [("channel", &*in_the_library), ("mutex", &in_the_program), ("arc", RACE)] {
            let name = format!("thread/artefact-{name}");
            assert!(judge(&name, false, report).is_ok(), "{name}");
            assert_eq!(judge(&name, true, "").unwrap_err(), "nothing was reported", "{name}");
            assert!(judge(&name, false, &format!("{report}{ring}")).is_err(), "{name}");
        }
        // Both accesses must be there.
        let half = in_the_library.replacen("std::sync::mpmc", "pooldeque", 1);
        assert!(judge("thread/artefact-channel", false, &half).is_err());
        let half = in_the_program.replacen("#0 planted::mutex", "#0 pooldeque", 1);
        assert!(judge("thread/artefact-mutex", false, &half).is_err());
        let ran = "soak: 2 scenarios\n";
        assert!(judge("thread/scattered", false, &format!("{ran}{RACE}")).is_ok());
        assert!(judge("thread/scattered", true, ran).is_ok());
        assert!(judge("thread/scattered", false, ran).is_err());
        assert!(judge("thread/scattered", false, &format!("{ran}{RACE}{ring}")).is_err());
    }
}
