//! Client connections: accepted, limited in number and time, and closed.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_service::Service;

use crate::bases::http::ClientAddress;

/// A client that has sent no request by then is disconnected.
const FIRST_REQUEST: Duration = Duration::from_secs(15);
/// How long a connection may wait for its next request, or for the rest of its head. Longer than
/// the 60 s that proxies keep idle connections: the side that sends has to be the one that closes.
const NEXT_REQUEST: Duration = Duration::from_secs(90);
/// A client that reads nothing of its answer for this long is gone.
const STALLED_WRITE: Duration = Duration::from_secs(30);
/// The head of a request, and what is read ahead of its body.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Connections of one node, without those that have become sockets.
const MAX_CONNECTIONS: u64 = 8_192;
/// One peer's share of them, as a divisor, so that a few peers cannot shut out all others.
const OF_PEER: usize = 4;
/// Files that stay free for Postgres, Twilio, the media store and sockets.
const OTHER_FILES: u64 = 512;
/// Pause after an accept that failed for lack of files or memory.
const PAUSE: Duration = Duration::from_millis(500);

/// Serves the router over HTTP/1.1 until the shutdown; requests under way may finish.
///
/// A proxy in front speaks HTTP/1.1 to us; HTTP/2 without TLS is not offered. Where a proxy names
/// its clients, all connections are the proxy's.
pub async fn serve_connections(
    listener: TcpListener,
    router: Router,
    has_proxy: bool,
    shutdown: CancellationToken,
) {
    let most = most_connections();
    let places = Arc::new(Semaphore::new(most));
    let peers = Peers::new(most / OF_PEER);
    let open = TaskTracker::new();
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = shutdown.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        let of_peer = if has_proxy || peer.ip().to_canonical().is_loopback() {
            None
        } else if let Some(place) = peers.take(&ClientAddress(peer.ip()).network()) {
            Some(place)
        } else {
            tracing::debug!(%peer, "a peer has too many connections");
            continue;
        };
        let connection = serve_connection(stream, peer, router.clone(), shutdown.clone());
        open.spawn(async move {
            connection.await;
            drop((place, of_peer));
        });
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    shutdown: CancellationToken,
) {
    // Without it, Nagle's algorithm holds back the last packet of an answer for 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED_WRITE));
    let has_asked = Arc::new(AtomicBool::new(false));
    let asks = has_asked.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        asks.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(NEXT_REQUEST)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut first_request = pin!(tokio::time::sleep(FIRST_REQUEST));
    let mut stop = pin!(shutdown.cancelled());
    let mut is_stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = stop.as_mut(), if !is_stopping => {
                is_stopping = true;
                connection.as_mut().graceful_shutdown();
            }
            () = first_request.as_mut(), if !first_request.is_elapsed() => {
                if !has_asked.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    }
}

/// How many connections each peer has.
#[derive(Debug, Clone)]
struct Peers {
    most: usize,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

/// One connection of a peer, until it is dropped.
#[derive(Debug)]
struct OfPeer {
    peers: Peers,
    network: String,
}

impl Peers {
    fn new(most: usize) -> Self {
        Self {
            most,
            open: Arc::default(),
        }
    }

    /// One more connection for this network, if allowed.
    fn take(&self, network: &str) -> Option<OfPeer> {
        let mut open = self.lock();
        let count = open.entry(network.to_owned()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(OfPeer {
            peers: self.clone(),
            network: network.to_owned(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OfPeer {
    fn drop(&mut self) {
        let mut open = self.peers.lock();
        if let Some(count) = open.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}

/// Raises the limit of open files, and reserves some for other uses than connections.
fn most_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let connections = files.saturating_sub(OTHER_FILES).clamp(64, MAX_CONNECTIONS);
    usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS)
}

/// A client that disconnected is no problem of ours; anything else may last a moment.
async fn pause_after(error: &io::Error) {
    let is_clients = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    );
    if !is_clients {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_has_its_part_of_the_connections_and_no_more() {
        let peers = Peers::new(2);
        let (first, _second) = (peers.take("a"), peers.take("a"));
        assert!(first.is_some() && peers.take("a").is_none());
        assert!(peers.take("b").is_some(), "another one has its own");
        drop(first);
        assert!(peers.take("a").is_some());
        assert_eq!(peers.lock().len(), 1, "who has none is forgotten");
    }
}
