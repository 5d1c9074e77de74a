//! Texts that an import has stored before their event was processed.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::ResolvedMessage;
use crate::{
    bases::{
        ids::{ContactId, MessageId, OrganizationId},
        sql,
    },
    entities::states::MessageSource,
};

// An import may read a text from Twilio's list before its event is processed.
const TAKE_OVER: &str = "
UPDATE message m SET source = $3
FROM unnest($1::uuid[], $2::text[]) AS t (organization_id, sid)
WHERE m.organization_id = t.organization_id AND m.external_id = t.sid AND m.source = $4
RETURNING m.id, m.organization_id, m.contact_id, m.external_id
";

#[derive(FromQueryResult)]
struct TakenOver {
    id: MessageId,
    organization_id: OrganizationId,
    contact_id: ContactId,
    external_id: String,
}

/// The texts among these that an import stored; they are live from now on.
pub(super) async fn take_over_imported<'a>(
    conn: &impl ConnectionTrait,
    received: Vec<ResolvedMessage<'a>>,
) -> Result<Vec<ResolvedMessage<'a>>, DbErr> {
    if received.is_empty() {
        return Ok(received);
    }
    let key =
        |row: &ResolvedMessage<'_>| (row.message.organization_id, row.message.sid.to_string());
    let (organizations, sids): (Vec<OrganizationId>, Vec<String>) =
        received.iter().map(key).unzip();
    let values = [
        organizations.into(),
        sids.into(),
        MessageSource::Loquent.into(),
        MessageSource::Import.into(),
    ];
    let taken: HashMap<(OrganizationId, String), TakenOver> =
        sql::rows::<TakenOver>(conn, TAKE_OVER, values)
            .await?
            .into_iter()
            .map(|row| ((row.organization_id, row.external_id.clone()), row))
            .collect();
    Ok(received
        .into_iter()
        .filter_map(|row| {
            let stored = taken.get(&key(&row))?;
            Some(ResolvedMessage {
                id: stored.id,
                contact_id: stored.contact_id,
                ..row
            })
        })
        .collect())
}
