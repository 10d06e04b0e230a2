//! Arguments out of range.

use crate::program::run;

#[test]
fn an_absurd_number_is_rejected_by_name() {
    const HUGE: &str = "18446744073709551615";
    for (example, option, number) in [
        ("pressure", "--budget", "0"),
        ("pressure", "--budget", HUGE),
        ("pressure", "--wave", "0"),
        ("pressure", "--wave", HUGE),
        ("pressure", "--waves", "0"),
        ("pressure", "--waves", HUGE),
        ("pressure", "--interval", "0"),
        ("cache", "--documents", "0"),
        ("cache", "--documents", HUGE),
        ("cache", "--capacity", "0"),
        ("cache", "--capacity", HUGE),
        ("cache", "--queries", "0"),
        ("cache", "--threads", "0"),
        ("cache", "--threads", "4294967295"),
        ("tiered", "--requests", "0"),
        ("tiered", "--at-once", "0"),
        ("tiered", "--at-once", HUGE),
        ("tiered", "--threads", "0"),
        ("tiered", "--threads", "4294967295"),
        ("pipeline", "--lines", HUGE),
        ("pipeline", "--block", "0"),
        ("pipeline", "--block", HUGE),
        ("pipeline", "--rounds", "0"),
        ("pipeline", "--threads", "0"),
        ("pipeline", "--threads", "4294967295"),
        ("metrics", "--threads", "0"),
        ("metrics", "--threads", HUGE),
        ("metrics", "--tick", "0"),
        ("metrics", "--leak", "101"),
        ("metrics", "--port", "65536"),
    ] {
        let output = run(example, [option, number]);
        let told = String::from_utf8_lossy(&output.stderr);
        let complaint = format!("error: invalid value '{number}' for '{option} <");
        assert!(output.status.code() == Some(2) && told.starts_with(&complaint), "{example}: {output:?}");
    }
}

#[test]
fn the_smallest_valid_arguments_run() {
    for (example, arguments) in [
        ("pressure", &["--budget=1024", "--wave=1", "--waves=1", "--interval=1"][..]),
        ("cache", &["--documents=1", "--capacity=1", "--queries=1", "--threads=1"]),
        ("tiered", &["--requests=1", "--warm-up=0", "--at-once=1", "--threads=1"]),
        ("pipeline", &["--lines=0", "--block=256", "--rounds=1", "--threads=1"]),
        ("metrics", &["--once=0", "--threads=1", "--tick=18446744073709551615"]),
    ] {
        let output = run(example, arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{example}: {output:?}");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(!printed.contains("NaN") && !printed.contains("inf"), "{example}: {printed}");
    }
}
