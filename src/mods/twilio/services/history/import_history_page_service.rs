use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, TransactionTrait};

use super::{
    DatabasePatience, RunStop,
    history_part::ImportPage,
    import_context::ImportContext,
    import_lease::while_claimed,
    opt_outs_of_messages::opt_outs_of,
    place_listed_messages_service::{KnownPlace, place_listed_messages_service},
};
use crate::{
    bases::{db::DbTransaction, lease::EXTEND, position::Position, sql},
    mods::{
        contact::services::record_opt_outs_service,
        messaging::services::{
            HistoryRow, KnownSid, NewMessage, OddWords, find_known_sids, import_messages_service,
            insert_attachments_service, resolve_message_contacts, roll_up_messages,
        },
        twilio::types::ImportPhase,
    },
};

// A message that was imported a moment ago, by a neighbouring part of this run, is counted already.
const KNOWN: &str = "
coalesce(m.source = 'import' AND m.id >= $3, false) AS by_this_run, m.created_at AS at, m.position
";

const COUNT: &str = "
fetched = fetched + $3, new_count = new_count + $4, skipped = skipped + $5,
parts_done = parts_done + $6, media_total = media_total + $7
";

// A lost page is lost with its cursor and read again, so its commit need not reach the disk; the
// commit that says Done flushes all before it. The other two keep the planner from scanning all
// contacts for one page.
const SETTINGS: &str = "
SET LOCAL synchronous_commit = off;
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off;
";

// Only from where the database is: a Postgres that crashed may have lost the last pages, and then
// this node is ahead of it. The same holds for the part that this one has met.
const ADVANCE_PART: &str = "
UPDATE sms_sync_window SET
    next_page = $5, done = $5 IS NULL, first_sid = $6, reached_at = $8,
    page_sids = CASE WHEN $5 IS NOT NULL THEN $9::text[] END
WHERE organization_id = $1 AND run_id = $2 AND position = $3 AND next_page = $4
  AND ($7::text IS NULL OR EXISTS (
      SELECT 1 FROM sms_sync_window other
      WHERE other.organization_id = $1 AND other.run_id = $2 AND other.first_sid = $7))
";

// Each once, whatever the number of parts that see it.
const NOTE_UNREADABLE: &str = "
UPDATE sms_sync_run SET unreadable = ARRAY (
    SELECT DISTINCT entry FROM unnest(unreadable || $2::text[]) AS entry LIMIT 1000)
WHERE id = $1
";

const GIVE_UP_PARTS: &str = "
UPDATE sms_sync_window SET next_page = NULL, done = true
WHERE organization_id = $1 AND run_id = $2 AND position = ANY ($3)
";

#[derive(FromQueryResult)]
struct Known {
    by_this_run: bool,
    at: DateTime<Utc>,
    position: i64,
}

type KnownSids = HashMap<String, KnownSid<Known>>;

/// The outcome of a page.
#[derive(Debug, Default)]
struct PageCounts {
    new: usize,
    skipped: usize,
    files: u64,
}

// Without statistics the planner scans all of the organization's messages for every page, until
// autovacuum runs.
const ANALYZE: &str = "ANALYZE message, contact, conversation";

/// Tells Postgres how large the tables have become that an import fills. Not vital: an error is
/// only logged.
pub(super) async fn analyze_imported_tables(context: &ImportContext) {
    let analyzed = async {
        let transaction = context.state.db.begin_long().await?;
        transaction.execute_unprepared(ANALYZE).await?;
        transaction.commit().await
    };
    if let Err(error) = analyzed.await {
        tracing::warn!(%error, run_id = %context.lease.id, "the tables could not be analyzed");
    }
}

/// Stores a page in one transaction: contacts, messages, delivery log, conversations, counters, and
/// the place where its part continues.
///
/// [`RunStop::Behind`] if the database is behind this node: then the parts are loaded again.
pub(super) async fn import_history_page_service(
    context: &ImportContext,
    page: &mut ImportPage,
) -> Result<(), RunStop> {
    let patience = DatabasePatience::new(&context.shutdown);
    loop {
        match import(context, page).await {
            Ok(()) => return Ok(()),
            Err(stop) => patience.after(stop, "storing a page failed").await?,
        }
    }
}

