//! `cargo xtask mutants`: cargo-mutants over the library, as `.cargo/mutants*.toml` configure it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::marked::Marks;
use crate::project::{Project, cargo, output_of};
use crate::results::{RESULTS, Record, append};

/// This version and no other: the configuration names mutants as it does.
const VERSION: &str = "27.1.0";

/// The passes, each with the compiler's flags; a later one tries what survived the earlier ones.
const PASSES: [(&str, &str); 3] = [("mutants", ""), ("mutants-no-std", ""), ("mutants-loom", "--cfg loom")];

const PAGE: &str = "docs/code-mutants.md";
const MARKS: Marks<'_> = Marks {
    begin: "<!-- measured: written by `cargo xtask mutants --save` -->",
    end: "<!-- measured: end -->",
};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Try only the mutants whose name matches one of these regular expressions
    #[arg(value_name = "REGEX")]
    names: Vec<Regex>,
    /// Print the names of the mutants, and try none
    #[arg(long, conflicts_with = "save")]
    list: bool,
    /// Write the figures into docs/code-mutants.md
    #[arg(long, conflicts_with = "names")]
    save: bool,
}

/// What the configuration says of the tests. cargo-mutants would look for all of them in the library's package, were it
/// to run them on the code as it is.
#[derive(Deserialize)]
struct Configuration {
    test_package: Vec<String>,
    additional_cargo_args: Vec<String>,
    additional_cargo_test_args: Vec<String>,
    profile: String,
    minimum_test_timeout: f64,
    timeout_multiplier: f64,
}

impl Configuration {
    /// Runs the tests on the code as it is, which must pass. Returns the seconds after which they count as hanging.
    fn timeout(&self, prepare: impl Fn(&mut Command)) -> Result<u64> {
        let mut seconds = 0.0;
        for only_build in [true, false] {
            let began = Instant::now();
            let mut command = cargo();
            command.args(["test", "--quiet", "--profile", &self.profile]).args(&self.additional_cargo_args);
            command.args(self.test_package.iter().map(|package| format!("--package={package}")));
            command.args(only_build.then_some("--no-run")).args(&self.additional_cargo_test_args);
            prepare(&mut command);
            output_of(&mut command).context("the tests fail on the code as it is")?;
            seconds = began.elapsed().as_secs_f64();
        }
        Ok((seconds * self.timeout_multiplier).max(self.minimum_test_timeout).ceil() as u64)
    }
}

/// How it ends with a mutant, as cargo-mutants calls it.
const ENDS: [&str; 4] = ["CaughtMutant", "Timeout", "Unviable", "MissedMutant"];

/// How it ended with each mutant, by its name, and which file it is in.
type Fates = BTreeMap<String, (String, String)>;

