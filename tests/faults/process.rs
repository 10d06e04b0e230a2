//! Tests in a process of their own.

use std::any::type_name;
use std::env;
use std::io::{Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{panic, thread};

use crate::panic_message::message_of;

/// Names the test that runs in this process, if it was started for one.
const VARIABLE: &str = "POOLDEQUE_TEST_ALONE";

/// How many seconds a process may take, if not [`USUAL_LIMIT`].
const LIMIT_VARIABLE: &str = "POOLDEQUE_TEST_LIMIT";
const USUAL_LIMIT: u64 = 120;

/// Runs `work`, a closure written in a test, in a process that runs that test alone.
///
/// The test fails if that process panics, is killed by a signal, or does not end in time.
#[track_caller]
pub(crate) fn alone<W: FnOnce()>(work: W) {
    let test = test_of::<W>();
    if env::var_os(VARIABLE).is_some_and(|alone| alone == *test) {
        return work();
    }
    let mut output = tempfile::tempfile().expect("a temporary file");
    let its_output = || Stdio::from(output.try_clone().expect("a second handle to the file"));
    let mut command = Command::new(env::current_exe().expect("a test knows its own path"));
    command
        .args(["--exact", test, "--nocapture"])
        .env(VARIABLE, test)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null());
    // A group of its own, so that what it has forked is killed with it.
    let child = command.stdout(its_output()).stderr(its_output()).process_group(0).spawn();
    let status = ended_in_time(child.expect("a test can start itself"));

    let mut said = String::new();
    output.rewind().expect("a file can be read from its beginning");
    output.read_to_string(&mut said).expect("what a test writes is text");
    let last_lines = said.lines().rev().take(30).collect::<Vec<_>>();
    let last_lines = last_lines.into_iter().rev().collect::<Vec<_>>().join("\n");
    match status {
        None => panic!("{test} does not end:\n{last_lines}"),
        Some(status) => assert!(status.success(), "{test}, {status}:\n{last_lines}"),
    }
    assert!(said.contains("1 passed"), "{test} is not what has run:\n{last_lines}");
}

/// The test in which a closure of this type is written: its path below the crate.
fn test_of<W>() -> &'static str {
    let name = type_name::<W>();
    let name = name.strip_suffix("::{{closure}}").unwrap_or_else(|| panic!("{name} is no closure"));
    name.split_once("::").expect("a path below the crate").1
}

/// How a process ended; `None` if it had to be killed.
fn ended_in_time(mut child: Child) -> Option<ExitStatus> {
    let limit = env::var(LIMIT_VARIABLE).ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(USUAL_LIMIT);
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        if began.elapsed() > Duration::from_secs(limit) {
            let group = -i32::try_from(child.id()).expect("a process number is an `i32`");
            // SAFETY: a plain system call. The child has not been waited for, so the group is its own.
            unsafe { libc::kill(group, libc::SIGKILL) };
            child.wait().expect("a child can be waited for");
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Does not print the panics of this process that carry one of these messages.
pub(crate) fn silence(messages: &'static [&'static str]) {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if message_of(panic.payload()).is_none_or(|message| !messages.contains(&message)) {
            print(panic);
        }
    }));
}
