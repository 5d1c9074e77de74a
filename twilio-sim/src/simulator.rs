use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::control::control_router;
use crate::delivery::{run_delivery_worker, run_lifecycle_worker};
use crate::handset::handset_router;
use crate::media::cdn_router;
use crate::rest::rest_router;
use crate::simulation::Simulation;
use crate::simulator_config::SimulatorConfig;

/// How long a stop waits for requests that are under way.
const STOP_PATIENCE: Duration = Duration::from_secs(3);

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The port is taken or not allowed.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The wanted port.
        port: u16,
        /// The reason.
        source: std::io::Error,
    },
    /// The HTTP client for deliveries could not be built.
    #[error("cannot set up the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// The account of the configuration is not valid.
    #[error("the account is not valid: {0}")]
    Account(#[from] crate::control::ControlError),
}

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts a simulator on 127.0.0.1. It is ready when this returns.
    ///
    /// # Errors
    /// The port is taken, or the configuration is not valid.
    pub async fn spawn(config: SimulatorConfig) -> Result<RunningSimulator, SimulatorError> {
        let port = config.port;
        let listen = |source| SimulatorError::Listen { port, source };
        // Any free port will do: clients learn it from redirects.
        let cdn_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(listen)?;
        let cdn_address = cdn_listener.local_addr().map_err(listen)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let simulation = Arc::new(Simulation::new(
            config,
            format!("http://{address}"),
            format!("http://{cdn_address}"),
        )?);
        simulation.add_seed_account()?;
        let router: Router = rest_router(&simulation)
            .merge(control_router())
            .merge(handset_router())
            .with_state(Arc::clone(&simulation));
        let cdn: Router = cdn_router().with_state(Arc::clone(&simulation));
        let tasks = vec![
            tokio::spawn(run_lifecycle_worker(Arc::clone(&simulation))),
            tokio::spawn(run_delivery_worker(Arc::clone(&simulation))),
            tokio::spawn(serve(listener, router, Arc::clone(&simulation))),
            tokio::spawn(serve(cdn_listener, cdn, Arc::clone(&simulation))),
        ];
        Ok(RunningSimulator {
            simulation,
            address,
            base_url: format!("http://{address}"),
            tasks,
        })
    }
}

/// Serves until the simulation stops.
async fn serve(listener: TcpListener, router: Router, simulation: Arc<Simulation>) {
    let stopped = simulation.shutdown.clone().cancelled_owned();
    let served = axum::serve(listener, router).with_graceful_shutdown(stopped);
    if let Err(error) = served.await {
        tracing::error!(%error, "the simulator stopped serving");
    }
}

/// A simulator that runs until it is stopped or dropped. It can be used like a [`Simulation`].
#[derive(Debug)]
pub struct RunningSimulator {
    simulation: Arc<Simulation>,
    address: SocketAddr,
    base_url: String,
    tasks: Vec<JoinHandle<()>>,
}

impl RunningSimulator {
    /// `http://127.0.0.1:<port>`: the base of both Twilio APIs, of `/sim` and of the handset.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it: no new deliveries, and a short wait for the requests under way.
    pub async fn stop(mut self) {
        self.simulation.shutdown.cancel();
        for mut task in std::mem::take(&mut self.tasks) {
            if tokio::time::timeout(STOP_PATIENCE, &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }
}

impl Deref for RunningSimulator {
    type Target = Simulation;

    fn deref(&self) -> &Simulation {
        &self.simulation
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        self.simulation.shutdown.cancel();
    }
}
