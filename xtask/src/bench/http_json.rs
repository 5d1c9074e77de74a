//! A request to a program on this machine, with nothing but the standard library.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// Answers are short.
const READ_LIMIT: u64 = 1_000_000;

/// Sends JSON to `http://127.0.0.1:port/path`, which must answer 2xx.
///
/// # Errors
/// When nobody answers, or something else.
pub fn send_json(port: u16, method: &str, path: &str, body: &Value) -> Result<()> {
    let body = body.to_string();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("nobody listens on port {port}"))?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.take(READ_LIMIT).read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if !status.starts_with('2') {
        bail!("{method} {path}: {answer}");
    }
    Ok(())
}
