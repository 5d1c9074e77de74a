use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Statement, TransactionTrait,
};
use tokio::time::{Instant, sleep};

use super::{
    history_part::ImportPage,
    sms_sync_context::{SmsSyncContext, SmsSyncStop},
};
use crate::mods::{
    messaging::services::{
        NewMessage, insert_attachments_service, insert_messages, record_import_audit_service,
        resolve_message_contacts, roll_up_messages,
    },
    twilio::types::SmsSyncPhase,
};

/// A database that restarts is waited for this long; after that the run fails, or, if not even
/// that can be written, is taken up when the lease has run out.
const DATABASE_PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

// A message that was imported a moment ago, by a neighbouring part of this run, is counted already.
const KNOWN: &str = "
SELECT m.external_id AS sid, (m.source = 'import' AND m.id >= $3) AS by_this_run
FROM message m
WHERE m.organization_id = $1 AND m.external_id = ANY ($2)
UNION ALL
SELECT a.external_id, false
FROM message_attempt a
WHERE a.organization_id = $1 AND a.external_id = ANY ($2)
";

const ADVANCE_RUN: &str = "
UPDATE sms_sync_run SET
    lease_until = now() + interval '15 seconds',
    fetched = fetched + $3, new_count = new_count + $4, skipped = skipped + $5,
    parts_done = parts_done + $6, media_total = media_total + $7
WHERE id = $1 AND lease_owner = $2 AND state = 'running'
";

const ADVANCE_PART: &str = "
UPDATE sms_sync_window SET next_page = $4, done = $4 IS NULL, first_sid = $5
WHERE organization_id = $1 AND run_id = $2 AND position = $3
";

const GIVE_UP_PARTS: &str = "
UPDATE sms_sync_window SET next_page = NULL, done = true
WHERE organization_id = $1 AND run_id = $2 AND position = ANY ($3)
";

#[derive(FromQueryResult)]
struct Known {
    sid: String,
    by_this_run: bool,
}

/// What came of a page.
#[derive(Debug, Default)]
struct PageCounts {
    new: usize,
    skipped: usize,
    files: u64,
}

/// Stores a page: contacts, messages, audit, conversations, the counters, and the place where its
/// part goes on, in one transaction. Either all of it has happened, or none.
pub(super) async fn import_history_page_service(
    context: &SmsSyncContext,
    position: i32,
    page: &ImportPage,
) -> Result<(), SmsSyncStop> {
    let deadline = Instant::now() + DATABASE_PATIENCE;
    loop {
        match import(context, position, page).await {
            Err(SmsSyncStop::Database(error)) if Instant::now() < deadline => {
                tracing::warn!(%error, run_id = %context.lease.run_id, "a page could not be stored; trying again");
            }
            ended => return ended,
        }
        tokio::select! {
            () = context.shutdown.cancelled() => return Err(SmsSyncStop::Shutdown),
            () = sleep(BETWEEN_TRIES) => {}
        }
    }
}

async fn import(
    context: &SmsSyncContext,
    position: i32,
    page: &ImportPage,
) -> Result<(), SmsSyncStop> {
    let reporter = &context.reporter;
    reporter.enter(SmsSyncPhase::Deduplicating).await;
    let transaction = context.state.db.begin().await?;
    let known = find_known(context, &transaction, page).await?;
    let mut odd: HashMap<&str, &str> = HashMap::new();
    let mut skipped = HashSet::new();
    let mut unknown: Vec<NewMessage> = Vec::new();
    for (imported, counts) in &page.messages {
        let sid = imported.message.sid.as_str();
        match known.get(sid) {
            None => {
                unknown.push(imported.message.clone());
                odd.extend(imported.odd.as_deref().map(|odd| (sid, odd)));
            }
            Some(by_this_run) if *counts && !by_this_run => drop(skipped.insert(sid)),
            Some(_) => {}
        }
    }
    let mut counts = PageCounts {
        skipped: skipped.len(),
        ..PageCounts::default()
    };
    if !unknown.is_empty() {
        reporter.enter(SmsSyncPhase::ResolvingContacts).await;
        let resolved = resolve_message_contacts(&transaction, &unknown).await?;
        reporter.enter(SmsSyncPhase::Inserting).await;
        let new = insert_messages(&transaction, resolved).await?;
        counts.files = insert_attachments_service(&transaction, &new).await?;
        let audit: Vec<_> = new
            .iter()
            .map(|row| (row.id, odd.get(row.message.sid.as_str()).copied()))
            .collect();
        record_import_audit_service(&transaction, &audit).await?;
        reporter.enter(SmsSyncPhase::UpdatingTimestamps).await;
        roll_up_messages(&transaction, &new).await?;
        counts.new = new.len();
    }
    advance(context, &transaction, position, page, &counts).await?;
    transaction.commit().await?;
    reporter.enter(SmsSyncPhase::Fetching).await;
    Ok(())
}

/// Which of the page's SIDs are there already, and whether this run has put them there.
async fn find_known(
    context: &SmsSyncContext,
    transaction: &DatabaseTransaction,
    page: &ImportPage,
) -> Result<HashMap<String, bool>, DbErr> {
    let sids: Vec<String> = page
        .messages
        .iter()
        .map(|(imported, _)| imported.message.sid.to_string())
        .collect();
    let values = [
        context.lease.organization_id.0.into(),
        sids.into(),
        context.first_id.into(),
    ];
    let backend = transaction.get_database_backend();
    let find = Statement::from_sql_and_values(backend, KNOWN, values);
    let known = Known::find_by_statement(find).all(transaction).await?;
    Ok(known
        .into_iter()
        .map(|row| (row.sid, row.by_this_run))
        .collect())
}

async fn advance(
    context: &SmsSyncContext,
    transaction: &DatabaseTransaction,
    position: i32,
    page: &ImportPage,
    counts: &PageCounts,
) -> Result<(), SmsSyncStop> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let parts_done = usize::from(page.next_page.is_none()) + page.given_up.len();
    let run = [
        context.lease.run_id.into(),
        context.lease.owner.into(),
        count(counts.new + counts.skipped).into(),
        count(counts.new).into(),
        count(counts.skipped).into(),
        i32::try_from(parts_done).unwrap_or(i32::MAX).into(),
        i64::try_from(counts.files).unwrap_or(0).into(),
    ];
    let part = [
        context.lease.organization_id.0.into(),
        context.lease.run_id.into(),
        position.into(),
        page.next_page.clone().into(),
        page.first_sid.clone().into(),
    ];
    let backend = transaction.get_database_backend();
    let run = Statement::from_sql_and_values(backend, ADVANCE_RUN, run);
    if transaction.execute_raw(run).await?.rows_affected() != 1 {
        return Err(SmsSyncStop::NotOurs);
    }
    let part = Statement::from_sql_and_values(backend, ADVANCE_PART, part);
    transaction.execute_raw(part).await?;
    if !page.given_up.is_empty() {
        let parts = [
            context.lease.organization_id.0.into(),
            context.lease.run_id.into(),
            page.given_up.clone().into(),
        ];
        let give_up = Statement::from_sql_and_values(backend, GIVE_UP_PARTS, parts);
        transaction.execute_raw(give_up).await?;
    }
    Ok(())
}
