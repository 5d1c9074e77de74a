//! As much of an HTTP client as signing in takes.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// One answer. On a busy machine a password takes its time.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// An answer of the server.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    /// As it came: it may be in chunks.
    pub body: String,
}

impl Answer {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).first().copied()
    }

    /// The cookies that it sets, as a browser sends them back.
    #[must_use]
    pub fn cookies(&self) -> String {
        let cookies = self.headers("set-cookie").into_iter();
        let pairs = cookies.map(|cookie| cookie.split(';').next().unwrap_or(cookie));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn headers(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        });
        fields.collect()
    }
}

/// Gets a page.
///
/// # Errors
/// When there is no answer.
pub fn get(port: u16, path: &str, cookie: &str) -> Result<Answer> {
    send(
        port,
        &format!("GET {path} HTTP/1.1\r\nAccept: text/html\r\nCookie: {cookie}\r\n"),
        "",
    )
}

/// Posts a form, as a page of the server does.
///
/// # Errors
/// When there is no answer.
pub fn post_form(port: u16, path: &str, form: &str) -> Result<Answer> {
    let length = form.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
    );
    send(port, &head, form)
}

fn send(port: u16, head: &str, body: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    write!(
        stream,
        "{head}Host: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer)).context("that is no answer")
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_headers_and_body_are_told_apart() {
        let answer = parse(
            "HTTP/1.1 303 See Other\r\nlocation: /a\r\nset-cookie: a=1; Path=/\r\n\
             Set-Cookie: b=2\r\n\r\nbody",
        );
        let found = answer.as_ref().map(|answer| {
            let location = answer.header("Location");
            (
                answer.status,
                location,
                answer.cookies(),
                answer.body.as_str(),
            )
        });
        assert_eq!(
            found,
            Some((303, Some("/a"), "a=1; b=2".to_owned(), "body"))
        );
        assert!(parse("SSH-2.0").is_none());
    }
}
