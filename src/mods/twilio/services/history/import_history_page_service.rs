use std::{
    collections::{HashMap, HashSet},
    sync::atomic::Ordering,
};

use sea_orm::{ConnectionTrait, FromQueryResult, TransactionTrait};

use super::import_context::ImportContext;
use crate::{
    bases::{db::DbTransaction, sql},
    entities::states::{ImportPhase, LogSource},
    mods::{
        contact::services::record_opt_outs_service,
        messaging::services::{
            FirstLogEntry, KnownSid, NewMessage, OddWords, find_known_sids,
            insert_attachments_service, insert_messages, resolve_message_contacts,
            roll_up_messages,
        },
        twilio::services::message_list::{
            ListRun, ListedPage, PagePolicy, RunStop, opt_outs_of, place_listed_messages_service,
        },
    },
};

// A message that was imported a moment ago, by a neighbouring part of this run, is counted already.
const KNOWN: &str = "coalesce(m.source = 'import' AND m.id >= $3, false) AS by_this_run";

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

const GIVE_UP_PARTS: &str = "
UPDATE sms_sync_window SET next_page = NULL, done = true
WHERE organization_id = $1 AND run_id = $2 AND position = ANY ($3)
";

#[derive(FromQueryResult)]
struct Known {
    by_this_run: bool,
}

type KnownSids = HashMap<String, KnownSid<Known>>;

/// The outcome of a page.
#[derive(Debug, Default)]
struct PageCounts {
    new: usize,
    skipped: usize,
    files: u64,
}

/// Autovacuum comes by once a minute; by then, an import into empty tables has a hundred pages.
const ANALYZE_AFTER_PAGES: [u32; 3] = [2, 16, 128];

// Without statistics the planner scans all of the organization's messages for every page, until
// autovacuum runs.
const ANALYZE: &str = "ANALYZE message, contact, conversation";

/// An import stores what is not known yet: contacts, messages, delivery log, conversations,
/// counters, and the place where the part continues.
impl PagePolicy for ImportContext {
    fn run(&self) -> &ListRun {
        &self.run
    }

    async fn store(&self, page: &mut ListedPage) -> Result<(), RunStop> {
        import(self, page).await?;
        let pages = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        if ANALYZE_AFTER_PAGES.contains(&pages) {
            analyze_imported_tables(&self.run).await;
        }
        Ok(())
    }
}

/// Tells Postgres how large the tables have become that an import fills. Not vital: an error is
/// only logged.
async fn analyze_imported_tables(run: &ListRun) {
    let analyzed = async {
        let transaction = run.state.db.begin_long().await?;
        transaction.execute_unprepared(ANALYZE).await?;
        transaction.commit().await
    };
    if let Err(error) = analyzed.await {
        tracing::warn!(%error, run_id = %run.lease.id, "the tables could not be analyzed");
    }
}

async fn import(context: &ImportContext, page: &mut ListedPage) -> Result<(), RunStop> {
    let reporter = &context.reporter;
    reporter.enter(ImportPhase::Deduplicating).await;
    let transaction = context.run.state.db.begin().await?;
    transaction.execute_unprepared(SETTINGS).await?;
    let (organization, first) = (context.run.owner.organization_id, [context.first_id.into()]);
    let known: KnownSids =
        find_known_sids(&transaction, organization, page.sids(), KNOWN, first).await?;
    place_listed_messages_service(&transaction, &context.run, page, &known).await?;
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
        let log = FirstLogEntry::of_list(LogSource::Import, &resolved, &odd);
        let new = insert_messages(&transaction, resolved, Some(log)).await?;
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

async fn advance(
    context: &ImportContext,
    transaction: &DbTransaction,
    page: &ListedPage,
    counts: &PageCounts,
) -> Result<(), RunStop> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let parts_done = usize::from(page.next_page.is_none()) + page.given_up.len();
    let run = &context.run;
    let counted = [
        count(counts.new + counts.skipped).into(),
        count(counts.new).into(),
        count(counts.skipped).into(),
        i32::try_from(parts_done).unwrap_or(i32::MAX).into(),
        i64::try_from(counts.files).unwrap_or(0).into(),
    ];
    run.count_page(transaction, COUNT, counted, &page.unreadable)
        .await?;
    let part = [
        run.lease.organization_id.into(),
        run.lease.id.into(),
        page.position.into(),
        page.link.clone().into(),
        page.next_page.clone().into(),
        page.first_sid.clone().into(),
        page.meets.clone().into(),
        page.reached_at.into(),
        page.page_sids.iter().cloned().collect::<Vec<_>>().into(),
    ];
    if sql::run(transaction, ADVANCE_PART, part).await? != 1 {
        return Err(RunStop::Behind);
    }
    if !page.given_up.is_empty() {
        let parts = [
            run.lease.organization_id.into(),
            run.lease.id.into(),
            page.given_up.clone().into(),
        ];
        sql::run(transaction, GIVE_UP_PARTS, parts).await?;
    }
    Ok(())
}
