//! `metrics`: the output as Prometheus would read it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::thread;
use std::time::Duration;

use crate::program::{command, printed, run};
use crate::table::tables;

/// The samples of an exposition, keyed by name and labels.
fn samples(text: &str) -> HashMap<&str, f64> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?} is not a sample"));
            (name, value.parse().unwrap_or_else(|_| panic!("{line:?} has no value")))
        })
        .collect()
}

/// The sum of a pool's samples of this name over all other labels.
fn sum(samples: &HashMap<&str, f64>, name: &str, pool: &str) -> f64 {
    let start = format!("{name}{{pool=\"{pool}\"");
    let mut found = samples.iter().filter(|(key, _)| key.starts_with(&start)).peekable();
    assert!(found.peek().is_some(), "there is no {start} in {samples:?}");
    found.map(|(_, value)| value).sum()
}

/// Checks that hold for every exposition.
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
fn metrics_printed_once_distinguish_a_leaking_pool_from_a_healthy_one() {
    let text = printed("metrics", ["--once=500", "--leak", "20"]);
    check(&text);
    let samples = samples(&text);
    // The queries from docs/operating-a-pool.md.
    let of = |name: &str, pool| sum(&samples, &format!("pooldeque_{name}_total"), pool);
    let miss_rate = |pool| of("misses", pool) / of("gets", pool);
    let imbalance = |pool| (of("gets", pool) - of("puts", pool)) / of("gets", pool);
    assert!(miss_rate("healthy") < 0.05 && imbalance("healthy").abs() < 0.05, "{text}");
    for figure in [miss_rate("leaking"), imbalance("leaking")] {
        assert!((0.1..0.3).contains(&figure), "{figure} is not a leak of 20 %: {text}");
    }
}

/// An example process that ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server, its address, and what it prints after that.
fn serve<const OPTIONS: usize>(options: [&str; OPTIONS]) -> (Serving, String, BufReader<ChildStdout>) {
    let child = command("metrics").args(["--port", "0"]).args(options).stdout(Stdio::piped()).spawn();
    let mut example = Serving(child.expect("the example starts"));
    let mut output = BufReader::new(example.0.stdout.take().expect("a pipe"));
    let mut url = String::new();
    output.read_line(&mut url).expect("an address");
    let address = url.trim().strip_prefix("http://").and_then(|url| url.strip_suffix("/metrics"));
    let address = address.unwrap_or_else(|| panic!("{url:?} is not an address")).to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    (example, address, output)
}

/// The response to a request, which is sent verbatim.
#[track_caller]
fn exchange(address: &str, request: &[u8]) -> String {
    let mut connection = TcpStream::connect(address).expect("the example serves");
    connection.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    connection.write_all(request).expect("a request");
    let mut response = Vec::new();
    connection.read_to_end(&mut response).expect("a response");
    String::from_utf8(response).expect("the response is text")
}

#[track_caller]
fn ask(address: &str, method: &str, path: &str) -> String {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    exchange(address, request.as_bytes())
}

fn get(address: &str, path: &str) -> String {
    ask(address, "GET", path)
}

#[test]
fn it_exits_after_the_given_number_of_scrapes() {
    let (mut example, address, mut output) = serve(["--scrapes", "2", "--tick", "20"]);
    let address = &address;
    assert!(get(address, "/").starts_with("HTTP/1.1 404 "), "this does not count as a scrape");
    let [first, second] = [(); 2].map(|()| {
        // Gives the load time to show up in the first scrape.
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

#[test]
fn a_scrape_may_have_a_query() {
    let (_example, address, _) = serve([]);
    for path in ["/metrics?x=y", "/metrics?", "/metrics?name[]=a&name[]=/b?c"] {
        let response = get(&address, path);
        assert!(response.starts_with("HTTP/1.1 200 "), "{path}: {response}");
        assert!(response.ends_with("# EOF\n"), "{path}: {response}");
    }
    for path in ["/", "/metric", "/metricsx", "/metrics/", "/?/metrics"] {
        assert!(get(&address, path).starts_with("HTTP/1.1 404 "), "{path}");
    }
}

#[test]
fn a_head_request_gets_the_headers_alone_and_does_not_count_as_a_scrape() {
    let (mut example, address, _output) = serve(["--scrapes", "1"]);
    for (path, status) in [("/metrics", 200), ("/metrics?x=y", 200), ("/", 404)] {
        let response = ask(&address, "HEAD", path);
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {response}");
        let (head, body) = response.split_once("\r\n\r\n").expect("headers");
        assert_eq!(body, "");
        assert_eq!(head.contains("openmetrics-text"), status == 200, "{head}");
    }
    assert!(get(&address, "/metrics").starts_with("HTTP/1.1 200 "));
    assert!(example.0.wait().expect("it ends").success());
}

#[test]
fn other_methods_get_405_with_the_allowed_ones() {
    let (_example, address, _) = serve([]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let response = ask(&address, method, "/metrics");
        assert!(
            response.starts_with("HTTP/1.1 405 ") && response.contains("Allow: GET, HEAD\r\n"),
            "{response}"
        );
    }
}

#[test]
fn malformed_requests_do_not_affect_other_clients() {
    let (_example, address, _) = serve([]);
    let head = "GET /metrics HTTP/1.1\r\nHost: x\r\n";
    for request in
        ["\r\n\r\n", "nonsense\r\n\r\n", "GET /metrics HTTP/9.9\r\n\r\n", "GET\0 / HTTP/1.1\r\n\r\n"]
    {
        let response = exchange(&address, request.as_bytes());
        assert!(!response.starts_with("HTTP/1.1 2"), "{request:?}: {response}");
    }
    let long = format!("{head}X: {}", "x".repeat(20_000));
    assert!(exchange(&address, long.as_bytes()).starts_with("HTTP/1.1 400 "));
    // Announced bodies that never arrive.
    let mut open = Vec::new();
    for header in [
        "Content-Length: 18446744073709551615",
        "Content-Length: 9223372036854775807",
        "Content-Length: 1000000000000",
        "Content-Length: 2000",
        "Content-Length: 10",
        "Content-Length: -1",
        "Content-Length: 10\r\nExpect: 100-continue",
        "Transfer-Encoding: chunked",
        "Connection: upgrade",
    ] {
        let mut connection = TcpStream::connect(&address).expect("the example serves");
        connection.write_all(format!("{head}{header}\r\n\r\n").as_bytes()).expect("a request");
        open.push(connection);
        // A head that never ends.
        let mut connection = TcpStream::connect(&address).expect("the example serves");
        connection.write_all(head.as_bytes()).expect("half a request");
        open.push(connection);
        // A client that hangs up.
        drop(TcpStream::connect(&address).expect("the example serves"));
        let response = get(&address, "/metrics");
        assert!(response.starts_with("HTTP/1.1 200 "), "after {header:?}: {response}");
    }
}

#[test]
fn a_port_in_use_is_reported_in_one_line() {
    let (_example, address, _) = serve([]);
    let (_, port) = address.rsplit_once(':').expect("a port");
    let output = run("metrics", ["--port", port]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.starts_with(&format!("metrics: {address}: ")), "{output:?}");
    assert_eq!((message.lines().count(), output.status.code()), (1, Some(1)), "{output:?}");
}

#[test]
fn it_keeps_serving_after_the_reader_of_its_address_has_gone() {
    let (mut example, address, output) = serve(["--scrapes", "1"]);
    drop(output);
    assert!(get(&address, "/metrics").starts_with("HTTP/1.1 200 "));
    assert!(example.0.wait().expect("it ends").success());
}
