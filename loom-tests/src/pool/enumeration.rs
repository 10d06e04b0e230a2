//! All small programs over a pool of two threads: every pair of them, from every start.

use super::program::{PoolProgram, Step};
use crate::enumeration::{Family, words};
use crate::tier::Tier;

/// What the main thread has done before: nothing, one value in its private cell, another in its shared
/// queue, and the same a tick ago.
const STARTS: [&str; 5] = ["-", "p", "pp", "pk", "ppk"];

/// All families of `tier`: programs with the same start and the same number of steps of the other thread.
#[must_use]
pub fn families(tier: Tier) -> Vec<Family<PoolProgram>> {
    let (alphabet, longest): (&[Step], _) = match tier {
        Tier::Quick => (&[Step::Put, Step::Take, Step::Tick], [1, 1]),
        Tier::Ordinary => (&[Step::Put, Step::Take, Step::Tick], [2, 1]),
        Tier::Deep => {
            (&[Step::Put, Step::Take, Step::Return, Step::Get, Step::Tick, Step::Clear, Step::Visit], [2, 1])
        }
    };
    let [main, other] = longest.map(|longest| words(alphabet, longest));
    let families = STARTS.iter().flat_map(|start| {
        let (main, other) = (&main, &other);
        (1..=longest[1]).map(move |length| {
            let others = other.iter().filter(|steps| steps.len() == length);
            let programs = others.flat_map(|other| main.iter().map(|main| program(start, main, other)));
            let about = format!("pool/{start}/*/{}", "?".repeat(length));
            Family { name: format!("every_program/{about}"), about, programs: programs.collect() }
        })
    });
    families.collect()
}

fn program(start: &str, main: &[Step], other: &[Step]) -> PoolProgram {
    let mut program: PoolProgram = format!("pool/{start}/-").parse().expect("the starts are programs");
    program.threads = vec![main.to_vec(), other.to_vec()];
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_as_many_as_can_be_counted_by_hand() {
        let count = |tier| families(tier).iter().map(|family| family.programs.len()).sum::<usize>();
        // Five starts; the main thread has at most so many steps, the other at least one.
        assert_eq!(count(Tier::Quick), 5 * (1 + 3) * 3);
        assert_eq!(count(Tier::Ordinary), 5 * (1 + 3 + 9) * 3);
        assert_eq!(count(Tier::Deep), 5 * (1 + 7 + 49) * 7);
    }
}
