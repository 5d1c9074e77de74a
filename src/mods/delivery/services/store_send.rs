//! What Twilio has said of a text is stored, however long the database is away.

use std::time::Duration;

use sea_orm::TransactionTrait;

use super::{SendOutcome, complete_send_service, send_run::SendRun};
use crate::{
    bases::{
        error::AppError,
        retry::{BackOff, retry},
    },
    entities::states::MessageStatus,
    mods::delivery::utils::TwilioMessage,
};

/// What Twilio has answered is known only here: a database that is away is waited for this long.
const DATABASE_PATIENCE: Duration = Duration::from_secs(3_600);
const BETWEEN_TRIES: BackOff = BackOff::every(Duration::from_millis(500));

impl SendRun {
    /// Twilio has taken the text.
    pub(super) async fn accept(&self, message: TwilioMessage) -> Result<(), AppError> {
        let status = message.status.parse().unwrap_or(MessageStatus::Queued);
        let payload = serde_json::json!({
            "sid": message.sid, "status": message.status, "num_segments": message.num_segments,
            "error_code": message.error_code, "error_message": message.error_message,
        });
        let num_segments = message.num_segments.and_then(|n| n.parse().ok());
        let outcome = SendOutcome::Accepted {
            sid: message.sid,
            status,
            error: message.error_code.map(|code| (code, message.error_message)),
            num_segments,
            payload: payload.to_string(),
        };
        self.complete(outcome).await
    }

    /// Twilio has refused the text, or it cannot be sent.
    pub(super) async fn refuse(&self, code: Option<i32>, message: String) -> Result<(), AppError> {
        tracing::info!(message_id = %self.job.message_id, ?code, "the text cannot be sent");
        self.complete(SendOutcome::Refused { code, message }).await
    }

    async fn complete(&self, outcome: SendOutcome) -> Result<(), AppError> {
        let run = self.clone();
        persist(move || run.clone().store(outcome.clone())).await
    }

    async fn store(self, outcome: SendOutcome) -> Result<(), AppError> {
        let (now, job) = (self.state.clock.now(), &self.job);
        let transaction = self.state.db.begin().await?;
        complete_send_service(
            &transaction,
            job.organization_id,
            job.message_id,
            job.attempt,
            outcome,
            now,
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Writes what Twilio has said, however long the database is away: it cannot be asked again whether
/// it has taken a text, or not for a minute. A worker that loses the database ends its jobs; this
/// goes on.
pub(super) async fn persist<F>(write: impl Fn() -> F + Send + 'static) -> Result<(), AppError>
where
    F: Future<Output = Result<(), AppError>> + Send + 'static,
{
    let written = tokio::spawn(async move {
        let is_outage = |error: &AppError| *error == AppError::Unavailable;
        let what = "storing what Twilio said of a text";
        retry(what, &BETWEEN_TRIES, DATABASE_PATIENCE, is_outage, write).await
    });
    written.await.unwrap_or_else(|error| {
        tracing::error!(%error, "storing what Twilio said of a text broke down");
        Err(AppError::Internal)
    })
}
