//! What the steps of a run share.

use std::time::Duration;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{import_lease::Lease, import_reporter::ImportReporter};
use crate::{
    bases::{db::is_outage, error::AppError, state::AppState},
    mods::twilio::utils::HistoryOwner,
    twilio::{TwilioError, TwilioReader},
};

/// A database that is away is waited for as long as it takes. One that refuses for another reason
/// is tried again for this long; after that the run fails.
pub const DATABASE_PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// What the steps of a run share.
pub struct ImportContext {
    pub state: AppState,
    pub lease: Lease,
    pub owner: HistoryOwner,
    pub since: Option<NaiveDate>,
    /// The smallest id that a message of this run can have: ids begin with their time.
    pub first_id: Uuid,
    pub reader: TwilioReader,
    pub reporter: ImportReporter,
    pub shutdown: CancellationToken,
}

/// Why a run does not go on.
#[derive(Debug, thiserror::Error)]
pub enum ImportStop {
    /// A person stopped it, or another node has taken it over.
    #[error("the run is not ours any more")]
    NotOurs,
    /// This node is being stopped; the run goes on elsewhere or after the restart.
    #[error("the server stops")]
    Shutdown,
    /// Postgres has crashed, and lost pages that this node has stored.
    #[error("the database is behind")]
    Behind,
    #[error(transparent)]
    Twilio(#[from] TwilioError),
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Setup(#[from] AppError),
}

impl ImportStop {
    /// Whether Postgres went away: the run goes on when it is back, and nobody need do anything.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Database(error) => is_outage(error),
            Self::Setup(error) => *error == AppError::Unavailable,
            Self::NotOurs | Self::Shutdown | Self::Behind | Self::Twilio(_) => false,
        }
    }

    /// Whether the same may go well in a moment; `deadline` is for what is no outage.
    pub fn is_passing(&self, deadline: Instant) -> bool {
        match self {
            Self::Database(error) => is_outage(error) || Instant::now() < deadline,
            _ => false,
        }
    }

    /// Why, for a person, and what to do about it.
    pub fn words(&self) -> String {
        match self {
            Self::Twilio(TwilioError::Refused { status: 401, .. }) => {
                "Twilio did not accept the account's credentials (401). Check the account and its \
                 auth token, then try again."
                    .to_owned()
            }
            Self::Twilio(TwilioError::Refused {
                status, message, ..
            }) => format!("Twilio refused to list the messages (HTTP {status}): {message}"),
            Self::Twilio(TwilioError::RateLimited { .. }) => {
                "Twilio kept limiting the rate of calls. Try again in a while.".to_owned()
            }
            Self::Twilio(TwilioError::NotReached(_)) => {
                "Twilio could not be reached. Try again when the connection is back.".to_owned()
            }
            Self::Twilio(TwilioError::OutcomeUnknown(why)) => {
                format!("Twilio kept giving no complete answer ({why}). Try again in a while.")
            }
            Self::Twilio(TwilioError::NotConfirmed(why)) => why.clone(),
            Self::Twilio(TwilioError::ForeignLink(_)) => {
                "Twilio gave a link to another host, which is not followed.".to_owned()
            }
            Self::Setup(error) => error.to_string(),
            Self::NotOurs | Self::Shutdown | Self::Behind | Self::Database(_) => {
                "The server had a problem. Try again.".to_owned()
            }
        }
    }
}

impl ImportContext {
    /// Renews the lease, and stops if it is lost. A database that restarts is waited for.
    pub async fn renew(&self, conn: &impl ConnectionTrait) -> Result<(), ImportStop> {
        let deadline = Instant::now() + DATABASE_PATIENCE;
        loop {
            match self.lease.renew(conn, &self.state.config).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(ImportStop::NotOurs),
                Err(error) if is_outage(&error) || Instant::now() < deadline => {
                    tracing::warn!(%error, run_id = %self.lease.run_id, "the lease could not be renewed; trying again");
                }
                Err(error) => return Err(error.into()),
            }
            self.pause_for_database().await?;
        }
    }

    /// The pause before the database is tried again.
    pub async fn pause_for_database(&self) -> Result<(), ImportStop> {
        tokio::select! {
            () = self.shutdown.cancelled() => Err(ImportStop::Shutdown),
            () = sleep(BETWEEN_TRIES) => Ok(()),
        }
    }
}
