//! The table of a failing execution says which step fails, what it read and from which step, and what there is after
//! each; and the command below it shows the same table again.

#![cfg(all(any(loom, shuttle), not(crossbeam_loom)))]

#[allow(dead_code, reason = "the example uses all of it")]
#[path = "../examples/explain/command.rs"]
mod command;

use std::{fmt, thread};

use clap::Parser;
use command::Arguments;
use pooldeque::model::trace::{Event, NodeAction, Step};
use pooldeque::unbounded;
use pooldeque_loom_tests::case::Case;
use pooldeque_loom_tests::deque::{Deque, Thief};
use pooldeque_loom_tests::execution::Model;
use pooldeque_loom_tests::explanation::{Explanation, Retired, explain_execution};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::token::Token;

/// What `cargo xtask explain` shows for these arguments.
fn explained(line: &str) -> Explanation {
    let arguments = arguments(line);
    // A thread in which a model has failed is not fit for another.
    let trial = thread::spawn(move || arguments.explain().expect("the arguments are right"));
    trial.join().expect("a failure of the model is caught")
}

fn arguments(line: &str) -> Arguments {
    Arguments::try_parse_from(["explain"].into_iter().chain(line.split(' '))).expect("they are arguments")
}

/// The arguments of the command that shows an execution again.
fn again(explanation: &Explanation) -> &str {
    let command = explanation.again.as_deref().expect("a failure can be seen again");
    let (start, arguments) = command.split_at("cargo xtask explain --runtime ".len());
    assert_eq!(start, "cargo xtask explain --runtime ");
    arguments.strip_prefix(runtime::NAME).expect("it is for this model checker").trim_start()
}

/// A thief that looks whether there is a value before it steals, and believes what it saw: a false empty, if a value
/// is pushed in between.
#[derive(Clone)]
struct Hasty(unbounded::Stealer<Token>);

impl Thief for Hasty {
    type Own = unbounded::Worker<Token>;

    fn steal(&self) -> Option<Token> {
        let was_empty = self.0.is_empty();
        self.0.steal().filter(|_| !was_empty)
    }
}

impl Deque for Hasty {
    type Owner = unbounded::Worker<Token>;
    type Thief = Self;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(capacity: usize, _start: u32) -> (Self::Owner, Self) {
        let (owner, thief) = unbounded::with_capacity(capacity);
        (owner, Self(thief))
    }
}

/// A program with hasty thieves.
#[derive(Clone)]
struct WithHasty(Program);

impl fmt::Display for WithHasty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Case for WithHasty {
    type Model = Model;

    const IS_RECORDED: bool = true;
    const HAS_INVISIBLE_STEPS: bool = true;

    fn threads(&self) -> usize {
        self.0.threads()
    }

    fn operations(&self) -> usize {
        self.0.operations()
    }

    fn model(&self) -> Model {
        Model::on::<Hasty>(self.0.clone())
    }

    fn smaller(&self) -> Vec<Self> {
        Vec::new()
    }
}

/// The first row that begins with this.
fn row_of(explanation: &Explanation, did: &str) -> Option<usize> {
    explanation.rows.iter().position(|row| row.did.starts_with(did))
}

/// As [`explained`], with hasty thieves.
fn with_hasty(line: &str) -> Explanation {
    let search = arguments(line).search().expect("the arguments are right");
    let program = line.split(' ').find_map(|word| word.parse().ok()).expect("there is a program");
    let trial = thread::spawn(move || explain_execution(&WithHasty(program), &search));
    trial.join().expect("a failure of the model is caught")
}

