//! Runs the tool over the models, and writes the report.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::time::Instant;
use std::{env, fs, thread};

use pooldeque_loom_tests::report::{Line, print_json, print_line};
use pooldeque_loom_tests::tier::Tier;
use serde_json::json;

use crate::orderings::{ENTRIES, Entry, Part};
use breaks::{BREAKS, Break};
use programs::{Group, InC, groups};

#[path = "breaks.rs"]
mod breaks;
#[path = "programs.rs"]
mod programs;

/// The variable that names the tool.
const GENMC: &str = "GENMC";

/// The memory models, by the tool's options.
const MEMORY_MODELS: [(&str, &str); 2] = [("RC11", "--rc11"), ("IMM", "--imm")];

/// How many programs run at a time.
const AT_A_TIME: usize = 4;

/// The files of the models in C.
const FILES: [(&str, &str); 6] = [
    ("dequeue.h", include_str!("../../second-opinion/dequeue.h")),
    ("history.h", include_str!("../../second-opinion/history.h")),
    (RING, include_str!("../../second-opinion/ring.c")),
    (CHAIN, include_str!("../../second-opinion/chain.c")),
    (OWNER_FLAG, include_str!("../../second-opinion/owner_flag.c")),
    (NON_EMPTY, include_str!("../../second-opinion/non_empty.c")),
];

const RING: &str = "ring.c";
const CHAIN: &str = "chain.c";
const OWNER_FLAG: &str = "owner_flag.c";
const NON_EMPTY: &str = "non_empty.c";

/// What is weakened: programs, by their model and what their names begin with, and the parts of the sites.
const WEAKENED: [(&str, &str, &[Part]); 5] = [
    (RING, "", &[Part::Ring]),
    (CHAIN, "", &[Part::Ring, Part::Chain]),
    (OWNER_FLAG, "flag/", &[Part::Pool]),
    (OWNER_FLAG, "sandboxed-flag/", &[Part::Pool]),
    (NON_EMPTY, "", &[Part::Pool]),
];

/// Weakenings that no program of a ring alone can notice. They order what a thief that finds a ring empty sees of
/// its successor.
const FOR_THE_CHAIN: [(&str, Ordering); 3] =
    [("STEAL_LOOK", Relaxed), ("STEAL_CLAIM", Acquire), ("STEAL_RETRY", Relaxed)];

pub(super) fn main() {
    let Some(tool) = env::var_os(GENMC) else {
        let what = format!("second opinion: {GENMC} names no tool");
        print_json("not_run", &json!({ "what": what }));
        return;
    };
    let tier = Tier::of_this_run();
    let sound = Model::new(tool.clone(), "sound", None, None);
    let mut faults = String::new();
    let ordinary = groups(Tier::Ordinary);
    break_each(&tool, &ordinary, &mut faults);
    weaken_each(&tool, &ordinary, &mut faults);
    let mut page = heading(&sound, tier);
    explore_all(&sound, groups(tier), &mut page);
    page.push_str(&faults);
    if env::var_os("UPDATE_DOCS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reports/second-opinion.md");
        fs::write(path, page).expect("the report can be written");
    }
}

/// What the report begins with.
fn heading(model: &Model, tier: Tier) -> String {
    let version = said_by(Command::new(&model.tool).arg("--version"));
    let version = version.lines().find(|line| line.contains("GenMC v")).unwrap_or("GenMC").trim().to_owned();
    let date = said_by(Command::new("date").args(["-u", "+%F"]));
    format!(
        "# The second opinion\n\n{version}, on {}; the {} tier of the programs of the ring and of the chain{}, and those of \
         the owner flag and of a non-empty bit. The times are those of a machine that had other work.\n\n| start and other threads | memory model | programs | executions | blocked | time |\n|---|---|---|---|---|---|\n",
        date.trim(),
        tier.name(),
        if tier < Tier::Deep {
            ", without three steals of two thieves and programs with batches of more than three operations"
        } else {
            ""
        },
    )
}

/// Explores all programs, which must all pass, under each memory model.
fn explore_all(model: &Model, groups: Vec<Group>, page: &mut String) {
    let mut totals = [(0, 0); MEMORY_MODELS.len()];
    for group in groups {
        for ((name, option), total) in MEMORY_MODELS.iter().zip(&mut totals) {
            let began = Instant::now();
            let ran = model.run_all(&group.programs, option);
            if let Some((program, Ran { fault: Some(fault), .. })) =
                ran.iter().find(|(_, ran)| ran.fault.is_some())
            {
                panic!("{} fails under {name}:\n{fault}", program.name);
            }
            let executions = ran.iter().map(|(_, ran)| ran.executions).sum();
            let blocked: u64 = ran.iter().map(|(_, ran)| ran.blocked).sum();
            let line = Line {
                name: format!("every_program/model-{}", group.name),
                program: group.about.clone(),
                runtime: "genmc",
                search: (*name).to_owned(),
                programs: ran.len() as u64,
                threads: group.threads,
                operations: group.operations,
                bound: None,
                executions,
                histories: 0,
                complete: true,
                unfinished: 0,
                earlier: false,
                seconds: began.elapsed().as_secs_f64(),
                rings_freed: 0,
            };
            line.print();
            *total = (total.0 + line.programs, total.1 + executions);
            let _ = writeln!(
                page,
                "| `{}` | {name} | {} | {executions} | {blocked} | {:.0} s |",
                group.name, line.programs, line.seconds
            );
        }
    }
    for ((name, _), (programs, executions)) in MEMORY_MODELS.iter().zip(totals) {
        assert!(executions > programs, "the threads never met under {name}");
        let _ = writeln!(page, "| all | {name} | {programs} | {executions} |  |  |");
    }
}

