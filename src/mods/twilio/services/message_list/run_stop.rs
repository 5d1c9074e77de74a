//! Why work on a leased row stops, and which trouble of the database it waits out.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{db::is_outage, error::AppError},
    twilio::TwilioError,
};

/// A database that is away is waited for as long as it takes. One that refuses for another reason
/// is tried again for this long; after that the run fails.
const DATABASE_PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// Why an import or a reconciliation does not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunStop {
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

impl RunStop {
    /// Whether Postgres went away: the run goes on when it is back, and nobody need do anything.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Database(error) => is_outage(error),
            Self::Setup(error) => *error == AppError::Unavailable,
            Self::NotOurs | Self::Shutdown | Self::Behind | Self::Twilio(_) => false,
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

/// How long one step of a run waits for the database.
pub struct DatabasePatience<'a> {
    deadline: Instant,
    shutdown: &'a CancellationToken,
}

impl<'a> DatabasePatience<'a> {
    pub fn new(shutdown: &'a CancellationToken) -> Self {
        Self {
            deadline: Instant::now() + DATABASE_PATIENCE,
            shutdown,
        }
    }

    /// Waits until the step may be tried again; an error if it may not. `what` is for logs.
    pub async fn after(&self, stop: RunStop, what: &'static str) -> Result<(), RunStop> {
        let may_pass = matches!(
            &stop,
            RunStop::Database(error) if is_outage(error) || Instant::now() < self.deadline
        );
        if !may_pass {
            return Err(stop);
        }
        tracing::warn!(error = %stop, what, "trying again");
        tokio::select! {
            () = self.shutdown.cancelled() => Err(RunStop::Shutdown),
            () = sleep(BETWEEN_TRIES) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal() -> RunStop {
        RunStop::Database(DbErr::Custom("no".to_owned()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_borne_for_a_minute_and_an_outage_for_as_long_as_it_takes() {
        let shutdown = CancellationToken::new();
        let patience = DatabasePatience::new(&shutdown);
        let mut tries = 0;
        while patience.after(refusal(), "a test").await.is_ok() {
            tries += 1;
        }
        assert_eq!(tries, 120);
        let outage = || RunStop::Database(crate::bases::db::outage());
        assert!(patience.after(outage(), "a test").await.is_ok());
        let other = patience.after(RunStop::NotOurs, "a test").await;
        assert!(matches!(other, Err(RunStop::NotOurs)));
        shutdown.cancel();
        let stopped = patience.after(outage(), "a test").await;
        assert!(matches!(stopped, Err(RunStop::Shutdown)));
    }
}
