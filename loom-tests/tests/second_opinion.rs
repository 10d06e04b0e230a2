//! A second opinion on weak memory: small programs of the ring, the owner flag and a non-empty bit on models in C, under
//! `GenMC`, which explores all executions that RC11 and IMM allow, load buffering among them. The models are copies;
//! their orderings are the crate's.
//!
//! It runs when the variable `GENMC` names the tool. `UPDATE_DOCS=1` writes `docs/reports/second-opinion.md`.

#![allow(unexpected_cfgs, reason = "the sites ask for a feature of the library")]

#[cfg(any(loom, shuttle))]
fn main() {}

#[cfg(not(any(loom, shuttle)))]
#[path = "../../src/orderings.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the sites; here they are put into C")]
mod orderings;

#[cfg(not(any(loom, shuttle)))]
fn main() {
    runner::main();
}

#[cfg(not(any(loom, shuttle)))]
mod runner {
    use std::ffi::OsString;
    use std::fmt::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::sync::Mutex;
    use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};
    use std::time::Instant;
    use std::{env, fs, thread};

    use pooldeque_loom_tests::enumeration::{Family, families};
    use pooldeque_loom_tests::program::{BELOW_THE_WRAP, OwnerStep, Program, Structure};
    use pooldeque_loom_tests::report::{Line, print_json, print_line};
    use pooldeque_loom_tests::tier::Tier;
    use serde_json::json;

    use crate::orderings::{ENTRIES, Entry, Part};

    /// The variable that names the tool.
    const GENMC: &str = "GENMC";

    /// The memory models, by the tool's options.
    const MEMORY_MODELS: [(&str, &str); 2] = [("RC11", "--rc11"), ("IMM", "--imm")];

    /// How many programs run at a time.
    const AT_A_TIME: usize = 2;

    /// What the programs' names begin with, the part of the sites that are weakened for them, and their model in C.
    const MODELS: [(&str, Part, &str); 4] = [
        ("ring", Part::Ring, include_str!("../second-opinion/ring.c")),
        ("flag/", Part::Pool, include_str!("../second-opinion/owner_flag.c")),
        ("sandboxed-flag/", Part::Pool, include_str!("../second-opinion/owner_flag.c")),
        ("bit/", Part::Pool, include_str!("../second-opinion/non_empty.c")),
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
        let sound = Model::new(tool.clone(), "sound", None);
        let mut page = heading(&sound, tier);
        explore_all(&sound, groups(tier), &mut page);
        weaken_each(&tool, &groups(Tier::Ordinary), &mut page);
        if env::var_os("UPDATE_DOCS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reports/second-opinion.md");
            fs::write(path, page).expect("the report can be written");
        }
    }

    /// What the report begins with.
    fn heading(model: &Model, tier: Tier) -> String {
        let version = said_by(Command::new(&model.tool).arg("--version"));
        let version =
            version.lines().find(|line| line.contains("GenMC v")).unwrap_or("GenMC").trim().to_owned();
        let date = said_by(Command::new("date").args(["-u", "+%F"]));
        format!(
            "# The second opinion\n\n{version}, on {}; the {} tier of the ring's programs{}, and those of the owner flag and of a \
             non-empty bit.\n\n| start and other threads | memory model | programs | executions | blocked | time |\n|---|---|---|---|---|---|\n",
            date.trim(),
            tier.name(),
            if tier < Tier::Deep { ", without three steals of two thieves" } else { "" },
        )
    }

    /// Programs that a line of the report sums up.
    struct Group {
        name: String,
        about: String,
        threads: usize,
        operations: usize,
        programs: Vec<InC>,
    }

    /// A program in C.
    struct InC {
        /// The program's name.
        name: String,
        operations: usize,
        /// The file of its model.
        model: &'static str,
        /// The macros that its model uses.
        text: String,
    }

    /// The programs of all models.
    fn groups(tier: Tier) -> Vec<Group> {
        let is_ring = |family: &Family| family.programs.iter().all(|it| it.structure == Structure::Ring);
        // Three steals of two thieves take minutes: they are for the deep tier alone.
        let is_too_long = |family: &Family| tier < Tier::Deep && family.threads() == 3 && family.steals() > 2;
        let rings = families(tier).into_iter().filter(|family| is_ring(family) && !is_too_long(family));
        let mut groups: Vec<_> = rings
            .map(|family| Group {
                name: family.name.trim_start_matches("every_program/").to_owned(),
                threads: family.threads(),
                operations: family.operations(),
                programs: family.programs.iter().map(in_c).collect(),
                about: family.about,
            })
            .collect();
        for (flag, define) in [("flag", ""), ("sandboxed-flag", "#define SANDBOXED\n")] {
            for ticks in ["k", "kk"] {
                let calls = [('p', "put();"), ('t', "take();")];
                let others = format!("{define}#define TICKER {}\n", "tick();".repeat(ticks.len()));
                groups.push(with_each_owner("owner_flag.c", flag, (calls, 4), ticks, &others));
            }
        }
        for thieves in ["s", "ss", "s,s"] {
            let calls = [('+', "push();"), ('-', "pop();")];
            let searches = thieves.split(',').enumerate().map(|(number, searches)| {
                format!("#define THIEF_{} {}\n", number + 1, "search();".repeat(searches.len()))
            });
            groups.push(with_each_owner(
                "non_empty.c",
                "bit",
                (calls, 3),
                thieves,
                &searches.collect::<String>(),
            ));
        }
        groups
    }

    /// A group with each sequence of up to `most` of the owner's two calls.
    fn with_each_owner(
        model: &'static str,
        start: &str,
        (calls, most): ([(char, &str); 2], usize),
        others: &str,
        defines: &str,
    ) -> Group {
        let sequences = (1..=most).flat_map(|length| (0..1_usize << length).map(move |bits| (length, bits)));
        let other_calls = others.replace(',', "").len();
        let programs = sequences.map(|(length, bits)| {
            let (letters, owner): (String, String) =
                (0..length).map(|place| calls[bits >> place & 1]).unzip();
            InC {
                name: format!("{start}/{letters}/{others}"),
                operations: length + other_calls,
                model,
                text: format!("{defines}#define OWNER {owner}\n"),
            }
        });
        Group {
            name: format!("{start}/{others}"),
            about: format!("{start}/…/{others}, up to {most} of the owner"),
            threads: 2 + others.matches(',').count(),
            operations: most + other_calls,
            programs: programs.collect(),
        }
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
        page.push_str("\n| ordering | weakened to | under RC11 |\n|---|---|---|\n");
        for (start, part, model) in MODELS {
            let programs = groups.iter().flat_map(|group| &group.programs);
            let mut programs: Vec<_> = programs.filter(|program| program.name.starts_with(start)).collect();
            programs.sort_by_key(|program| program.operations);
            for entry in ENTRIES.iter().filter(|entry| entry.part == part && has_word(model, entry.name)) {
                weaken(tool, entry, &programs, page);
            }
        }
    }

    /// Weakens one ordering.
    fn weaken(tool: &OsString, entry: &Entry, programs: &[&InC], page: &mut String) {
        for weakened in weaker(entry.ordering) {
            let model = Model::new(tool.clone(), "weakened", Some((entry.name, *weakened)));
            let is_for_the_chain = FOR_THE_CHAIN.contains(&(entry.name, *weakened));
            // A survivor runs through all programs: those of three operations are enough.
            let most = if is_for_the_chain { 3 } else { usize::MAX };
            let (mut executions, mut killed) = (0, None);
            for some in programs.chunks(AT_A_TIME) {
                if killed.is_some() || some[0].operations > most {
                    break;
                }
                for (program, ran) in model.run_all(some.iter().copied(), MEMORY_MODELS[0].1) {
                    executions += ran.executions;
                    killed = killed.or(ran.fault.map(|fault| (program.name.clone(), first_line(&fault))));
                }
            }
            let change = format!("{} to {weakened:?}", entry.name);
            assert_eq!(killed.is_none(), is_for_the_chain, "{change}: {killed:?}");
            let (by, because) = match killed {
                Some((by, because)) => (by, because),
                None => {
                    print_line(&format!("{change}: survives, as it should on a ring"));
                    let _ = writeln!(
                        page,
                        "| `{}` | {weakened:?} | survives the programs of up to three operations |",
                        entry.name
                    );
                    continue;
                }
            };
            let _ = writeln!(page, "| `{}` | {weakened:?} | `{by}`: {because} |", entry.name);
            let ordering = format!("{:?}", entry.ordering);
            print_json(
                "mutant",
                &json!({ "site": entry.name, "ordering": ordering, "weakened": format!("{weakened:?}"),
                        "killed_by": by, "because": because, "executions": executions }),
            );
        }
    }

    /// Whether the model uses the site.
    fn has_word(model: &str, site: &str) -> bool {
        model.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == site)
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
        /// Where its `orderings.h` lies.
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
        /// The models with the crate's orderings, one of them perhaps replaced.
        fn new(tool: OsString, name: &str, replaced: Option<(&str, Ordering)>) -> Self {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("second-opinion").join(name);
            fs::create_dir_all(&folder).expect("a folder can be made");
            let mut header = String::from("/* Generated from src/orderings.rs. */\n");
            for entry in ENTRIES {
                let replacement =
                    replaced.filter(|(site, _)| *site == entry.name).map(|(_, ordering)| ordering);
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
            Self { tool, folder }
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
            let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("second-opinion").join(program.model);
            fs::write(file, format!("{}#include \"{}\"\n", program.text, model.display()))
                .expect("a program can be written");
            let mut command = Command::new(&self.tool);
            // Retry loops end by themselves. Taken for spin loops, they would be cut off as blocked.
            command.args(["--disable-spin-assume", "--disable-estimation", memory_model, "--"]);
            command.arg("-I").arg(&self.folder).arg(file);
            let output = command.output().expect("GENMC names a program");
            let said = [output.stdout, output.stderr]
                .map(|said| String::from_utf8_lossy(&said).into_owned())
                .concat();
            if output.status.success() && said.contains("No errors were detected") {
                let executions = number_after(&said, "complete executions explored:");
                let blocked = number_after(&said, "blocked executions seen:").unwrap_or_default();
                return Ran { executions: executions.expect("it counts executions"), blocked, fault: None };
            }
            assert!(said.contains("Error:"), "{}: the tool itself failed:\n{said}", program.name);
            Ran { executions: 1, blocked: 0, fault: Some(said) }
        }
    }

    /// A program of the ring in C.
    fn in_c(program: &Program) -> InC {
        let start = if program.start.wrap { BELOW_THE_WRAP } else { 0 };
        let owner = program.owner.iter().map(|step| match step {
            OwnerStep::Push => "push();",
            OwnerStep::Pop => "pop();",
            other => unreachable!("single operations have no {other}"),
        });
        let (capacity, holds) = (program.start.capacity, program.start.holds);
        let owner: String = owner.collect();
        let mut text = format!(
            "#define CAPACITY {capacity}\n#define START {start}u\n#define HOLDS {holds}\n#define OWNER {owner}\n"
        );
        for (number, thief) in program.thieves.iter().enumerate() {
            let _ = writeln!(text, "#define THIEF_{} {}", number + 1, "steal();".repeat(thief.len()));
        }
        InC { name: program.to_string(), operations: program.operations(), model: "ring.c", text }
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
}
