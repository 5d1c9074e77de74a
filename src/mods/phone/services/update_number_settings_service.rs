use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use super::{find_phone_number_service, find_phone_number_service::find_phone_number_row};
use crate::{
    bases::{
        config::Config,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::phone_number,
    mods::phone::types::{
        MAX_NUMBER_NAME, MAX_SENTENCE, NumberSettingsIn, PhoneNumber, VoiceAnswer,
    },
};

/// Changes a number's name in Loquent and what its callers hear. Nothing is changed at Twilio. 404
/// for a number that the organization does not have.
pub async fn update_number_settings_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    id: PhoneNumberId,
    input: NumberSettingsIn,
) -> Result<PhoneNumber, AppError> {
    let row = find_phone_number_row(conn, organization, id).await?;
    let mut changed = phone_number::ActiveModel {
        id: Set(row.id),
        ..Default::default()
    };
    if let Some(name) = &input.friendly_name {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NUMBER_NAME {
            return Err(AppError::bad_request(format!(
                "A number's name has 1 to {MAX_NUMBER_NAME} characters."
            )));
        }
        changed.friendly_name = Set(name.to_owned());
    }
    if let Some(answer) = input.voice_answer {
        let answer = check_voice_answer(answer.into())?;
        let is_itself =
            matches!(&answer, Some(VoiceAnswer::Forward { to }) if to.as_str() == row.number);
        if is_itself {
            return Err(AppError::bad_request(
                "A number cannot forward its calls to itself. Give another phone.",
            ));
        }
        let (sentence, forward_to) = columns(answer);
        changed.voice_sentence = Set(sentence);
        changed.voice_forward_to = Set(forward_to);
    }
    if changed.is_changed() {
        changed.update(conn).await?;
    }
    find_phone_number_service(conn, config, organization, id).await
}

/// Says what is wrong with an answer.
pub(super) fn check_voice_answer(
    answer: Option<VoiceAnswer>,
) -> Result<Option<VoiceAnswer>, AppError> {
    let Some(VoiceAnswer::Say { sentence }) = answer else {
        return Ok(answer);
    };
    let sentence = sentence.trim().replace('\0', " ");
    if sentence.is_empty() || sentence.chars().count() > MAX_SENTENCE {
        return Err(AppError::bad_request(format!(
            "The sentence that callers hear has 1 to {MAX_SENTENCE} characters."
        )));
    }
    Ok(Some(VoiceAnswer::Say { sentence }))
}

/// As the two columns of a table hold it.
pub(super) fn columns(answer: Option<VoiceAnswer>) -> (Option<String>, Option<String>) {
    match answer {
        None => (None, None),
        Some(VoiceAnswer::Say { sentence }) => (Some(sentence), None),
        Some(VoiceAnswer::Forward { to }) => (None, Some(to.to_string())),
    }
}
