//! Answers to scrapes.

use std::error::Error;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::num::NonZeroU64;

use tiny_http::{Header, Method, Response, Server};

use crate::exporter::{CONTENT_TYPE, Exporter};

/// Serves the metrics on the loopback address, as many times as asked for, or for ever.
///
/// # Errors
///
/// The port is taken, or a request cannot be received.
pub(crate) fn serve(
    port: u16,
    scrapes: Option<NonZeroU64>,
    exporter: &Exporter,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let server = Server::http((Ipv4Addr::LOCALHOST, port))?;
    println!("http://{}/metrics", server.server_addr());
    // Whoever waits for the address may read through a pipe.
    io::stdout().flush()?;

    let mut left = scrapes.map(NonZeroU64::get);
    while left != Some(0) {
        let request = server.recv()?;
        let answered = match (request.method(), request.url()) {
            (Method::Get, "/metrics") => {
                left = left.map(|left| left - 1);
                let header = Header::from_bytes("Content-Type", CONTENT_TYPE);
                let header = header.map_err(|()| "a header that is none")?;
                request.respond(Response::from_string(exporter.text()?).with_header(header))
            }
            (Method::Get, _) => {
                let nothing = Response::from_string("The metrics are at /metrics.\n");
                request.respond(nothing.with_status_code(404))
            }
            _ => request.respond(Response::from_string("Only GET.\n").with_status_code(405)),
        };
        // A scraper that hangs up has its own reasons.
        if let Err(error) = answered {
            eprintln!("metrics: {error}");
        }
    }
    Ok(())
}
