//! `pipeline`: every line arrives, and the pools get all their values back.

use std::fs::{self, File};
use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::program::{printed, run};
use crate::table::tables;

#[test]
fn a_log_becomes_json_in_its_order_with_pools_and_without() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (log, output) = (folder.path().join("log"), folder.path().join("json.gz"));
    let mut lines: Vec<String> =
        (0..3000).map(|line| format!("12:00 INFO host-1 took {line} of 9000 ms")).collect();
    // One that does not match the format, one longer than a block, and one without a newline.
    lines.push("no such form".to_owned());
    lines.push(format!("12:01 WARN host-2 {}", "long ".repeat(1000)));
    lines.push("12:02 INFO host-3 the end".to_owned());
    fs::write(&log, lines.join("\n")).expect("a log");

    let arguments = ["--block", "1000", "--rounds", "2", "--output"];
    let arguments =
        arguments.map(Into::into).into_iter().chain([output.clone().into_os_string(), log.into()]);
    let printed = printed("pipeline", arguments);
    assert!(printed.starts_with("3,003 lines "), "{printed}");

    let mut json = String::new();
    MultiGzDecoder::new(File::open(output).expect("the output")).read_to_string(&mut json).expect("gzip");
    let records: Vec<Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(records.len(), lines.len());
    for (record, line) in records.iter().zip(&lines) {
        let message = record["message"].as_str().expect("a message");
        assert!(line.ends_with(message), "{record} is not {line}");
    }
    assert_eq!(records[7]["host"], "host-1");
    assert_eq!(records[7]["template"], "took # of # ms");
    assert_eq!((&records[3000]["level"], &records[3000]["message"]), (&"".into(), &"no such form".into()));

    // Each round gets one string per line, and one of each other value per block.
    let tables = tables(&printed);
    let [whole, stages, pools] = &tables[..] else { panic!("{printed}") };
    assert_eq!(whole.names(), ["nothing pooled", "everything pooled"]);
    assert_eq!(stages.names(), ["read", "parse", "encode", "gzip"]);
    assert_eq!(pools.names(), ["blocks", "strings", "json", "compressors", "packed"]);
    assert_eq!(pools.number("strings", "gets"), 2.0 * 3003.0);
    assert_eq!(pools.number("json", "gets"), pools.number("compressors", "gets"));
    // In each round, the reader's last block stays empty.
    assert_eq!(pools.number("blocks", "gets"), pools.number("json", "gets") + 2.0);
    for pool in pools.names() {
        assert_eq!(pools.number(pool, "idle"), pools.number(pool, "made"), "one of the {pool} was lost");
    }
    // Two threads compress, and each has its compressor in use or in its private cell. The second round's
    // threads are new and find what the first round left, unless it is in use.
    assert!((1.0..=4.0).contains(&pools.number("compressors", "made")), "{printed}");
}

#[test]
fn both_ways_are_measured_and_pools_save_allocations() {
    let printed = printed("pipeline", ["--lines", "20000", "--block", "2048,65536", "--rounds", "1"]);
    let tables = tables(&printed);
    assert_eq!(tables.len(), 6, "three for each block size: {printed}");
    for whole in tables.iter().step_by(3) {
        for side in whole.names() {
            assert!(whole.number(side, "lines/s") > 0.0 && whole.number(side, "CPU ns/line") > 0.0);
        }
        let allocations = |side| whole.number(side, "allocations/line");
        assert!(allocations("nothing pooled") > 1.0, "each line has a string of its own: {printed}");
        assert!(allocations("everything pooled") < 0.5 * allocations("nothing pooled"), "{printed}");
        let bytes = |side| whole.number(side, "bytes allocated/line");
        assert!(bytes("everything pooled") < 0.5 * bytes("nothing pooled"), "{printed}");
    }
}

#[test]
fn errors_name_the_file() {
    for (arguments, complaint) in [
        (["no/such/log", "--rounds", "1"], "pipeline: no/such/log: "),
        (["--lines", "10", "--output=/no/such/folder/out"], "pipeline: /no/such/folder/out: "),
    ] {
        let output = run("pipeline", arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && message.starts_with(complaint), "{output:?}");
    }
}

#[test]
fn the_log_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("log");
    fs::write(&log, "12:00 INFO host-1 keep\n").expect("a log");
    let [path, option] = [log.as_os_str(), "--output".as_ref()];
    let output = run("pipeline", [path, option, path]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).ends_with(": the log would be overwritten\n"),
        "{output:?}"
    );
    assert_eq!(fs::read_to_string(&log).expect("the log"), "12:00 INFO host-1 keep\n");
}
