//! Answers to scrapes.

use std::error::Error;
use std::fmt;
use std::io::Cursor;
use std::mem;
use std::net::Ipv4Addr;
use std::num::NonZeroU64;
use std::thread;

use tiny_http::{Header, Method, Request, Response, Server};

use crate::exporter::{CONTENT_TYPE, Exporter};
use crate::output::{complain, print};

/// A longer body is not waited for.
const LONGEST_BODY: usize = 64 << 10;

/// Serves the metrics on the loopback address, as many times as asked for, or without end.
///
/// # Errors
///
/// The port is taken, or a request cannot be received.
pub(crate) fn serve(
    port: u16,
    scrapes: Option<NonZeroU64>,
    exporter: &Exporter,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let address = (Ipv4Addr::LOCALHOST, port);
    let server = Server::http(address).map_err(|error| format!("{}:{port}: {error}", address.0))?;
    // Whoever has read the address may close the pipe, and scrape.
    print(format_args!("http://{}/metrics\n", server.server_addr()))?;

    let mut left = scrapes.map(NonZeroU64::get);
    while left != Some(0) {
        let request = server.recv()?;
        let is_scrape = request.method() == &Method::Get && is_for_metrics(request.url());
        let response = response(&request, exporter)?;
        respond(request, response);
        if is_scrape {
            left = left.map(|left| left - 1);
        }
    }
    Ok(())
}

type Text = Response<Cursor<Vec<u8>>>;

/// The answer to a request. To a HEAD request no body is sent.
fn response(request: &Request, exporter: &Exporter) -> Result<Text, fmt::Error> {
    Ok(match request.method() {
        Method::Get | Method::Head if is_for_metrics(request.url()) => {
            Response::from_string(exporter.text()?).with_header(header("Content-Type", CONTENT_TYPE))
        }
        Method::Get | Method::Head => {
            Response::from_string("The metrics are at /metrics.\n").with_status_code(404)
        }
        _ => Response::from_string("Only GET and HEAD.\n")
            .with_status_code(405)
            .with_header(header("Allow", "GET, HEAD")),
    })
}

/// Whether this is the path of the metrics, whatever the query.
fn is_for_metrics(url: &str) -> bool {
    url.split('?').next() == Some("/metrics")
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("both are ASCII")
}

fn respond(request: Request, response: Text) {
    let respond = |request: Request| {
        // A scraper that hangs up has its own reasons.
        if let Err(error) = request.respond(response) {
            complain("metrics", error);
        }
    };
    // When a request is dropped, the server waits for the rest of its body, and sets aside memory for all of it.
    match request.body_length() {
        None | Some(0) => respond(request),
        Some(1..=LONGEST_BODY) => {
            // If there is no thread, there is no answer.
            let _ = thread::Builder::new().spawn(move || respond(request));
        }
        Some(_) => mem::forget(request),
    }
}
