//! `pressure`: the budget is kept, and the exit status reports when it is not.

use crate::program::{printed, run};
use crate::table::{Table, tables};

#[track_caller]
fn table(printed: &str) -> Table {
    let mut tables = tables(printed);
    assert_eq!(tables.len(), 1, "{printed}");
    tables.remove(0)
}

#[test]
fn a_janitor_with_a_budget_keeps_it_where_the_others_would_not() {
    let printed = printed("pressure", ["--budget", "60", "--wave", "24", "--waves", "5", "--interval", "30"]);
    let table = table(&printed);
    assert_eq!(table.names(), ["wave 1", "wave 2", "wave 3", "wave 4", "wave 5", "after", "peak"]);
    let resident = |row, who| {
        assert!(table.cell(row, who).ends_with(" MiB"), "{printed}");
        table.number(row, who)
    };
    let budget = "janitor with a budget";
    assert!(resident("peak", "no janitor") > 5.0 * 24.0, "each wave leaves its own: {printed}");
    assert!(resident("after", "no janitor") > 5.0 * 24.0, "{printed}");
    for who in ["janitor", budget] {
        assert!(resident("after", who) < 24.0, "nothing is kept indefinitely: {printed}");
    }
    assert!((24.0..=60.0).contains(&resident("peak", budget)), "{printed}");
    assert!(printed.contains("\nthe budget was kept, "), "{printed}");
    let cleared = printed.split_once("cleared the pools ").and_then(|(_, rest)| rest.split_once(' '));
    let cleared: u32 = cleared.and_then(|(count, _)| count.parse().ok()).expect("a count");
    assert!(cleared >= 1, "{printed}");
}

#[test]
fn a_budget_that_cannot_be_kept_sets_the_exit_status() {
    let output = run("pressure", ["--budget", "8", "--wave", "16", "--waves", "1", "--interval", "10"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("\nthe budget was not kept, "), "{printed}");
}
