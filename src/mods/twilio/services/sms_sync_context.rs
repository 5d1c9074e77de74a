//! What the steps of a run share.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{sms_sync_lease::Lease, sms_sync_reporter::SmsSyncReporter};
use crate::{
    bases::{db::is_outage, error::AppError, state::AppState},
    mods::twilio::utils::{HistoryOwner, TwilioError, TwilioReader},
};

/// What the steps of a run share.
pub(super) struct SmsSyncContext {
    pub state: AppState,
    pub lease: Lease,
    pub owner: HistoryOwner,
    pub since: Option<NaiveDate>,
    /// The smallest id that a message of this run can have: ids begin with their time.
    pub first_id: Uuid,
    pub reader: TwilioReader,
    pub reporter: SmsSyncReporter,
    pub shutdown: CancellationToken,
}

/// Why a run does not go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum SmsSyncStop {
    /// A person stopped it, or another node has taken it over.
    #[error("the run is not ours any more")]
    NotOurs,
    /// This node is being stopped; the run goes on elsewhere or after the restart.
    #[error("the server stops")]
    Shutdown,
    #[error(transparent)]
    Twilio(#[from] TwilioError),
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Setup(#[from] AppError),
}

impl SmsSyncStop {
    /// Whether Postgres went away: the run goes on when it is back, and nobody need do anything.
    pub(super) fn is_outage(&self) -> bool {
        match self {
            Self::Database(error) => is_outage(error),
            Self::Setup(error) => *error == AppError::Unavailable,
            Self::NotOurs | Self::Shutdown | Self::Twilio(_) => false,
        }
    }

    /// Why, for a person, and what to do about it.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Twilio(TwilioError::Refused { status: 401, .. }) => {
                "Twilio did not accept the account's credentials (401). Check the account and its \
                 auth token, then resume."
                    .to_owned()
            }
            Self::Twilio(TwilioError::Refused {
                status, message, ..
            }) => format!("Twilio refused to give the history (HTTP {status}): {message}"),
            Self::Twilio(TwilioError::RateLimited { .. }) => {
                "Twilio kept limiting the rate of calls. Resume in a while.".to_owned()
            }
            Self::Twilio(TwilioError::NotReached(_)) => {
                "Twilio could not be reached. Resume when the connection is back.".to_owned()
            }
            Self::Twilio(TwilioError::OutcomeUnknown(why)) => {
                format!("Twilio kept giving no complete answer ({why}). Resume in a while.")
            }
            Self::Twilio(TwilioError::NotConfirmed(why)) => why.clone(),
            Self::Twilio(TwilioError::ForeignLink(_)) => {
                "Twilio gave a link to another host, which is not followed.".to_owned()
            }
            Self::Setup(error) => error.to_string(),
            Self::NotOurs | Self::Shutdown | Self::Database(_) => {
                "Something went wrong on the server. It has been logged; resume to try again."
                    .to_owned()
            }
        }
    }
}

impl SmsSyncContext {
    /// Renews the lease, and stops if it is lost.
    pub(super) async fn renew(&self, conn: &impl ConnectionTrait) -> Result<(), SmsSyncStop> {
        if self.lease.renew(conn).await? {
            Ok(())
        } else {
            Err(SmsSyncStop::NotOurs)
        }
    }
}
