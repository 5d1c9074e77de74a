//! Messages that are stored already, and may be outdated.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use crate::{
    bases::{
        db::DbTransaction,
        error::AppError,
        ids::{ContactId, MessageId},
    },
    entities::states::{LogSource, MessageStatus, Word},
    mods::{
        messaging::{
            services::{
                KnownSid, MessageDetails, ResolvedMessage, StatusChange,
                drop_message_fetches_service, fill_message_details_service,
                insert_attachments_service, update_message_statuses_service,
            },
            utils::{DeliveryState, StatusReport, advance_message_status_util},
        },
        twilio::{
            services::{
                message_list::RunStop,
                reconciliation::reconciliation_context::ReconciliationContext,
            },
            utils::ImportedMessage,
        },
    },
};

/// What is read of a message that Twilio lists.
pub(super) const LISTED_COLUMNS: &str = "
m.contact_id, m.status, m.error_code, m.error_message, m.sent_at, m.delivered_at,
m.body IS NULL AS lacks_body, m.num_media
";

#[derive(FromQueryResult)]
pub(super) struct ListedRow {
    contact_id: ContactId,
    status: Word<MessageStatus>,
    error_code: Option<i32>,
    error_message: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    lacks_body: bool,
    num_media: i32,
}

/// What is known of the SIDs of a page.
pub(super) type KnownSids = HashMap<String, KnownSid<ListedRow>>;

/// A listed message, and what is here of it.
pub(super) type Here<'a> = (&'a ImportedMessage, &'a KnownSid<ListedRow>);

/// Advances outdated messages; returns those that changed.
pub(super) async fn repair_messages(
    context: &ReconciliationContext,
    transaction: &DbTransaction,
    here: &[Here<'_>],
) -> Result<Vec<MessageId>, RunStop> {
    let mut changes = Vec::new();
    let mut repaired = Vec::new();
    for (listed, known) in here {
        let news = listed.delivery_news();
        let id = known.message_id;
        let known = &known.row;
        let adds_body = known.lacks_body && listed.message.body.is_some();
        let is_behind = is_behind(known, &news)?;
        if is_behind || adds_body {
            changes.push(status_change(context, listed, news));
        }
        if is_behind || adds_body || known.num_media < listed.message.num_media {
            repaired.push(id);
        }
    }
    update_message_statuses_service(transaction, &changes).await?;
    let details: Vec<MessageDetails<'_>> = here
        .iter()
        .map(|(listed, known)| details_of(listed, known))
        .collect();
    let organization = context.run.owner.organization_id;
    fill_message_details_service(transaction, organization, &details).await?;
    drop_message_fetches_service(transaction, organization, &repaired).await?;
    let with_files: Vec<ResolvedMessage<'_>> = here
        .iter()
        .filter(|(listed, known)| known.row.num_media < listed.message.num_media)
        .map(|(listed, known)| ResolvedMessage {
            id: known.message_id,
            contact_id: known.row.contact_id,
            message: &listed.message,
        })
        .collect();
    insert_attachments_service(transaction, &with_files).await?;
    Ok(repaired)
}

/// Whether the report would advance the status or add an unknown error; another wording of the same
/// error or another time does not count.
fn is_behind(known: &ListedRow, news: &StatusReport) -> Result<bool, AppError> {
    let before = DeliveryState {
        status: known.status.known()?,
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
        organization_id: context.run.owner.organization_id,
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

fn details_of<'a>(listed: &'a ImportedMessage, known: &KnownSid<ListedRow>) -> MessageDetails<'a> {
    let message = &listed.message;
    MessageDetails {
        message_id: known.message_id,
        num_segments: message.num_segments,
        price: message.details.price.as_deref(),
        price_unit: message.details.price_unit.as_deref(),
        sent_at: message.details.sent_at,
        num_media: message.num_media,
        at: message.at,
        body: message.body.as_deref().filter(|_| known.row.lacks_body),
    }
}
