use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::{
    bases::{
        error::AppError,
        ids::{MessageId, OrganizationId},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
    },
    entities::states::{LogSource, MessageStatus},
    mods::{
        contact::{
            services::{OptOutChange, record_opt_outs_service},
            types::{OPTED_OUT_ERROR, OptOutEvidence, OptOutKeyword},
        },
        messaging::{
            services::{
                StatusChange, merge_external_message_service, update_message_status_service,
            },
            utils::StatusReport,
        },
    },
    twilio::MessageSid,
};

/// How an attempt to send certainly ended.
#[derive(Debug, Clone)]
pub enum SendOutcome {
    /// Twilio took the message and gave it a SID.
    Accepted {
        sid: MessageSid,
        status: MessageStatus,
        /// Code and words, where it is known by now that it failed.
        error: Option<(i32, Option<String>)>,
        num_segments: Option<i32>,
        payload: String,
    },
    /// Twilio refused it, or it can never be sent; the customer did not get it.
    Refused { code: Option<i32>, message: String },
}

// The answer to an earlier attempt may come after a Retry has begun the next one.
const FINISH: &str = "
UPDATE message SET send_started_at = NULL, outcome_unknown_at = NULL, delay_reason = NULL
WHERE organization_id = $1 AND id = $2 AND attempt = $3
";

// A refusal that is written late, after the database was away, may meet a Retry, or a text that
// another run has found at Twilio.
const IS_OPEN: &str = "
SELECT id FROM message
WHERE organization_id = $1 AND id = $2 AND attempt = $3 AND external_id IS NULL
FOR UPDATE
";

/// Stores the outcome of an attempt: SID and status, or the error. Call it in a transaction.
/// Idempotent.
///
/// A conflict if another message of ours has the SID: of two texts with the same words, one was
/// taken for the other and has to look again.
pub async fn complete_send_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
    attempt: i32,
    outcome: SendOutcome,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let which = [organization.into(), id.into(), attempt.into()];
    let merged = match &outcome {
        SendOutcome::Accepted { sid, .. } => {
            Some(merge_external_message_service(conn, organization, id, sid).await?)
        }
        SendOutcome::Refused { .. } => {
            if sql::first(conn, IS_OPEN, which.clone()).await?.is_none() {
                tracing::warn!(message_id = %id, attempt, "a refusal came too late to matter");
                return Ok(());
            }
            None
        }
    };
    let has_opted_out = matches!(
        outcome,
        SendOutcome::Refused {
            code: Some(OPTED_OUT_ERROR),
            ..
        } | SendOutcome::Accepted {
            error: Some((OPTED_OUT_ERROR, _)),
            ..
        }
    );
    let change = change(organization, id, attempt, outcome, now);
    let message = update_message_status_service(conn, change).await?;
    if message.as_ref().is_some_and(|message| message.id != id) {
        return Err(AppError::conflict(
            "The SID is that of another message of ours.",
        ));
    }
    if let Some(merged) = merged {
        merged.replay(conn).await?;
    }
    if let Some(message) = message.filter(|_| has_opted_out) {
        let change = OptOutChange {
            organization_id: organization,
            phone: message.to_address,
            sender: message.from_address,
            at: now,
            keyword: OptOutKeyword::Stop,
            evidence: OptOutEvidence::ErrorCode(OPTED_OUT_ERROR),
            message_sid: None,
            message_id: Some(id),
        };
        record_opt_outs_service(conn, &[change]).await?;
    }
    sql::run(conn, FINISH, which).await?;
    let notice = RealtimeNotice::new(organization, EventKind::MessageStatus, id);
    publish_realtime(conn, &[notice]).await?;
    Ok(())
}

fn change(
    organization_id: OrganizationId,
    id: MessageId,
    attempt: i32,
    outcome: SendOutcome,
    now: DateTime<Utc>,
) -> StatusChange {
    let news = |status, error_code, error_message| StatusReport {
        status,
        error_code,
        error_message,
        at: now,
    };
    let (sid, news, num_segments, payload) = match outcome {
        SendOutcome::Accepted {
            sid,
            status,
            error,
            num_segments,
            payload,
        } => {
            let (code, words) = error.unzip();
            (
                Some(sid),
                news(status, code, words.flatten()),
                num_segments,
                Some(payload),
            )
        }
        SendOutcome::Refused { code, message } => (
            None,
            news(MessageStatus::Failed, code, Some(message.clone())),
            None,
            // Twilio's words; without a code it was not Twilio that refused.
            code.map(|code| serde_json::json!({ "code": code, "message": message }).to_string()),
        ),
    };
    StatusChange {
        organization_id,
        sid,
        message_id: Some(id),
        news,
        status_word: None,
        body: None,
        num_segments,
        source: LogSource::Send,
        dedup_key: format!("send:{attempt}"),
        payload,
    }
}
