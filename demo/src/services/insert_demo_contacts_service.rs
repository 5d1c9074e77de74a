use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    types::DemoScript,
    utils::{PlayedMessage, connected_at},
};
use loquent::{
    bases::{
        ids::{ContactId, OrganizationId},
        sql::{self, nullable_array},
    },
    entities::states::MessageDirection,
};

const INSERT: &str = "
INSERT INTO contact
    (id, organization_id, first_name, last_name, phone, source, opted_out_at, created_at)
SELECT id, $1, first_name, last_name, phone, source, opted_out_at, created_at
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text::timestamptz[],
            $8::timestamptz[])
    AS c (id, first_name, last_name, phone, source, opted_out_at, created_at)
";

/// Makes the customers of the demo, and gives their ids in the same order.
pub async fn insert_demo_contacts_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    conversations: &[(DemoScript, Vec<PlayedMessage>)],
    now: DateTime<Utc>,
) -> Result<Vec<ContactId>, DbErr> {
    let ids: Vec<ContactId> = conversations.iter().map(|_| ContactId::new()).collect();
    let scripts = || conversations.iter().map(|(script, _)| script);
    let created = conversations
        .iter()
        .map(|(script, messages)| first_seen(script, messages, now));
    let opted_out = conversations
        .iter()
        .map(|(script, messages)| last_said(messages).filter(|_| script.opted_out));
    sql::run(
        conn,
        INSERT,
        [
            organization.into(),
            ids.to_vec().into(),
            scripts()
                .map(|s| s.first_name.clone())
                .collect::<Vec<_>>()
                .into(),
            scripts()
                .map(|s| s.last_name.clone())
                .collect::<Vec<_>>()
                .into(),
            scripts()
                .map(|s| s.phone.as_str().to_owned())
                .collect::<Vec<_>>()
                .into(),
            scripts()
                .map(|s| s.source.to_owned())
                .collect::<Vec<_>>()
                .into(),
            nullable_array(opted_out),
            created.collect::<Vec<_>>().into(),
        ],
    )
    .await?;
    Ok(ids)
}

/// A contact is as old as its first text, or came when the organization's history was imported.
fn first_seen(
    script: &DemoScript,
    messages: &[PlayedMessage],
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let imported = connected_at(now);
    match messages.first() {
        Some(first) if script.source != "sms_sync" => first.at.max(imported),
        _ => imported,
    }
}

/// When the customer wrote last; for one who opted out, that was STOP.
fn last_said(messages: &[PlayedMessage]) -> Option<DateTime<Utc>> {
    let said = messages
        .iter()
        .rfind(|message| message.direction == MessageDirection::Inbound);
    said.map(|message| message.at)
}