#[test]
fn the_command_below_a_failure_shows_the_same_execution_again() {
    let first = with_hasty("chain1/+/s");
    let table = first.to_table();
    println!("{table}");
    assert!(first.fails && table.contains("no deque can have this history"), "{table}");
    let position = |did: &str| {
        let row = row_of(&first, did);
        row.unwrap_or_else(|| panic!("no step {did}:\n{table}"))
    };
    let (call, push, claim) = (position("calls steal 1"), position("PUSH_PUBLISH"), position("STEAL_CLAIM"));
    // Under loom the thief may also look at an older value.
    assert!(push < claim && (call < push || cfg!(loom)), "{table}");
    assert_eq!(table.lines().last(), first.again.as_ref().map(|it| format!("again: {it}")).as_deref());
    assert_eq!(with_hasty(again(&first)).to_table(), table);
}

/// The steps in which rings and guards begin and end, and what there is after them.
#[test]
fn guards_and_the_ends_of_rings_are_steps() {
    let explanation = explained("chain1-holds2/sss/s");
    let table = explanation.to_table();
    println!("{table}");
    assert!(!explanation.fails, "{table}");
    let retires = explanation.rows.iter().position(|row| row.did.starts_with("retires ring A"));
    let at = retires.unwrap_or_else(|| panic!("no ring is retired:\n{table}"));
    let row = &explanation.rows[at];
    let by = explanation.threads[row.thread].clone();
    assert_eq!(row.did, format!("retires ring A\n  kept by the guards of {}", row.state.guards.join(", ")));
    let [Retired { node, kept_by }] = &row.state.retired[..] else { panic!("one is retired:\n{table}") };
    assert_eq!((node.as_str(), kept_by), ("ring A", &row.state.guards), "{table}");
    assert!(kept_by.contains(&by), "{table}");
    let pinned = explanation.rows[..at].iter().rposition(|row| row.did == "pins the deques' epoch");
    let after = &explanation.rows[at..];
    let unpins = after.iter().position(|row| row.did == "unpins").map(|row| at + row);
    let frees = after.iter().position(|row| row.did == "frees ring A").map(|row| at + row);
    assert!(pinned.is_some() && unpins.is_some() && unpins < frees, "{table}");
    let freed = &explanation.rows[frees.expect("it is freed")].state;
    assert!(freed.freed.contains(&"ring A".into()) && freed.retired.is_empty(), "{table}");
    assert!(freed.rings.iter().all(|ring| ring.name != "ring A"), "{table}");
    for line in ["makes ring B", "guards: none", "retired: ring A, kept by ", "freed: ring A"] {
        assert!(table.contains(line), "{line}: {table}");
    }
}

#[test]
fn the_state_beside_a_step_is_that_of_the_deque() {
    let explanation = explained("chain1-holds2/-/s");
    let table = explanation.to_table();
    println!("{table}");
    let links = explanation.rows.iter().find(|row| row.did == "NEXT_LINK: ring A's next := ring B");
    let json =
        serde_json::to_value(&links.expect("a second ring is linked").state).expect("it is plain data");
    let expected = serde_json::json!({
        "rings": [
            {"name": "ring A", "word": "(1, 0)", "slots": ["set"], "next": "ring B", "prev": "null"},
            {"name": "ring B", "word": "(0, 0)", "slots": ["clear", "clear"], "next": "null", "prev": "ring A"},
        ],
        "chains": [["ring A", "ring B"]],
        "guards": [], "retired": [], "freed": [], "others": [],
    });
    assert_eq!(json, expected, "{table}");
    for line in
        ["ring B: word (0, 0), slots [clear, clear]", "  next null, prev ring A", "chain: ring A, ring B"]
    {
        assert!(table.contains(line), "{line}: {table}");
    }
}

/// A ring in no chain has no letter.
#[test]
fn a_ring_alone_has_its_slots_beside_the_steps() {
    let explanation = explained("ring2/+/s");
    let state = &explanation.rows.last().expect("there are steps").state;
    let first = explanation.rows.iter().find(|row| row.did.starts_with("PUSH_PUBLISH"));
    let ring = &first.expect("a value is pushed").state.rings;
    assert_eq!(ring.len(), 1, "{}", explanation.to_table());
    assert_eq!((ring[0].name.as_str(), ring[0].word.as_deref()), ("ring", Some("(1, 0)")));
    assert_eq!(ring[0].slots, ["set", "clear"]);
    assert!(state.chains.is_empty() && state.guards.is_empty(), "{state:?}");
}

