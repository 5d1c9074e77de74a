use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::resolve_event_numbers_service;
use crate::{
    bases::{config::Config, error::AppError},
    entities::{organization, phone_number},
    mods::phone::{types::VoiceAnswer, utils::voice_answer_util},
};

/// The default sentence, so that no call meets silence.
const DEFAULT_SENTENCE: &str = "Thank you for calling. This number takes text messages only. \
                                Please send us a text message, and we will get back to you.";

/// What a call to a number is answered with: the number's own answer, else its organization's,
/// else a sentence of ours. The account is part of the question, as for texts: an account can ask
/// only for its own numbers.
pub async fn find_voice_answer_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    account_sid: &str,
    number: &str,
) -> Result<VoiceAnswer, AppError> {
    let numbers = resolve_event_numbers_service(conn, config, vec![number.to_owned()]).await?;
    let Some(own) = numbers.get(&(account_sid.to_owned(), number.to_owned())) else {
        return Ok(default_voice_answer());
    };
    let of_number = phone_number::Entity::in_org(own.organization_id)
        .filter(phone_number::Column::Id.eq(own.phone_number_id))
        .one(conn)
        .await?
        .and_then(|row| {
            voice_answer_util(
                row.voice_sentence.as_deref(),
                row.voice_forward_to.as_deref(),
            )
        });
    if let Some(answer) = of_number {
        return Ok(answer);
    }
    let of_organization = organization::Entity::find_by_id(own.organization_id)
        .one(conn)
        .await?
        .and_then(|row| {
            voice_answer_util(
                row.voice_sentence.as_deref(),
                row.voice_forward_to.as_deref(),
            )
        });
    Ok(of_organization.unwrap_or_else(default_voice_answer))
}

/// The answer of an organization that has chosen none.
pub fn default_voice_answer() -> VoiceAnswer {
    VoiceAnswer::Say {
        sentence: DEFAULT_SENTENCE.to_owned(),
    }
}
