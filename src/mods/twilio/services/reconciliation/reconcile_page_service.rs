use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbErr, FromQueryResult, TransactionTrait};
use uuid::Uuid;

use super::{
    reconciliation_lease::PageFindings, run_reconciliation_service::ReconciliationContext,
};
use crate::{
    bases::{
        db::DbTransaction,
        error::AppError,
        ids::{ContactId, MessageId},
        position::Position,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql::{self, column},
    },
    mods::{
        contact::services::record_opt_outs_service,
        messaging::{
            services::{
                MessageDetails, NewMessage, OddWords, ResolvedMessage, StatusChange,
                drop_message_fetches_service, fill_message_details_service,
                insert_attachments_service, insert_messages, record_imported_log_service,
                resolve_message_contacts, roll_up_messages, update_message_statuses_service,
            },
            types::{LogSource, MessageDirection, MessageSource},
            utils::{DeliveryState, StatusReport, advance_message_status_util},
        },
        twilio::{
            services::history::{
                KnownPlace, LastListed, RunStop, opt_outs_of, place_listed_messages_service,
            },
            utils::ImportedMessage,
        },
    },
};

/// Our clock and Twilio's may differ by this much.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(90);

// A SID of an earlier attempt is known, and there is nothing to do for it.
const KNOWN: &str = "
SELECT m.external_id AS sid, m.id, m.contact_id, m.status, m.error_code, m.error_message,
       m.sent_at, m.delivered_at, m.body IS NULL AS lacks_body, m.num_media, false AS is_old,
       m.created_at, m.position
FROM message m
WHERE m.organization_id = $1 AND m.external_id = ANY ($2)
UNION ALL
SELECT a.external_id, m.id, m.contact_id, m.status, m.error_code, m.error_message,
       m.sent_at, m.delivered_at, false, m.num_media, true, m.created_at, m.position
FROM message_attempt a
JOIN message m ON m.id = a.message_id
WHERE a.organization_id = $1 AND a.external_id = ANY ($2)
";

// Twilio may have taken a send of ours whose answer we have not stored yet: the send itself finds
// out, and must not find its message taken for one from elsewhere.
const UNDER_WAY: &str = "
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
struct Known {
    sid: String,
    id: Uuid,
    contact_id: Uuid,
    status: String,
    error_code: Option<i32>,
    error_message: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    lacks_body: bool,
    num_media: i32,
    is_old: bool,
    created_at: DateTime<Utc>,
    position: i64,
}

#[derive(FromQueryResult)]
struct Sid {
    sid: String,
}

/// A page of Twilio's list.
#[derive(Debug)]
pub(super) struct ListedPage {
    pub messages: Vec<ImportedMessage>,
    /// The messages that this page counts as looked at.
    pub counted: usize,
    /// A hash or SID of each entry that cannot be kept.
    pub unreadable: Vec<String>,
}

/// Compares a page of Twilio's list with what is here, in one transaction: what is missing is
/// taken in, what is behind is moved on by the lattice, never back.
///
/// `before` is the last message of the page before.
pub(super) async fn reconcile_page_service(
    context: &ReconciliationContext,
    page: &mut ListedPage,
    before: Option<&LastListed>,
) -> Result<(), RunStop> {
    let ListedPage {
        messages: page,
        counted,
        unreadable,
    } = page;
    let transaction = context.state.db.begin().await?;
    let known = find_known(context, &transaction, page, before).await?;
    place(context, &transaction, page, before, &known).await?;
    let (here, unknown): (Vec<_>, Vec<_>) = page
        .iter()
        .partition(|one| known.contains_key(one.message.sid.as_str()));
    let (missing, mut notices) = take_in(context, &transaction, unknown).await?;
    let here: Vec<(&ImportedMessage, &Known)> = here
        .into_iter()
        .filter_map(|one| Some((one, known.get(one.message.sid.as_str())?)))
        .filter(|(_, known)| !known.is_old)
        .collect();
    let repaired = move_on(context, &transaction, &here).await?;
    notices.extend(
        repaired
            .iter()
            .map(|id| notice(context, EventKind::MessageStatus, *id)),
    );
    let found = PageFindings {
        checked: *counted,
        missing,
        repaired: repaired.len(),
        unreadable: unreadable.clone(),
    };
    if !found
        .count(&transaction, &context.lease, &context.claim)
        .await?
    {
        return Err(RunStop::NotOurs);
    }
    publish_realtime(&transaction, &notices).await?;
    transaction.commit().await?;
    Ok(())
}

fn notice(context: &ReconciliationContext, kind: EventKind, id: MessageId) -> RealtimeNotice {
    RealtimeNotice::new(context.owner.organization_id, kind, id.0)
}

/// Where the page's messages stand among those of their second.
async fn place(
    context: &ReconciliationContext,
    transaction: &DbTransaction,
    page: &mut [ImportedMessage],
    before: Option<&LastListed>,
    known: &HashMap<String, Known>,
) -> Result<(), DbErr> {
    let places = known.values().filter(|known| !known.is_old).map(|known| {
        let place = KnownPlace {
            at: known.created_at,
            position: Position(known.position),
        };
        (known.sid.clone(), place)
    });
    place_listed_messages_service(
        transaction,
        context.owner.organization_id,
        &context.state.arrivals,
        page.iter_mut().map(|one| &mut one.message).collect(),
        before,
        &places.collect(),
    )
    .await
}

