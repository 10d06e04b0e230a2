//! The programs of the models, and how they are told in C.

use std::fmt::Write as _;

use pooldeque_loom_tests::enumeration::{Family, families};
use pooldeque_loom_tests::program::{BELOW_THE_WRAP, OwnerStep, Program, Start, ThiefStep};
use pooldeque_loom_tests::tier::Tier;

use super::{CHAIN, NON_EMPTY, OWNER_FLAG, RING};

/// Programs that a line of the report sums up.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) threads: usize,
    pub(super) operations: usize,
    pub(super) programs: Vec<InC>,
}

/// A program in C.
pub(super) struct InC {
    /// The program's name.
    pub(super) name: String,
    /// How many operations it has, where a batch counts as two.
    pub(super) size: usize,
    /// The file of its model.
    pub(super) model: &'static str,
    /// The macros that its model uses.
    pub(super) text: String,
}

/// The programs of all models.
pub(super) fn groups(tier: Tier) -> Vec<Group> {
    // Three steals of two thieves take minutes: they are for the deep tier alone.
    let is_too_long = |family: &Family| tier < Tier::Deep && family.threads() == 3 && family.steals() > 2;
    // To the deque that is stolen from, a thief that moves values to a deque of its own is one that takes a batch.
    let has_model = |family: &Family| !family.moves_values() && !is_too_long(family);
    let mut groups: Vec<_> = families(tier)
        .into_iter()
        .filter(has_model)
        .map(|family| Group {
            name: family.name.trim_start_matches("every_program/").to_owned(),
            threads: family.threads(),
            operations: family.operations(),
            programs: family
                .programs
                .iter()
                .filter(|program| tier == Tier::Deep || !program.has_batch() || program.operations() <= 3)
                .map(in_c)
                .collect(),
            about: family.about,
        })
        .collect();
    // What an owner sees as it steals, or learns of the older rings, needs orderings that nothing else needs.
    for holds in ["", "-holds1", "-holds2", "-holds3"] {
        groups.push(with_owners_that("steals", 's', 3, &format!("chain1{holds}"), &["s"]));
        groups.push(with_owners_that("learns", 'w', 2, &format!("unbounded1{holds}"), &["s", "ss", "s,s"]));
    }
    for (flag, define) in [("flag", ""), ("sandboxed-flag", "#define SANDBOXED\n")] {
        for ticks in ["k", "kk"] {
            let calls = [('p', "put();"), ('t', "take();")];
            let others = format!("{define}#define TICKER {}\n", "tick();".repeat(ticks.len()));
            groups.push(with_each_owner(OWNER_FLAG, flag, (calls, 4), ticks, &others));
        }
    }
    for thieves in ["s", "ss", "s,s"] {
        let calls = [('+', "push();"), ('-', "pop();")];
        let searches = thieves.split(',').enumerate().map(|(number, searches)| {
            format!("#define THIEF_{} {}\n", number + 1, "search();".repeat(searches.len()))
        });
        groups.push(with_each_owner(NON_EMPTY, "bit", (calls, 3), thieves, &searches.collect::<String>()));
    }
    groups
}

/// All words of up to `most` letters.
fn words(letters: &[char], most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut longest = words.clone();
    for _ in 0..most {
        longest =
            longest.iter().flat_map(|word| letters.iter().map(move |it| format!("{word}{it}"))).collect();
        words.extend_from_slice(&longest);
    }
    words
}

/// A group with each sequence of up to `most` of the owner's two calls.
fn with_each_owner(
    model: &'static str,
    start: &str,
    (calls, most): ([(char, &str); 2], usize),
    others: &str,
    defines: &str,
) -> Group {
    let other_calls = others.replace(',', "").len();
    let call_of = |letter: char| calls.iter().find(|(it, _)| *it == letter).map_or("", |(_, call)| call);
    let owners = words(&calls.map(|(letter, _)| letter), most).into_iter().skip(1);
    let programs = owners.map(|letters| InC {
        name: format!("{start}/{letters}/{others}"),
        size: letters.len() + other_calls,
        model,
        text: format!("{defines}#define OWNER {}\n", letters.chars().map(call_of).collect::<String>()),
    });
    Group {
        name: format!("{start}/{others}"),
        about: format!("{start}/…/{others}, up to {most} of the owner"),
        threads: 2 + others.matches(',').count(),
        operations: most + other_calls,
        programs: programs.collect(),
    }
}

