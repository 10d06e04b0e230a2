//! Everything that must hold, in the order in which it is looked at: what fails soonest comes first.

use super::evidence::{Demands, Evidence};
use super::extent::{Extent, Tier};
use super::invocation::Invocation;
use super::runtime::Runtime;
use super::step::{Part, Step, Verdict};
use super::{package, rules};

/// All steps, with models that explore as much as `extent` says.
pub(super) fn all(extent: &Extent) -> Vec<Step> {
    let steps = [of_the_text(), of_the_code(extent), of_the_package(), of_the_models(extent), deep_ones()];
    steps.into_iter().flatten().collect()
}

fn of_the_text() -> Vec<Step> {
    let inspection =
        Part::Inspection { wrong: "the project's files break a rule", inspect: Box::new(rules::inspect) };
    vec![
        Step::new(
            "format",
            "the code is formatted",
            vec![succeeds(Invocation::cargo("fmt --all --check"))],
            Evidence::None,
        ),
        Step::new("rules", "the project's files keep its own rules", vec![inspection], Evidence::None),
        Step::new(
            "clippy",
            "no lint complains, with each feature and without",
            vec![
                lints("--workspace --all-targets", Runtime::Std),
                lints("--package pooldeque --all-targets --all-features", Runtime::Std),
                lints("--package pooldeque --lib --no-default-features --features std", Runtime::Std),
                lints("--package pooldeque --lib --no-default-features", Runtime::Std),
                lints("--package pooldeque-no-std-check --profile no-std", Runtime::Std),
            ],
            Evidence::None,
        ),
    ]
}

fn of_the_code(extent: &Extent) -> Vec<Step> {
    vec![
        Step::new(
            "verify-itself",
            "the tests of this command pass",
            vec![succeeds(Invocation::cargo("test --package xtask"))],
            Evidence::Tests,
        ),
        Step::new(
            "std",
            "the bare `cargo test` passes: tests, doctests and the example's tests on real threads, unoptimised",
            vec![succeeds(Invocation::cargo("test"))],
            Evidence::Tests,
        ),
        Step::new(
            "features",
            "the pool keeps its promises where its threads fence for themselves, and with every feature",
            vec![
                succeeds(Invocation::cargo(
                    "test --package pooldeque --no-default-features --features stats --lib --test pool --test all_pools",
                )),
                succeeds(Invocation::cargo("test --package pooldeque --all-features --test janitor")),
            ],
            Evidence::Tests,
        ),
        Step::new(
            "faults-optimised",
            "the tests of the pool's faults pass, optimised, with values of 256 KiB",
            vec![succeeds(Invocation::cargo("test --release --package pooldeque --test faults"))],
            Evidence::Tests,
        ),
        storm(extent),
        Step::new(
            "properties",
            "the properties hold, optimised",
            vec![succeeds(Invocation::cargo(
                "test --release --package pooldeque-proptests -- --show-output",
            ))],
            Evidence::Properties,
        ),
    ]
}

fn of_the_package() -> Vec<Step> {
    vec![
        no_std(),
        without_64_bit_atomics(),
        Step::new(
            "docs",
            "the documentation builds without a warning, private items and all",
            vec![docs("doc --no-deps --document-private-items"), docs("doc --no-deps")],
            Evidence::None,
        ),
        packaged(),
        Step::new(
            "clippy-models",
            "no lint complains with a model checker underneath",
            Runtime::CHECKERS.map(|runtime| lints(MODELLED, runtime)).into(),
            Evidence::None,
        ),
    ]
}

