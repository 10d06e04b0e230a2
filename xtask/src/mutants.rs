//! `cargo xtask mutants`: cargo-mutants over the library, as `.cargo/mutants*.toml` configure it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;

mod passes;
mod tried;

use passes::{Pass, check, file_of};
use tried::{ENDS, Fates, Tried};

use crate::environment;
use crate::marked::Marks;
use crate::project::{Project, output_of};
use crate::results::{Record, append};
use crate::time::duration;

/// This version and no other: the configuration names mutants as it does.
const VERSION: &str = "27.1.0";

/// How long cargo-mutants may take to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The exit status of a run that stopped because its time was up.
const STOPPED: u8 = 3;

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
    #[arg(long, conflicts_with_all = ["save", "time", "again"])]
    list: bool,
    /// Stop after this long, such as 45m or 8h, with status 3: the same command goes on if the code is the same
    #[arg(long = "for", visible_alias = "time", value_name = "DURATION", value_parser = humantime::parse_duration)]
    time: Option<Duration>,
    /// Also try those that were tried already, on the same code
    #[arg(long)]
    again: bool,
    /// Write the figures into docs/code-mutants.md, once none is left
    #[arg(long, conflicts_with = "names")]
    save: bool,
}

/// Tries the mutants pass by pass, and reports what became of them.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let ends = arguments.time.map(|time| Instant::now() + time);
    let project = Project::find()?;
    let tool = project.tool("cargo-mutants", VERSION, "cargo-mutants")?;
    let tree = project.target.join("mutants/tree");
    project.copy(&tree, with_safe_functions)?;
    let sitting = Sitting { folder: project.target.join("mutants"), tool, tree, ends };
    let passes = Pass::all(&sitting.tree)?;
    check(&passes, &output_of(sitting.mutants().args(["--no-config", "--list"]))?)?;

    let is_wanted =
        |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|it| it.is_match(name));
    let mut parts = Vec::new();
    for pass in passes {
        let list = output_of(sitting.mutants().arg("--list").arg("--config").arg(&pass.file))?;
        let names: Vec<_> = list.lines().filter(|name| is_wanted(name)).map(str::to_owned).collect();
        parts.push((pass, names));
    }
    let chosen = || parts.iter().filter(|(pass, _)| pass.is_first()).flat_map(|(_, names)| names);
    ensure!(chosen().next().is_some(), "no mutant is called that; `cargo xtask mutants --list` lists them");
    if arguments.list {
        chosen().for_each(|name| println!("{name}"));
        return Ok(ExitCode::SUCCESS);
    }

    limit_memory()?;
    let mut whole = Vec::new();
    for (pass, names) in parts {
        let folder = sitting.folder.join(pass.name);
        // Of the copy: somebody may go on writing the project.
        let mut tried = Tried::on(&folder, &pass.fingerprint(&sitting.tree)?)?;
        if arguments.again {
            tried.forget(&names)?;
        }
        whole.push((pass, names, tried));
    }
    let mut fates = Fates::new();
    for (pass, names, tried) in &mut whole {
        let wanted = wanted(pass.is_first(), names, &fates);
        if !sitting.attempt(pass, tried, &wanted)? {
            return stop(&whole);
        }
        add(&mut fates, &wanted, &tried.fates)?;
    }
    survivors(&fates).for_each(|name| println!("survives, and is not listed: {name}"));
    let [caught, timeouts, unviable, missed] = count(fates.iter());
    println!("{caught} caught, {timeouts} did not end, {unviable} do not compile, {missed} survive");
    append(&Record::CodeMutants { caught, timeouts, unviable, missed })?;
    if arguments.save {
        MARKS.save(&project.root.join(PAGE), &measured(&fates)?)?;
        println!("written: {PAGE}");
    }
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what is left when the time is up.
fn stop(whole: &[(Pass, Vec<String>, Tried)]) -> Result<ExitCode> {
    let mut fates = Fates::new();
    let mut all = 0;
    for (pass, names, tried) in whole {
        let wanted = wanted(pass.is_first(), names, &fates);
        all += if pass.is_first() { wanted.len() } else { 0 };
        let ended: Vec<_> = wanted.into_iter().filter(|name| tried.fates.contains_key(name)).collect();
        add(&mut fates, &ended, &tried.fates)?;
    }
    let [caught, timeouts, unviable, missed] = count(fates.iter());
    println!("so far {caught} caught, {timeouts} did not end, {unviable} do not compile, {missed} survive");
    println!(
        "stopped, because the time is up: {} of {all} are left, and later passes for survivors",
        all - fates.len()
    );
    Ok(ExitCode::from(STOPPED))
}