/// A group with each sequence of up to `most` pushes, pops and another operation, at least once, of a chain's owner.
fn with_owners_that(does: &str, letter: char, most: usize, start: &str, thieves: &[&str]) -> Group {
    let owners = words(&['+', '-', letter], most).into_iter().filter(|owner| owner.contains(letter));
    let names = owners.flat_map(|owner| thieves.iter().map(move |it| format!("{start}/{owner}/{it}")));
    let programs: Vec<Program> = names.map(|name| name.parse().expect("it names a program")).collect();
    Group {
        name: format!("{start}/owner_{does}"),
        about: format!("{start}/up to {most} of + - {letter}/{}", thieves.join(" or ")),
        threads: programs.iter().map(Program::threads).max().unwrap_or_default(),
        operations: programs.iter().map(Program::operations).max().unwrap_or_default(),
        programs: programs.iter().map(in_c).collect(),
    }
}

/// A program of a deque in C.
fn in_c(program: &Program) -> InC {
    let Start { capacity, wrap, holds } = program.start;
    let start = if wrap { BELOW_THE_WRAP } else { 0 };
    let owner: String = program.owner.iter().map(owner_call).collect();
    let mut text = format!(
        "#define CAPACITY {capacity}\n#define START {start}u\n#define HOLDS {holds}\n#define OWNER {owner}\n"
    );
    let model = if program.structure.is_bounded() {
        RING
    } else {
        // Rings of 1, 2, 4 … slots; a ring takes as many values as it has slots before it has a successor.
        let pushes: u32 = u32::from(holds) + program.owner.iter().map(pushes).sum::<u32>();
        assert_eq!(capacity, 1, "the model's first ring has one slot");
        let _ = writeln!(text, "#define MOST_RINGS {}", (pushes.max(1)).ilog2() + 1);
        CHAIN
    };
    for (number, thief) in program.thieves.iter().enumerate() {
        let calls: String = thief.iter().map(thief_call).collect();
        let _ = writeln!(text, "#define THIEF_{} {calls}", number + 1);
    }
    InC { name: program.to_string(), size: program.operations() + batches(program), model, text }
}

fn owner_call(step: &OwnerStep) -> &'static str {
    match step {
        OwnerStep::Push => "push();",
        OwnerStep::Pop => "pop();",
        OwnerStep::PushBatch(2) => "push_2();",
        OwnerStep::PopBatch(2) => "pop_2();",
        OwnerStep::Steal => "steal();",
        OwnerStep::PushWasEmpty => "push_and_learn();",
        other => unreachable!("the models have no {other}"),
    }
}

fn thief_call(step: &ThiefStep) -> &'static str {
    match step {
        ThiefStep::Steal => "steal();",
        ThiefStep::StealBatch(2) => "steal_2();",
        other => unreachable!("the models have no {other}"),
    }
}

fn pushes(step: &OwnerStep) -> u32 {
    match step {
        OwnerStep::Push | OwnerStep::PushWasEmpty => 1,
        OwnerStep::PushBatch(count) => u32::from(*count),
        _ => 0,
    }
}

fn batches(program: &Program) -> usize {
    let of_owner =
        program.owner.iter().filter(|step| matches!(step, OwnerStep::PushBatch(_) | OwnerStep::PopBatch(_)));
    let of_thieves = program.thieves.iter().flatten().filter(|step| matches!(step, ThiefStep::StealBatch(_)));
    of_owner.count() + of_thieves.count()
}
