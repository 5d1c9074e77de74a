//! One run of a job that sends a text: the note on disk before the call.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use crate::{
    bases::{error::AppError, ids::PhoneNumberId, sql, state::AppState},
    entities::opt_out,
    mods::{
        delivery::utils::{CallbackOf, OutboundText},
        messaging::jobs::SendMessageJob,
    },
};

/// A run that has noted that it begins to send.
#[derive(Clone)]
pub(super) struct SendRun {
    pub state: AppState,
    pub job: SendMessageJob,
    /// When this text began to be sent: by an earlier run, if there was one.
    pub start: DateTime<Utc>,
}

impl SendRun {
    /// What the status callbacks of the job's attempt carry.
    pub(super) fn callback(&self) -> CallbackOf {
        CallbackOf {
            message_id: self.job.message_id,
            attempt: self.job.attempt,
        }
    }
}

#[derive(FromQueryResult)]
pub(super) struct ClaimedText {
    pub phone_number_id: Option<PhoneNumberId>,
    /// The account of that number.
    pub account_sid: Option<String>,
    pub from_address: String,
    pub to_address: String,
    pub body: String,
    /// See [`SendRun::start`].
    pub start: DateTime<Utc>,
    /// When an earlier run began to send, if one did: its outcome is not known.
    pub earlier_start: Option<DateTime<Utc>>,
    /// The customer has opted out since the text was written.
    pub has_opted_out: bool,
}

impl ClaimedText {
    pub(super) fn outbound<'a>(&'a self, status_callback: &'a str) -> OutboundText<'a> {
        OutboundText {
            to: &self.to_address,
            from: &self.from_address,
            body: &self.body,
            status_callback,
        }
    }
}

// The time is the database's, since another node may have to judge how long ago it was. The start
// is on disk before the call is made: a run that dies in between is seen by the next.
fn claim_sql() -> String {
    format!(
        "
WITH before AS (
    SELECT id, send_started_at FROM message
    WHERE organization_id = $1 AND id = $2 AND attempt = $3
      AND status = 'queued' AND external_id IS NULL
    FOR UPDATE)
UPDATE message m SET send_started_at = coalesce(before.send_started_at, now())
FROM before WHERE m.id = before.id
RETURNING m.phone_number_id, m.from_address, m.to_address, coalesce(m.body, '') AS body,
          m.send_started_at AS start, before.send_started_at AS earlier_start,
          (SELECT p.twilio_account_sid FROM phone_number p
           WHERE p.id = m.phone_number_id) AS account_sid,
          EXISTS (SELECT 1 FROM contact c
                  WHERE c.id = m.contact_id AND {is_closed}) AS has_opted_out",
        is_closed = opt_out::is_closed("c", "m.from_address"),
    )
}

/// Notes that the text begins to be sent; nothing if it need not be sent any more.
pub(super) async fn claim_text(
    state: &AppState,
    job: &SendMessageJob,
) -> Result<Option<ClaimedText>, AppError> {
    let values = [
        job.organization_id.into(),
        job.message_id.into(),
        job.attempt.into(),
    ];
    Ok(sql::row::<ClaimedText>(&state.db, claim_sql(), values).await?)
}
