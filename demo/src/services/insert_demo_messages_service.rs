use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    types::{DemoNumber, DemoScript, DemoUser},
    utils::PlayedMessage,
};
use loquent::{
    bases::{
        ids::{ContactId, MessageId, OrganizationId, PhoneNumberId, UserId},
        position::Position,
        sql::{self, column, nullable_array, nullable_column},
    },
    mods::messaging::{
        services::{RollUp, roll_up_conversations_service},
        types::MessageDirection,
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

impl DemoMessage<'_> {
    /// The sender's and the recipient's number.
    pub fn addresses(&self) -> (&str, &str) {
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

const INSERT: &str = "
INSERT INTO message
    (id, organization_id, contact_id, phone_number_id, direction, body, from_address, to_address,
     status, external_id, source, num_segments, error_code, error_message, sent_by_user_id,
     created_at, sent_at, delivered_at, updated_at, position)
SELECT id, $1, contact_id, phone_number_id, direction, body, from_address, to_address,
     status, external_id, source, num_segments, error_code, error_message, sent_by_user_id,
     created_at, sent_at, delivered_at, updated_at, position
FROM unnest(
    $2::uuid[], $3::uuid[], $4::text::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text::text[], $11::text[], $12::int[], $13::text::int[], $14::text::text[],
    $15::text::uuid[], $16::timestamptz[], $17::text::timestamptz[], $18::text::timestamptz[],
    $19::timestamptz[], $20::bigint[])
    AS m (id, contact_id, phone_number_id, direction, body, from_address, to_address, status,
          external_id, source, num_segments, error_code, error_message, sent_by_user_id,
          created_at, sent_at, delivered_at, updated_at, position)
";

/// Stores the texts of the demo and rolls their conversations up. Set-based, as an import is.
pub async fn insert_demo_messages_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: &[DemoMessage<'_>],
    numbers: &HashMap<DemoNumber, PhoneNumberId>,
    users: &HashMap<DemoUser, UserId>,
) -> Result<(), DbErr> {
    let number_of = |m: &DemoMessage<'_>| numbers.get(&m.played.number).map(|id| id.0);
    let user_of = |m: &DemoMessage<'_>| {
        m.played
            .sent_by
            .and_then(|user| users.get(&user))
            .map(|id| id.0)
    };
    sql::run(
        conn,
        INSERT,
        [
            organization.0.into(),
            column(messages, |m| m.id.0),
            column(messages, |m| m.contact_id.0),
            nullable_array::<Uuid>(messages.iter().map(number_of)),
            column(messages, |m| m.played.direction.as_str().to_owned()),
            column(messages, |m| m.played.body.clone()),
            column(messages, |m| m.addresses().0.to_owned()),
            column(messages, |m| m.addresses().1.to_owned()),
            column(messages, |m| m.played.status.as_str().to_owned()),
            nullable_column(messages, |m| m.played.sid.clone()),
            column(messages, |m| m.played.source.as_str().to_owned()),
            column(messages, |m| m.num_segments()),
            nullable_column(messages, |m| m.played.error.map(|(code, _)| code)),
            nullable_column(messages, |m| {
                m.played.error.map(|(_, text)| text.to_owned())
            }),
            nullable_array::<Uuid>(messages.iter().map(user_of)),
            column(messages, |m| m.played.at),
            nullable_column(messages, |m| m.played.sent_at),
            nullable_column(messages, |m| m.played.delivered_at),
            column(messages, |m| m.played.settled_at),
            column(messages, |m| m.position().0),
        ],
    )
    .await?;
    let roll_ups: Vec<RollUp> = messages.iter().map(|m| roll_up(organization, m)).collect();
    roll_up_conversations_service(conn, &roll_ups).await
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
