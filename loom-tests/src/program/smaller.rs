//! The programs one step smaller than a program, for shrinking.

use super::{OwnerStep, Program, ThiefStep};

impl Program {
    /// The programs that are one step smaller.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut candidates = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut candidate = self.clone();
            change(&mut candidate);
            // A name that is refused names no program.
            if candidate != *self && candidate.to_string().parse() == Ok(candidate.clone()) {
                candidates.push(candidate);
            }
        };
        for (number, thief) in self.thieves.iter().enumerate() {
            add(&|program| {
                program.thieves.remove(number);
            });
            for (step, what) in thief.iter().enumerate() {
                add(&|program| {
                    program.thieves[number].remove(step);
                });
                if let Some(simpler) = simpler_for_thief(*what) {
                    add(&|program| program.thieves[number][step] = simpler);
                }
            }
        }
        for (step, what) in self.owner.iter().enumerate() {
            add(&|program| {
                program.owner.remove(step);
            });
            if let Some(simpler) = simpler_for_owner(*what) {
                add(&|program| program.owner[step] = simpler);
            }
        }
        add(&|program| program.start.wrap = false);
        if self.start.holds != 0 {
            add(&|program| program.start.holds -= 1);
        }
        if self.start.capacity > 1 {
            add(&|program| program.start.capacity /= 2);
        }
        candidates
    }
}

fn simpler_for_owner(step: OwnerStep) -> Option<OwnerStep> {
    match step {
        OwnerStep::PushBatch(0..=1) => Some(OwnerStep::Push),
        OwnerStep::PushBatch(count) => Some(OwnerStep::PushBatch(count - 1)),
        OwnerStep::PopBatch(0..=1) => Some(OwnerStep::Pop),
        OwnerStep::PopBatch(max) => Some(OwnerStep::PopBatch(max - 1)),
        // Beside a sleeper the simpler program is refused.
        OwnerStep::PushWasEmpty | OwnerStep::PushIfRoom => Some(OwnerStep::Push),
        OwnerStep::Push
        | OwnerStep::Pop
        | OwnerStep::Steal
        | OwnerStep::Shrink
        | OwnerStep::Len
        | OwnerStep::IsEmpty
        | OwnerStep::Pin => None,
    }
}

fn simpler_for_thief(step: ThiefStep) -> Option<ThiefStep> {
    match step {
        ThiefStep::Steal | ThiefStep::Collect | ThiefStep::Sleep | ThiefStep::Len | ThiefStep::IsEmpty => {
            None
        }
        ThiefStep::StealBatch(0..=1) => Some(ThiefStep::Steal),
        ThiefStep::StealBatch(max) => Some(ThiefStep::StealBatch(max - 1)),
        ThiefStep::StealInto(max)
        | ThiefStep::StealHalf(max)
        | ThiefStep::Hold(max)
        | ThiefStep::Crash(max) => Some(ThiefStep::StealBatch(max)),
    }
}
