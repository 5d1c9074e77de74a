use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    bases::{
        error::AppError,
        ids::{ImportId, OrganizationId, PhoneNumberId},
        realtime::{BrowserEvent, EventKind, RealtimeNotice},
        sql,
    },
    entities::sms_sync_run::{self, Model},
    mods::twilio::types::SmsSyncProgress,
};

const LAST_OF_EACH: &str = "
SELECT DISTINCT ON (phone_number_id) *
FROM sms_sync_run
WHERE organization_id = $1
ORDER BY phone_number_id, started_at DESC, id DESC
";

impl TryFrom<Model> for SmsSyncProgress {
    type Error = AppError;

    fn try_from(run: Model) -> Result<Self, AppError> {
        let count = |n: i64| Some(u64::try_from(n).unwrap_or(0));
        Ok(Self {
            run_id: run.id,
            phone_number_id: run.phone_number_id,
            phase: run.phase.known()?,
            state: run.state.known()?,
            since: run.since,
            fetched: count(run.fetched),
            new_count: count(run.new_count),
            skipped: count(run.skipped),
            parts_done: u32::try_from(run.parts_done).unwrap_or(0),
            parts_total: u32::try_from(run.parts_total).unwrap_or(0),
            media_downloaded: count(run.media_downloaded),
            media_failed: count(run.media_failed),
            media_total: count(run.media_total),
            unreadable: run.unreadable.len() as u64,
            error: run.error,
            started_at: run.started_at,
            finished_at: run.finished_at,
        })
    }
}

/// A run of the organization; 404 if it has no such run.
pub async fn find_import_progress_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    run: ImportId,
) -> Result<Model, AppError> {
    sms_sync_run::Entity::in_org(organization)
        .filter(sms_sync_run::Column::Id.eq(run))
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("import"))
}

/// The newest run of each number of the organization that ever had one.
pub async fn find_last_imports_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<HashMap<PhoneNumberId, SmsSyncProgress>, AppError> {
    let runs = sql::rows::<Model>(conn, LAST_OF_EACH, [organization.into()]).await?;
    runs.into_iter()
        .map(|run| Ok((run.phone_number_id, run.try_into()?)))
        .collect()
}

/// The browser events for notices of imports: one for each import, since an event holds the whole
/// progress. An import that ended with new messages adds an event for these.
pub async fn load_import_events_service(
    conn: &impl ConnectionTrait,
    notices: &[RealtimeNotice],
) -> Result<Vec<(OrganizationId, BrowserEvent)>, AppError> {
    let ids: HashSet<Uuid> = notices.iter().map(|notice| notice.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let runs = sms_sync_run::Entity::find()
        .filter(sms_sync_run::Column::Id.is_in(ids))
        .all(conn)
        .await?;
    let mut events = Vec::new();
    for run in runs {
        let organization = run.organization_id;
        let progress = SmsSyncProgress::try_from(run)?;
        let moved_on = BrowserEvent::new(EventKind::ImportProgress, &progress);
        events.push((organization, moved_on));
        if progress.has_added_messages() {
            let imported = BrowserEvent::new(EventKind::MessagesImported, &());
            events.push((organization, imported));
        }
    }
    Ok(events)
}
