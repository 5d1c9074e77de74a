use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    types::{DemoNumber, DemoScript, DemoUser},
    utils::PlayedMessage,
};
use loquent::{
    bases::ids::{ContactId, MessageId, OrganizationId, PhoneNumberId, UserId},
    entities::{position::Position, states::MessageDirection},
    mods::messaging::{
        services::{
            HistoryDetails, MessageInsert, RollUp, insert_messages_service,
            roll_up_conversations_service,
        },
        utils::{count_segments_util, preview_util},
    },
};

/// A text of the demo with the rows that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct DemoMessage<'a> {
    pub id: MessageId,
    pub contact_id: ContactId,
    pub script: &'a DemoScript,
    pub played: &'a PlayedMessage,
}

impl<'a> DemoMessage<'a> {
    /// The sender's and the recipient's number.
    pub fn addresses(&self) -> (&'a str, &'a str) {
        let (ours, theirs) = (self.played.number.number(), self.script.phone.as_str());
        match self.played.direction {
            MessageDirection::Inbound => (theirs, ours),
            MessageDirection::Outbound => (ours, theirs),
        }
    }

    /// As if it had come in when it was sent.
    fn position(&self) -> Position {
        Position(self.played.at.timestamp_micros())
    }

    /// What the network bills.
    pub fn num_segments(&self) -> i32 {
        i32::try_from(count_segments_util(&self.played.body).segments).unwrap_or(i32::MAX)
    }
}

/// Stores the texts of the demo and rolls their conversations up. Set-based, as an import is.
pub async fn insert_demo_messages_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: &[DemoMessage<'_>],
    numbers: &HashMap<DemoNumber, PhoneNumberId>,
    users: &HashMap<DemoUser, UserId>,
) -> Result<(), DbErr> {
    let rows: Vec<MessageInsert<'_>> = messages
        .iter()
        .filter_map(|m| {
            let number = *numbers.get(&m.played.number)?;
            let user = m.played.sent_by.and_then(|user| users.get(&user));
            Some(row(organization, m, number, user.copied()))
        })
        .collect();
    insert_messages_service(conn, &rows, None).await?;
    let roll_ups: Vec<RollUp> = messages.iter().map(|m| roll_up(organization, m)).collect();
    roll_up_conversations_service(conn, &roll_ups).await
}

fn row<'a>(
    organization_id: OrganizationId,
    message: &DemoMessage<'a>,
    phone_number_id: PhoneNumberId,
    sent_by: Option<UserId>,
) -> MessageInsert<'a> {
    let played = message.played;
    let (from_address, to_address) = message.addresses();
    MessageInsert {
        id: message.id,
        organization_id,
        contact_id: message.contact_id,
        phone_number_id,
        direction: played.direction,
        body: Some(&played.body),
        from_address,
        to_address,
        also_to: &[],
        status: played.status,
        sid: played.sid.as_deref(),
        source: played.source,
        num_media: 0,
        num_segments: Some(message.num_segments()),
        details: HistoryDetails {
            error_code: played.error.map(|(code, _)| code),
            error_message: played.error.map(|(_, text)| text.to_owned()),
            sent_at: played.sent_at,
            ..HistoryDetails::default()
        },
        sent_by,
        client_key: None,
        at: played.at,
        stated_at: None,
        position: message.position(),
        delivered_at: played.delivered_at,
        updated_at: Some(played.settled_at),
    }
}

fn roll_up(organization_id: OrganizationId, message: &DemoMessage<'_>) -> RollUp {
    RollUp {
        organization_id,
        contact_id: message.contact_id,
        message_id: message.id,
        at: message.played.at,
        position: message.position(),
        preview: Some(preview_util(&message.played.body)),
        unread: message.played.unread,
    }
}