async fn import(context: &ImportContext, page: &mut ImportPage) -> Result<(), RunStop> {
    let reporter = &context.reporter;
    reporter.enter(ImportPhase::Deduplicating).await;
    let transaction = context.state.db.begin().await?;
    transaction.execute_unprepared(SETTINGS).await?;
    let known = find_known(context, &transaction, page).await?;
    place(context, &transaction, page, &known).await?;
    let mut odd: HashMap<&str, &OddWords> = HashMap::new();
    let mut skipped = HashSet::new();
    let mut unknown: Vec<&NewMessage> = Vec::new();
    for (imported, counts) in &page.messages {
        let sid = imported.message.sid.as_str();
        match known.get(sid) {
            None => {
                unknown.push(&imported.message);
                odd.extend(imported.odd.as_ref().map(|odd| (sid, odd)));
            }
            Some(known) if *counts && (known.is_earlier_attempt || !known.row.by_this_run) => {
                skipped.insert(sid);
            }
            Some(_) => {}
        }
    }
    let mut counts = PageCounts {
        skipped: skipped.len(),
        ..PageCounts::default()
    };
    if !unknown.is_empty() {
        reporter.enter(ImportPhase::ResolvingContacts).await;
        let resolved = resolve_message_contacts(&transaction, unknown).await?;
        reporter.enter(ImportPhase::Inserting).await;
        let rows: Vec<HistoryRow<'_>> = resolved
            .into_iter()
            .map(|row| HistoryRow {
                row,
                odd: odd.get(row.message.sid.as_str()).copied(),
            })
            .collect();
        let (organization, number) = (context.owner.organization_id, context.owner.phone_number_id);
        let new = import_messages_service(&transaction, organization, number, &rows).await?;
        counts.files = insert_attachments_service(&transaction, &new).await?;
        reporter.enter(ImportPhase::UpdatingTimestamps).await;
        roll_up_messages(&transaction, &new).await?;
        record_opt_outs_service(&transaction, &opt_outs_of(&new)).await?;
        counts.new = new.len();
    }
    advance(context, &transaction, page, &counts).await?;
    transaction.commit().await?;
    reporter.enter(ImportPhase::Fetching).await;
    Ok(())
}

/// The positions of the page's messages.
async fn place(
    context: &ImportContext,
    transaction: &DbTransaction,
    page: &mut ImportPage,
    known: &KnownSids,
) -> Result<(), DbErr> {
    let present = known.iter().filter(|(_, known)| !known.is_earlier_attempt);
    let places = present.map(|(sid, known)| {
        let place = KnownPlace {
            at: known.row.at,
            position: Position(known.row.position),
        };
        (sid.clone(), place)
    });
    let messages = page.messages.iter_mut();
    place_listed_messages_service(
        transaction,
        context.owner.organization_id,
        &context.state.arrivals,
        messages
            .map(|(imported, _)| &mut imported.message)
            .collect(),
        page.before.as_ref(),
        &places.collect(),
    )
    .await
}

/// Which of the page's SIDs are there already, and whether this run has put them there.
async fn find_known(
    context: &ImportContext,
    transaction: &DbTransaction,
    page: &ImportPage,
) -> Result<KnownSids, DbErr> {
    let sids = page.messages.iter();
    let sids = sids
        .map(|(imported, _)| imported.message.sid.to_string())
        .chain(page.before.iter().map(|last| last.sid.clone()))
        .collect();
    let (organization, first) = (context.lease.organization_id, [context.first_id.into()]);
    find_known_sids(transaction, organization, sids, KNOWN, first).await
}

async fn advance(
    context: &ImportContext,
    transaction: &DbTransaction,
    page: &ImportPage,
    counts: &PageCounts,
) -> Result<(), RunStop> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let parts_done = usize::from(page.next_page.is_none()) + page.given_up.len();
    let run = [
        count(counts.new + counts.skipped).into(),
        count(counts.new).into(),
        count(counts.skipped).into(),
        i32::try_from(parts_done).unwrap_or(i32::MAX).into(),
        i64::try_from(counts.files).unwrap_or(0).into(),
    ];
    let part = [
        context.lease.organization_id.0.into(),
        context.lease.id.into(),
        page.position.into(),
        page.link.clone().into(),
        page.next_page.clone().into(),
        page.first_sid.clone().into(),
        page.meets.clone().into(),
        page.reached_at.into(),
        page.page_sids.iter().cloned().collect::<Vec<_>>().into(),
    ];
    let (set, guard) = (
        format!("{EXTEND}, {COUNT}"),
        while_claimed(&context.state.config),
    );
    if !context.lease.update(transaction, &set, run, guard).await? {
        return Err(RunStop::NotOurs);
    }
    if sql::run(transaction, ADVANCE_PART, part).await? != 1 {
        return Err(RunStop::Behind);
    }
    if !page.unreadable.is_empty() {
        tracing::warn!(count = page.unreadable.len(), run_id = %context.lease.id, "entries of Twilio's list cannot be read");
        let values = [context.lease.id.into(), page.unreadable.clone().into()];
        sql::run(transaction, NOTE_UNREADABLE, values).await?;
    }
    if !page.given_up.is_empty() {
        let parts = [
            context.lease.organization_id.0.into(),
            context.lease.id.into(),
            page.given_up.clone().into(),
        ];
        sql::run(transaction, GIVE_UP_PARTS, parts).await?;
    }
    Ok(())
}
