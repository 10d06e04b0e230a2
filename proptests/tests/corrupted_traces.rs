//! The replayer goes red on a trace that is not what Go did: one number or word changed anywhere, one
//! line missing, one line too many.
#![cfg(not(any(loom, shuttle)))]

use std::collections::BTreeMap;

use pooldeque_proptests::campaign::tell;
use pooldeque_proptests::go::replay::{Counts, Subject, replay};
use pooldeque_proptests::go::trace::parse;

const TRACE: &str = include_str!("../traces/go1.27.3-sequential.trace");

/// The lines of each structure, from its making to its end.
fn structures() -> Vec<Vec<&'static str>> {
    let lines: Vec<&str> = TRACE.lines().collect();
    lines.split_inclusive(|&line| line == "end").map(<[&str]>::to_vec).collect()
}

/// Whether reading and replaying finds nothing wrong with the lines.
fn passes(lines: &[&str]) -> bool {
    let Ok(recordings) = parse(&lines.join("\n")) else { return false };
    recordings.iter().all(|recording| replay(recording, Subject::Raw, &mut Counts::new()).is_ok())
}

fn replaced<'t>(lines: &[&'t str], place: usize, line: &'t str) -> Vec<&'t str> {
    let mut lines = lines.to_vec();
    lines[place] = line;
    lines
}

/// The line with another field in the place of one of its fields.
fn with_field(line: &str, place: usize, field: &str) -> String {
    let mut fields: Vec<&str> = line.split(' ').collect();
    fields[place] = field;
    fields.join(" ")
}

fn one_more(number: &str) -> String {
    let number: u64 = number.parse().expect("a number");
    (number + 1).to_string()
}

/// All the ways to get one thing in an operation's line wrong, by what is wrong.
fn corruptions(line: &str) -> Vec<(&'static str, String)> {
    let fields: Vec<&str> = line.split(' ').collect();
    let mut wrong = Vec::new();
    match *fields {
        ["push", value, outcome, ..] => {
            wrong.push(("a pushed value", with_field(line, 1, &one_more(value))));
            match outcome {
                "ok" => wrong.push(("an accepted push", with_field(line, 2, "full"))),
                _ => wrong.push(("a refused push", with_field(line, 2, "ok"))),
            }
        }
        [_, "empty", ..] => wrong.push(("a pop of nothing", with_field(line, 1, "0"))),
        ["pop_head", value, ..] => {
            wrong.push(("a value popped at the head", with_field(line, 1, &one_more(value))));
            wrong.push(("a pop_head of a value", with_field(line, 1, "empty")));
        }
        ["pop_tail", value, ..] => {
            wrong.push(("a value popped at the tail", with_field(line, 1, &one_more(value))));
            wrong.push(("a pop_tail of a value", with_field(line, 1, "empty")));
        }
        _ => panic!("no operation: {line}"),
    }
    let last = fields.len() - 1;
    match fields[last].split(',').map(|ring| ring.split_once(':')).collect::<Option<Vec<_>>>() {
        Some(rings) => {
            let place = line.len() % rings.len();
            for (what, (capacity, length)) in [
                ("a ring's capacity", (one_more(rings[place].0), rings[place].1.to_owned())),
                ("a ring's length", (rings[place].0.to_owned(), one_more(rings[place].1))),
            ] {
                let mut rings: Vec<String> = rings.iter().map(|(c, l)| format!("{c}:{l}")).collect();
                rings[place] = format!("{capacity}:{length}");
                wrong.push((what, with_field(line, last, &rings.join(","))));
            }
            let fewer: Vec<String> = rings[1..].iter().map(|(c, l)| format!("{c}:{l}")).collect();
            let fewer = if fewer.is_empty() { "-".to_owned() } else { fewer.join(",") };
            wrong.push(("a ring more", with_field(line, last, &format!("{},1:0", fields[last]))));
            wrong.push(("a ring less", with_field(line, last, &fewer)));
        }
        None if fields[last] == "-" => wrong.push(("a ring before the first", with_field(line, last, "8:0"))),
        None => {
            wrong.push(("a head", with_field(line, last - 1, &one_more(fields[last - 1]))));
            wrong.push(("a tail", with_field(line, last, &one_more(fields[last]))));
        }
    }
    wrong
}

#[test]
fn any_wrong_field_of_an_operation_is_found() {
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for structure in structures() {
        assert!(passes(&structure), "what Go did is replayed");
        // A line in seventeen, another one in each structure; each in all the ways.
        let operations = 1..structure.len() - 1;
        for place in operations.skip(structure.len() % 17).step_by(17) {
            for (what, line) in corruptions(structure[place]) {
                let corrupted = replaced(&structure, place, &line);
                assert!(!passes(&corrupted), "{what} in {:?}: {line:?} passed", structure[place]);
                *found.entry(what).or_default() += 1;
            }
        }
    }
    tell("corrupted-trace", found.values().sum());
    for (what, times) in &found {
        tell(&format!("corrupted-trace/{}", what.replace(' ', "-")), *times);
    }
    assert_eq!(found.len(), 15, "some kind of line was never corrupted: {found:?}");
}

#[test]
fn a_structure_made_otherwise_is_found() {
    let structures = structures();
    let full = structures.iter().find(|lines| lines.iter().any(|line| line.contains(" full ")));
    let full = full.expect("some ring is filled");
    let [_, capacity, start] = full[0].split(' ').collect::<Vec<_>>()[..] else { panic!("no ring") };
    let capacity: usize = capacity.parse().expect("a capacity");
    for header in [
        format!("dequeue {} {start}", capacity * 2),
        format!("dequeue {} {start}", capacity / 2),
        format!("dequeue {capacity} {}", one_more(start)),
        "chain".to_owned(),
    ] {
        assert!(!passes(&replaced(full, 0, &header)), "{header:?} in place of {:?} passed", full[0]);
    }
}

#[test]
fn a_missing_or_repeated_line_is_found() {
    let mut tried = 0;
    for structure in structures() {
        let mut cut = structure.clone();
        cut.pop();
        assert!(!passes(&cut), "a structure with no end passed");
        assert!(!passes(&structure[1..]), "a structure with no beginning passed");
        for place in (1..structure.len() - 1).step_by(13) {
            let without = [&structure[..place], &structure[place + 1..]].concat();
            let doubled = [&structure[..place], &structure[place - 1..]].concat();
            // A pop of nothing changes nothing: Go could have done it once more or less.
            let tracks = |place: usize| place != 0 && !structure[place].contains("empty");
            // Nor does a push that is refused, if it is the last; the last operation leaves no trace at all.
            let last = structure.len() - 2;
            if tracks(place) && !structure[place].contains("full") && place != last {
                assert!(!passes(&without), "{:?} was left out and not missed", structure[place]);
                tried += 1;
            }
            if tracks(place - 1) {
                assert!(!passes(&doubled), "{:?} stood there twice", structure[place - 1]);
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "only {tried} lines were left out or doubled");
}

#[test]
fn a_trace_in_another_language_is_found() {
    for text in ["dequeue 8", "chain 8", "chain\npush 0 ok", "chain\npeek 0 -\nend", "end", "chain\n\nend"] {
        assert!(parse(text).is_err(), "{text:?} was understood");
    }
}