/// Tries the mutants pass by pass, and reports what became of them.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = Project::find()?;
    let tool = project.tool("cargo-mutants", VERSION, "cargo-mutants")?;
    let tree = project.target.join("mutants/tree");
    project.copy(&tree, with_safe_functions)?;
    let mutants = || {
        let mut command = Command::new(&tool);
        command.args(["mutants", "--package", "pooldeque", "--dir"]).arg(&tree);
        command
    };
    let all = output_of(mutants().args(["--no-config", "--list"]))?;
    nothing_is_excluded_in_vain(&fs::read_to_string(tree.join(".cargo/mutants.toml"))?, &all)?;
    let mut wanted: Vec<_> = arguments.names.iter().map(Regex::to_string).collect();
    let chosen = output_of(mutants().arg("--list").args(only(&wanted)))?;
    ensure!(!chosen.is_empty(), "no mutant is called that; `cargo xtask mutants --list` lists them");
    if arguments.list {
        print!("{chosen}");
        return Ok(ExitCode::SUCCESS);
    }

    limit_memory()?;
    let mut fates = Fates::new();
    for (pass, flags) in PASSES {
        let results = project.target.join("mutants").join(pass);
        fs::create_dir_all(&results)?;
        let file = tree.join(format!(".cargo/{pass}.toml"));
        let prepare = |command: &mut Command, flags: &str| {
            // The results are those of a changed library.
            command.env_remove(RESULTS).env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags);
            command.env("CARGO_TARGET_DIR", project.target.join("mutants/build").join(pass));
        };
        println!("{pass}: the code as it is");
        let configuration: Configuration = toml::from_str(&fs::read_to_string(&file)?)?;
        // As cargo-mutants has it when it caps lints, or everything would be built again.
        let capped = format!("{flags} --cap-lints=warn");
        let timeout = configuration.timeout(|command| {
            prepare(command.current_dir(&tree), capped.trim_start());
        })?;
        let mut command = mutants();
        command.args(["--in-place", "--baseline", "skip", "--timeout", &timeout.to_string(), "--config"]);
        command.arg(file).arg("--output").arg(&results).args(only(&wanted));
        prepare(&mut command, flags);
        // 2: some were missed. 3: some hung.
        let status = command.status()?;
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants failed ({status})");
        let outcomes = serde_json::from_slice(&fs::read(results.join("mutants.out/outcomes.json"))?)?;
        add(&mut fates, &outcomes)?;
        wanted = survivors(&fates).map(|name| format!("^{}$", regex::escape(name))).collect();
        if wanted.is_empty() {
            break;
        }
    }
    survivors(&fates).for_each(|name| println!("survives, and is not listed: {name}"));
    let [caught, timeouts, unviable, missed] = count(fates.values());
    println!("{caught} caught, {timeouts} did not end, {unviable} do not compile, {missed} survive");
    append(&Record::CodeMutants { caught, timeouts, unviable, missed })?;
    if arguments.save {
        MARKS.save(&project.root.join(PAGE), &measured(&fates)?)?;
        println!("written: {PAGE}");
    }
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same source with safe functions in place of unsafe ones, each still at its line and column.
///
/// cargo-mutants leaves unsafe functions alone, of which the producer's half of the library is made. Their
/// callers' unsafe blocks do no harm around a safe call, and their bodies have blocks of their own.
fn with_safe_functions(source: &str) -> String {
    let word = Regex::new(r"\bunsafe(\s+fn\b)").expect("the pattern is right");
    word.replace_all(source, "      $1").into_owned()
}

/// Refuses an exclusion that no mutant answers to: it is a thing of the past.
fn nothing_is_excluded_in_vain(configuration: &str, mutants: &str) -> Result<()> {
    let configuration: BTreeMap<String, toml::Value> = toml::from_str(configuration)?;
    let list =
        |key: &str| configuration[key].as_array().into_iter().flatten().filter_map(toml::Value::as_str);
    let of_files = list("exclude_globs").map(|file| format!("^{}:", regex::escape(file)));
    for pattern in of_files.chain(list("exclude_re").map(str::to_owned)) {
        let pattern = Regex::new(&pattern)?;
        ensure!(mutants.lines().any(|name| pattern.is_match(name)), "no mutant is excluded by {pattern}");
    }
    Ok(())
}

/// A mutant that allocates without end must not take the machine's memory: this process, and all that it
/// starts from now on, may have far more than the tests and the compiler need, and no more.
fn limit_memory() -> Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Data);
        let most = current.unwrap_or(u64::MAX).min(4 << 30);
        setrlimit(Resource::Data, Rlimit { current: Some(most), maximum }).context("cannot limit memory")?;
    }
    Ok(())
}

fn only(patterns: &[String]) -> impl Iterator<Item = String> {
    patterns.iter().map(|pattern| format!("--re={pattern}"))
}

