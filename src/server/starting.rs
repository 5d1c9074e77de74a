//! Answers before the node can serve: the process runs, and is not ready.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    http::{HeaderName, StatusCode, header},
    routing::get,
    serve::Listener,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Each connection ends with its answer: the next one is for the node itself.
const CLOSE: [(HeaderName, &str); 1] = [(header::CONNECTION, "close")];

/// Answers on the node's port while it waits for its database, so that a supervisor does not kill
/// the process.
pub struct StartingServer {
    listener: Arc<TcpListener>,
    task: JoinHandle<()>,
}

impl StartingServer {
    /// Begins to answer.
    pub fn on(listener: TcpListener) -> Self {
        let listener = Arc::new(listener);
        let shared = Shared(listener.clone());
        let router = Router::new()
            .route("/healthz", get(|| async { (CLOSE, "ok") }))
            .fallback(|| async { (StatusCode::SERVICE_UNAVAILABLE, CLOSE, "starting\n") });
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(shared, router).await {
                tracing::warn!(%error, "cannot answer during the start");
            }
        });
        Self { listener, task }
    }

    /// Ends and returns the port; `None` if something else holds it.
    pub async fn stop(self) -> Option<TcpListener> {
        self.task.abort();
        // It was told to end: an error says that it has.
        drop(self.task.await);
        Arc::into_inner(self.listener)
    }
}

struct Shared(Arc<TcpListener>);

impl Listener for Shared {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok(accepted) => return accepted,
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be accepted");
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}
