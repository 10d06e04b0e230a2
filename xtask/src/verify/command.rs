//! A command that is written as one would type it, ready to run.

use std::env;
use std::process::Command;

use anyhow::{Context, Result};

use crate::environment;
use crate::project::{Project, cargo};

/// The tool that looks for misspelt words.
const TYPOS: &str = "1.52.0";

/// The command that `typed` is, in the project's root, with {target} in place of the target folder.
pub(super) fn command(typed: &str, project: &Project) -> Result<Command> {
    let words = shlex::split(typed).with_context(|| format!("no command: {typed}"))?;
    let target = project.target.to_string_lossy();
    let mut words = words
        .iter()
        .map(|word| word.replace("$PWD/{target}", &target).replace("{target}", &target))
        .peekable();
    let mut variables = Vec::new();
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        variables.push((name.to_owned(), value.to_owned()));
        words.next();
    }
    let program = words.next().with_context(|| format!("no program: {typed}"))?;
    let mut command = match program.as_str() {
        "cargo" => cargo(),
        "rustc" => Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())),
        "typos" => Command::new(project.tool("typos-cli", TYPOS, "typos")?),
        "git" => Command::new("git"),
        built => Command::new(format!("{built}{}", env::consts::EXE_SUFFIX)),
    };
    environment::clear(&mut command, &[&environment::CHANGES_RESULTS, &environment::OF_THIS_RUN]);
    command.current_dir(&project.root).args(words);
    command.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never").envs(variables);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::super::steps::{Tier, all};
    use super::*;

    #[test]
    fn a_command_is_what_a_shell_would_make_of_it() {
        let project = Project { root: "/project".into(), target: "/my target".into() };
        let typed =
            "FLAGS='--cfg loom' JOURNAL=\"$PWD/{target}/a.jsonl\" {target}/debug/a 'a|b' core={target}/b";
        let command = command(typed, &project).unwrap();
        assert_eq!(command.get_program(), "/my target/debug/a");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["a|b", "core=/my target/b"]);
        let variable = |name: &str| command.get_envs().find(|it| it.0 == name).and_then(|it| it.1).unwrap();
        assert_eq!(
            (variable("FLAGS"), variable("JOURNAL")),
            ("--cfg loom".as_ref(), "/my target/a.jsonl".as_ref())
        );
        assert!(
            super::command("A=1 'unclosed", &project).is_err() && super::command("A=1", &project).is_err()
        );
    }

    #[test]
    fn each_rule_finds_what_it_is_about_and_nothing_else() {
        let steps = all(Tier::Ordinary, None).unwrap();
        let rules = &steps.iter().find(|step| step.name == "rules").unwrap().run;
        let breaks = |file: &str, text: &str| {
            let root = tempfile::tempdir().unwrap();
            std::fs::create_dir_all(root.path().join(file).parent().unwrap()).unwrap();
            std::fs::write(root.path().join(file), format!("{text}\n")).unwrap();
            let project = Project { root: root.path().to_owned(), target: "target".into() };
            let broken = rules.iter().map(|rule| {
                let output = command(&rule.command, &project).unwrap().output().unwrap();
                let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                rule.judge(output.status.success(), "", &said).is_err()
            });
            broken.enumerate().filter(|(_, broken)| *broken).map(|(rule, _)| rule).collect::<Vec<_>>()
        };
        assert_eq!(breaks("src/deque/chain.rs", "WORD.load(Acquire)"), [0]);
        assert_eq!(breaks("src/deque/chain.rs", "    #[cfg_attr(any(unix, loom), inline)]"), [1]);
        assert_eq!(breaks("src/deque/chain.rs", "#[cfg(any(test, unix))]"), [2]);
        assert_eq!(breaks("tests/a.rs", "#[cfg_attr(miri, ignore)]"), [3]);
        assert_eq!(breaks("docs/a.md", "```rust,ignore"), [3]);
        assert_eq!(breaks("tests/a.rs", &["// FIX", "ME"].concat()), [4]);
        assert_eq!(breaks("notes.csv", &["see `", "home", "me`"].join("/")), [5]);
        let fine = "// Acquire\n#[cfg(test)]\nmod tests;\n#[cfg(feature = \"std\")]\nfn loom() { Released }\n/// ```no_run";
        assert_eq!(breaks("src/deque/chain.rs", fine), [0; 0]);
        assert_eq!(breaks("src/orderings.rs", "#[cfg(loom)] Acquire"), [0; 0]);
        assert_eq!(breaks("a.md", "https://example.org/home/page src/home/ target/tmp/x"), [0; 0]);
    }
}
