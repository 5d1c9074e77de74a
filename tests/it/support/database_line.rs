//! The line between a server and its Postgres, which can fall silent.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};

/// A TCP proxy that passes everything on, until it is told to be a black hole: then it takes what
/// comes and passes on nothing, as a firewall does that has forgotten its connections. Nobody is
/// told: no connection is closed, on either side.
#[derive(Debug)]
pub struct DatabaseLine {
    /// The database's URL by way of this line.
    pub url: String,
    state: Arc<State>,
    _task: JoinSet<()>,
}

#[derive(Debug)]
struct State {
    target: SocketAddr,
    /// New connections are taken, and then nothing comes.
    is_dead: AtomicBool,
    /// A connection of an earlier age than this is dead for good.
    age: AtomicU64,
}

impl DatabaseLine {
    /// A line to the database of this URL.
    pub async fn to(database_url: &str) -> Self {
        let (head, rest) = database_url.rsplit_once('@').expect("a user in the URL");
        let (host, name) = rest.split_once('/').expect("a database in the URL");
        let target = tokio::net::lookup_host(host)
            .await
            .expect("the host is known")
            .next()
            .expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let state = Arc::new(State {
            target,
            is_dead: AtomicBool::new(false),
            age: AtomicU64::new(0),
        });
        let mut task = JoinSet::new();
        task.spawn(accept(listener, state.clone()));
        Self {
            url: format!("{head}@127.0.0.1:{port}/{name}"),
            state,
            _task: task,
        }
    }

    /// Those connections that are open never pass anything on again; new ones work.
    pub fn silence_open_ones(&self) {
        self.state.age.fetch_add(1, Ordering::SeqCst);
    }

    /// Nothing passes any more.
    pub fn fall_silent(&self) {
        self.state.is_dead.store(true, Ordering::SeqCst);
        self.silence_open_ones();
    }

    /// New connections work again; what was open stays dead.
    pub fn come_back(&self) {
        self.silence_open_ones();
        self.state.is_dead.store(false, Ordering::SeqCst);
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut open = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        open.spawn(connect(client, state.clone()));
    }
}

async fn connect(client: TcpStream, state: Arc<State>) {
    let age = state.age.load(Ordering::SeqCst);
    if state.is_dead.load(Ordering::SeqCst) {
        let (mut from, _kept) = client.into_split();
        drop(swallow(&mut from).await);
        return;
    }
    let Ok(server) = TcpStream::connect(state.target).await else {
        return;
    };
    for stream in [&client, &server] {
        drop(stream.set_nodelay(true));
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    drop(tokio::join!(
        pass_on(from_client, to_server, age, &state),
        pass_on(from_server, to_client, age, &state)
    ));
}

async fn pass_on(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    age: u64,
    state: &State,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        if state.age.load(Ordering::SeqCst) != age {
            // The end of this side is not passed on either.
            drop(swallow(&mut from).await);
            return std::future::pending().await;
        }
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..read]).await?;
    }
}

async fn swallow(from: &mut OwnedReadHalf) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    while from.read(&mut buffer).await? > 0 {}
    Ok(())
}
