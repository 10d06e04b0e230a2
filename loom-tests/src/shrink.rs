//! Makes a failing program smaller for as long as it fails.

use crate::case::Case;

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

#[cfg(test)]
mod tests {
    use super::shrink;
    use crate::program::{OwnerStep, Program};

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
