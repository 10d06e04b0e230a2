//! What the scenarios run on, each with its flags and a folder of its own to build in.

use clap::ValueEnum;

use super::invocation::Invocation;

/// What the scenarios run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Runtime {
    /// loom, with a model of the epochs' contract
    Loom,
    /// loom, with crossbeam-epoch itself inside the model
    LoomEpoch,
    /// shuttle
    Shuttle,
    /// real threads
    Std,
}

impl Runtime {
    /// Those that are model checkers.
    pub(super) const CHECKERS: [Self; 3] = [Self::Loom, Self::LoomEpoch, Self::Shuttle];

    /// All.
    pub(super) fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// What steps, reports and the command line call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Loom => "loom",
            Self::LoomEpoch => "loom-epoch",
            Self::Shuttle => "shuttle",
            Self::Std => "std",
        }
    }

    /// `invocation`, building for it.
    pub(super) fn under(self, invocation: Invocation) -> Invocation {
        let (flags, folder) = match self {
            Self::Loom => ("--cfg loom", "verify/loom"),
            // With bags small enough to be emptied.
            Self::LoomEpoch => {
                ("--cfg loom --cfg crossbeam_loom --cfg crossbeam_sanitize", "verify/loom-epoch")
            }
            Self::Shuttle => ("--cfg shuttle", "verify/shuttle"),
            Self::Std => return invocation,
        };
        invocation.with("RUSTFLAGS", flags).in_target(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_calls_them_what_reports_do() {
        for runtime in Runtime::all() {
            assert_eq!(Runtime::from_str(runtime.name(), false), Ok(*runtime));
        }
    }

    #[test]
    fn builds_with_other_flags_leave_the_ordinary_one_alone() {
        for runtime in Runtime::all() {
            let typed = runtime.under(Invocation::cargo("test")).to_type();
            assert_eq!(typed.contains("--cfg"), *runtime != Runtime::Std, "{typed}");
            assert_eq!(
                typed.contains("--cfg"),
                typed.starts_with("CARGO_TARGET_DIR=target/verify/"),
                "{typed}"
            );
        }
    }
}
