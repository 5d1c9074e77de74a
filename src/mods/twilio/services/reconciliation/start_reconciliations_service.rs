use chrono::{DateTime, Days, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, QueryFilter, QuerySelect,
    Statement, TransactionTrait, sea_query::Expr,
};

use crate::{
    bases::{
        config::Config,
        db::Db,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId, ReconciliationId, UserId},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql::{self, column},
    },
    entities::{claim, phone_number, states::ReconciliationState, twilio_reconciliation},
    mods::{
        auth::types::CurrentUser,
        phone::services::find_live_number_service,
        twilio::types::{ReconcileIn, Reconciliation},
    },
};

/// More numbers than an organization of this kind has; a list without an end is none.
const MOST_NUMBERS: u64 = 1_000;
/// Numbers started at a time; the next round takes the rest.
const MOST_AT_ONCE: i64 = 200;

// An outage may be longer than the reconciled days, so a run goes back to the last successful one.
const INSERT: &str = "
INSERT INTO twilio_reconciliation
    (id, organization_id, phone_number_id, state, since, requested_by_user_id, started_at)
SELECT n.id, n.organization_id, n.phone_number_id, 'running',
       least($4, (coalesce(last.started_at, p.created_at) AT TIME ZONE 'UTC')::date - 1), $5, $6
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS n (id, organization_id, phone_number_id)
JOIN phone_number p ON p.id = n.phone_number_id
LEFT JOIN LATERAL (
    SELECT r.started_at FROM twilio_reconciliation r
    WHERE r.phone_number_id = n.phone_number_id AND r.state = 'done'
    ORDER BY r.started_at DESC LIMIT 1
) last ON true
ON CONFLICT (organization_id, phone_number_id) WHERE state = 'running' DO NOTHING
RETURNING id, organization_id
";

// One node at a time: otherwise a number whose run has just ended could get a second one.
const LOCK: &str =
    "SELECT pg_try_advisory_xact_lock(hashtext('loquent.reconciliation.schedule')) AS is_ours";

/// How long a number that was given up is still reconciled: by then the outcome of its last texts
/// is known, which no event may have told.
const AFTER_RELEASE: &str = "interval '1 day'";

// A number without a run waits for its first one from when it came to us. One that was given up is
// reconciled like the others for a day, and after an outage once more.
fn due_sql() -> String {
    format!(
        "SELECT p.organization_id, p.id AS phone_number_id
         FROM phone_number p
         LEFT JOIN LATERAL (
             SELECT r.started_at FROM twilio_reconciliation r
             WHERE r.phone_number_id = p.id ORDER BY r.started_at DESC LIMIT 1
         ) last ON true
         WHERE coalesce(last.started_at, p.created_at) <= now() - $1 * interval '1 minute'
           AND (p.released_at IS NULL OR (
               p.released_at > now() - $1 * interval '1 minute' - interval '7 days' AND NOT EXISTS (
                   SELECT 1 FROM twilio_reconciliation r
                   WHERE r.phone_number_id = p.id AND r.state = 'done'
                     AND r.started_at > p.released_at + {AFTER_RELEASE})))
           AND {is_of_account}
         ORDER BY coalesce(last.started_at, p.created_at) LIMIT $2",
        is_of_account = claim::is_of_present_account("p", "$3"),
    )
}

#[derive(FromQueryResult)]
struct Inserted {
    id: ReconciliationId,
    organization_id: OrganizationId,
}

#[derive(FromQueryResult)]
struct Due {
    organization_id: OrganizationId,
    phone_number_id: PhoneNumberId,
}

#[derive(FromQueryResult)]
struct Locked {
    is_ours: bool,
}

/// Starts the reconciliation of one number, or of all of the organization, by hand, or joins a
/// running one. Whichever node claims it first works on it. 404 where the organization has no such
/// number, 409 where it is suspended.
pub async fn start_reconciliations_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    user: &CurrentUser,
    which: &ReconcileIn,
    now: DateTime<Utc>,
) -> Result<Vec<Reconciliation>, AppError> {
    let organization = user.organization_id;
    let numbers = numbers_of(conn, config, organization, which.phone_number_id).await?;
    let wanted: Vec<Due> = numbers
        .iter()
        .map(|number| Due {
            organization_id: organization,
            phone_number_id: *number,
        })
        .collect();
    insert(conn, config, &wanted, Some(user.id), now).await?;
    let running = twilio_reconciliation::Entity::in_org(organization)
        .filter(twilio_reconciliation::Column::PhoneNumberId.is_in(numbers))
        .filter(twilio_reconciliation::Column::State.eq(ReconciliationState::Running))
        .all(conn)
        .await?;
    running.into_iter().map(Reconciliation::try_from).collect()
}

/// Starts the due reconciliations of all organizations. Returns their number.
pub async fn start_due_reconciliations_service(
    db: &Db,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    if config.reconcile_every_minutes == 0 {
        return Ok(0);
    }
    let transaction = db.begin().await?;
    let backend = transaction.get_database_backend();
    let lock = Statement::from_string(backend, LOCK);
    let locked = Locked::find_by_statement(lock).one(&transaction).await?;
    if !locked.is_some_and(|locked| locked.is_ours) {
        return Ok(0);
    }
    let minutes = i64::from(config.reconcile_every_minutes);
    let shared = config.shared_account_sid().map(str::to_owned);
    let values = [minutes.into(), MOST_AT_ONCE.into(), shared.into()];
    let due = sql::rows::<Due>(&transaction, due_sql(), values).await?;
    let started = insert(&transaction, config, &due, None, now).await?;
    transaction.commit().await?;
    Ok(started)
}

/// Also those that were given up a short time ago; 409 for one that is suspended.
async fn numbers_of(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    which: Option<PhoneNumberId>,
) -> Result<Vec<PhoneNumberId>, AppError> {
    let present = claim::is_of_present_account("phone_number", "$1");
    let shared = config.shared_account_sid().map(str::to_owned);
    let recently = format!("phone_number.released_at > now() - {AFTER_RELEASE}");
    let mut find = phone_number::Entity::in_org(organization)
        .filter(Expr::cust_with_values(present, [shared]))
        .filter(
            Condition::any()
                .add(phone_number::Column::ReleasedAt.is_null())
                .add(Expr::cust(recently)),
        )
        .limit(MOST_NUMBERS);
    if let Some(number) = which {
        find = find.filter(phone_number::Column::Id.eq(number));
    }
    let found: Vec<PhoneNumberId> = find
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    if let Some(number) = which.filter(|_| found.is_empty()) {
        // Says why not.
        find_live_number_service(conn, config.shared_account_sid(), organization, number).await?;
    }
    Ok(found)
}

async fn insert(
    conn: &impl ConnectionTrait,
    config: &Config,
    wanted: &[Due],
    requested_by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    if wanted.is_empty() {
        return Ok(0);
    }
    let today = now.date_naive();
    let since = today
        .checked_sub_days(Days::new(u64::from(config.reconcile_days)))
        .unwrap_or(today);
    let values = [
        column(wanted, |_| ReconciliationId::new()),
        column(wanted, |one| one.organization_id),
        column(wanted, |one| one.phone_number_id),
        since.into(),
        requested_by.into(),
        now.into(),
    ];
    let inserted = sql::rows::<Inserted>(conn, INSERT, values).await?;
    let notices: Vec<RealtimeNotice> = inserted
        .iter()
        .map(|row| RealtimeNotice::new(row.organization_id, EventKind::Reconciliation, row.id))
        .collect();
    publish_realtime(conn, &notices).await?;
    Ok(inserted.len())
}