/// The commands that are meant to be typed bare, exploring more than they do then; and, where there is
/// time, real threads.
fn of_the_models(extent: &Extent) -> Vec<Step> {
    let models = |name, about, runtime, command, demands| {
        Step::new(name, about, extent.explore(runtime, command, None), Evidence::Models(demands))
    };
    // Nothing chooses a tier for them here: it is the one that whoever types them gets.
    let bare = |name, about, runtime: Runtime| {
        Step::new(
            name,
            about,
            vec![succeeds(runtime.under(Invocation::cargo("test --release")))],
            Evidence::Tests,
        )
    };
    let everything = extent.tier == Tier::Ordinary;
    let demands = Demands { rings: true, mutants: false, everything };
    vec![
        bare("bare-loom", "the bare command under loom passes, and is quick", Runtime::Loom),
        bare("bare-shuttle", "the bare command under shuttle passes, and is quick", Runtime::Shuttle),
        models(
            "loom",
            "every scenario passes under loom, and every ordering is needed",
            Runtime::Loom,
            "test --release",
            Demands { mutants: true, ..demands },
        ),
        models(
            "loom-epoch",
            "the scenarios pass under loom over the real crossbeam-epoch",
            Runtime::LoomEpoch,
            OF_THE_SCENARIOS,
            demands,
        ),
        models("shuttle", "every scenario passes under shuttle", Runtime::Shuttle, "test --release", demands),
        models(
            "real-threads",
            "every scenario passes on real threads, over and over",
            Runtime::Std,
            OF_THE_SCENARIOS,
            Demands { rings: false, ..demands },
        )
        .deep(),
    ]
}

/// What takes too long to be in every run.
fn deep_ones() -> Vec<Step> {
    let own = |name, about, evidence| {
        Step::new(name, about, vec![succeeds(Invocation::cargo(&format!("xtask {name}")))], evidence).deep()
    };
    vec![
        Step { name: "sanitizers", ..own("sanitize", "no sanitizer complains", Evidence::Sanitizers) },
        own("breaks", "a scenario notices each break of the crate", Evidence::Breaks),
        own("mutants", "each change of the crate's code is noticed or accounted for", Evidence::CodeMutants),
    ]
}

/// What is compiled against a model checker: clippy looks at the library too, on the way.
const MODELLED: &str =
    "--release --package pooldeque-loom-tests --package pooldeque-parked-workers --all-targets";
const OF_THE_SCENARIOS: &str = "test --release --package pooldeque-loom-tests";

fn succeeds(invocation: Invocation) -> Part {
    Part::Command(invocation, Verdict::Succeeds)
}

/// Clippy with warnings denied.
fn lints(what: &str, runtime: Runtime) -> Part {
    succeeds(runtime.under(Invocation::cargo(&format!("clippy {what} -- --deny warnings"))))
}

fn docs(command: &str) -> Part {
    succeeds(Invocation::cargo(command).with("RUSTDOCFLAGS", "-D warnings"))
}

/// The storm over the pool: seconds of it, and minutes in the deep tier.
fn storm(extent: &Extent) -> Step {
    let seconds = if extent.tier == Tier::Deep { 600 } else { 20 };
    let command = format!("test --release --package pooldeque --test storm -- {seconds}");
    Step::new(
        "storm",
        "every value in pools that 200 threads use at once is dropped once",
        vec![Part::Command(Invocation::cargo(&command), Verdict::SucceedsAnd(package::has_stormed))],
        Evidence::None,
    )
}

/// The program in `no-std-check` links without the standard library, works, and cannot link with it.
fn no_std() -> Step {
    const BUILD: &str = "build --package pooldeque-no-std-check --profile no-std";
    let control = Invocation::cargo(&format!("{BUILD} --features control-with-std"));
    Step::new(
        "no-std",
        "the bounded deque builds and works in a program without the standard library",
        vec![
            succeeds(Invocation::cargo(BUILD)),
            succeeds(Invocation::built("no-std/pooldeque-no-std-check")),
            Part::Command(control, Verdict::FailsAnd(package::refuses_the_standard_library)),
        ],
        Evidence::None,
    )
}

