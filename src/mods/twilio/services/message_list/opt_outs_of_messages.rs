//! Opt-outs in messages read from Twilio's list, which has no `optOutType`.

use crate::{
    entities::states::MessageDirection,
    mods::{
        contact::{services::OptOutChange, types::OptOutEvidence, utils::opt_out_keyword_util},
        messaging::services::ResolvedMessage,
    },
};

/// The texts of customers among these that are STOP, START or a synonym. Its time decides whether
/// it still counts.
pub fn opt_outs_of(messages: &[ResolvedMessage<'_>]) -> Vec<OptOutChange> {
    messages
        .iter()
        .filter(|row| row.message.direction == MessageDirection::Inbound)
        .filter(|row| row.message.num_media == 0)
        .filter_map(|row| {
            let (keyword, word) = opt_out_keyword_util(row.message.body.as_deref()?)?;
            Some(OptOutChange {
                organization_id: row.message.organization_id,
                phone: row.message.from_address.clone(),
                sender: row.message.to_address.clone(),
                at: row.message.at,
                keyword,
                evidence: OptOutEvidence::Keyword(word),
                message_sid: Some(row.message.sid.to_string()),
                message_id: Some(row.id),
            })
        })
        .collect()
}
