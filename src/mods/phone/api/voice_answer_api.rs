use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        auth::types::CurrentUser,
        phone::services::{
            find_organization_voice_answer_service, update_organization_voice_answer_service,
        },
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::phone::types::VoiceAnswer,
};

/// What callers hear if a number has no answer of its own.
#[get("/api/twilio/voice-answer", state: AppState, user: CurrentUser)]
pub async fn get_voice_answer_api() -> Result<VoiceAnswer, AppError> {
    find_organization_voice_answer_service(&state.db, user.organization_id).await
}

/// Changes it; nothing at Twilio.
#[put("/api/twilio/voice-answer", state: AppState, user: CurrentUser)]
pub async fn update_voice_answer_api(body: ApiJson<VoiceAnswer>) -> Result<VoiceAnswer, AppError> {
    user.require(Role::Admin)?;
    update_organization_voice_answer_service(&state.db, user.organization_id, body.0).await
}