/// What a pass is to try of the mutants that it has: all, or those that survived the passes before.
fn wanted(is_first: bool, names: &[String], fates: &Fates) -> Vec<String> {
    let survives = |name: &&String| fates.get(*name).is_some_and(|end| end == "missed");
    names.iter().filter(|name| is_first || survives(name)).cloned().collect()
}

/// A run of the command, which may be one of several that try the same mutants.
struct Sitting {
    /// Where everything is kept and built.
    folder: PathBuf,
    tool: PathBuf,
    /// The copy of the project that is changed.
    tree: PathBuf,
    /// When to stop.
    ends: Option<Instant>,
}

impl Sitting {
    fn mutants(&self) -> Command {
        let mut command = Command::new(&self.tool);
        command.args(["mutants", "--package", "pooldeque", "--dir"]).arg(&self.tree);
        command
    }

    /// Tries those that have not been tried, until the time is up. Returns whether none is left.
    fn attempt(&self, pass: &Pass, tried: &mut Tried, wanted: &[String]) -> Result<bool> {
        let left: Vec<_> = wanted.iter().filter(|name| !tried.fates.contains_key(*name)).collect();
        if left.is_empty() {
            return Ok(true);
        }
        if self.ends.is_some_and(|ends| ends <= Instant::now()) {
            return Ok(false);
        }
        let before = wanted.len() - left.len();
        println!("{}: {before} of {} were tried before; the code as it is", pass.name, wanted.len());
        let prepare = |command: &mut Command, flags: &str| {
            // The results are those of a changed library.
            environment::clear(command, &[&environment::CHANGES_RESULTS]);
            command
                .env("RUSTFLAGS", flags)
                .env("CARGO_TARGET_DIR", self.folder.join("build").join(pass.name));
        };
        // As cargo-mutants has it when it caps lints, or everything would be built again.
        let capped = format!("{} --cap-lints=warn", pass.flags);
        let timeout =
            pass.timeout(|command| prepare(command.current_dir(&self.tree), capped.trim_start()))?;
        let mut command = self.mutants();
        command.args(["--in-place", "--baseline", "skip", "--timeout", &timeout.to_string(), "--config"]);
        command.arg(&pass.file).arg("--output").arg(&tried.folder);
        command.args(left.iter().map(|name| format!("--re=^{}$", regex::escape(name))));
        if !pass.is_first() {
            // It would try each field left out of a structure in any file, whatever the names.
            let files: BTreeSet<_> = left.iter().map(|name| file_of(name)).collect();
            command.args(files.iter().map(|file| format!("--file={file}")));
        }
        prepare(&mut command, pass.flags);
        let began = Instant::now();
        let child = command.spawn().context("cannot run cargo-mutants")?;
        let status = until(child, self.ends, GRACE)?;
        tried.collect()?;
        let left = wanted.iter().filter(|name| !tried.fates.contains_key(*name)).count();
        let (now, time) = (wanted.len() - left - before, duration(began.elapsed()));
        println!("{}: {now} were tried in {time}, {left} are left", pass.name);
        let Some(status) = status else { return Ok(left == 0) };
        // 2: some were missed. 3: some hung.
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants failed ({status})");
        ensure!(left == 0, "cargo-mutants left out {left} that it had listed");
        Ok(true)
    }
}

/// Waits for a program to end, or interrupts it when the time is up, and kills it if it does not listen: then it has no
/// status.
fn until(mut child: Child, ends: Option<Instant>, grace: Duration) -> Result<Option<ExitStatus>> {
    let Some(ends) = ends else { return Ok(Some(child.wait()?)) };
    if let Some(status) = ended_by(&mut child, ends)? {
        return Ok(Some(status));
    }
    interrupt(&mut child)?;
    if ended_by(&mut child, Instant::now() + grace)?.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(None)
}