/// As the library notes it: the access to a freed ring ends the execution.
#[test]
fn a_touch_of_a_freed_ring_is_the_step_at_fault() {
    let step = |thread, event, is_at_fault| Step { thread, event, line: None, is_at_fault };
    let node = |action| Event::Node { address: 0x40, action };
    let steps = [
        step(0, Event::Make { location: 0, type_name: "u64", value: 0 }, false),
        step(0, node(NodeAction::Make { type_name: "pooldeque::deque::chain::ring::Ring<u8>" }), false),
        step(0, Event::Pin { guard: 1, domain: "deques" }, false),
        step(0, node(NodeAction::Retire { kept_by: vec![1] }), false),
        step(0, Event::Unpin { guard: 1 }, false),
        step(0, node(NodeAction::Free), false),
        step(1, node(NodeAction::Touch), true),
    ];
    let table = Explanation::new(&steps, &[Some(0), Some(1)], WithHasty::THREADS).to_table();
    println!("{table}");
    let rows: Vec<_> = table.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.iter().any(|row| row.contains("retired: ring A, kept by owner")), "{table}");
    assert!(rows.iter().any(|row| row.contains("| => 6 ") && row.contains("touches ring A, which is freed")));
    assert!(table.contains("THE EXECUTION FAILS HERE"), "{table}");
}

#[test]
fn a_program_over_a_pool_is_explained_call_by_call() {
    let explanation = explained("pool/p/p/t");
    let table = explanation.to_table();
    println!("{table}");
    assert!(!explanation.fails, "{table}");
    assert_eq!(explanation.threads[..2], ["main", "thread 1"], "{table}");
    let has = |column: &str, did: &str| {
        let column = explanation.threads.iter().position(|thread| thread == column);
        explanation.rows.iter().any(|row| Some(row.thread) == column && row.did.starts_with(did))
    };
    for (column, did) in [
        ("main", "calls put"),
        ("main", "returns: put"),
        ("main", "makes entry A"),
        ("main", "PRIVATE_FILLED: private cell's occupied of entry A := "),
        ("main", "uses private cell's value of entry A"),
        ("thread 1", "calls take"),
        ("thread 1", "returns: take -> ["),
        ("thread 1", "pins the pools' epoch"),
    ] {
        assert!(has(column, did), "{column} {did}:\n{table}");
    }
}

/// The site of a fence, or of a counter, is not taken for that of the next access.
#[test]
fn accesses_after_a_fence_have_their_own_sites() {
    let table = explained("pool/-/pt --preemptions 0").to_table();
    for site in ["OWNER_ENTER: owner flag's owner", "OWNER_CHECK: reads owner flag's ticker"] {
        assert!(table.contains(site), "{site}: {table}");
    }
    for other in ["_FENCE: ", "COUNT_READ: ", "COUNT_WRITE: "] {
        assert!(!table.contains(other), "{other}{table}");
    }
}

#[cfg(loom)]
mod in_loom {
    use super::*;

    #[test]
    fn the_step_that_races_is_marked() {
        let explanation =
            explained("ring1-holds1/+/s --preemptions 2 --relax SLOT_RELEASE --break some_break");
        let table = explanation.to_table();
        println!("{table}");
        let at_fault: Vec<_> = explanation.rows.iter().filter(|row| row.is_at_fault).collect();
        let [at_fault] = at_fault[..] else { panic!("one step is at fault:\n{table}") };
        assert_eq!(at_fault.did, "uses slot 0's value", "{table}");
        assert!(at_fault.line.as_deref().is_some_and(|line| line.contains("slot.rs")), "{table}");
        assert!(table.contains("SLOT_RELEASE: slot 0's flag := clear"), "{table}");
        assert!(table.contains("THE EXECUTION FAILS HERE"), "{table}");
        assert!(again(&explanation).ends_with(" --relax SLOT_RELEASE --break some_break"), "{table}");
        assert_eq!(explained(again(&explanation)).to_table(), table);
    }

