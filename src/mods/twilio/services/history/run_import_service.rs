use std::{sync::atomic::AtomicU32, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QuerySelect, TransactionTrait, Value};
use tokio_util::sync::CancellationToken;

use super::{
    import_context::ImportContext,
    import_history::import_history,
    import_lease::{IMPORTS, while_claimed},
    import_reporter::{ImportReporter, notice_of},
    plan_import_service::plan_import_service,
};
use crate::{
    bases::{
        db::Db,
        e164::E164,
        error::AppError,
        ids::{ImportId, MessageId},
        lease::{Claimed, END, Guard},
        realtime::{EventKind, publish_realtime},
        state::AppState,
    },
    entities::{
        message_attachment,
        sms_sync_run::Model,
        states::{AttachmentState, ImportPhase, ImportState},
    },
    mods::{
        phone::services::find_live_number_service,
        twilio::{
            services::message_list::{
                ListRun, RunStop, find_former_owner_end_service, open_reader, stop_run,
            },
            utils::HistoryOwner,
        },
    },
};

/// No number has a hundred million messages.
const MOST_PAGES: u32 = 100_000;
/// Between two looks at the files that are still to be fetched.
const LOOK_AT_MEDIA_EVERY: Duration = Duration::from_millis(300);

/// An import that this node has claimed.
pub type ClaimedImport = Claimed<Model>;

/// Claims a run that nobody works on: a new one, or one whose node has died.
pub async fn claim_import_service(db: &Db) -> Result<Option<ClaimedImport>, DbErr> {
    IMPORTS.claim(db).await
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
    let worked = match prepare(state, claimed, shutdown).await {
        Ok(context) => work(&context).await,
        Err(stop) => Err(stop),
    };
    match worked {
        Ok(()) => {
            tracing::info!(run_id = %lease.id, organization_id = %lease.organization_id, "import complete");
        }
        Err(stop) => stop_run(state, lease, EventKind::ImportProgress, stop).await,
    }
}

async fn prepare(
    state: &AppState,
    claimed: ClaimedImport,
    shutdown: CancellationToken,
) -> Result<ImportContext, RunStop> {
    let Claimed { lease, row: run } = claimed;
    let organization = run.organization_id;
    let reader = open_reader(state, organization).await?;
    let id = run.phone_number_id;
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
    let list_run = ListRun {
        owner: HistoryOwner {
            organization_id: organization,
            phone_number_id: id,
            number,
            since,
            until: None,
            run_id: Some(run.id),
        },
        since: run.since,
        reader,
        guard: while_claimed(&state.config),
        pages_at_once: state.config.import_pages_at_once as usize,
        most_pages: MOST_PAGES,
        state: state.clone(),
        lease,
        shutdown,
    };
    Ok(ImportContext {
        run: list_run,
        first_id: first_id_of(run.started_at),
        reporter: ImportReporter::new(state.db.clone(), lease),
        pages: AtomicU32::new(0),
    })
}

/// The smallest UUIDv7 of a moment.
fn first_id_of(moment: DateTime<Utc>) -> MessageId {
    let milliseconds = u64::try_from(moment.timestamp_millis()).unwrap_or(0);
    MessageId(uuid::Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid())
}

async fn work(context: &ImportContext) -> Result<(), RunStop> {
    context.reporter.enter(ImportPhase::Fetching).await;
    plan_import_service(context).await?;
    import_history(context).await?;
    let now = context.run.state.clock.now();
    context.reporter.wait_until_due().await;
    let media = ImportPhase::DownloadingMedia;
    let messages_in = [media.into(), now.into()];
    update(context, "phase = $3, messages_in_at = $4", messages_in).await?;
    wait_for_media(context).await?;
    context.reporter.wait_until_due().await;
    let done = [
        ImportState::Done.into(),
        ImportPhase::Done.into(),
        context.run.state.clock.now().into(),
    ];
    let set = format!("state = $3, phase = $4, finished_at = $5, {END}");
    update(context, &set, done).await
}

/// Waits until no file of the run is still to be fetched; each ends as stored or failed.
async fn wait_for_media(context: &ImportContext) -> Result<(), RunStop> {
    let db = &context.run.state.db;
    loop {
        context.run.renew(db).await?;
        let waiting = message_attachment::Entity::in_org(context.run.lease.organization_id)
            .filter(message_attachment::Column::SyncRunId.eq(context.run.lease.id))
            .filter(message_attachment::Column::State.eq(AttachmentState::Pending.as_str()))
            .limit(1)
            .one(db)
            .await?;
        if waiting.is_none() {
            return Ok(());
        }
        context.reporter.enter(ImportPhase::DownloadingMedia).await;
        tokio::select! {
            () = context.run.shutdown.cancelled() => return Err(RunStop::Shutdown),
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
    let lease = &context.run.lease;
    let transaction = context.run.state.db.begin().await?;
    if !lease
        .update(&transaction, set, values, Guard::none())
        .await?
    {
        return Err(RunStop::NotOurs);
    }
    let notice = notice_of(lease.organization_id, ImportId(lease.id));
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await?;
    Ok(())
}
