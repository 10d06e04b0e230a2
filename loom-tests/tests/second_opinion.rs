//! A second opinion on weak memory: small programs of the ring, the chain with its epoch, the owner flag and a non-empty
//! bit on models in C, under `GenMC`, which explores all executions that RC11 and IMM allow, load buffering among them.
//! The models are copies; their orderings are the crate's.
//!
//! A model that cannot fail shows nothing: each ordering is weakened, and each model of a deque is broken in several
//! ways. All of that must be noticed.
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
    use pooldeque_loom_tests::program::{BELOW_THE_WRAP, OwnerStep, Program, Start, ThiefStep};
    use pooldeque_loom_tests::report::{Line, print_json, print_line};
    use pooldeque_loom_tests::tier::Tier;
    use serde_json::json;

    use crate::orderings::{ENTRIES, Entry, Part};

    /// The variable that names the tool.
    const GENMC: &str = "GENMC";

    /// The memory models, by the tool's options.
    const MEMORY_MODELS: [(&str, &str); 2] = [("RC11", "--rc11"), ("IMM", "--imm")];

    /// How many programs run at a time.
    const AT_A_TIME: usize = 4;

    /// The files of the models in C.
    const FILES: [(&str, &str); 6] = [
        ("dequeue.h", include_str!("../second-opinion/dequeue.h")),
        ("history.h", include_str!("../second-opinion/history.h")),
        (RING, include_str!("../second-opinion/ring.c")),
        (CHAIN, include_str!("../second-opinion/chain.c")),
        (OWNER_FLAG, include_str!("../second-opinion/owner_flag.c")),
        (NON_EMPTY, include_str!("../second-opinion/non_empty.c")),
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

    /// A fault put into a model.
    struct Break {
        model: &'static str,
        what: &'static str,
        file: &'static str,
        code: &'static str,
        broken: &'static str,
    }

    const BREAKS: [Break; 16] = [
        Break {
            model: RING,
            what: "a thief claims by a load and a store",
            file: "dequeue.h",
            code: "if (try_claim_tail(ring, &now, after)) return claim_of(tail, count);",
            broken: "atomic_store_explicit(&rings[ring].word, after, memory_order_release); return claim_of(tail, count);",
        },
        Break {
            model: RING,
            what: "a thief releases a slot before it takes the value",
            file: "dequeue.h",
            code: "    int value = take(ring, index);\n    atomic_store_explicit(&slot_of(ring, index)->occupied, 0, SLOT_RELEASE);\n    return value;",
            broken: "    atomic_store_explicit(&slot_of(ring, index)->occupied, 0, SLOT_RELEASE);\n    return take(ring, index);",
        },
        Break {
            model: RING,
            what: "a batch is pushed without a look at its second slot",
            file: "dequeue.h",
            code: "if (!is_vacant(ring, index)) break;",
            broken: "if (filled == 0 && !is_vacant(ring, index)) break;",
        },
        Break {
            model: RING,
            what: "a batch is published before its values are there",
            file: "dequeue.h",
            code: "        fill(ring, index, first + filled);\n    }\n    if (filled != 0) {\n        publish(ring, filled);\n",
            broken: "        publish(ring, 1);\n        fill(ring, index, first + filled);\n    }\n    if (filled != 0) {\n",
        },
        Break {
            model: RING,
            what: "a thief claims one value and takes two",
            file: "dequeue.h",
            code: "uint64_t after = (now & ~(uint64_t)UINT32_MAX) | (uint32_t)(tail + count);",
            broken: "uint64_t after = (now & ~(uint64_t)UINT32_MAX) | (uint32_t)(tail + 1);",
        },
        Break {
            model: CHAIN,
            what: "a thief has no guard",
            file: CHAIN,
            code: "static int pop_tail(void) {\n    guard held = pin();",
            broken: "static int pop_tail(void) {\n    guard held = NO_GUARD;",
        },
        Break {
            model: CHAIN,
            what: "the owner looks back without a guard",
            file: CHAIN,
            code: "    guard held = pin();\n    for (int ring = predecessor(head), older; ring != 0; ring = older) {\n        older = predecessor(protect(ring, held));\n        claim",
            broken: "    guard held = NO_GUARD;\n    for (int ring = predecessor(head), older; ring != 0; ring = older) {\n        older = predecessor(protect(ring, held));\n        claim",
        },
        Break {
            model: CHAIN,
            what: "the owner follows the `prev` that it read before its guard",
            file: CHAIN,
            code: "    if (predecessor(head) == 0) return 0;\n    guard held = pin();\n    for (int ring = predecessor(head), older;",
            broken: "    int before = predecessor(head);\n    if (before == 0) return 0;\n    guard held = pin();\n    for (int ring = before, older;",
        },
        Break {
            model: CHAIN,
            what: "a thief drops its guard before it takes the value",
            file: CHAIN,
            code: "return found ? take_oldest_first(protect(ring_in(found), held), claim_in(found)) : 0;",
            broken: "return found ? take_oldest_first(protect(ring_in(found), NO_GUARD), claim_in(found)) : 0;",
        },
        Break {
            model: CHAIN,
            what: "a batch drops its guard before it takes its values",
            file: CHAIN,
            code: "take_oldest_first(protect(ring_in(first), held), claim_in(first))",
            broken: "take_oldest_first(protect(ring_in(first), NO_GUARD), claim_in(first))",
        },
        Break {
            model: CHAIN,
            what: "a ring is retired before `prev` is cleared",
            file: CHAIN,
            code: "        atomic_store_explicit(&links[protect(successor, held)].prev, 0, PREV_CLEAR);\n        retire(drained);",
            broken: "        retire(drained);\n        atomic_store_explicit(&links[protect(successor, held)].prev, 0, PREV_CLEAR);",
        },
        Break {
            model: CHAIN,
            what: "a thief retires a ring though another moved the tail",
            file: CHAIN,
            code: "        retire(drained);\n    }",
            broken: "    }\n    retire(drained);",
        },
        Break {
            model: CHAIN,
            what: "there is no second look, as in Go",
            file: CHAIN,
            code: "} else if (successor(protect(ring, held)) == 0) {",
            broken: "} else {",
        },
        Break {
            model: CHAIN,
            what: "a thief looks for the successor after it found the ring empty",
            file: CHAIN,
            code: "        int next = successor(protect(ring, held));\n        uint64_t claim = claim_tail(ring, max);",
            broken: "        uint64_t claim = claim_tail(protect(ring, held), max);\n        int next = successor(ring);",
        },
        Break {
            model: CHAIN,
            what: "a batch unlinks a ring that it need not have drained",
            file: CHAIN,
            code: "if (!found || successor_in(found) == 0 || count_of(claim_in(found)) == wanted) return 0;",
            broken: "if (!found || successor_in(found) == 0) return 0;",
        },
        Break {
            model: CHAIN,
            what: "the epoch does not order a retirement before a later guard",
            file: CHAIN,
            code: "if (atomic_load_explicit(&retired[ring], memory_order_acquire)) seen |= 1u << ring;",
            broken: "if (atomic_load_explicit(&retired[ring], memory_order_relaxed)) seen |= 1u << ring;",
        },
    ];

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
        let version =
            version.lines().find(|line| line.contains("GenMC v")).unwrap_or("GenMC").trim().to_owned();
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
        /// How many operations it has, where a batch counts as two.
        size: usize,
        /// The file of its model.
        model: &'static str,
        /// The macros that its model uses.
        text: String,
    }

    /// The programs of all models.
    fn groups(tier: Tier) -> Vec<Group> {
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
            groups.push(with_owners_that(
                "learns",
                'w',
                2,
                &format!("unbounded1{holds}"),
                &["s", "ss", "s,s"],
            ));
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
            groups.push(with_each_owner(
                NON_EMPTY,
                "bit",
                (calls, 3),
                thieves,
                &searches.collect::<String>(),
            ));
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
            text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .any(|word| word == site)
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
        let of_owner = program
            .owner
            .iter()
            .filter(|step| matches!(step, OwnerStep::PushBatch(_) | OwnerStep::PopBatch(_)));
        let of_thieves =
            program.thieves.iter().flatten().filter(|step| matches!(step, ThiefStep::StealBatch(_)));
        of_owner.count() + of_thieves.count()
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
