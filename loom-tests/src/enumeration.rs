//! All small programs, not a choice of them: every owner's program up to a length, every set of
//! thieves, every start.
//!
//! They come in families: one start, one or some sets of thieves, and every owner there is. Two
//! families of families: single operations on the port's ring and chain, and batches mixed with
//! single operations on the handles. Thieves that differ in nothing but their order are one set.

mod words;

use std::cmp::Reverse;

use crate::program::{End, OwnerStep, Program, Start, Structure, ThiefStep};
use crate::tier::Tier;
pub(crate) use words::words;

/// Programs that differ in the owner's operations, and perhaps in the thieves'.
#[derive(Clone, Debug)]
pub struct Family<C = Program> {
    /// Its name in a report.
    pub name: String,
    /// What its programs have in common.
    pub about: String,
    /// The programs.
    pub programs: Vec<C>,
}

impl Family {
    /// How many threads its programs have.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.most(Program::threads)
    }

    /// The most operations that a program runs side by side.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.most(Program::operations)
    }

    /// The most operations of thieves in a program.
    #[must_use]
    pub fn steals(&self) -> usize {
        self.most(|program| program.operations() - program.owner.len())
    }

    /// Whether its deques are of a fixed size.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.programs.iter().all(|program| program.structure.is_bounded())
    }

    /// Whether there are batches in them.
    #[must_use]
    pub fn has_batches(&self) -> bool {
        self.programs.iter().any(Program::has_batch)
    }

    /// Whether a thief has a deque of its own, to which it moves values.
    #[must_use]
    pub fn moves_values(&self) -> bool {
        self.programs.iter().any(|program| moves_values(&program.thieves))
    }

    fn most(&self, count: impl Fn(&Program) -> usize) -> usize {
        self.programs.iter().map(count).max().unwrap_or_default()
    }
}

/// How large the programs are.
/// How large the programs are, by the number of their thieves: one, two, and so on as far as there are entries.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// The most operations of the owner.
    owner: &'static [usize],
    /// The most operations of all thieves.
    thieves: &'static [usize],
}

/// The operations that programs are made of.
struct Alphabet {
    owner: &'static [OwnerStep],
    thief: &'static [ThiefStep],
}

const SINGLES: Alphabet = Alphabet { owner: &[OwnerStep::Push, OwnerStep::Pop], thief: &[ThiefStep::Steal] };

const MIXED: Alphabet = Alphabet {
    owner: &[OwnerStep::Push, OwnerStep::Pop, OwnerStep::PushBatch(2), OwnerStep::PopBatch(2)],
    thief: &[ThiefStep::Steal, ThiefStep::StealBatch(2), ThiefStep::StealInto(2)],
};

/// The most values a chain starts with: they fill its first ring, and the next one, twice as large.
const CHAIN_HOLDS: u8 = 3;

/// All families of `tier`, those with more threads first.
#[must_use]
pub fn families(tier: Tier) -> Vec<Family> {
    let size = |owner, thieves| Size { owner, thieves };
    let (chain, ring, unbounded, bounded) = match tier {
        // With fewer, a thief in the oldest of three rings never meets the owner.
        Tier::Quick => {
            (size(&[3, 2], &[2, 2]), size(&[2, 2], &[2, 2]), size(&[1, 1], &[1, 1]), size(&[1, 1], &[2, 2]))
        }
        Tier::Ordinary => {
            (size(&[4, 3], &[3, 3]), size(&[4, 4], &[3, 3]), size(&[2, 1], &[2, 2]), size(&[3, 2], &[2, 2]))
        }
        Tier::Deep => (
            size(&[5, 4, 2], &[3, 3, 3]),
            size(&[5, 5, 4], &[3, 3, 3]),
            size(&[3, 2], &[3, 2]),
            size(&[3, 2, 1], &[3, 3, 3]),
        ),
    };
    let mut families = Vec::new();
    for (structure, alphabet, size) in [
        (Structure::Chain, SINGLES, chain),
        (Structure::Ring, SINGLES, ring),
        (Structure::Unbounded, MIXED, unbounded),
        (Structure::Bounded, MIXED, bounded),
    ] {
        for set in by_report(&alphabet, sets_of_thieves(&alphabet, size)) {
            families.extend(starts(structure).map(|start| family(structure, start, &alphabet, size, &set)));
        }
    }
    families
}