async fn find_known(
    context: &ReconciliationContext,
    transaction: &DbTransaction,
    page: &[ImportedMessage],
    before: Option<&LastListed>,
) -> Result<HashMap<String, Known>, DbErr> {
    let sids = page.iter().map(|one| one.message.sid.to_string());
    let before = before.map(|last| last.sid.clone());
    let sids: Vec<String> = sids.chain(before).collect();
    let values = [context.owner.organization_id.0.into(), sids.into()];
    let known = sql::rows::<Known>(transaction, KNOWN, values).await?;
    Ok(known
        .into_iter()
        .map(|row| (row.sid.clone(), row))
        .collect())
}

/// Stores what is not here; gives how many those were, and the news of them.
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
    let new = insert_messages(transaction, resolved).await?;
    insert_attachments_service(transaction, &new).await?;
    let audit: Vec<_> = new
        .iter()
        .map(|row| (row.id, odd.get(row.message.sid.as_str()).copied()))
        .collect();
    record_imported_log_service(transaction, &audit, LogSource::Reconciliation).await?;
    roll_up_messages(transaction, &new).await?;
    record_opt_outs_service(transaction, &opt_outs_of(&new)).await?;
    let notices = new
        .iter()
        .map(|row| notice(context, EventKind::MessageNew, row.id))
        .collect();
    Ok((new.len(), notices))
}

/// A message that we were to hear of and did not is as if we had: a customer's text is unread. One
/// from before the number came to us is history.
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
        context.owner.organization_id.0.into(),
        column(unknown, |one| one.message.sid.to_string()),
        column(unknown, |one| one.message.from_address.clone()),
        column(unknown, |one| one.message.to_address.clone()),
        column(unknown, |one| one.message.at + CLOCK_DIFFERENCE),
    ];
    let found = sql::rows::<Sid>(transaction, UNDER_WAY, values).await?;
    Ok(found.into_iter().map(|row| row.sid).collect())
}

/// Moves messages on that are behind; gives those for which that was news.
async fn move_on(
    context: &ReconciliationContext,
    transaction: &DbTransaction,
    here: &[(&ImportedMessage, &Known)],
) -> Result<Vec<MessageId>, RunStop> {
    let mut changes = Vec::new();
    let mut repaired = Vec::new();
    for (listed, known) in here {
        let news = listed.delivery_news();
        let adds_body = known.lacks_body && listed.message.body.is_some();
        let is_behind = is_behind(known, &news)?;
        if is_behind || adds_body {
            changes.push(status_change(context, listed, news));
        }
        if is_behind || adds_body || known.num_media < listed.message.num_media {
            repaired.push(MessageId(known.id));
        }
    }
    update_message_statuses_service(transaction, &changes).await?;
    let details: Vec<MessageDetails<'_>> = here
        .iter()
        .map(|(listed, known)| details_of(listed, known))
        .collect();
    let organization = context.owner.organization_id;
    fill_message_details_service(transaction, organization, &details).await?;
    drop_message_fetches_service(transaction, organization, &repaired).await?;
    let with_files: Vec<ResolvedMessage<'_>> = here
        .iter()
        .filter(|(listed, known)| known.num_media < listed.message.num_media)
        .map(|(listed, known)| ResolvedMessage {
            id: MessageId(known.id),
            contact_id: ContactId(known.contact_id),
            message: &listed.message,
        })
        .collect();
    insert_attachments_service(transaction, &with_files).await?;
    Ok(repaired)
}

/// Whether the news would move the status or tell an error that is not known; another wording of
/// the same error or another time is no news.
fn is_behind(known: &Known, news: &StatusReport) -> Result<bool, AppError> {
    let before = DeliveryState {
        status: known.status.parse().map_err(|error| {
            tracing::error!(%error, message_id = %known.id, "the database holds a word that the program does not know");
            AppError::Internal
        })?,
        error_code: known.error_code,
        error_message: known.error_message.clone(),
        sent_at: known.sent_at,
        delivered_at: known.delivered_at,
    };
    let after = advance_message_status_util(&before, news);
    Ok((after.status, after.error_code) != (before.status, before.error_code))
}

fn status_change(
    context: &ReconciliationContext,
    listed: &ImportedMessage,
    news: StatusReport,
) -> StatusChange {
    let message = &listed.message;
    let dedup_key = format!(
        "reconciliation:{}:{}:{}",
        message.sid,
        news.status,
        news.error_code.unwrap_or(0)
    );
    StatusChange {
        organization_id: context.owner.organization_id,
        sid: Some(message.sid.clone()),
        message_id: None,
        news,
        status_word: listed.odd.as_ref().and_then(|words| words.status.clone()),
        body: message.body.clone(),
        num_segments: message.num_segments,
        source: LogSource::Reconciliation,
        dedup_key,
        payload: listed.odd.as_ref().map(|words| words.json.clone()),
    }
}

fn details_of<'a>(listed: &'a ImportedMessage, known: &Known) -> MessageDetails<'a> {
    let message = &listed.message;
    MessageDetails {
        message_id: MessageId(known.id),
        num_segments: message.num_segments,
        price: message.details.price.as_deref(),
        price_unit: message.details.price_unit.as_deref(),
        sent_at: message.details.sent_at,
        num_media: message.num_media,
        at: message.at,
        body: message.body.as_deref().filter(|_| known.lacks_body),
    }
}