    #[test]
    fn a_relaxed_steal_look_shows_the_stale_link_and_again() {
        let explanation = explained("chain1-holds1/+s/s --relax STEAL_LOOK");
        let table = explanation.to_table();
        println!("{table}");
        assert!(table.contains("NEXT_READ: reads ring A's next = null"), "{table}");
        assert!(table.contains("STALE"), "{table}");
        assert!(table.contains("no deque can have this history"), "{table}");
        assert_eq!(again(&explanation), "--preemptions 3 chain1-holds1/+s/s --relax STEAL_LOOK");
        assert_eq!(explained(again(&explanation)).to_table(), table);
    }

    /// The columns of a line of a table but for that of the state, or any other line.
    fn without_state(line: &str) -> Vec<&str> {
        line.split('|').map(str::trim).take(4).collect()
    }

    /// The documentation's table is this one, apart from the numbers of source lines.
    #[test]
    fn the_documented_table_is_what_the_command_shows() {
        let page = include_str!("../../docs/verification.md");
        let example = page.split("```text\n").find(|block| block.contains("STEAL_CLAIM: "));
        let example = example.and_then(|block| block.split("```").next()).expect("there is an example");
        let table = explained("chain1-holds1/+s/s --relax STEAL_LOOK").to_table();
        let mut lines = table.lines();
        let mut count = 0;
        for line in example.lines().filter(|line| !line.contains("src/") && !line.starts_with('+')) {
            assert!(
                lines.any(|shown| without_state(shown) == without_state(line)),
                "the table does not go on with: {line}\n{table}"
            );
            count += 1;
        }
        assert!(count > 20, "{example}");
    }

    #[test]
    fn an_execution_that_does_not_fail_has_no_step_at_fault() {
        let explanation = explained("ring1-holds1/+/s --relax SLOT_OCCUPY");
        assert!(!explanation.fails && !explanation.rows.is_empty(), "{}", explanation.message);
        assert!(explanation.rows.iter().all(|row| !row.is_at_fault));
        assert_eq!(explanation.again, None);
    }
}

#[cfg(shuttle)]
mod in_shuttle {
    use pooldeque_loom_tests::exploration::explore;
    use pooldeque_loom_tests::search::Search;

    use super::*;

    /// shuttle breaks a schedule into lines.
    #[test]
    fn the_command_is_one_line_however_long_the_schedule() {
        let first = with_hasty("chain1/++++++++++++++++++++/s --preemptions 2");
        let schedule = again(&first).split(' ').nth(1).expect("it has a schedule");
        assert!(schedule.len() > 76 && schedule.chars().all(|digit| digit.is_ascii_hexdigit()), "{schedule}");
        assert_eq!(with_hasty(again(&first)).to_table(), first.to_table());
    }

    /// Most executions of the program do not fail: the schedule alone leads to the one that does.
    #[test]
    fn a_schedule_is_one_execution() {
        let first = with_hasty("chain1/+/s");
        let Some((schedule, _)) = again(&first).rsplit_once(' ') else { panic!("a program follows") };
        let search = arguments(&format!("{schedule} chain1/+/s")).search().expect("it is for shuttle");
        let program = WithHasty("chain1/+/s".parse().expect("it is a program"));
        let replayed = thread::spawn(move || explore(&program, &search).expect_err("it fails again"));
        let failure = replayed.join().expect("a failure of the model is caught");
        assert_eq!(failure.execution, 1);
        let found = thread::spawn(|| {
            let program = WithHasty("chain1/+/s".parse().expect("it is a program"));
            explore(&program, &Search::EveryState { splits_invisible: false }).expect_err("it fails")
        });
        assert!(found.join().expect("a failure of the model is caught").execution > 1);
    }
}
