//! Makes a failing program smaller for as long as it fails.

use crate::exploration::Case;
use crate::program::{OwnerStep, Program, ThiefStep};

/// The smallest program found from `program` on for which `fails` gives a failure, with that failure.
pub fn shrink<C: Case, F>(program: &C, fails: impl Fn(&C) -> Option<F>) -> (C, Option<F>) {
    let mut smallest = program.clone();
    let mut why = None;
    'smaller: loop {
        for candidate in smallest.smaller() {
            if let Some(failure) = fails(&candidate) {
                smallest = candidate;
                why = Some(failure);
                continue 'smaller;
            }
        }
        return (smallest, why);
    }
}

/// The programs that are one step smaller.
pub(crate) fn smaller(program: &Program) -> Vec<Program> {
    let mut candidates = Vec::new();
    let mut add = |change: &dyn Fn(&mut Program)| {
        let mut candidate = program.clone();
        change(&mut candidate);
        // A name that is refused names no program.
        if candidate != *program && candidate.to_string().parse() == Ok(candidate.clone()) {
            candidates.push(candidate);
        }
    };
    for (number, thief) in program.thieves.iter().enumerate() {
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
    for (step, what) in program.owner.iter().enumerate() {
        add(&|program| {
            program.owner.remove(step);
        });
        if let Some(simpler) = simpler_for_owner(*what) {
            add(&|program| program.owner[step] = simpler);
        }
    }
    add(&|program| program.start.wrap = false);
    if program.start.holds != 0 {
        add(&|program| program.start.holds -= 1);
    }
    if program.start.capacity > 1 {
        add(&|program| program.start.capacity /= 2);
    }
    candidates
}

fn simpler_for_owner(step: OwnerStep) -> Option<OwnerStep> {
    match step {
        OwnerStep::PushBatch(0..=1) => Some(OwnerStep::Push),
        OwnerStep::PushBatch(count) => Some(OwnerStep::PushBatch(count - 1)),
        OwnerStep::PopBatch(0..=1) => Some(OwnerStep::Pop),
        OwnerStep::PopBatch(max) => Some(OwnerStep::PopBatch(max - 1)),
        // Beside a sleeper the simpler program is refused.
        OwnerStep::PushTold | OwnerStep::PushIfRoom => Some(OwnerStep::Push),
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
        | ThiefStep::Die(max) => Some(ThiefStep::StealBatch(max)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinks_to_what_the_failure_needs() {
        let program: Program = "bounded4-holds2/+2-+-2/s2i2,h1".parse().unwrap();
        // Say that it fails whenever the owner pops and a thief steals.
        let needs = |program: &Program| {
            let pops =
                program.owner.iter().any(|step| matches!(step, OwnerStep::Pop | OwnerStep::PopBatch(_)));
            (pops && program.thieves.iter().any(|thief| !thief.is_empty())).then_some(())
        };
        assert_eq!(shrink(&program, needs).0.to_string(), "bounded1/-/s");
    }

    #[test]
    fn a_program_with_nothing_smaller_that_fails_stays() {
        let program: Program = "ring2/+-/s".parse().unwrap();
        assert_eq!(shrink(&program, |_| None::<()>), (program, None));
    }
}
