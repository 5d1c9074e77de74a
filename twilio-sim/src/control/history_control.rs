use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::control::ControlError;
use crate::delivery::media_of;
use crate::model::{
    Message, MessageDirection, MessageOrigin, MessageStatus, Sid, SidPrefix, StatusChange,
};
use crate::simulation::{Notice, Simulation};
use crate::wire::count_segments;

/// Most messages of one account: memory.
const MAX_MESSAGES: usize = 2_000_000;

/// A message of the past. No event or callback is sent for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoricMessage {
    /// `SM…` or `MM…`; a new one unless given.
    #[serde(default)]
    pub sid: Option<Sid>,
    /// The account.
    pub account_sid: Sid,
    /// Its direction.
    pub direction: MessageDirection,
    /// Sender.
    pub from: String,
    /// Recipient.
    pub to: String,
    /// Text.
    #[serde(default)]
    pub body: String,
    /// Its status, which stays.
    pub status: MessageStatus,
    /// Twilio error code of a failure.
    #[serde(default)]
    pub error_code: Option<u32>,
    /// Text of the failure.
    #[serde(default)]
    pub error_message: Option<String>,
    /// Files.
    #[serde(default)]
    pub media_urls: Vec<String>,
    /// When it was created.
    pub date_created: DateTime<Utc>,
    /// When it was sent; when it was created unless given, or never if it was not sent.
    #[serde(default)]
    pub date_sent: Option<DateTime<Utc>>,
    /// When it last changed; when it was sent unless given.
    #[serde(default)]
    pub date_updated: Option<DateTime<Utc>>,
    /// Price, for instance `-0.00790`.
    #[serde(default)]
    pub price: Option<String>,
    /// The Messaging Service that sent it.
    #[serde(default)]
    pub messaging_service_sid: Option<Sid>,
}

impl Simulation {
    /// Adds messages of the past, and gives the number added. One whose SID exists already in the
    /// account is left as it is. Either every account exists, or nothing is added.
    ///
    /// # Errors
    /// An account does not exist, or would hold too many messages.
    pub fn load_messages(&self, messages: Vec<HistoricMessage>) -> Result<usize, ControlError> {
        let mut state = self.state();
        for message in &messages {
            let account = state
                .accounts
                .get(&message.account_sid)
                .ok_or_else(|| ControlError::no_account(message.account_sid.as_str()))?;
            if account.messages.len() + messages.len() > MAX_MESSAGES {
                return Err(ControlError::Invalid(format!(
                    "an account holds at most {MAX_MESSAGES} messages"
                )));
            }
        }
        let mut added = 0;
        for historic in messages {
            let seq = state.next_message_seq();
            let message = message_of(historic, seq);
            if let Some(account) = state.accounts.get_mut(&message.account_sid)
                && account.messages.insert(message)
            {
                added += 1;
            }
        }
        drop(state);
        self.notify(Notice::Settings);
        Ok(added)
    }
}

fn message_of(historic: HistoricMessage, seq: u64) -> Message {
    let was_sent = matches!(
        historic.status,
        MessageStatus::Sent
            | MessageStatus::Delivered
            | MessageStatus::Undelivered
            | MessageStatus::Read
            | MessageStatus::Received
            | MessageStatus::PartiallyDelivered
    );
    let date_sent = historic
        .date_sent
        .or_else(|| was_sent.then_some(historic.date_created));
    let date_updated = historic
        .date_updated
        .or(date_sent)
        .unwrap_or(historic.date_created);
    let prefix = if historic.media_urls.is_empty() {
        SidPrefix::Sms
    } else {
        SidPrefix::Mms
    };
    Message {
        seq,
        sid: historic.sid.unwrap_or_else(|| Sid::generate(prefix)),
        account_sid: historic.account_sid,
        direction: historic.direction,
        from: Some(historic.from),
        to: historic.to,
        num_segments: count_segments(&historic.body),
        body: historic.body,
        status: historic.status,
        error_code: historic.error_code,
        error_message: historic.error_message,
        num_media: u32::try_from(historic.media_urls.len()).unwrap_or(u32::MAX),
        media: media_of(&historic.media_urls),
        price: historic.price,
        messaging_service_sid: historic.messaging_service_sid,
        status_callback: None,
        date_created: historic.date_created,
        date_sent,
        date_updated,
        origin: MessageOrigin::History,
        history: vec![StatusChange {
            status: historic.status,
            at: date_updated,
        }],
    }
}
