//! Everything that must hold, in the order in which it is looked at: what fails soonest comes first.

use super::invocation::Invocation;
use super::step::{Evidence, Part, Step, Verdict};
use super::{package, rules};

const LOOM: &str = "--cfg loom";
/// crossbeam-epoch itself inside the model, with bags small enough to be emptied.
const LOOM_EPOCH: &str = "--cfg loom --cfg crossbeam_loom --cfg crossbeam_sanitize";
const SHUTTLE: &str = "--cfg shuttle";

/// All steps.
pub(super) fn all() -> Vec<Step> {
    vec![
        Step {
            name: "format",
            about: "the code is formatted",
            parts: vec![succeeds(Invocation::cargo("fmt --all --check"))],
            evidence: Evidence::None,
        },
        Step {
            name: "rules",
            about: "the project's files keep its own rules",
            parts: vec![Part::Inspection(rules::inspect)],
            evidence: Evidence::None,
        },
        Step {
            name: "clippy",
            about: "no lint complains, with and without the standard library",
            parts: vec![
                lints("--workspace --all-targets", None),
                lints("--package pooldeque --lib --no-default-features", None),
                lints("--package pooldeque-no-std-check --profile no-std", None),
            ],
            evidence: Evidence::None,
        },
        Step {
            name: "verify-itself",
            about: "the tests of this command pass",
            parts: vec![succeeds(Invocation::cargo("test --package xtask"))],
            evidence: Evidence::Tests,
        },
        Step {
            name: "std",
            about: "the bare `cargo test` passes: tests, doctests and the example's tests on real threads, unoptimised",
            parts: vec![succeeds(Invocation::cargo("test"))],
            evidence: Evidence::Tests,
        },
        Step {
            name: "properties",
            about: "the properties hold, optimised",
            parts: vec![succeeds(Invocation::cargo(
                "test --release --package pooldeque-proptests -- --show-output",
            ))],
            evidence: Evidence::Properties,
        },
        no_std(),
        without_64_bit_atomics(),
        Step {
            name: "docs",
            about: "the documentation builds without a warning, private items and all",
            parts: vec![docs("doc --no-deps --document-private-items"), docs("doc --no-deps")],
            evidence: Evidence::None,
        },
        packaged(),
        Step {
            name: "clippy-models",
            about: "no lint complains with a model checker underneath",
            parts: vec![
                lints(MODELLED, Some((LOOM, "verify/loom"))),
                lints(MODELLED, Some((LOOM_EPOCH, "verify/loom-epoch"))),
                lints(MODELLED, Some((SHUTTLE, "verify/shuttle"))),
            ],
            evidence: Evidence::None,
        },
        models(
            "loom",
            "every scenario passes under loom, and every ordering is needed",
            "test --release",
            (LOOM, "verify/loom"),
        ),
        models(
            "loom-epoch",
            "the scenarios pass under loom over the real crossbeam-epoch",
            "test --release --package pooldeque-loom-tests",
            (LOOM_EPOCH, "verify/loom-epoch"),
        ),
        models(
            "shuttle",
            "every scenario passes under shuttle",
            "test --release",
            (SHUTTLE, "verify/shuttle"),
        ),
    ]
}

/// What is compiled against a model checker: clippy looks at the library too, on the way.
const MODELLED: &str = "--release --package pooldeque-loom-tests --all-targets";

fn succeeds(invocation: Invocation) -> Part {
    Part::Command(invocation, Verdict::Succeeds)
}

/// Clippy with warnings denied, perhaps with flags and in a folder of their own.
fn lints(what: &str, flags_and_folder: Option<(&'static str, &'static str)>) -> Part {
    let mut invocation = Invocation::cargo(&format!("clippy {what} -- --deny warnings"));
    if let Some((flags, folder)) = flags_and_folder {
        invocation = invocation.with("RUSTFLAGS", flags).in_target(folder);
    }
    succeeds(invocation)
}

fn docs(command: &str) -> Part {
    succeeds(Invocation::cargo(command).with("RUSTDOCFLAGS", "-D warnings"))
}

/// The command that is meant to be typed bare, exploring more than it does then.
fn models(
    name: &'static str,
    about: &'static str,
    command: &str,
    (flags, folder): (&'static str, &'static str),
) -> Step {
    let invocation = Invocation::cargo(command).with("RUSTFLAGS", flags).with("POOLDEQUE_TIER", "ordinary");
    let invocation = invocation.in_target(folder);
    Step { name, about, parts: vec![succeeds(invocation)], evidence: Evidence::Models }
}

/// The program in `no-std-check` links without the standard library, works, and cannot link with it.
fn no_std() -> Step {
    const BUILD: &str = "build --package pooldeque-no-std-check --profile no-std";
    let control = Invocation::cargo(&format!("{BUILD} --features control-with-std"));
    Step {
        name: "no-std",
        about: "the bounded deque builds and works in a program without the standard library",
        parts: vec![
            succeeds(Invocation::cargo(BUILD)),
            succeeds(Invocation::built("no-std/pooldeque-no-std-check")),
            Part::Command(control, Verdict::FailsAnd(package::refuses_the_standard_library)),
        ],
        evidence: Evidence::None,
    }
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
    Step {
        name: "64-bit-atomics",
        about: "a target without 64-bit atomics is refused with a message that says so",
        parts: vec![
            empty_core(without),
            Part::Command(library(without), Verdict::FailsAnd(package::asks_for_64_bit_atomics)),
            empty_core(with),
            Part::Command(library(with), Verdict::FailsAnd(package::asks_for_nothing_of_the_kind)),
        ],
        evidence: Evidence::None,
    }
}

fn packaged() -> Step {
    Step {
        name: "package",
        about: "the package holds what it should, builds, and brings two dependencies",
        parts: vec![
            Part::Command(
                Invocation::cargo("package --package pooldeque --allow-dirty --list"),
                Verdict::SucceedsAnd(package::holds_what_it_should),
            ),
            Part::Command(
                Invocation::cargo("package --package pooldeque --allow-dirty"),
                Verdict::SucceedsAnd(package::warns_of_nothing),
            ),
            Part::Command(
                Invocation::cargo("tree --package pooldeque --edges normal --prefix none"),
                Verdict::SucceedsAnd(package::brings_two_dependencies),
            ),
        ],
        evidence: Evidence::None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn steps_are_told_apart_by_name() {
        let steps = all();
        let names: BTreeSet<_> = steps.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), steps.len());
    }

    #[test]
    fn builds_with_other_flags_leave_the_ordinary_one_alone() {
        for part in all().iter().flat_map(|step| &step.parts) {
            if let Part::Command(invocation, _) = part {
                let typed = invocation.to_type();
                assert_eq!(
                    typed.contains("RUSTFLAGS='--cfg"),
                    typed.starts_with("CARGO_TARGET_DIR=target/verify/"),
                    "{typed}"
                );
            }
        }
    }
}
