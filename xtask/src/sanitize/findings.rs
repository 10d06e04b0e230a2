//! What a sanitizer reported, and what kind of report it is.

use std::sync::LazyLock;

use regex::Regex;

/// What is reported although nothing is wrong, because the standard library comes uninstrumented: the
/// sanitizer does not see what orders the two accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The last owner of an `Arc` destroys what is in it, and another has used it before.
    Arc,
    /// Both accesses are within a channel of the standard library.
    Channel,
    /// Both accesses are under a mutex for which a thread had to wait.
    Mutex,
}

/// A report, from its headline to its summary.
pub(super) struct Report(String);

/// The headline of a report.
static HEADLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?:WARNING: ThreadSanitizer|==\d+==ERROR: (?:Address|Leak)Sanitizer|error: (?:Undefined Behavior|memory leaked)): ")
        .expect("the pattern is right")
});

/// What `output` reports.
pub(super) fn reports(output: &str) -> Vec<Report> {
    let starts: Vec<_> = HEADLINE.find_iter(output).map(|found| found.start()).collect();
    let ends = starts.iter().skip(1).copied().chain([output.len()]);
    starts.iter().zip(ends).map(|(start, end)| Report(output[*start..end].to_owned())).collect()
}

impl Report {
    /// Whether it says this somewhere.
    pub(super) fn says(&self, words: &str) -> bool {
        self.0.contains(words)
    }

    /// What it is about, in one line.
    pub(super) fn summary(&self) -> &str {
        let summary = self.0.lines().find(|line| line.starts_with("SUMMARY: "));
        summary.or_else(|| self.0.lines().next()).unwrap_or_default()
    }

    /// The call stacks of the two accesses that are said to race.
    fn accesses(&self) -> Option<[&str; 2]> {
        let mut sections = self.0.split("\n\n");
        Some([sections.next()?, sections.next()?])
    }

    /// Whether it is of `kind`.
    pub(super) fn is(&self, kind: Kind) -> bool {
        let Some([access, earlier]) = self.accesses() else { return false };
        match kind {
            Kind::Arc => [access, earlier]
                .iter()
                .any(|stack| has_frame_in(stack, "<alloc::sync::Arc<", ">::drop_slow ")),
            Kind::Channel => [access, earlier].iter().all(|stack| stack.contains("std::sync::mpmc::")),
            Kind::Mutex => {
                [access, earlier].iter().all(|stack| first_frame(stack).starts_with("planted::mutex::"))
            }
        }
    }
}

/// The innermost call of a stack.
fn first_frame(stack: &str) -> &str {
    stack.lines().find_map(|line| line.trim_start().strip_prefix("#0 ")).unwrap_or_default()
}

/// Whether a call in the stack has all these words, in one line.
fn has_frame_in(stack: &str, words: &str, more: &str) -> bool {
    stack.lines().any(|line| line.contains(words) && line.contains(more))
}

/// What a program or a suite says that it ran, in few words.
pub(super) fn what_ran(output: &str) -> Option<String> {
    static TESTS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^test result: \w+\. (\d+) passed").expect("the pattern is right"));
    let soak = output.lines().find_map(|line| line.strip_prefix("soak: ").or(line.strip_prefix("storm: ")));
    let tests = TESTS.captures_iter(output).filter_map(|found| found[1].parse::<u64>().ok()).sum::<u64>();
    soak.map(str::to_owned).or_else(|| (tests > 0).then(|| format!("{tests} tests")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARC: &str = "\
==================
WARNING: ThreadSanitizer: data race (pid=7)
  Write of size 8 at 0x7 by main thread:
    #0 free tsan_interceptors_posix.cpp:735:3
    #1 <alloc::sync::Arc<u8>>::drop_slow sync.rs:1
    #2 <alloc::sync::Arc<u8> as core::ops::drop::Drop>::drop sync.rs:2

  Previous atomic write of size 8 at 0x7 by thread T1:
    #0 core::sync::atomic::atomic_sub::<usize, usize> atomic.rs:1
    #1 <alloc::sync::Arc<u8> as core::ops::drop::Drop>::drop sync.rs:2

SUMMARY: ThreadSanitizer: data race alloc.rs:128:14 in alloc::alloc::dealloc
==================
";

    fn only(output: &str) -> Report {
        let mut reports = reports(output);
        assert_eq!(reports.len(), 1);
        reports.remove(0)
    }

    #[test]
    fn reports_of_each_sanitizer_are_counted() {
        let address = "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x7\nSUMMARY: AddressSanitizer: here\n";
        let leak = "==7==ERROR: LeakSanitizer: detected memory leaks\n";
        let miri =
            "error: Undefined Behavior: memory access failed\nerror: memory leaked: a\nerror: aborting\n";
        assert_eq!(reports(&format!("{ARC}{ARC}{address}{leak}{miri}")).len(), 6);
        assert_eq!(reports("test result: ok. 3 passed\nan ERROR: AddressSanitizer: in prose\n").len(), 0);
        assert_eq!(only(address).summary(), "SUMMARY: AddressSanitizer: here");
        assert_eq!(only(leak).summary(), leak.trim());
    }

    #[test]
    fn an_arc_is_told_from_a_ring_that_is_freed_by_its_epoch() {
        assert!(only(ARC).is(Kind::Arc) && !only(ARC).is(Kind::Channel) && !only(ARC).is(Kind::Mutex));
        let ring = ARC.replace("<alloc::sync::Arc<u8>>::drop_slow ", "<pooldeque::reclaim::Guard>::drop ");
        assert!(!only(&ring).is(Kind::Arc));
    }

    #[test]
    fn both_accesses_must_be_in_the_channel() {
        let channel = ARC.replace("alloc::sync::Arc<u8>", "std::sync::mpmc::list::Channel<()>");
        assert!(only(&channel).is(Kind::Channel));
        let earlier = channel.rfind("std::sync::mpmc").unwrap_or_default();
        let half =
            format!("{}pooldeque{}", &channel[..earlier], &channel[earlier + "std::sync::mpmc".len()..]);
        assert!(!only(&half).is(Kind::Channel));
    }

    #[test]
    fn what_ran_is_read_from_programs_and_from_suites() {
        let result = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(what_ran(&result.repeat(2)).as_deref(), Some("6 tests"));
        assert_eq!(
            what_ran("soak: 2 scenarios, 5 executions\n").as_deref(),
            Some("2 scenarios, 5 executions")
        );
        assert_eq!(what_ran("storm: 20.1 s\n").as_deref(), Some("20.1 s"));
        assert_eq!(what_ran(&result.replace('3', "0")), None);
    }
}