/// The library refuses a target without 64-bit atomics, with the message meant for that, and does not
/// say so of a target that has them. Neither target need be installed: an empty `core` will do.
fn without_64_bit_atomics() -> Step {
    const ATOMICS: &str = "{target}/verify/atomics";
    let empty_core = |target: &str| {
        let arguments = format!(
            "--edition 2024 --crate-name core --crate-type rlib --emit metadata --target {target} \
             --out-dir {ATOMICS}/{target} no-std-check/empty_core.rs"
        );
        // A crate called `core` is not for ordinary users of the compiler to write.
        succeeds(Invocation::rustc(&arguments).with("RUSTC_BOOTSTRAP", "1"))
    };
    let library = |target: &str| {
        Invocation::rustc(&format!(
            "--edition 2024 --crate-name pooldeque --crate-type lib --emit metadata --target {target} \
             --extern core={ATOMICS}/{target}/libcore.rmeta --out-dir {ATOMICS}/{target} src/lib.rs"
        ))
    };
    let (without, with) = ("thumbv7m-none-eabi", "aarch64-unknown-none");
    Step::new(
        "64-bit-atomics",
        "a target without 64-bit atomics is refused with a message that says so",
        vec![
            empty_core(without),
            Part::Command(library(without), Verdict::FailsAnd(package::asks_for_64_bit_atomics)),
            empty_core(with),
            Part::Command(library(with), Verdict::FailsAnd(package::asks_for_nothing_of_the_kind)),
        ],
        Evidence::None,
    )
}

fn packaged() -> Step {
    Step::new(
        "package",
        "the package holds what it should, builds, and needs five dependencies on Linux, two without `membarrier`",
        vec![
            Part::Command(
                Invocation::cargo("package --package pooldeque --allow-dirty --list"),
                Verdict::SucceedsAnd(package::holds_what_it_should),
            ),
            Part::Command(
                Invocation::cargo("package --package pooldeque --allow-dirty"),
                Verdict::SucceedsAnd(package::warns_of_nothing),
            ),
            Part::Command(
                Invocation::cargo(
                    "tree --package pooldeque --no-default-features --features stats --edges normal --prefix none",
                ),
                Verdict::SucceedsAnd(package::needs_two_dependencies),
            ),
            Part::Command(
                Invocation::cargo(
                    "tree --package pooldeque --target x86_64-unknown-linux-gnu --edges normal --prefix none",
                ),
                Verdict::SucceedsAnd(package::needs_five_dependencies),
            ),
        ],
        Evidence::None,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn steps_are_told_apart_by_name() {
        let steps = all(&Extent::ORDINARY);
        let names: BTreeSet<_> = steps.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), steps.len());
    }

    #[test]
    fn builds_with_other_flags_leave_the_ordinary_one_alone() {
        for typed in all(&Extent::ORDINARY).iter().flat_map(Step::commands) {
            assert_eq!(
                typed.contains("RUSTFLAGS='--cfg"),
                typed.starts_with("CARGO_TARGET_DIR=target/verify/"),
                "{typed}"
            );
        }
    }

    #[test]
    fn each_tier_explores_as_much_as_it_should_and_only_the_deep_one_may_leave_something() {
        for extent in [Extent::ORDINARY, Extent::deep("c0ffee".to_owned())] {
            let steps = all(&extent);
            let models: Vec<_> = steps.iter().filter(|step| step.explores()).collect();
            assert_eq!(models.len(), 4);
            for step in models {
                let Evidence::Models(demands) = step.evidence else { panic!("{} is picked", step.name) };
                assert_eq!(demands.everything, extent.tier == Tier::Ordinary, "{}", step.name);
                assert_eq!(demands.mutants, step.name == "loom", "{}", step.name);
                let tier = format!("POOLDEQUE_TIER={}", extent.tier.name());
                assert!(step.commands().iter().any(|command| command.contains(&tier)), "{}", step.name);
            }
        }
    }

    #[test]
    fn what_takes_too_long_is_named_and_runs_by_that_name() {
        let steps = all(&Extent::ORDINARY);
        let deep: Vec<_> =
            steps.iter().filter(|step| step.tier == Tier::Deep).map(|step| step.name).collect();
        assert_eq!(deep, ["real-threads", "sanitizers", "breaks", "mutants"]);
        let commands = steps.iter().flat_map(Step::commands);
        let own: Vec<_> = commands.filter(|command| command.starts_with("cargo xtask")).collect();
        assert_eq!(own, ["cargo xtask sanitize", "cargo xtask breaks", "cargo xtask mutants"]);
    }
}
