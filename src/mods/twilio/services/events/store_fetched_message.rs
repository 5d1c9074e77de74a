//! What Twilio's record adds to a message of which only an event was known.

use sea_orm::DbErr;

use super::ClaimedMessageFetch;
use crate::{
    bases::db::DbTransaction,
    entities::states::{LogSource, MessageDirection},
    mods::{
        contact::{
            services::{OptOutChange, record_opt_outs_service},
            types::OptOutEvidence,
            utils::opt_out_keyword_util,
        },
        messaging::services::{
            MessageDetails, NewMessage, ResolvedMessage, StatusChange,
            fill_message_details_service, insert_attachments_service,
            update_message_statuses_service,
        },
        twilio::utils::ImportedMessage,
    },
};

/// Adds to a message what Twilio's record tells of it.
pub(super) async fn store_fetched_message(
    transaction: &DbTransaction,
    claimed: &ClaimedMessageFetch,
    imported: &ImportedMessage,
) -> Result<(), DbErr> {
    let organization = claimed.organization_id;
    let message_id = claimed.message_id;
    let message = &imported.message;
    let news = imported.delivery_news();
    let dedup_key = format!("fetch:{}:{}", news.status, news.error_code.unwrap_or(0));
    let change = StatusChange {
        organization_id: organization,
        sid: Some(message.sid.clone()),
        message_id: None,
        news,
        status_word: imported.odd.as_ref().and_then(|words| words.status.clone()),
        body: message.body.clone(),
        num_segments: message.num_segments,
        source: LogSource::Fetch,
        dedup_key,
        payload: imported.odd.as_ref().map(|words| words.json.clone()),
    };
    update_message_statuses_service(transaction, &[change]).await?;
    if claimed.num_media < message.num_media {
        let with_files = ResolvedMessage {
            id: message_id,
            contact_id: claimed.contact_id,
            message,
        };
        insert_attachments_service(transaction, &[with_files]).await?;
    }
    let details = MessageDetails {
        message_id,
        num_segments: message.num_segments,
        price: message.details.price.as_deref(),
        price_unit: message.details.price_unit.as_deref(),
        sent_at: message.details.sent_at,
        num_media: message.num_media,
        at: message.at,
        body: message.body.as_deref(),
    };
    fill_message_details_service(transaction, organization, &[details]).await?;
    record_opt_outs_service(transaction, &opt_out_of(claimed, message)).await?;
    Ok(())
}

/// The customer's text may be the word that stops or allows texts.
fn opt_out_of(claimed: &ClaimedMessageFetch, message: &NewMessage) -> Vec<OptOutChange> {
    let keyword = message
        .body
        .as_deref()
        .filter(|_| message.direction == MessageDirection::Inbound && message.num_media == 0)
        .and_then(opt_out_keyword_util);
    let change = keyword.map(|(keyword, word)| OptOutChange {
        organization_id: claimed.organization_id,
        phone: message.from_address.clone(),
        sender: message.to_address.clone(),
        at: message.at,
        keyword,
        evidence: OptOutEvidence::Keyword(word),
        message_sid: Some(message.sid.to_string()),
        message_id: Some(claimed.message_id),
    });
    change.into_iter().collect()
}
