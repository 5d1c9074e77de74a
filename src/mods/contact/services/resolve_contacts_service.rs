use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::bases::{
    ids::{ContactId, OrganizationId},
    sql::{self, column},
};

/// A phone number that should have a contact.
#[derive(Debug, Clone)]
pub struct UnresolvedContact {
    pub organization_id: OrganizationId,
    /// E.164, or another address that Twilio uses.
    pub phone: String,
    /// `contact.source` of a contact that has to be made.
    pub source: &'static str,
    pub at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Found {
    organization_id: OrganizationId,
    phone: String,
    id: ContactId,
}

const INSERT: &str = "
INSERT INTO contact (id, organization_id, phone, source, created_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
ON CONFLICT (organization_id, phone) DO NOTHING
";

const SELECT: &str = "
SELECT c.organization_id, c.phone, c.id
FROM unnest($1::uuid[], $2::text[]) AS wanted (organization_id, phone)
JOIN contact c ON c.organization_id = wanted.organization_id AND c.phone = wanted.phone
";

/// The contact of each phone number, made without a name where there is none yet. Two statements,
/// whatever the number of contacts.
pub async fn resolve_contacts_service(
    conn: &impl ConnectionTrait,
    unresolved: &[UnresolvedContact],
) -> Result<HashMap<(OrganizationId, String), ContactId>, DbErr> {
    let distinct: BTreeMap<_, _> = unresolved
        .iter()
        .map(|c| ((c.organization_id, c.phone.as_str()), c))
        .collect();
    if distinct.is_empty() {
        return Ok(HashMap::new());
    }
    let organizations: Vec<OrganizationId> = distinct.values().map(|c| c.organization_id).collect();
    let phones: Vec<String> = distinct.values().map(|c| c.phone.clone()).collect();
    let known = find_all(conn, &organizations, &phones).await?;
    if known.len() == distinct.len() {
        return Ok(known);
    }
    let new: Vec<&UnresolvedContact> = distinct.into_values().collect();
    let values = [
        column(&new, |_| ContactId::new()),
        organizations.clone().into(),
        phones.clone().into(),
        column(&new, |c| c.source.to_owned()),
        column(&new, |c| c.at),
    ];
    sql::run(conn, INSERT, values).await?;
    find_all(conn, &organizations, &phones).await
}

async fn find_all(
    conn: &impl ConnectionTrait,
    organizations: &[OrganizationId],
    phones: &[String],
) -> Result<HashMap<(OrganizationId, String), ContactId>, DbErr> {
    let values = [organizations.to_vec().into(), phones.to_vec().into()];
    let found = sql::rows::<Found>(conn, SELECT, values).await?;
    Ok(found
        .into_iter()
        .map(|row| ((row.organization_id, row.phone), row.id))
        .collect())
}
