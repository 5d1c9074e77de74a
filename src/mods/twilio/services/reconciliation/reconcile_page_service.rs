use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use sea_orm::{DbErr, FromQueryResult, TransactionTrait};

use super::repair_messages::{Here, KnownSids, LISTED_COLUMNS, repair_messages};
use crate::{
    bases::{
        db::DbTransaction,
        ids::MessageId,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql::{self, column},
    },
    entities::states::{LogSource, MessageDirection, MessageSource},
    mods::{
        contact::services::record_opt_outs_service,
        messaging::services::{
            FirstLogEntry, NewMessage, OddWords, find_known_sids, insert_attachments_service,
            insert_messages, resolve_message_contacts, roll_up_messages,
        },
        twilio::{
            services::{
                message_list::{
                    ListRun, ListedPage, PagePolicy, RunStop, opt_outs_of,
                    place_listed_messages_service,
                },
                reconciliation::reconciliation_context::ReconciliationContext,
            },
            utils::ImportedMessage,
        },
    },
};

/// Our clock and Twilio's may differ by this much.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(90);

// Twilio may have taken a send of ours whose answer we have not stored yet: the send itself finds
// out, and must not find its message taken for one from elsewhere.
const SENDS_BEGUN_BEFORE: &str = "
SELECT s.sid
FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])
    AS s (sid, from_address, to_address, at)
WHERE EXISTS (
    SELECT 1 FROM message m
    WHERE m.organization_id = $1 AND m.to_address = s.to_address
      AND m.from_address = s.from_address AND m.external_id IS NULL AND m.status = 'queued'
      AND m.send_started_at <= s.at)
";

#[derive(FromQueryResult)]
struct Sid {
    sid: String,
}

const COUNT: &str = "checked = checked + $3, missing = missing + $4, repaired = repaired + $5";

/// A reconciliation adds what is missing and advances what is outdated by the lattice, never back.
impl PagePolicy for ReconciliationContext {
    fn run(&self) -> &ListRun {
        &self.run
    }

    async fn store(&self, page: &mut ListedPage) -> Result<(), RunStop> {
        reconcile(self, page).await
    }
}

async fn reconcile(context: &ReconciliationContext, page: &mut ListedPage) -> Result<(), RunStop> {
    let transaction = context.run.state.db.begin().await?;
    let organization = context.run.owner.organization_id;
    let known: KnownSids =
        find_known_sids(&transaction, organization, page.sids(), LISTED_COLUMNS, []).await?;
    place_listed_messages_service(&transaction, &context.run, page, &known).await?;
    let (here, unknown): (Vec<_>, Vec<_>) = page
        .messages
        .iter()
        .map(|(one, _)| one)
        .partition(|one| known.contains_key(one.message.sid.as_str()));
    let (missing, mut notices) = take_in(context, &transaction, unknown).await?;
    let here: Vec<Here<'_>> = here
        .into_iter()
        .filter_map(|one| Some((one, known.get(one.message.sid.as_str())?)))
        // For the SID of an earlier attempt there is nothing to do.
        .filter(|(_, known)| !known.is_earlier_attempt)
        .collect();
    let repaired = repair_messages(context, &transaction, &here).await?;
    notices.extend(
        repaired
            .iter()
            .map(|id| notice(context, EventKind::MessageStatus, *id)),
    );
    let counted = [checked(page), missing, repaired.len()]
        .map(|n| i64::try_from(n).unwrap_or(i64::MAX).into());
    context
        .run
        .count_page(&transaction, COUNT, counted, &page.unreadable)
        .await?;
    publish_realtime(&transaction, &notices).await?;
    transaction.commit().await?;
    Ok(())
}

/// The messages of a page that count as looked at: each once.
fn checked(page: &ListedPage) -> usize {
    let counted = page.messages.iter().filter(|(_, counts)| *counts);
    let sids: HashSet<&str> = counted.map(|(one, _)| one.message.sid.as_str()).collect();
    sids.len()
}

fn notice(context: &ReconciliationContext, kind: EventKind, id: MessageId) -> RealtimeNotice {
    RealtimeNotice::new(context.run.owner.organization_id, kind, id)
}

/// Stores missing messages; returns their number and the notices.
async fn take_in(
    context: &ReconciliationContext,
    transaction: &DbTransaction,
    unknown: Vec<&ImportedMessage>,
) -> Result<(usize, Vec<RealtimeNotice>), RunStop> {
    if unknown.is_empty() {
        return Ok((0, Vec::new()));
    }
    let under_way = find_under_way(context, transaction, &unknown).await?;
    let odd: HashMap<&str, &OddWords> = unknown
        .iter()
        .filter_map(|one| Some((one.message.sid.as_str(), one.odd.as_ref()?)))
        .collect();
    let messages: Vec<NewMessage> = unknown
        .iter()
        .filter(|one| !under_way.contains(one.message.sid.as_str()))
        .map(|one| as_missed(context, &one.message))
        .collect();
    let resolved = resolve_message_contacts(transaction, &messages).await?;
    let log = FirstLogEntry::of_list(LogSource::Reconciliation, &resolved, &odd);
    let new = insert_messages(transaction, resolved, Some(log)).await?;
    insert_attachments_service(transaction, &new).await?;
    roll_up_messages(transaction, &new).await?;
    record_opt_outs_service(transaction, &opt_outs_of(&new)).await?;
    let notices = new
        .iter()
        .map(|row| notice(context, EventKind::MessageNew, row.id))
        .collect();
    Ok((new.len(), notices))
}

/// A message whose event we missed counts as if it had come: a customer's text is unread. One from
/// before the number came to us is history.
fn as_missed(context: &ReconciliationContext, message: &NewMessage) -> NewMessage {
    // Twilio's times are whole seconds.
    let is_history = message.at.timestamp() < context.number_since.timestamp();
    let (source, contact_source) = match message.direction {
        _ if is_history => (MessageSource::Import, message.contact_source),
        MessageDirection::Inbound => (MessageSource::Loquent, "inbound"),
        MessageDirection::Outbound => (MessageSource::External, "external"),
    };
    NewMessage {
        source,
        contact_source,
        ..message.clone()
    }
}

async fn find_under_way(
    context: &ReconciliationContext,
    transaction: &DbTransaction,
    unknown: &[&ImportedMessage],
) -> Result<HashSet<String>, DbErr> {
    let values = [
        context.run.owner.organization_id.into(),
        column(unknown, |one| one.message.sid.to_string()),
        column(unknown, |one| one.message.from_address.clone()),
        column(unknown, |one| one.message.to_address.clone()),
        column(unknown, |one| one.message.at + CLOCK_DIFFERENCE),
    ];
    let found = sql::rows::<Sid>(transaction, SENDS_BEGUN_BEFORE, values).await?;
    Ok(found.into_iter().map(|row| row.sid).collect())
}