/// Weakens each ordering of a model by one step; a program must fail unless only the chain needs the ordering.
fn weaken_each(tool: &OsString, groups: &[Group], page: &mut String) {
    page.push_str("\n| model | ordering | weakened to | under RC11 |\n|---|---|---|---|\n");
    for (model, start, parts) in WEAKENED {
        let mut programs = programs_of(groups, model, start);
        let is_used = |entry: &&Entry| parts.contains(&entry.part) && uses(model, entry.name);
        for entry in ENTRIES.iter().filter(is_used) {
            weaken(tool, entry, model, &mut programs, page);
        }
    }
}

/// The programs of a model whose names begin with `start`, the smallest first.
fn programs_of<'g>(groups: &'g [Group], model: &str, start: &str) -> Vec<&'g InC> {
    let programs = groups.iter().flat_map(|group| &group.programs);
    let mut programs: Vec<_> =
        programs.filter(|program| program.model == model && program.name.starts_with(start)).collect();
    programs.sort_by_key(|program| program.size);
    programs
}

/// Weakens one ordering.
fn weaken(tool: &OsString, entry: &Entry, of: &str, programs: &mut Vec<&InC>, page: &mut String) {
    for weakened in weaker(entry.ordering) {
        let model = Model::new(tool.clone(), "weakened", Some((entry.name, *weakened)), None);
        let survives = of == RING && FOR_THE_CHAIN.contains(&(entry.name, *weakened));
        // A survivor runs through all programs: those of three operations are enough.
        let most = if survives { 3 } else { usize::MAX };
        let (executions, killed) = model.kill(programs, most);
        let change = format!("{} to {weakened:?}", entry.name);
        assert_eq!(killed.is_none(), survives, "{of}: {change}: {killed:?}");
        let Some((by, because)) = killed else {
            print_line(&format!("{change}: survives, as it should on a ring"));
            let _ = writeln!(
                page,
                "| `{of}` | `{}` | {weakened:?} | survives the programs of up to three operations |",
                entry.name
            );
            continue;
        };
        let _ = writeln!(page, "| `{of}` | `{}` | {weakened:?} | `{by}`: {because} |", entry.name);
        let ordering = format!("{:?}", entry.ordering);
        print_json(
            "mutant",
            &json!({ "site": entry.name, "ordering": ordering, "weakened": format!("{weakened:?}"),
                    "killed_by": by, "because": because, "executions": executions }),
        );
    }
}

/// Breaks the models of the deques in several ways; a program must fail each time.
fn break_each(tool: &OsString, groups: &[Group], page: &mut String) {
    page.push_str("\n| model | broken on purpose | under RC11 |\n|---|---|---|\n");
    let [mut rings, mut chains] = [RING, CHAIN].map(|model| programs_of(groups, model, ""));
    for Break { model: of, what, file, code, broken } in BREAKS {
        let model = Model::new(tool.clone(), "broken", None, Some((file, code, broken)));
        let programs = if of == RING { &mut rings } else { &mut chains };
        let (_, killed) = model.kill(programs, usize::MAX);
        let Some((by, because)) = killed else { panic!("{of} passes although {what}") };
        print_line(&format!("{of}: {what}: {by} fails: {because}"));
        let _ = writeln!(page, "| `{of}` | {what} | `{by}`: {because} |");
    }
}

/// Whether the model uses the site.
fn uses(model: &str, site: &str) -> bool {
    let is_part = |file: &str| file == model || (file == "dequeue.h" && [RING, CHAIN].contains(&model));
    let mut texts = FILES.iter().filter(|(file, _)| is_part(file)).map(|(_, text)| text);
    texts.any(|text| {
        text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == site)
    })
}

/// What is weaker by one step.
fn weaker(ordering: Ordering) -> &'static [Ordering] {
    match ordering {
        AcqRel => &[Acquire, Release],
        Acquire | Release => &[Relaxed],
        SeqCst => &[AcqRel],
        _ => &[],
    }
}

/// The models in C, with some orderings.
struct Model {
    tool: OsString,
    /// Where they lie, with their `orderings.h`.
    folder: PathBuf,
}