/// The sets of thieves of this size. Thieves that are alike are one set in whatever order.
fn sets_of_thieves(alphabet: &Alphabet, size: Size) -> Vec<Vec<Vec<ThiefStep>>> {
    let mut sets = Vec::new();
    // The number of the first thief's word: those that follow have the same or a later one, which is no shorter.
    let mut smaller = vec![(0, Vec::new())];
    for most in size.thieves {
        let thieves: Vec<_> =
            words(alphabet.thief, *most).into_iter().filter(|thief| !thief.is_empty()).collect();
        let mut larger = Vec::new();
        for (first, set) in &smaller {
            let taken: usize = set.iter().map(Vec::len).sum();
            for (number, thief) in thieves.iter().enumerate().skip(*first) {
                if taken + thief.len() <= *most {
                    // The longer one comes last in `thieves`, and is named first.
                    larger.push((number, [std::slice::from_ref(thief), set].concat()));
                }
            }
        }
        sets.extend(larger.iter().map(|(_, set)| set.clone()));
        smaller = larger;
    }
    sets
}

/// What goes into one line of a report: a set of thieves, or where they are many all sets of so many,
/// with or without a thief that has a deque of its own.
fn by_report(alphabet: &Alphabet, mut sets: Vec<Vec<Vec<ThiefStep>>>) -> Vec<Vec<Vec<Vec<ThiefStep>>>> {
    let kind = |set: &Vec<Vec<ThiefStep>>| (Reverse(set.len()), moves_values(set));
    sets.sort_by_key(kind);
    let alike = |first: &_, second: &_| alphabet.thief.len() > 1 && kind(first) == kind(second);
    sets.chunk_by(alike).map(<[_]>::to_vec).collect()
}

/// Whether a thief moves values to a deque of its own.
fn moves_values(set: &[Vec<ThiefStep>]) -> bool {
    set.iter().flatten().any(|step| matches!(step, ThiefStep::StealInto(_)))
}

/// Where the programs of `structure` start.
fn starts(structure: Structure) -> impl Iterator<Item = Start> {
    let capacities: &[u8] = if structure.is_bounded() { &[1, 2] } else { &[1] };
    let wraps: &[bool] = if structure.can_wrap() { &[false, true] } else { &[false] };
    capacities.iter().flat_map(move |capacity| {
        let most = if structure.is_bounded() { *capacity } else { CHAIN_HOLDS };
        let wraps = wraps.iter();
        wraps.flat_map(move |wrap| (0..=most).map(|holds| Start { capacity: *capacity, wrap: *wrap, holds }))
    })
}

