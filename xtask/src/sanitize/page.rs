//! What came of the checks, as a table.

use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use super::checks::{Check, Expected, LEFT_OUT};
use super::conduct::Outcome;
use super::toolchain::Toolchain;

/// A check and what came of it.
pub(super) struct Row {
    pub(super) check: Check,
    pub(super) ending: Ending,
}

/// How a check ended.
pub(super) enum Ending {
    Ran(Outcome),
    /// It could not run, and why.
    NotRun(String),
}

impl Ending {
    pub(super) fn is_wrong(&self) -> bool {
        matches!(self, Self::Ran(outcome) if outcome.wrong.is_some())
    }

    pub(super) fn is_not_run(&self) -> bool {
        matches!(self, Self::NotRun(_))
    }
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.set_header(["check", "what", "result", "reports", "ran", "seconds"]);
    for Row { check, ending } in rows {
        let options = check.options.map(|options| format!(" (`{options}`)")).unwrap_or_default();
        let what = format!("{}{options}", check.about);
        let (result, colour) = in_a_word(check, ending);
        let (reports, ran, seconds) = match ending {
            Ending::Ran(Outcome { reports, ran, took, .. }) => {
                (reports.to_string(), ran.clone(), format!("{:.1}", took.as_secs_f64()))
            }
            Ending::NotRun(_) => Default::default(),
        };
        table.add_row([
            Cell::new(check.name),
            Cell::new(what),
            Cell::new(result).fg(colour),
            Cell::new(reports).set_alignment(CellAlignment::Right),
            Cell::new(ran),
            Cell::new(seconds).set_alignment(CellAlignment::Right),
        ]);
    }
    table
}

fn in_a_word(check: &Check, ending: &Ending) -> (String, Color) {
    match (ending, check.expected) {
        (Ending::NotRun(_), _) => ("not run".to_owned(), Color::Yellow),
        (Ending::Ran(Outcome { wrong: Some(wrong), .. }), _) => (format!("WRONG: {wrong}"), Color::Red),
        (Ending::Ran(_), Expected::Nothing) => ("nothing found".to_owned(), Color::Green),
        (Ending::Ran(_), Expected::Planted(..)) => ("found".to_owned(), Color::Green),
        (Ending::Ran(_), Expected::Artefact(_)) => ("reported, wrongly".to_owned(), Color::Green),
        (Ending::Ran(_), Expected::NothingBut(_)) => ("nothing but that".to_owned(), Color::Green),
    }
}

/// The table for a terminal.
pub(super) fn for_terminal(rows: &[Row]) -> Table {
    let mut table = table(rows);
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// What the page says of a run.
pub(super) fn measured(rows: &[Row], toolchain: &Toolchain) -> String {
    let mut table = table(rows);
    table.load_preset(presets::ASCII_MARKDOWN).force_no_tty();
    let mut text = format!("{}, {}.\n\n{table}\n\nNot run:\n\n", toolchain.version, toolchain.target);
    for (what, why) in LEFT_OUT {
        text += &format!("- {what}: {why}.\n");
    }
    for Row { check, ending } in rows {
        if let Ending::NotRun(why) = ending {
            text += &format!("- `{}`: {why}.\n", check.name);
        }
    }
    text
}
