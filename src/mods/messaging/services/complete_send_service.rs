use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};

use super::{StatusChange, update_message_status_service};
use crate::{
    bases::{
        error::AppError,
        ids::{MessageId, OrganizationId},
        realtime::{EVT_MESSAGE_STATUS, RealtimeNotice, publish_realtime},
    },
    mods::{
        messaging::{
            types::{MessageStatus, NewsSource},
            utils::DeliveryNews,
        },
        twilio::types::MessageSid,
    },
};

/// How an attempt to send ended, as far as we know for sure.
#[derive(Debug, Clone)]
pub enum SendOutcome {
    /// Twilio took the message and gave it a SID.
    Accepted {
        sid: MessageSid,
        status: MessageStatus,
        num_segments: Option<i32>,
        payload: String,
    },
    /// Twilio refused it, or it can never be sent; the customer did not get it.
    Refused { code: Option<i32>, message: String },
}

// An event can arrive before Twilio's answer and be taken for a message from elsewhere; the
// answer shows that it is ours, so its audit moves to our row and its own row goes.
const MERGE: [&str; 3] = [
    "UPDATE message_event e SET message_id = $2
     FROM message other
     WHERE other.organization_id = $1 AND other.external_id = $3 AND other.id <> $2
       AND e.organization_id = $1 AND e.message_id = other.id",
    "UPDATE conversation c SET last_message_id = $2
     FROM message other
     WHERE other.organization_id = $1 AND other.external_id = $3 AND other.id <> $2
       AND c.organization_id = $1 AND c.last_message_id = other.id",
    "DELETE FROM message WHERE organization_id = $1 AND external_id = $3 AND id <> $2",
];

// The answer to an earlier attempt may come after a Retry has begun the next one.
const FINISH: &str = "
UPDATE message SET send_started_at = NULL WHERE organization_id = $1 AND id = $2 AND attempt = $3
";

/// Writes the outcome of an attempt: SID and status forward, or the error. Call it in a
/// transaction.
pub async fn complete_send_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
    attempt: i32,
    outcome: SendOutcome,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if let SendOutcome::Accepted { sid, .. } = &outcome {
        merge(conn, organization, id, sid).await?;
    }
    let change = change(organization, id, attempt, outcome, now);
    update_message_status_service(conn, change).await?;
    let finish = Statement::from_sql_and_values(
        conn.get_database_backend(),
        FINISH,
        [organization.0.into(), id.0.into(), attempt.into()],
    );
    conn.execute_raw(finish).await?;
    let notice = RealtimeNotice {
        organization_id: organization,
        event_type: EVT_MESSAGE_STATUS.to_owned(),
        id: id.0,
    };
    publish_realtime(conn, &[notice]).await?;
    Ok(())
}

async fn merge(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
    sid: &MessageSid,
) -> Result<(), AppError> {
    for sql in MERGE {
        let values = [organization.0.into(), id.0.into(), sid.as_str().into()];
        conn.execute_raw(Statement::from_sql_and_values(
            conn.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    }
    Ok(())
}

fn change(
    organization_id: OrganizationId,
    id: MessageId,
    attempt: i32,
    outcome: SendOutcome,
    now: DateTime<Utc>,
) -> StatusChange {
    let news = |status, error_code, error_message| DeliveryNews {
        status,
        error_code,
        error_message,
        at: now,
    };
    let (sid, news, num_segments, payload) = match outcome {
        SendOutcome::Accepted {
            sid,
            status,
            num_segments,
            payload,
        } => (
            Some(sid),
            news(status, None, None),
            num_segments,
            Some(payload),
        ),
        SendOutcome::Refused { code, message } => (
            None,
            news(MessageStatus::Failed, code, Some(message)),
            None,
            None,
        ),
    };
    StatusChange {
        organization_id,
        sid,
        message_id: Some(id),
        news,
        body: None,
        num_segments,
        source: NewsSource::Send,
        dedup_key: format!("send:{attempt}"),
        payload,
    }
}
