use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{
    event_scope::EventScope,
    stored_event::{EVENT_COLUMNS, StoredEvent},
};
use crate::{
    bases::{
        config::Config,
        error::AppError,
        ids::{OrganizationId, TwilioEventId},
        sql,
    },
    mods::twilio::{types::TwilioEventDetail, utils::mask_event_payload_util},
};

/// An event with its payload; 404 if it is none of the organization's. Secrets are hidden; with
/// `hides_people` texts and phone numbers, too.
pub async fn get_twilio_event_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    id: TwilioEventId,
    hides_people: bool,
) -> Result<TwilioEventDetail, AppError> {
    let event = find_event_in_scope(conn, config, organization, id).await?;
    let payload = find_payload(conn, id).await?;
    let payload = mask_event_payload_util(&payload, hides_people);
    Ok(TwilioEventDetail {
        payload,
        event: event.into_row(hides_people)?,
        is_masked: hides_people,
    })
}

#[derive(FromQueryResult)]
struct Payload {
    payload: String,
}

async fn find_payload(conn: &impl ConnectionTrait, id: TwilioEventId) -> Result<String, AppError> {
    const FIND: &str = "SELECT payload FROM twilio_event WHERE id = $1";
    let found = sql::row::<Payload>(conn, FIND, [id.into()]).await?;
    let found = found.ok_or_else(|| AppError::not_found("event"))?;
    Ok(found.payload)
}

/// The event of this id; 404 if it is none of the organization's.
pub(super) async fn find_event_in_scope(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    id: TwilioEventId,
) -> Result<StoredEvent, AppError> {
    let scope = EventScope::of(conn, config, organization).await?;
    let sql = format!(
        "SELECT {EVENT_COLUMNS} FROM twilio_event e WHERE e.id = $1 AND e.account_sid = ANY ($2)"
    );
    let values = [id.into(), scope.accounts().to_vec().into()];
    let found = sql::row::<StoredEvent>(conn, sql, values).await?;
    found
        .filter(|event| event.is_in(&scope))
        .ok_or_else(|| AppError::not_found("event"))
}
