//! Worked examples, done again: one operation a line, `operation value → result state`.

use pooldeque::{PoolChain, PoolDequeue};

/// What an example is about.
enum Subject<'a> {
    Ring(PoolDequeue<&'a str>),
    Chain(PoolChain<&'a str>),
}

impl<'a> Subject<'a> {
    /// `ring CAPACITY from INDEX` or `chain from CAPACITY`.
    fn parse(subject: &str) -> Self {
        let number = |word: &str| word.parse().unwrap_or_else(|error| panic!("{subject}: {error}"));
        match subject.split(' ').collect::<Vec<_>>()[..] {
            ["ring", capacity, "from", start] => {
                let start = u32::try_from(number(start)).expect("an index has 32 bits");
                Self::Ring(PoolDequeue::with_start_index(number(capacity), start))
            }
            ["chain", "from", capacity] => Self::Chain(PoolChain::with_capacity(number(capacity))),
            _ => panic!("an example of what? {subject}"),
        }
    }

    /// Does one operation and tells its result as the examples do.
    fn operate(&self, operation: &[&'a str]) -> &'a str {
        match (self, operation) {
            (Self::Ring(ring), ["push_head", value]) => {
                // SAFETY: the replay is on one thread.
                if unsafe { ring.push_head(value) }.is_ok() { "ok" } else { "full" }
            }
            (Self::Chain(chain), ["push_head", value]) => {
                // SAFETY: the replay is on one thread.
                unsafe { chain.push_head(value) };
                "ok"
            }
            // SAFETY: the replay is on one thread.
            (Self::Ring(ring), ["pop_head"]) => unsafe { ring.pop_head() }.unwrap_or("empty"),
            // SAFETY: the replay is on one thread.
            (Self::Chain(chain), ["pop_head"]) => unsafe { chain.pop_head() }.unwrap_or("empty"),
            (Self::Ring(ring), ["pop_tail"]) => ring.pop_tail().unwrap_or("empty"),
            (Self::Chain(chain), ["pop_tail"]) => chain.pop_tail().unwrap_or("empty"),
            _ => panic!("no such operation: {operation:?}"),
        }
    }

    /// `head H tail T`, or `CAPACITY:LENGTH` of each ring, tail ring first.
    fn state(&self) -> String {
        match self {
            Self::Ring(ring) => {
                let (head, tail) = ring.indices();
                format!("head {head} tail {tail}")
            }
            Self::Chain(chain) => {
                let rings = chain.rings();
                let rings: Vec<_> = rings.iter().map(|(capacity, len)| format!("{capacity}:{len}")).collect();
                rings.join(" ")
            }
        }
    }
}

/// Does what `example` tells and compares each result, and the state after it. Tells how many there were.
pub(crate) fn check(subject: &str, example: &str) -> usize {
    let dequeue = Subject::parse(subject);
    for line in example.lines() {
        let (operation, told) = line.split_once('→').unwrap_or_else(|| panic!("no result: {line}"));
        let operation: Vec<_> = operation.split_whitespace().collect();
        let result = dequeue.operate(&operation);
        let happened = format!("{result} {}", dequeue.state());
        let told: Vec<_> = told.split_whitespace().collect();
        assert_eq!(told.join(" "), happened, "{subject}: {line}");
    }
    example.lines().count()
}
