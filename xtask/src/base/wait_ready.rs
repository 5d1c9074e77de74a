//! Waiting until a service answers.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::base::duration_text::duration_text;
use crate::base::interrupt::Interrupt;
use crate::base::service::Service;

/// A first start makes a database cluster and all tables.
pub const START_LIMIT: Duration = Duration::from_secs(120);
const TICK: Duration = Duration::from_millis(100);
/// One answer to a health question.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);
const HEARTBEAT: Duration = Duration::from_secs(8);
/// A status line and a few headers are all that is read.
const READ_LIMIT: u64 = 4_096;
const TAIL_LINES: usize = 30;

/// Polls `http://127.0.0.1:port/path` until it answers 2xx.
///
/// # Errors
/// When the service ends, the time is over, or the user interrupts.
pub fn wait_for_http(
    service: &mut Service,
    port: u16,
    path: &str,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<()> {
    wait_for(service, limit, interrupt, |_| {
        answers(port, path).then_some(())
    })
}

/// Whether `http://127.0.0.1:port/path` answers 2xx now.
#[must_use]
pub fn answers(port: u16, path: &str) -> bool {
    get_status(port, path).is_some_and(|status| (200..300).contains(&status))
}

/// Polls until `probe` finds what it looks for.
///
/// # Errors
/// When the service ends, the time is over, or the user interrupts.
pub fn wait_for<T>(
    service: &mut Service,
    limit: Duration,
    interrupt: &Interrupt,
    probe: impl Fn(&Service) -> Option<T>,
) -> Result<T> {
    let start = Instant::now();
    let mut shown = start;
    loop {
        interrupt.check()?;
        if let Some(status) = service.exited() {
            bail!(
                "{} ended ({status}):\n{}",
                service.name(),
                service.log_tail(TAIL_LINES)
            );
        }
        // Only now: what answers must not be something else on the port of a dead service.
        if let Some(found) = probe(service) {
            return Ok(found);
        }
        if start.elapsed() > limit {
            bail!(
                "{} was not ready after {}:\n{}",
                service.name(),
                duration_text(limit),
                service.log_tail(TAIL_LINES)
            );
        }
        if shown.elapsed() >= HEARTBEAT {
            println!(
                "    … {} · waiting for {}",
                duration_text(start.elapsed()),
                service.name()
            );
            shown = Instant::now();
        }
        thread::sleep(TICK);
    }
}

/// The status code of a GET, if there is an answer.
fn get_status(port: u16, path: &str) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_LIMIT).ok()?;
    stream.set_read_timeout(Some(ANSWER_LIMIT)).ok()?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    // A reset after the status line is no reason to ignore it.
    let _ = stream.take(READ_LIMIT).read_to_end(&mut answer);
    status_code(&String::from_utf8_lossy(&answer))
}

fn status_code(answer: &str) -> Option<u16> {
    answer
        .strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_code_is_read_from_the_first_line() {
        assert_eq!(status_code("HTTP/1.1 200 OK\r\n\r\n"), Some(200));
        assert_eq!(
            status_code("HTTP/1.0 503 Service Unavailable\r\n"),
            Some(503)
        );
        assert_eq!(status_code("SSH-2.0"), None);
    }
}