/// Adds a pass. What does not compile in a later one has survived the first all the same.
fn add(fates: &mut Fates, outcomes: &Value) -> Result<()> {
    for outcome in outcomes["outcomes"].as_array().context("a pass has no outcomes")? {
        // The baseline has none.
        let mutant = &outcome["scenario"]["Mutant"];
        let (Some(name), Some(file)) = (mutant["name"].as_str(), mutant["file"].as_str()) else { continue };
        let end = outcome["summary"].as_str().filter(|end| ENDS.contains(end));
        let end = end.with_context(|| format!("{name} ended in {}", outcome["summary"]))?;
        if end != "Unviable" || !fates.contains_key(name) {
            fates.insert(name.to_owned(), (file.to_owned(), end.to_owned()));
        }
    }
    Ok(())
}

fn survivors(fates: &Fates) -> impl Iterator<Item = &String> {
    fates.iter().filter(|(_, (_, end))| end == "MissedMutant").map(|(name, _)| name)
}

/// How many met each end.
fn count<'a>(fates: impl Iterator<Item = &'a (String, String)> + Clone) -> [u64; 4] {
    ENDS.map(|end| fates.clone().filter(|(_, it)| it == end).count() as u64)
}

/// What the page says of a run: a line a file, and the mutants that did not end.
fn measured(fates: &Fates) -> Result<String> {
    let mut page =
        String::from("| file | caught | did not end | do not compile | survive |\n|---|---|---|---|---|\n");
    let files: BTreeSet<_> = fates.values().map(|(file, _)| file.as_str()).collect();
    for file in files.into_iter().chain(["together"]) {
        let of_file = fates.values().filter(|(of, _)| of == file || file == "together");
        writeln!(page, "| {file} | {} |", count(of_file).map(|count| count.to_string()).join(" | "))?;
    }
    writeln!(page, "\nThese did not end:\n")?;
    for (name, _) in fates.iter().filter(|(_, (_, end))| end == "Timeout") {
        writeln!(page, "- `{name}`")?;
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn functions_become_safe_where_they_stand() {
        let source = "pub unsafe fn a() {}\nfn unsafe_fn() { unsafe { a() } }\nunsafe impl Send for S {}\n";
        assert_eq!(with_safe_functions(source), source.replace("unsafe fn a", "       fn a"));
    }

    #[test]
    fn a_mutant_survives_unless_a_pass_noticed_it() {
        let mut fates = Fates::new();
        let mut pass = |outcomes: &[(&str, &str)]| {
            let outcome = |(name, end): &(&str, &str)| json!({ "scenario": { "Mutant": { "name": name, "file": "src/a.rs" } }, "summary": end });
            let baseline = json!({ "scenario": "Baseline", "summary": "Success" });
            let outcomes: Vec<_> = outcomes.iter().map(outcome).chain([baseline]).collect();
            add(&mut fates, &json!({ "outcomes": outcomes }))
        };
        let first = [("a", "CaughtMutant"), ("b", "MissedMutant"), ("c", "Timeout"), ("d", "Unviable")];
        pass(&[&first[..], &[("e", "MissedMutant"), ("f", "MissedMutant")]].concat()).unwrap();
        pass(&[("b", "CaughtMutant"), ("e", "Unviable")]).unwrap();
        assert!(pass(&[("g", "Failure")]).is_err());
        assert!(survivors(&fates).eq(["e", "f"]));
        let page = measured(&fates).unwrap();
        assert!(page.ends_with("| together | 2 | 1 | 1 | 2 |\n\nThese did not end:\n\n- `c`\n"), "{page}");
    }

    #[test]
    fn an_exclusion_that_no_mutant_answers_to_is_refused() {
        let configuration = "exclude_globs = ['src/model.rs']\nexclude_re = ['with true$']";
        let mutants = "src/model.rs:1:2: replace a with ()\nsrc/a.rs:1:2: replace a -> bool with true\n";
        assert!(nothing_is_excluded_in_vain(configuration, mutants).is_ok());
        assert!(nothing_is_excluded_in_vain(configuration, &mutants.replace("true", "false")).is_err());
        assert!(nothing_is_excluded_in_vain(configuration, &mutants.replace("model", "b")).is_err());
    }
}