/// The status of a program that has ended by then.
fn ended_by(child: &mut Child, ends: Instant) -> Result<Option<ExitStatus>> {
    loop {
        let status = child.try_wait()?;
        if status.is_some() || ends <= Instant::now() {
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Asks a program to stop, which then stops what it runs.
fn interrupt(child: &mut Child) -> Result<()> {
    #[cfg(unix)]
    rustix::process::kill_process(rustix::process::Pid::from_child(child), rustix::process::Signal::INT)?;
    #[cfg(not(unix))]
    child.kill()?;
    Ok(())
}

/// The same source with safe functions in place of unsafe ones, each still at its line and column.
///
/// cargo-mutants leaves unsafe functions alone, of which the producer's half of the library is made. Their
/// callers' unsafe blocks do no harm around a safe call, and their bodies have blocks of their own.
fn with_safe_functions(source: &str) -> String {
    let word = Regex::new(r"\bunsafe(\s+fn\b)").expect("the pattern is right");
    word.replace_all(source, "      $1").into_owned()
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

/// Adds a pass. What does not compile in a later one has survived the first all the same.
fn add(fates: &mut Fates, wanted: &[String], tried: &Fates) -> Result<()> {
    for name in wanted {
        let Some(end) = tried.get(name) else { bail!("{name} was not tried") };
        if end != "unviable" || !fates.contains_key(name) {
            fates.insert(name.clone(), end.clone());
        }
    }
    Ok(())
}

fn survivors(fates: &Fates) -> impl Iterator<Item = &String> {
    fates.iter().filter(|(_, end)| *end == "missed").map(|(name, _)| name)
}

/// How many met each end.
fn count<'a>(fates: impl Iterator<Item = (&'a String, &'a String)> + Clone) -> [u64; 4] {
    ENDS.map(|end| fates.clone().filter(|(_, it)| *it == end).count() as u64)
}

/// What the page says of a run: a line a file, and the mutants that did not end.
fn measured(fates: &Fates) -> Result<String> {
    let mut page =
        String::from("| file | caught | did not end | do not compile | survive |\n|---|---|---|---|---|\n");
    let files: BTreeSet<_> = fates.keys().map(|name| file_of(name)).collect();
    for file in files.into_iter().chain(["together"]) {
        let of_file = fates.iter().filter(|(name, _)| file_of(name) == file || file == "together");
        writeln!(page, "| {file} | {} |", count(of_file).map(|count| count.to_string()).join(" | "))?;
    }
    writeln!(page, "\nThese did not end:\n")?;
    for (name, _) in fates.iter().filter(|(_, end)| *end == "timeout") {
        writeln!(page, "- `{name}`")?;
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn functions_become_safe_where_they_stand() {
        let source = "pub unsafe fn a() {}\nfn unsafe_fn() { unsafe { a() } }\nunsafe impl Send for S {}\n";
        assert_eq!(with_safe_functions(source), source.replace("unsafe fn a", "       fn a"));
    }

    fn fates(pairs: &[(&str, &str)]) -> Fates {
        pairs.iter().map(|(name, end)| (format!("src/{name}"), (*end).to_owned())).collect()
    }

    #[test]
    fn a_mutant_survives_unless_a_pass_noticed_it() {
        let all: Vec<_> = ["a", "b", "c", "d", "e", "f"].map(|name| format!("src/{name}")).into();
        let mut so_far = Fates::new();
        let first = fates(&[
            ("a", "caught"),
            ("b", "missed"),
            ("c", "timeout"),
            ("d", "unviable"),
            ("e", "missed"),
            ("f", "missed"),
        ]);
        add(&mut so_far, &wanted(true, &all, &Fates::new()), &first).unwrap();
        // It has no `f`.
        let second = wanted(false, &all[..5], &so_far);
        assert_eq!(second, [all[1].clone(), all[4].clone()]);
        assert!(add(&mut so_far.clone(), &second, &fates(&[("b", "caught")])).is_err(), "not tried");
        add(&mut so_far, &second, &fates(&[("b", "caught"), ("e", "unviable")])).unwrap();
        assert!(survivors(&so_far).eq(["src/e", "src/f"]));
        let page = measured(&so_far).unwrap();
        assert!(page.contains("\n| src/f | 0 | 0 | 0 | 1 |\n"), "{page}");
        assert!(
            page.ends_with("| together | 2 | 1 | 1 | 2 |\n\nThese did not end:\n\n- `src/c`\n"),
            "{page}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_has_not_ended_in_time_is_interrupted() {
        let run = |script: &str, time: Option<u64>| {
            let child = Command::new("sh").args(["-c", script]).spawn().unwrap();
            let ends = time.map(|seconds| Instant::now() + Duration::from_secs(seconds));
            until(child, ends, Duration::from_secs(1)).unwrap()
        };
        assert_eq!(run("exit 2", None).and_then(|status| status.code()), Some(2));
        assert_eq!(run("exit 3", Some(60)).and_then(|status| status.code()), Some(3));
        let began = Instant::now();
        assert!(run("exec sleep 60", Some(0)).is_none());
        assert!(run("trap '' INT; exec sleep 60", Some(1)).is_none(), "it does not listen");
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    #[test]
    fn a_run_may_be_limited_in_time_and_a_list_is_no_run() {
        let parse = |line: &str| Line::try_parse_from(["xtask"].into_iter().chain(line.split_whitespace()));
        for line in ["--for 45m --save", "--time 45m"] {
            assert_eq!(parse(line).unwrap().arguments.time, Some(Duration::from_secs(2700)), "{line}");
        }
        for line in
            ["--for 45", "--for soon", "--list --for 1h", "--list --again", "--list --save", "--save a"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
