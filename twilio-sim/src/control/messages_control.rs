use serde::Deserialize;

use crate::control::ControlError;
use crate::delivery::{Finish, InboundMessage, OutboundMessage};
use crate::model::{MessageDirection, MessageOrigin, Sid};
use crate::simulation::Simulation;
use crate::wire::normalize_phone_number;

/// Longest text that a phone sends, in characters.
const MAX_BODY: usize = 1_600;
/// Most files of a message.
const MAX_MEDIA: usize = 10;

/// A text from a customer's phone.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerMessage {
    /// The customer's number: any that no account owns.
    pub from: String,
    /// A number of an account.
    pub to: String,
    /// Text.
    #[serde(default)]
    pub body: String,
    /// Files.
    #[serde(default)]
    pub media_urls: Vec<String>,
}

/// A text that another platform sends with the same account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalMessage {
    /// The account.
    pub account_sid: Sid,
    /// A number of the account.
    pub from: String,
    /// Recipient.
    pub to: String,
    /// Text.
    pub body: String,
}

impl Simulation {
    /// A customer texts a number of an account.
    ///
    /// # Errors
    /// A number is not valid, `from` belongs to an account, `to` to none, or the text is empty or
    /// too long.
    pub fn send_as_customer(&self, message: CustomerMessage) -> Result<Sid, ControlError> {
        let from = number("from", &message.from)?;
        let to = number("to", &message.to)?;
        check_content(&message.body, message.media_urls.len())?;
        let account_sid = {
            let state = self.state();
            if state.owners.contains_key(&from) {
                return Err(ControlError::Invalid(format!(
                    "{from} belongs to an account and cannot be a customer"
                )));
            }
            state
                .owner_of(&to)
                .map(|owner| owner.account.sid.clone())
                .ok_or_else(|| ControlError::NotFound(format!("{to} belongs to no account")))?
        };
        let inbound = InboundMessage {
            account_sid,
            from,
            to,
            body: message.body,
            media_urls: message.media_urls,
            origin: MessageOrigin::Customer,
        };
        self.receive_inbound(inbound)
            .map(|message| message.sid)
            .ok_or_else(|| ControlError::NotFound("the account is gone".to_owned()))
    }

    /// Another platform sends with an account: an outbound message without a status callback.
    ///
    /// # Errors
    /// A number is not valid, `from` is not the account's, or the text is empty or too long.
    pub fn send_externally(&self, message: ExternalMessage) -> Result<Sid, ControlError> {
        let from = number("from", &message.from)?;
        let to = number("to", &message.to)?;
        check_content(&message.body, 0)?;
        {
            let state = self.state();
            let account = state
                .accounts
                .get(&message.account_sid)
                .ok_or_else(|| ControlError::no_account(message.account_sid.as_str()))?;
            if account.phone_number(&from).is_none() {
                return Err(ControlError::Invalid(format!(
                    "{from} is not a number of the account"
                )));
            }
        }
        let outbound = OutboundMessage {
            account_sid: message.account_sid,
            direction: MessageDirection::OutboundApi,
            from: Some(from),
            to,
            body: message.body,
            media_urls: Vec::new(),
            messaging_service_sid: None,
            status_callback: None,
            origin: MessageOrigin::External,
            finish: Finish::delivered(),
        };
        self.send_outbound(outbound)
            .map(|message| message.sid)
            .ok_or_else(|| ControlError::NotFound("the account is gone".to_owned()))
    }
}

fn number(name: &str, given: &str) -> Result<String, ControlError> {
    normalize_phone_number(given).ok_or_else(|| ControlError::no_phone_number(name, given))
}

fn check_content(body: &str, media: usize) -> Result<(), ControlError> {
    if body.is_empty() && media == 0 {
        return Err(ControlError::Invalid("the message is empty".to_owned()));
    }
    if body.chars().count() > MAX_BODY {
        return Err(ControlError::Invalid(format!(
            "a text has at most {MAX_BODY} characters"
        )));
    }
    if media > MAX_MEDIA {
        return Err(ControlError::Invalid(format!(
            "a message has at most {MAX_MEDIA} files"
        )));
    }
    Ok(())
}
