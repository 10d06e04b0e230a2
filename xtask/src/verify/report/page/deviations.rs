//! What was broken on purpose, and what ran under a sanitizer.

use anyhow::Result;

use super::{number, reason, text, time, write_section};
use crate::verify::deviation::{Break, CodeMutants, Defect, Mutant, Sanitized};
use crate::verify::report::Report;

/// A table for each kind of break.
pub(super) fn write(page: &mut String, report: &Report) -> Result<()> {
    write_section(
        page,
        report,
        "Each ordering made weaker",
        &["site", "ordering", "weakened to", "killed by", "executions", "because"],
        |tally| {
            let row = |mutant: &Mutant| {
                vec![
                    text(&mutant.site),
                    text(&mutant.ordering),
                    text(&mutant.weakened),
                    text(mutant.killed_by.as_deref().unwrap_or("nothing")),
                    number(mutant.executions),
                    reason(mutant.because.as_deref()),
                ]
            };
            tally.mutants.iter().map(row).collect()
        },
    )?;
    write_section(
        page,
        report,
        "Each defect made on purpose",
        &["defect", "runtime", "caught by", "executions", "because"],
        |tally| {
            let row = |defect: &Defect| {
                vec![
                    text(&defect.defect),
                    text(&defect.runtime),
                    text(defect.caught_by.as_deref().unwrap_or("nothing")),
                    number(defect.executions),
                    reason(defect.because.as_deref()),
                ]
            };
            tally.defects.iter().map(row).collect()
        },
    )?;
    write_section(
        page,
        report,
        "Each break of the crate",
        &["break", "caught by", "because", "time"],
        |tally| {
            let row = |broken: &Break| {
                vec![
                    text(&broken.name),
                    text(broken.caught_by.as_deref().unwrap_or("nothing")),
                    reason(broken.because.as_deref()),
                    time(Some(broken.seconds)),
                ]
            };
            tally.breaks.iter().map(row).collect()
        },
    )?;
    write_section(
        page,
        report,
        "Mutants of the code",
        &["caught", "ran for ever", "did not compile", "survive for a reason", "survive"],
        |tally| {
            let row = |counts: &CodeMutants| {
                [counts.caught, counts.timeouts, counts.unviable, counts.listed, counts.missed]
                    .map(number)
                    .into()
            };
            tally.code_mutants.iter().map(row).collect()
        },
    )?;
    write_section(page, report, "Under a sanitizer", &["sanitizer", "program", "time"], |tally| {
        let row = |ran: &Sanitized| vec![text(&ran.sanitizer), text(&ran.what), time(Some(ran.seconds))];
        tally.sanitized.iter().map(row).collect()
    })
}
