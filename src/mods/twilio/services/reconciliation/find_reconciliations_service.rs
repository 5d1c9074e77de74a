use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    bases::{
        config::Config,
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
        sql,
    },
    entities::twilio_reconciliation::Model,
    mods::{
        phone::utils::shown_phone,
        twilio::types::{NumberReconciliation, Reconciliation, ReconciliationOverview},
    },
};

/// More numbers than an organization of this kind has; a list without an end is none.
const LIMIT: i64 = 1_000;

const NUMBERS: &str = "
SELECT id, number, friendly_name, last_event_at FROM phone_number
WHERE organization_id = $1 AND released_at IS NULL
ORDER BY friendly_name, number LIMIT $2
";

// Each number's newest, and its newest that found something; both by the index.
const NEWEST: &str = "
SELECT r.* FROM phone_number p
CROSS JOIN LATERAL (
    (SELECT * FROM twilio_reconciliation
     WHERE organization_id = p.organization_id AND phone_number_id = p.id
     ORDER BY started_at DESC LIMIT 1)
    UNION
    (SELECT * FROM twilio_reconciliation
     WHERE organization_id = p.organization_id AND phone_number_id = p.id
       AND missing + repaired > 0
     ORDER BY started_at DESC LIMIT 1)
) r
WHERE p.organization_id = $1 AND p.released_at IS NULL
ORDER BY r.started_at DESC, r.id DESC LIMIT $2
";

#[derive(FromQueryResult)]
struct Number {
    id: PhoneNumberId,
    number: String,
    friendly_name: String,
    last_event_at: Option<DateTime<Utc>>,
}

impl TryFrom<Model> for Reconciliation {
    type Error = AppError;

    fn try_from(run: Model) -> Result<Self, AppError> {
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Self {
            id: run.id,
            phone_number_id: run.phone_number_id,
            state: run.state.known()?,
            since: run.since,
            by_hand: run.requested_by_user_id.is_some(),
            checked: count(run.checked),
            missing: count(run.missing),
            repaired: count(run.repaired),
            unreadable: run.unreadable.len() as u64,
            error: run.error,
            started_at: run.started_at,
            finished_at: run.finished_at,
        })
    }
}

/// The health of each number of the organization.
pub async fn find_reconciliations_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<ReconciliationOverview, AppError> {
    let values = || [organization.into(), LIMIT.into()];
    let numbers = sql::rows::<Number>(conn, NUMBERS, values()).await?;
    let values = [organization.into(), (2 * LIMIT).into()];
    let mut runs: HashMap<PhoneNumberId, Vec<Reconciliation>> = HashMap::new();
    for run in sql::rows::<Model>(conn, NEWEST, values).await? {
        let number = run.phone_number_id;
        runs.entry(number).or_default().push(run.try_into()?);
    }
    let numbers = numbers
        .into_iter()
        .map(|row| {
            let mut newest = runs.remove(&row.id).unwrap_or_default().into_iter();
            Ok(NumberReconciliation {
                phone_number_id: row.id,
                shown: shown_phone(&row.number),
                number: E164::parse(&row.number).map_err(|error| {
                    tracing::error!(%error, phone_number_id = %row.id, "the database holds a number that is not E.164");
                    AppError::Internal
                })?,
                friendly_name: row.friendly_name,
                last_event_at: row.last_event_at,
                last_check: newest.next(),
                last_repair: newest.next(),
            })
        })
        .collect::<Result<_, AppError>>()?;
    Ok(ReconciliationOverview {
        days: config.reconcile_days,
        every_minutes: config.reconcile_every_minutes,
        numbers,
    })
}
