use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QuerySelect, TransactionTrait, Value};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    RunStop,
    find_former_owner_end_service::find_former_owner_end_service,
    import_context::ImportContext,
    import_history::import_history,
    import_lease::{IMPORTS, is_organization_waiting},
    import_reporter::{ImportReporter, notice_of},
    plan_import_service::plan_import_service,
};
use crate::{
    bases::{
        db::Db,
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
        lease::{END, Guard, Lease},
        realtime::publish_realtime,
        state::AppState,
    },
    entities::{message_attachment, sms_sync_run::Model},
    mods::{
        account::services::resolve_twilio_credentials_service,
        messaging::types::AttachmentState,
        phone::services::find_live_number_service,
        twilio::{
            types::{ImportPhase, ImportState},
            utils::HistoryOwner,
        },
    },
    twilio::TwilioReader,
};

/// Between two looks at the files that are still to be fetched.
const LOOK_AT_MEDIA_EVERY: Duration = Duration::from_millis(300);

/// A run that this node has claimed.
#[derive(Debug)]
pub struct ClaimedImport {
    lease: Lease,
    run: Model,
}

impl ClaimedImport {
    /// Whose it is.
    pub fn organization_id(&self) -> OrganizationId {
        self.lease.organization_id
    }
}

/// Whether an organization's run waits, and nobody works for that organization at all.
pub async fn is_import_waiting_service(db: &Db) -> Result<bool, DbErr> {
    is_organization_waiting(db).await
}

/// Claims a run that nobody works on: a new one, or one whose node has died.
pub async fn claim_import_service(db: &Db) -> Result<Option<ClaimedImport>, DbErr> {
    let claimed = IMPORTS.claim(db).await?;
    Ok(claimed.map(|(lease, run)| ClaimedImport { lease, run }))
}

/// Works on a run until it is complete, fails, is stopped, or the server stops. Every page is
/// stored with its place in Twilio's list in one transaction, so it goes on from there at any
/// later time.
pub async fn run_import_service(
    state: &AppState,
    claimed: ClaimedImport,
    shutdown: CancellationToken,
) {
    let lease = claimed.lease;
    let run_id = lease.id;
    let worked = match prepare(state, claimed, shutdown).await {
        Ok(context) => work(&context).await,
        Err(stop) => Err(stop),
    };
    let ended = match worked {
        Ok(()) => {
            tracing::info!(%run_id, organization_id = %lease.organization_id, "import complete");
            Ok(())
        }
        Err(RunStop::NotOurs) => {
            tracing::info!(%run_id, "import stopped, or taken over by another node");
            Ok(())
        }
        Err(RunStop::Shutdown) => {
            tracing::info!(%run_id, "import pauses for the shutdown");
            lease.release(&state.db).await
        }
        Err(stop) if stop.is_outage() => {
            tracing::warn!(%run_id, organization_id = %lease.organization_id, error = %stop, "import waits for the database");
            lease.release(&state.db).await
        }
        Err(stop) => {
            tracing::warn!(%run_id, organization_id = %lease.organization_id, error = %stop, "import failed");
            fail(&state.db, lease, stop.words(), state.clock.now()).await
        }
    };
    if let Err(error) = ended {
        // Its lease runs out, and another node takes it over.
        tracing::error!(%run_id, %error, "the end of an import could not be written");
    }
}

async fn prepare(
    state: &AppState,
    claimed: ClaimedImport,
    shutdown: CancellationToken,
) -> Result<ImportContext, RunStop> {
    let ClaimedImport { lease, run } = claimed;
    let organization = OrganizationId(run.organization_id);
    let credentials =
        resolve_twilio_credentials_service(&state.db, &state.config, organization).await?;
    let id = PhoneNumberId(run.phone_number_id);
    let number = find_live_number_service(
        &state.db,
        state.config.shared_account_sid(),
        organization,
        id,
    )
    .await?;
    let since = find_former_owner_end_service(&state.db, &number).await?;
    let number = E164::parse(&number.number)
        .map_err(|error| AppError::bad_request(format!("the number is wrong: {error}")))?;
    Ok(ImportContext {
        reader: TwilioReader::new(
            state.http.clone(),
            &state.config.twilio_api_base_url,
            credentials,
        )?,
        reporter: ImportReporter::new(state.db.clone(), lease),
        owner: HistoryOwner {
            organization_id: organization,
            phone_number_id: id,
            number,
            since,
            until: None,
            run_id: Some(run.id),
        },
        since: run.since,
        first_id: first_id_of(run.started_at),
        state: state.clone(),
        lease,
        shutdown,
    })
}

/// The smallest UUIDv7 of a moment.
fn first_id_of(moment: DateTime<Utc>) -> Uuid {
    let milliseconds = u64::try_from(moment.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid()
}

async fn work(context: &ImportContext) -> Result<(), RunStop> {
    context.reporter.enter(ImportPhase::Fetching).await;
    plan_import_service(context).await?;
    import_history(context).await?;
    let now = context.state.clock.now();
    context.reporter.wait_until_due().await;
    let media = ImportPhase::DownloadingMedia.as_str();
    let messages_in = [media.into(), now.into()];
    update(context, "phase = $3, messages_in_at = $4", messages_in).await?;
    wait_for_media(context).await?;
    context.reporter.wait_until_due().await;
    let done = [
        ImportState::Done.as_str().into(),
        ImportPhase::Done.as_str().into(),
        context.state.clock.now().into(),
    ];
    let set = format!("state = $3, phase = $4, finished_at = $5, {END}");
    update(context, &set, done).await
}

/// Waits until no file of the run is still to be fetched; each ends as stored or failed.
async fn wait_for_media(context: &ImportContext) -> Result<(), RunStop> {
    let db = &context.state.db;
    loop {
        context.renew(db).await?;
        let waiting = message_attachment::Entity::in_org(context.lease.organization_id)
            .filter(message_attachment::Column::SyncRunId.eq(context.lease.id))
            .filter(message_attachment::Column::State.eq(AttachmentState::Pending.as_str()))
            .limit(1)
            .one(db)
            .await?;
        if waiting.is_none() {
            return Ok(());
        }
        context.reporter.enter(ImportPhase::DownloadingMedia).await;
        tokio::select! {
            () = context.shutdown.cancelled() => return Err(RunStop::Shutdown),
            () = tokio::time::sleep(LOOK_AT_MEDIA_EVERY) => {}
        }
    }
}

/// Changes the run as long as it is ours, and tells browsers.
async fn update<const N: usize>(
    context: &ImportContext,
    set: &str,
    values: [Value; N],
) -> Result<(), RunStop> {
    let lease = &context.lease;
    let transaction = context.state.db.begin().await?;
    if !lease
        .update(&transaction, set, values, Guard::none())
        .await?
    {
        return Err(RunStop::NotOurs);
    }
    let notice = notice_of(lease.organization_id, lease.id);
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await?;
    Ok(())
}

async fn fail(db: &Db, lease: Lease, words: String, now: DateTime<Utc>) -> Result<(), DbErr> {
    let transaction = db.begin().await?;
    let failed = ImportState::Failed.as_str();
    lease.end(&transaction, failed, Some(words), now).await?;
    let notice = notice_of(lease.organization_id, lease.id);
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await
}
