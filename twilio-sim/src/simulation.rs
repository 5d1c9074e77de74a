use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::delivery::{Delivery, DueQueue, LifecycleStep};
use crate::model::Message;
use crate::simulator_config::{SeedAccount, SimulatorConfig};
use crate::store::{DeliveryAttempt, RequestRecord, State};

/// Notices kept for a slow reader of the stream; one that falls behind is told to read again.
const NOTICE_BUFFER: usize = 1_024;
/// Deliveries and status changes that can wait. Beyond it they are dropped and logged as expired.
const MAX_WAITING: usize = 500_000;
/// Twilio's time to connect to a webhook.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Something that happened, for whoever watches live.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub(crate) enum Notice {
    /// A message is new or has changed.
    Message(Box<Message>),
    /// A REST request was answered.
    Request(Box<RequestRecord>),
    /// An attempt of a delivery is over.
    Delivery(Box<DeliveryAttempt>),
    /// Accounts, numbers, armed outcomes or timing have changed.
    Settings,
    /// Everything is gone.
    Reset,
}

/// The simulated Twilio: its memory, what it still has to do, and who watches. Its methods are in
/// the files that they belong to: `control`, `delivery`, `events` and `rest`.
#[derive(Debug)]
pub struct Simulation {
    state: Mutex<State>,
    pub(crate) lifecycle: DueQueue<LifecycleStep>,
    pub(crate) deliveries: DueQueue<Delivery>,
    pub(crate) http: reqwest::Client,
    pub(crate) shutdown: CancellationToken,
    notices: broadcast::Sender<Notice>,
    api_base_url: String,
    cdn_base_url: String,
    start: SimulatorConfig,
}

impl Simulation {
    /// An empty simulation with the account of the configuration. `api_base_url` is where its REST
    /// API listens, `cdn_base_url` where its media host does.
    pub(crate) fn new(
        config: SimulatorConfig,
        api_base_url: String,
        cdn_base_url: String,
    ) -> Result<Self, reqwest::Error> {
        // Twilio does not follow redirects of an event sink, and the simulator stays on this
        // machine whatever proxy the environment names.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent("TwilioProxy/1.1")
            .build()?;
        Ok(Self {
            state: Mutex::new(State::new(config.timing)),
            lifecycle: DueQueue::new(MAX_WAITING),
            deliveries: DueQueue::new(MAX_WAITING),
            http,
            shutdown: CancellationToken::new(),
            notices: broadcast::channel(NOTICE_BUFFER).0,
            api_base_url,
            cdn_base_url,
            start: config,
        })
    }

    /// The memory. Held for short computations only, never across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever watches; nobody may.
    pub(crate) fn notify(&self, notice: Notice) {
        let _watchers = self.notices.send(notice);
    }

    /// Watches everything that happens from now on.
    pub(crate) fn watch(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// `http://127.0.0.1:<port>` of the REST API: webhooks name files by it.
    pub(crate) fn api_base_url(&self) -> &str {
        &self.api_base_url
    }

    /// `http://127.0.0.1:<port>` of the media host, to which the API redirects for bytes.
    #[must_use]
    pub fn cdn_base_url(&self) -> &str {
        &self.cdn_base_url
    }

    /// The account to start with, and to come back to.
    pub(crate) fn seed_account(&self) -> Option<&SeedAccount> {
        self.start.account.as_ref()
    }

    /// The timing to start with, and to come back to.
    pub(crate) fn seed_timing(&self) -> crate::Timing {
        self.start.timing
    }
}