fn family(
    structure: Structure,
    start: Start,
    alphabet: &Alphabet,
    size: Size,
    sets: &[Vec<Vec<ThiefStep>>],
) -> Family {
    let mut programs = Vec::new();
    let number = sets[0].len();
    let longest = match structure {
        // Rings come and go in three deques at once: of the second operation of the owner nobody has seen the end.
        Structure::Unbounded if number > 1 && moves_values(&sets[0]) => 1,
        _ => size.owner[number - 1],
    };
    for owner in words(alphabet.owner, longest) {
        for thieves in sets {
            let owner = owner.clone();
            let program = Program { structure, start, owner, thieves: thieves.clone(), end: End::Pop };
            // What has no batch in it is among the port's programs.
            if !structure.has_batches() || program.has_batch() {
                programs.push(program);
            }
        }
    }
    let start =
        Program { structure, start, owner: Vec::new(), thieves: Vec::new(), end: End::Pop }.to_string();
    let start = start.trim_end_matches('/');
    let owners: Vec<_> = alphabet.owner.iter().map(ToString::to_string).collect();
    let (label, thieves) = match sets {
        [set] => {
            let thieves: Vec<String> =
                set.iter().map(|thief| thief.iter().map(ToString::to_string).collect()).collect();
            (thieves.join(","), thieves.join(","))
        }
        many => {
            let most = size.thieves[number - 1];
            let number = ["one_thief", "two_thieves", "three_thieves"][number - 1];
            let moves = if moves_values(&many[0]) { "_moving" } else { "" };
            let steps: Vec<_> = alphabet.thief.iter().map(ToString::to_string).collect();
            (format!("{number}{moves}"), format!("{number}: {most} of {}", steps.join(" ")))
        }
    };
    Family {
        name: format!("every_program/{start}/{label}"),
        about: format!("{start}/up to {longest} of {}/{thieves}", owners.join(" ")),
        programs,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn programs(tier: Tier) -> Vec<Program> {
        families(tier).into_iter().flat_map(|family| family.programs).collect()
    }

    #[test]
    fn every_program_is_there_once_and_can_be_typed() {
        for tier in [Tier::Quick, Tier::Ordinary, Tier::Deep] {
            let programs = programs(tier);
            let different: HashSet<_> = programs.iter().collect();
            assert_eq!(different.len(), programs.len());
            for program in programs {
                assert_eq!(program.to_string().parse(), Ok(program));
            }
        }
    }

    #[test]
    fn single_operations_are_as_many_as_can_be_counted_by_hand() {
        let deep = programs(Tier::Deep);
        let of = |structure| deep.iter().filter(|program| program.structure == structure).count();
        // 63 owners of up to 5, 31 of up to 4, 7 of up to 2; s ss sss, s,s ss,s and s,s,s.
        // Ring 1 empty or full and ring 2 with 0, 1 or 2, each at index 0 and below the wrap.
        assert_eq!(of(Structure::Ring), 10 * (63 * 3 + 63 * 2 + 31));
        assert_eq!(of(Structure::Chain), 4 * (63 * 3 + 31 * 2 + 7));
    }

    #[test]
    fn batches_are_as_many_as_can_be_counted_by_hand() {
        let deep = programs(Tier::Deep);
        let of = |structure| deep.iter().filter(|program| program.structure == structure).count();
        // 85 owners of up to 3, 21 of up to 2, 5 of up to 1. Of one thief 3 + 9 + 27, of two 6 pairs of one operation
        // each and 27 of two and one, of three 10 sets. Without a batch: 15, 7 and 3 owners; s ss sss, s,s ss,s, s,s,s.
        let bounded = 85 * 39 + 21 * (6 + 27) + 5 * 10 - (15 * 3 + 7 * 2 + 3);
        let starts = if Structure::Bounded.can_wrap() { 10 } else { 5 };
        assert_eq!(of(Structure::Bounded), starts * bounded);
        // Three pairs move nothing.
        let unbounded = 85 * 39 + 21 * 3 + 5 * 3 - (15 * 3 + 7);
        assert_eq!(of(Structure::Unbounded), 4 * unbounded);
    }

    #[test]
    fn families_are_told_apart_by_name() {
        let families = families(Tier::Deep);
        let names: HashSet<_> = families.iter().map(|family| &family.name).collect();
        assert_eq!(names.len(), families.len());
    }

    #[test]
    fn the_races_with_a_name_are_among_them() {
        let ordinary = programs(Tier::Ordinary);
        for name in
            ["ring2/+++-/ss,s", "ring1-wrap-holds1/-+/s", "chain1-holds3/--/ss", "bounded2-holds2/-/s2"]
        {
            assert!(ordinary.contains(&name.parse().unwrap()), "{name}");
        }
    }
}
