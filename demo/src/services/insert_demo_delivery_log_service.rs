use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};

use super::DemoMessage;
use crate::utils::demo_sid_util;
use loquent::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql::{self, column, nullable_column},
    },
    entities::states::{LogSource, MessageSource, MessageStatus},
};

/// From Twilio to us.
const ON_THE_WAY: TimeDelta = TimeDelta::milliseconds(180);
/// From a user's press of Send to Twilio's answer.
const ANSWERED_AFTER: TimeDelta = TimeDelta::milliseconds(250);

/// One row of the delivery log.
struct News {
    message: MessageId,
    status: MessageStatus,
    source: LogSource,
    error: Option<(i32, &'static str)>,
    payload: Option<String>,
    dedup_key: String,
    at: DateTime<Utc>,
}

const INSERT: &str = "
INSERT INTO message_event
    (organization_id, message_id, status, source, applied, error_code, error_message, payload,
     dedup_key, occurred_at, received_at)
SELECT $1, message_id, status, source, true, error_code, error_message, payload, dedup_key,
       occurred_at, received_at
FROM unnest(
    $2::uuid[], $3::text[], $4::text[], $5::text::int[], $6::text::text[], $7::text::text[],
    $8::text[], $9::timestamptz[], $10::timestamptz[])
    AS e (message_id, status, source, error_code, error_message, payload, dedup_key, occurred_at,
          received_at)
ORDER BY received_at
";

/// Stores what was heard of each text, so that it leads to the text's status. Of an imported one
/// nothing was heard: only its end is known.
pub async fn insert_demo_delivery_log_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    account_sid: &str,
    messages: &[DemoMessage<'_>],
) -> Result<(), DbErr> {
    let news: Vec<News> = messages
        .iter()
        .flat_map(|message| news_of(message, account_sid))
        .collect();
    sql::run(
        conn,
        INSERT,
        [
            organization.into(),
            column(&news, |n| n.message),
            column(&news, |n| n.status),
            column(&news, |n| n.source),
            nullable_column(&news, |n| n.error.map(|(code, _)| code)),
            nullable_column(&news, |n| n.error.map(|(_, text)| text)),
            nullable_column(&news, |n| n.payload.clone()),
            column(&news, |n| n.dedup_key.clone()),
            column(&news, |n| n.at),
            column(&news, |n| match n.source {
                LogSource::User
                | LogSource::Send
                | LogSource::Import
                | LogSource::Reconciliation
                | LogSource::Fetch => n.at,
                LogSource::EventStream | LogSource::Callback => n.at + ON_THE_WAY,
            }),
        ],
    )
    .await
    .map(drop)
}

fn news_of(message: &DemoMessage<'_>, account_sid: &str) -> Vec<News> {
    let played = message.played;
    let event = |status, at, error| event(message, account_sid, status, at, error);
    let mut news = Vec::new();
    if played.source == MessageSource::Import {
        return news;
    }
    if played.status == MessageStatus::Received {
        return vec![event(MessageStatus::Received, played.at, None)];
    }
    if played.source == MessageSource::Loquent {
        news.extend(sending(message));
    }
    if played.status == MessageStatus::Sending {
        let sending = event(MessageStatus::Sending, played.settled_at, None);
        news.push(News {
            source: LogSource::Callback,
            ..sending
        });
    }
    if let Some(at) = played.sent_at {
        news.push(event(MessageStatus::Sent, at, None));
    }
    if matches!(
        played.status,
        MessageStatus::Delivered | MessageStatus::Undelivered
    ) {
        news.push(event(played.status, played.settled_at, played.error));
    }
    news
}

/// A user pressed Send, and Twilio answered.
fn sending(message: &DemoMessage<'_>) -> [News; 2] {
    let played = message.played;
    let pressed = News {
        message: message.id,
        status: MessageStatus::Queued,
        source: LogSource::User,
        error: None,
        payload: None,
        dedup_key: "attempt:1".to_owned(),
        at: played.at,
    };
    let (status, error, payload) = match &played.sid {
        None => (MessageStatus::Failed, played.error, None),
        Some(sid) => {
            let segments = message.num_segments().to_string();
            let answer = json!({ "sid": sid, "status": "queued", "num_segments": segments });
            (MessageStatus::Queued, None, Some(answer.to_string()))
        }
    };
    let answered = News {
        message: message.id,
        status,
        source: LogSource::Send,
        error,
        payload,
        dedup_key: "send:1".to_owned(),
        at: played.at + ANSWERED_AFTER,
    };
    [pressed, answered]
}

/// An event as Twilio's Event Streams tells it.
fn event(
    message: &DemoMessage<'_>,
    account_sid: &str,
    status: MessageStatus,
    at: DateTime<Utc>,
    error: Option<(i32, &'static str)>,
) -> News {
    let id = demo_sid_util("EZ", &format!("{} {status}", message.played.label));
    News {
        message: message.id,
        status,
        source: LogSource::EventStream,
        error,
        payload: Some(envelope(message, account_sid, status, at, error, &id).to_string()),
        dedup_key: id,
        at,
    }
}

fn envelope(
    message: &DemoMessage<'_>,
    account_sid: &str,
    status: MessageStatus,
    at: DateTime<Utc>,
    error: Option<(i32, &'static str)>,
    id: &str,
) -> Value {
    let sid = message.played.sid.as_deref().unwrap_or_default();
    let (from, to) = message.addresses();
    let time = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let (name, schema) = match status {
        MessageStatus::Received => (
            "com.twilio.messaging.inbound-message.received".to_owned(),
            "Messaging.InboundMessageV1/6",
        ),
        _ => (
            format!("com.twilio.messaging.message.{status}"),
            "Messaging.MessageStatus/8",
        ),
    };
    let mut data = json!({
        "messageSid": sid, "accountSid": account_sid, "eventName": name, "timestamp": time,
        "from": from, "to": to, "body": message.played.body,
    });
    if status == MessageStatus::Received {
        data["numMedia"] = json!(0);
        data["numSegments"] = json!(message.num_segments());
    } else {
        data["messageStatus"] = json!(status.as_str().to_uppercase());
        data["numberOfSegments"] = json!(message.num_segments());
    }
    if let Some((code, text)) = error {
        data["errorCode"] = json!(code);
        data["errorMessage"] = json!(text);
    }
    json!({
        "specversion": "1.0",
        "type": name,
        "source": format!("/2010-04-01/Accounts/{account_sid}/Messages/{sid}.json"),
        "id": id,
        "dataschema": format!("https://events-schemas.twilio.com/{schema}"),
        "datacontenttype": "application/json",
        "time": time,
        "data": data,
    })
}