/// What came of a program.
struct Ran {
    executions: u64,
    /// Executions that `GenMC` gave up as blocked.
    blocked: u64,
    /// What the tool says, if an execution failed.
    fault: Option<String>,
}

impl Model {
    /// The models with the crate's orderings, one of them perhaps replaced, and a piece of code in a file perhaps
    /// broken.
    fn new(
        tool: OsString,
        name: &str,
        replaced: Option<(&str, Ordering)>,
        broken: Option<(&str, &str, &str)>,
    ) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("second-opinion").join(name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        let mut header = String::from("/* Generated from src/orderings.rs. */\n");
        for entry in ENTRIES {
            let replacement = replaced.filter(|(site, _)| *site == entry.name).map(|(_, ordering)| ordering);
            let ordering = match replacement.unwrap_or(entry.ordering) {
                AcqRel => "acq_rel",
                Acquire => "acquire",
                Release => "release",
                Relaxed => "relaxed",
                _ => "seq_cst",
            };
            let _ = writeln!(header, "#define {} memory_order_{ordering}", entry.name);
        }
        fs::write(folder.join("orderings.h"), header).expect("the header can be written");
        for (file, text) in FILES {
            let mut text = text.to_owned();
            if let Some((_, code, broken)) = broken.filter(|(broken, ..)| *broken == file) {
                assert_eq!(text.matches(code).count(), 1, "{file} has once: {code}");
                text = text.replace(code, broken);
            }
            fs::write(folder.join(file), text).expect("a model can be written");
        }
        Self { tool, folder }
    }

    /// Runs programs of up to `most` operations until one fails. Returns the number of executions, and the failed
    /// program with the reason.
    ///
    /// The failed program comes first from now on: what noticed one fault may notice the next.
    fn kill(&self, programs: &mut Vec<&InC>, most: usize) -> (u64, Option<(String, String)>) {
        let mut executions = 0;
        let some: Vec<_> = programs.iter().copied().filter(|program| program.size <= most).collect();
        for some in some.chunks(AT_A_TIME) {
            let mut killed = None;
            for (program, ran) in self.run_all(some.iter().copied(), MEMORY_MODELS[0].1) {
                executions += ran.executions;
                killed = killed.or(ran.fault.map(|fault| (program.name.clone(), first_line(&fault))));
            }
            if let Some((name, _)) = &killed {
                let place = programs.iter().position(|program| program.name == *name);
                programs[..=place.expect("it is one of them")].rotate_right(1);
                return (executions, killed);
            }
        }
        (executions, None)
    }

    /// Runs programs, some at a time, and says what came of each.
    fn run_all<'p>(
        &self,
        programs: impl IntoIterator<Item = &'p InC, IntoIter: Send>,
        memory_model: &str,
    ) -> Vec<(&'p InC, Ran)> {
        let (left, ran) = (Mutex::new(programs.into_iter()), Mutex::new(Vec::new()));
        let next = || left.lock().expect("no thread panics").next();
        thread::scope(|scope| {
            for place in 0..AT_A_TIME {
                let (next, ran) = (&next, &ran);
                scope.spawn(move || {
                    let file = self.folder.join(format!("program-{place}.c"));
                    while let Some(program) = next() {
                        let result = self.run(program, memory_model, &file);
                        ran.lock().expect("no thread panics").push((program, result));
                    }
                });
            }
        });
        ran.into_inner().expect("no thread panics")
    }

    fn run(&self, program: &InC, memory_model: &str, file: &Path) -> Ran {
        fs::write(file, format!("{}#include \"{}\"\n", program.text, program.model))
            .expect("a program can be written");
        let mut command = Command::new(&self.tool);
        // Retry loops end by themselves. Taken for spin loops, they would be cut off as blocked.
        // The threading of jumps takes longer than all else, and changes no number of executions.
        command.args(["--disable-spin-assume", "--disable-loop-jump-threading", "--disable-estimation"]);
        command.args([memory_model, "--"]).arg(file);
        let output = command.output().expect("GENMC names a program");
        let said =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        if output.status.success() && said.contains("No errors were detected") {
            let executions = number_after(&said, "complete executions explored:");
            let blocked = number_after(&said, "blocked executions seen:").unwrap_or_default();
            return Ran { executions: executions.expect("it counts executions"), blocked, fault: None };
        }
        assert!(said.contains("Error:"), "{}: the tool itself failed:\n{said}", program.name);
        Ran { executions: 1, blocked: 0, fault: Some(said) }
    }
}

fn number_after(text: &str, label: &str) -> Option<u64> {
    text.split_once(label)?.1.split_whitespace().next()?.parse().ok()
}

fn first_line(fault: &str) -> String {
    let line = fault.lines().find(|line| line.starts_with("Error:")).unwrap_or_default();
    line.trim_start_matches("Error:").trim().trim_end_matches('!').to_owned()
}

fn said_by(command: &mut Command) -> String {
    let output = command.output().expect("the program is there");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
