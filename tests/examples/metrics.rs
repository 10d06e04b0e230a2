//! `metrics`: what Prometheus would see.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::program::{command, printed};
use crate::table::tables;

/// The samples in an exposition: their value by name and labels.
fn samples(text: &str) -> HashMap<&str, f64> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?} is no sample"));
            (name, value.parse().unwrap_or_else(|_| panic!("{line:?} has no value")))
        })
        .collect()
}

/// What the samples of a pool add up to, whatever their other labels.
fn sum(samples: &HashMap<&str, f64>, name: &str, pool: &str) -> f64 {
    let start = format!("{name}{{pool=\"{pool}\"");
    let mut found = samples.iter().filter(|(key, _)| key.starts_with(&start)).peekable();
    assert!(found.peek().is_some(), "there is no {start} in {samples:?}");
    found.map(|(_, value)| value).sum()
}

/// What must hold of any exposition.
#[track_caller]
fn check(text: &str) {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let samples = samples(text);
    for pool in ["healthy", "leaking"] {
        let of = |name| sum(&samples, name, pool);
        assert!(of("pooldeque_gets_total") > 0.0, "{text}");
        assert_eq!(of("pooldeque_gets_total"), of("pooldeque_hits_total") + of("pooldeque_misses_total"));
    }
    for (family, kind) in [("gets", "counter"), ("drops", "counter"), ("idle", "gauge")] {
        assert!(text.contains(&format!("# TYPE pooldeque_{family} {kind}\n")), "{text}");
    }
}

#[test]
fn printed_once_the_metrics_tell_a_leaking_pool_from_a_healthy_one() {
    let text = printed("metrics", ["--once=500", "--leak", "20"]);
    check(&text);
    let samples = samples(&text);
    // The queries of the page on operating a pool.
    let of = |name: &str, pool| sum(&samples, &format!("pooldeque_{name}_total"), pool);
    let miss_rate = |pool| of("misses", pool) / of("gets", pool);
    let imbalance = |pool| (of("gets", pool) - of("puts", pool)) / of("gets", pool);
    assert!(miss_rate("healthy") < 0.05 && imbalance("healthy").abs() < 0.05, "{text}");
    for figure in [miss_rate("leaking"), imbalance("leaking")] {
        assert!((0.1..0.3).contains(&figure), "{figure} is not a leak of 20 %: {text}");
    }
}

/// An example that is ended with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).expect("the example serves");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("a request");
    let mut response = String::new();
    connection.read_to_string(&mut response).expect("a response");
    response
}

#[test]
fn scrapes_are_answered_until_there_were_enough() {
    let arguments = ["--port", "0", "--scrapes", "2", "--tick", "20"];
    let child = command("metrics").args(arguments).stdout(Stdio::piped()).spawn();
    let mut example = Serving(child.expect("the example starts"));
    let mut output = BufReader::new(example.0.stdout.take().expect("a pipe"));
    let mut url = String::new();
    output.read_line(&mut url).expect("an address");
    let address = url.trim().strip_prefix("http://").and_then(|url| url.strip_suffix("/metrics"));
    let address = address.unwrap_or_else(|| panic!("{url:?} is no address"));
    assert!(address.starts_with("127.0.0.1:"), "{address}");

    assert!(get(address, "/").starts_with("HTTP/1.1 404 "), "that is no scrape");
    let [first, second] = [(); 2].map(|()| {
        // There is something to see in the first scrape already.
        thread::sleep(Duration::from_millis(200));
        let response = get(address, "/metrics");
        assert!(response.starts_with("HTTP/1.1 200 ") && response.contains("openmetrics-text"), "{response}");
        response.split_once("\r\n\r\n").expect("a body").1.to_owned()
    });
    check(&first);
    check(&second);
    let (first, second) = (samples(&first), samples(&second));
    for name in ["pooldeque_gets_total", "pooldeque_ticks_total"] {
        assert!(sum(&first, name, "healthy") < sum(&second, name, "healthy"), "{name} does not count");
    }

    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("text");
    assert!(example.0.wait().expect("it ends").success());
    let tables = tables(&rest);
    let [pools, signs] = &tables[..] else { panic!("{rest}") };
    assert_eq!(pools.names(), ["healthy", "leaking"]);
    assert!(signs.number("leaking", "imbalance") > signs.number("healthy", "imbalance"), "{rest}");
}
