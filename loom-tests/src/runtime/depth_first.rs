//! Depth first: a schedule is a path of choices; after each, the last choice that has another left takes that one, and
//! all after it start over.

use shuttle::scheduler::TaskId;

/// The choices of the schedule at hand.
#[derive(Debug, Default)]
pub(super) struct Path {
    choices: Vec<Choice>,
    /// How many of them this execution has made.
    made: usize,
    has_begun: bool,
}

/// A moment at which several threads could have gone on.
#[derive(Debug)]
struct Choice {
    among: Vec<TaskId>,
    chosen: usize,
}

impl Path {
    /// Moves on to the next schedule. `false` if there is none.
    pub(super) fn advance(&mut self) -> bool {
        self.made = 0;
        if !self.has_begun {
            self.has_begun = true;
            return true;
        }
        while let Some(last) = self.choices.last_mut() {
            last.chosen += 1;
            if last.chosen < last.among.len() {
                return true;
            }
            self.choices.pop();
        }
        false
    }

    /// Whether the next choice is one that no execution has made yet.
    pub(super) fn is_at_end(&self) -> bool {
        self.made == self.choices.len()
    }

    /// The choice that is due: the one of this schedule, or the first of `among`.
    pub(super) fn choose(&mut self, among: impl FnOnce() -> Vec<TaskId>) -> TaskId {
        if self.is_at_end() {
            self.choices.push(Choice { among: among(), chosen: 0 });
        }
        let choice = &self.choices[self.made];
        self.made += 1;
        choice.among[choice.chosen]
    }
}
