//! A program over a pool in a few characters.
//!
//! `pool/pp/tt/k` puts two values in; then the main thread takes two, while another thread ticks. The first
//! part is what the main thread does before there are others, the second what it does beside them, and
//! each further part another thread. A dash is no step. `sandboxed-pool/…` is the same where the kernel
//! refuses to fence other threads, `budgeted-pool/…` over a pool that keeps two idle values at most in all, and
//! `scoped-pool/…` over one that ages with no others.

use std::fmt;
use std::str::FromStr;

/// What a thread does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Makes a value and puts it in.
    Put,
    /// Takes a value, if there is one, and holds it.
    Take,
    /// As that, from its own thread slot alone.
    TakeLocal,
    /// Puts back the value it has held longest, if it holds one.
    Return,
    /// Gets a value, made if need be, and lets its guard put it back.
    Get,
    /// Gets a value and has another thread drop the guard.
    Send,
    /// Ticks.
    Tick,
    /// Clears.
    Clear,
    /// Starts a thread that puts two values in and ends, and waits for it.
    Visit,
}

/// The pool that a program runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One without rules.
    Plain,
    /// The kernel refuses to fence other threads.
    Sandboxed,
    /// Its idle budget is two values.
    Budgeted,
    /// Its values might borrow.
    Scoped,
}

/// The number of values that a budgeted pool may keep.
pub(super) const BUDGET: usize = 2;

const KINDS: [(&str, Kind); 4] = [
    ("pool", Kind::Plain),
    ("sandboxed-pool", Kind::Sandboxed),
    ("budgeted-pool", Kind::Budgeted),
    ("scoped-pool", Kind::Scoped),
];

/// A program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PoolProgram {
    /// The pool that it runs over.
    pub kind: Kind,
    /// What the main thread does while it is alone.
    pub before: Vec<Step>,
    /// What each thread does, the main thread's first.
    pub threads: Vec<Vec<Step>>,
}

/// The text is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProgram;

const LETTERS: [(char, Step); 9] = [
    ('p', Step::Put),
    ('t', Step::Take),
    ('l', Step::TakeLocal),
    ('r', Step::Return),
    ('g', Step::Get),
    ('s', Step::Send),
    ('k', Step::Tick),
    ('x', Step::Clear),
    ('v', Step::Visit),
];

impl Step {
    /// What a reader calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Take => "take",
            Self::TakeLocal => "take_local",
            Self::Return => "put back",
            Self::Get => "get and drop",
            Self::Send => "get and send",
            Self::Tick => "tick",
            Self::Clear => "clear",
            Self::Visit => "visit by another thread",
        }
    }
}

impl PoolProgram {
    /// How many times the program has this step.
    #[must_use]
    pub fn count(&self, step: Step) -> usize {
        self.threads.iter().chain([&self.before]).flatten().filter(|it| **it == step).count()
    }

    /// The programs with one step less, or one thread.
    #[must_use]
    pub fn smaller(&self) -> Vec<Self> {
        let mut candidates = Vec::new();
        for thread in 1..self.threads.len() {
            let mut candidate = self.clone();
            candidate.threads.remove(thread);
            candidates.push(candidate);
        }
        for (thread, steps) in self.threads.iter().enumerate() {
            for step in 0..steps.len() {
                let mut candidate = self.clone();
                candidate.threads[thread].remove(step);
                candidates.push(candidate);
            }
        }
        for step in 0..self.before.len() {
            let mut candidate = self.clone();
            candidate.before.remove(step);
            candidates.push(candidate);
        }
        candidates
    }
}

impl FromStr for PoolProgram {
    type Err = InvalidProgram;

    fn from_str(text: &str) -> Result<Self, InvalidProgram> {
        let (kind, parts) = text.split_once('/').ok_or(InvalidProgram)?;
        let kind = KINDS.iter().find(|(known, _)| *known == kind).ok_or(InvalidProgram)?.1;
        let mut parts = parts.split('/').map(steps);
        let before = parts.next().ok_or(InvalidProgram)??;
        let threads = parts.collect::<Result<Vec<_>, _>>()?;
        if threads.is_empty() { Err(InvalidProgram) } else { Ok(Self { kind, before, threads }) }
    }
}

fn steps(text: &str) -> Result<Vec<Step>, InvalidProgram> {
    if text == "-" {
        return Ok(Vec::new());
    }
    let step = |letter| LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, step)| *step);
    let steps = text.chars().map(step).collect::<Option<Vec<_>>>().ok_or(InvalidProgram)?;
    if steps.is_empty() { Err(InvalidProgram) } else { Ok(steps) }
}

impl fmt::Display for PoolProgram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = KINDS.iter().find(|(_, kind)| *kind == self.kind).map(|(name, _)| name);
        formatter.write_str(kind.expect("every kind has a name"))?;
        for steps in std::iter::once(&self.before).chain(&self.threads) {
            formatter.write_str("/")?;
            if steps.is_empty() {
                formatter.write_str("-")?;
            }
            for step in steps {
                write!(formatter, "{step}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = LETTERS.iter().find(|(_, step)| step == self).map(|(letter, _)| letter);
        write!(formatter, "{}", letter.expect("every step has a letter"))
    }
}

impl fmt::Display for InvalidProgram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a program over a pool looks like pool/pp/tt/k")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_read_as_they_are_written() {
        for text in
            ["pool/-/p", "pool/pp/tr/k", "pool/ptlrgskxv/-/vv", "sandboxed-pool/p/t/k", "budgeted-pool/p/t/p"]
        {
            assert_eq!(text.parse::<PoolProgram>().map(|program| program.to_string()).as_deref(), Ok(text));
        }
        for text in ["pool", "pool/", "pool/p", "pool/p/", "pool/p/y", "some-pool/p/t", "ring2/+/s"] {
            assert_eq!(text.parse::<PoolProgram>(), Err(InvalidProgram), "{text}");
        }
    }
}
