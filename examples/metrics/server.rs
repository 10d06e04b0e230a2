//! Answers to scrapes.
//!
//! One thread accepts connections. Each connection has its own thread, one request and a deadline, so a
//! client that stalls or sends nonsense delays no other client. Request bodies are not read.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::exporter::{CONTENT_TYPE, Exporter};
use crate::output::{complain, print};
use crate::threads::no_thread;

/// Deadline of a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Maximum number of concurrent connections.
const MOST_CONNECTIONS: usize = 64;

/// Maximum length of a request head.
const LONGEST_HEAD: usize = 8 << 10;

/// Serves the metrics on the loopback address for the given number of scrapes, or indefinitely.
///
/// # Errors
///
/// The port is taken, or a thread cannot be started.
pub(crate) fn serve(
    port: u16,
    scrapes: Option<NonZeroU64>,
    exporter: Exporter,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let address = (Ipv4Addr::LOCALHOST, port);
    let at = |error: io::Error| format!("{}:{port}: {error}", address.0);
    let listener = TcpListener::bind(address).map_err(at)?;
    // A reader that has the address may close the pipe and start scraping.
    print(format_args!("http://{}/metrics\n", listener.local_addr()?))?;

    let (scraped, answered) = channel();
    let exporter = Arc::new(exporter);
    thread::Builder::new().spawn(move || accept(&listener, &exporter, &scraped)).map_err(no_thread)?;
    let mut left = scrapes.map(NonZeroU64::get);
    while left != Some(0) {
        answered.recv()?;
        left = left.map(|left| left - 1);
    }
    Ok(())
}

fn accept(listener: &TcpListener, exporter: &Arc<Exporter>, scraped: &Sender<()>) {
    for connection in listener.incoming() {
        let (its_exporter, scraped) = (Arc::clone(exporter), scraped.clone());
        let answered = connection.and_then(|connection| {
            // Each connection holds a reference to the exporter.
            if Arc::strong_count(exporter) > MOST_CONNECTIONS {
                return Ok(());
            }
            let answer = move || {
                // A client that hangs up is not an error.
                if let Ok(true) = answer(connection, &its_exporter) {
                    // The receiver is gone once there were enough scrapes.
                    let _ = scraped.send(());
                }
            };
            thread::Builder::new().spawn(answer).map(drop).map_err(no_thread)
        });
        if let Err(error) = answered {
            complain("metrics", error);
            // The system is out of some resource, perhaps only for a while.
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Answers the first request on a connection. True if that was a scrape.
fn answer(mut connection: TcpStream, exporter: &Exporter) -> io::Result<bool> {
    let deadline = Instant::now() + PATIENCE;
    connection.set_write_timeout(Some(PATIENCE))?;
    let head = read_head(&mut connection, deadline)?;
    let request = head.as_deref().and_then(Request::parse);
    let Response { status, headers, body } = Response::to(request.as_ref(), exporter)?;
    write!(
        connection,
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    let method = request.as_ref().map(|request| request.method);
    if method != Some("HEAD") {
        connection.write_all(body.as_bytes())?;
    }
    // Closing with unread input would reset the connection and could lose the answer.
    connection.shutdown(Shutdown::Write)?;
    let mut unread = [0; 4096];
    while read(&mut connection, &mut unread, deadline).is_ok_and(|length| length > 0) {}
    Ok(method == Some("GET") && status == OK)
}

/// Everything up to the empty line, and perhaps more. `None` if it is too long or not text.
fn read_head(connection: &mut TcpStream, deadline: Instant) -> io::Result<Option<String>> {
    let (mut head, mut part) = (Vec::new(), [0; 1024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD {
            return Ok(None);
        }
        match read(connection, &mut part, deadline)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => head.extend_from_slice(&part[..length]),
        }
    }
    Ok(String::from_utf8(head).ok())
}

fn read(connection: &mut TcpStream, part: &mut [u8], deadline: Instant) -> io::Result<usize> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    connection.set_read_timeout(Some(left))?;
    connection.read(part)
}

struct Request<'a> {
    method: &'a str,
    path: &'a str,
}

impl<'a> Request<'a> {
    /// Parses the first line of the head.
    fn parse(head: &'a str) -> Option<Self> {
        let mut parts = head.lines().next()?.split(' ');
        match [(); 4].map(|()| parts.next()) {
            [Some(method), Some(url), Some("HTTP/1.0" | "HTTP/1.1"), None] => {
                // The query part is ignored.
                Some(Self { method, path: url.split('?').next()? })
            }
            _ => None,
        }
    }
}

struct Response {
    status: &'static str,
    headers: String,
    body: String,
}

const OK: &str = "200 OK";

impl Response {
    /// The response to a request, or to malformed input.
    fn to(request: Option<&Request<'_>>, exporter: &Exporter) -> io::Result<Self> {
        let text = |status, headers: &str, body: &str| Self {
            status,
            headers: format!("{headers}Content-Type: text/plain\r\n"),
            body: body.to_owned(),
        };
        Ok(match request {
            None => text("400 Bad Request", "", "Malformed request.\n"),
            Some(Request { method: "GET" | "HEAD", path: "/metrics" }) => Self {
                status: OK,
                headers: format!("Content-Type: {CONTENT_TYPE}\r\n"),
                body: exporter.text().map_err(io::Error::other)?,
            },
            Some(Request { method: "GET" | "HEAD", .. }) => {
                text("404 Not Found", "", "The metrics are at /metrics.\n")
            }
            Some(_) => {
                text("405 Method Not Allowed", "Allow: GET, HEAD\r\n", "Only GET and HEAD are allowed.\n")
            }
        })
    }
}
