use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::{
    bases::{
        config::Config,
        ids::{OrganizationId, PhoneNumberId},
        sql,
    },
    entities::claim,
};

/// A number of an organization, as far as an event is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnNumber {
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    /// Until then another organization had it.
    pub since: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    twilio_account_sid: String,
    number: String,
    organization_id: OrganizationId,
    id: PhoneNumberId,
    since: Option<DateTime<Utc>>,
}

/// Which of these addresses are numbers of an organization now (see [`claim`]), by account and
/// number. The account is part of the key: an account's events can touch only numbers of that
/// account. Should two organizations have a live claim on a number, the first one keeps it.
pub async fn resolve_event_numbers_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    addresses: Vec<String>,
) -> Result<HashMap<(String, String), OwnNumber>, DbErr> {
    let sql = format!(
        "SELECT DISTINCT ON (p.twilio_account_sid, p.number)
                p.twilio_account_sid, p.number, p.organization_id, p.id, {since} AS since
         FROM phone_number p
         WHERE p.number = ANY ($1) AND {is_live}
         ORDER BY p.twilio_account_sid, p.number, p.created_at, p.id",
        since = claim::since("p"),
        is_live = claim::is_live("p", "$2"),
    );
    let shared = config.shared_account_sid().map(str::to_owned);
    let values = [addresses.into(), shared.into()];
    let rows = sql::rows::<Row>(conn, sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = OwnNumber {
                organization_id: row.organization_id,
                phone_number_id: row.id,
                since: row.since,
            };
            ((row.twilio_account_sid, row.number), own)
        })
        .collect())
}
