use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const LIMIT: Duration = Duration::from_secs(60);

/// A connection whose bytes the test chooses itself.
#[derive(Debug)]
pub struct RawConnection {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl RawConnection {
    /// Connects to a server.
    pub async fn open(server: &str) -> Self {
        let address = server.strip_prefix("http://").expect("plain HTTP");
        let stream = TcpStream::connect(address).await.expect("a connection");
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    /// Sends bytes; false if the server has closed.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok()
    }

    /// The next answer; `None` if the connection ended before it was complete.
    pub async fn answer(&mut self) -> Option<RawAnswer> {
        let end = loop {
            if let Some(at) = find(&self.unread, b"\r\n\r\n") {
                break at + 4;
            }
            self.read().await?;
        };
        let head = String::from_utf8_lossy(&self.unread[..end]).to_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().expect("a number"));
        while self.unread.len() < end + length {
            self.read().await?;
        }
        let body = self.unread[end..end + length].to_vec();
        self.unread.drain(..end + length);
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Some(RawAnswer {
            status: status.expect("a status"),
            head,
            body,
        })
    }

    /// Waits until the server has closed; false if it has not within the limit.
    pub async fn closes_within(&mut self, limit: Duration) -> bool {
        timeout(limit, async { while self.read().await.is_some() {} })
            .await
            .is_ok()
    }

    /// Reads something; `None` at the end.
    async fn read(&mut self) -> Option<()> {
        let mut part = [0; 16 * 1024];
        let read = timeout(LIMIT, self.stream.read(&mut part)).await;
        match read.expect("something comes in time") {
            Ok(0) | Err(_) => None,
            Ok(length) => {
                self.unread.extend_from_slice(&part[..length]);
                Some(())
            }
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}
