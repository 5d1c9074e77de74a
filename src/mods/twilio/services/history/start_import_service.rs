use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder,
};

use super::import_reporter::notice_of;
use crate::{
    bases::{
        config::Config,
        error::AppError,
        ids::{ImportId, OrganizationId, PhoneNumberId},
        realtime::publish_realtime,
        sql,
    },
    entities::{
        sms_sync_run,
        states::{ImportPhase, ImportState},
    },
    mods::{
        auth::types::CurrentUser, phone::services::find_live_number_service,
        twilio::types::SyncMessageHistoryIn,
    },
};

const INSERT: &str = "
INSERT INTO sms_sync_run
    (id, organization_id, phone_number_id, since, state, phase, requested_by_user_id, started_at)
VALUES ($1, $2, $3, $4, 'running', 'fetching', $5, $6)
ON CONFLICT (organization_id, phone_number_id) WHERE state = 'running' DO NOTHING
RETURNING id
";

#[derive(FromQueryResult)]
struct Inserted {
    id: ImportId,
}

/// Starts a run for the number, or joins the running one. The row is the queue's entry; whichever
/// node claims it first works on it.
///
/// 404 where the organization has no such number, 409 where it is suspended, 400 for a day in the
/// future.
pub async fn start_import_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    user: &CurrentUser,
    sync: &SyncMessageHistoryIn,
    now: DateTime<Utc>,
) -> Result<ImportId, AppError> {
    let organization = user.organization_id;
    find_live_number_service(
        conn,
        config.shared_account_sid(),
        organization,
        sync.phone_number_id,
    )
    .await?;
    if let Some(since) = sync.since.filter(|since| *since > now.date_naive()) {
        return Err(AppError::bad_request(format!(
            "`since` is {since}, which is still to come; give a day that has been"
        )));
    }
    let values = [
        ImportId::new().into(),
        organization.into(),
        sync.phone_number_id.into(),
        sync.since.into(),
        user.id.into(),
        now.into(),
    ];
    if let Some(new) = sql::row::<Inserted>(conn, INSERT, values).await? {
        publish_realtime(conn, &[notice_of(organization, new.id)]).await?;
        return Ok(new.id);
    }
    let running = find_last(conn, organization, sync.phone_number_id).await?;
    // None only if it ended between the two statements; then the caller retries.
    running
        .filter(|run| run.state == ImportState::Running)
        .map(|run| run.id)
        .ok_or(AppError::Unavailable)
}

/// Stops the number's run where it is. What is stored stays, and the run can be resumed.
/// Idempotent.
pub async fn cancel_import_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    number: PhoneNumberId,
    now: DateTime<Utc>,
) -> Result<sms_sync_run::Model, AppError> {
    let run = find_run(conn, organization, number).await?;
    let stopped = sms_sync_run::ActiveModel {
        state: Set(ImportState::Cancelled.into()),
        lease_owner: Set(None),
        lease_until: Set(None),
        finished_at: Set(Some(now)),
        ..Default::default()
    };
    sms_sync_run::Entity::update_many()
        .set(stopped)
        .filter(sms_sync_run::Column::OrganizationId.eq(organization))
        .filter(sms_sync_run::Column::Id.eq(run.id))
        .filter(sms_sync_run::Column::State.eq(ImportState::Running))
        .exec(conn)
        .await?;
    publish_realtime(conn, &[notice_of(organization, run.id)]).await?;
    find_run(conn, organization, number).await
}

/// Resumes the number's newest run where it stopped; 409 if it is complete, or the number is
/// suspended. Resuming a running one does nothing.
pub async fn resume_import_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    number: PhoneNumberId,
) -> Result<sms_sync_run::Model, AppError> {
    let run = find_run(conn, organization, number).await?;
    if run.state == ImportState::Done {
        return Err(AppError::conflict(
            "This import is complete. Start a new one to look for new messages.",
        ));
    }
    find_live_number_service(conn, config.shared_account_sid(), organization, number).await?;
    let going_on = sms_sync_run::ActiveModel {
        state: Set(ImportState::Running.into()),
        phase: Set(ImportPhase::Fetching.into()),
        error: Set(None),
        finished_at: Set(None),
        lease_owner: Set(None),
        lease_until: Set(None),
        ..Default::default()
    };
    sms_sync_run::Entity::update_many()
        .set(going_on)
        .filter(sms_sync_run::Column::OrganizationId.eq(organization))
        .filter(sms_sync_run::Column::Id.eq(run.id))
        .filter(sms_sync_run::Column::State.ne(ImportState::Running))
        .exec(conn)
        .await?;
    publish_realtime(conn, &[notice_of(organization, run.id)]).await?;
    find_run(conn, organization, number).await
}

/// The number's newest run; 404 without one.
async fn find_run(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    number: PhoneNumberId,
) -> Result<sms_sync_run::Model, AppError> {
    find_last(conn, organization, number)
        .await?
        .ok_or_else(|| AppError::not_found("import"))
}

async fn find_last(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    number: PhoneNumberId,
) -> Result<Option<sms_sync_run::Model>, AppError> {
    let last = sms_sync_run::Entity::in_org(organization)
        .filter(sms_sync_run::Column::PhoneNumberId.eq(number))
        .order_by_desc(sms_sync_run::Column::StartedAt)
        .order_by_desc(sms_sync_run::Column::Id)
        .one(conn)
        .await?;
    Ok(last)
}
