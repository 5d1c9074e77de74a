use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::{
    default_voice_answer,
    update_number_settings_service::{check_voice_answer, columns},
};
use crate::{
    bases::{error::AppError, ids::OrganizationId},
    entities::organization,
    mods::phone::{types::VoiceAnswer, utils::voice_answer_util},
};

/// What callers hear if a number has no answer of its own.
pub async fn find_organization_voice_answer_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<VoiceAnswer, AppError> {
    let row = organization::Entity::find_by_id(organization)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    let own = voice_answer_util(
        row.voice_sentence.as_deref(),
        row.voice_forward_to.as_deref(),
    );
    Ok(own.unwrap_or_else(default_voice_answer))
}

/// Changes it.
pub async fn update_organization_voice_answer_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    answer: VoiceAnswer,
) -> Result<VoiceAnswer, AppError> {
    let (sentence, forward_to) = columns(check_voice_answer(Some(answer))?);
    let changed = organization::ActiveModel {
        id: Set(organization),
        voice_sentence: Set(sentence),
        voice_forward_to: Set(forward_to),
        ..Default::default()
    };
    changed.update(conn).await?;
    find_organization_voice_answer_service(conn, organization).await
}
