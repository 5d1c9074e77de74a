use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::mods::{
    account::api::{get_twilio_connection_api, list_account_changes_api},
    phone::api::get_voice_answer_api,
    twilio::api::{get_imported_phone_numbers_api, get_twilio_health_api},
};
use crate::{bases::error::AppError, mods::settings::types::TwilioOverview};

/// All that Settings → Twilio shows, in one call. Each part is what its own call answers, to this
/// person.
#[get("/api/settings/twilio-overview")]
pub async fn get_twilio_overview_api() -> Result<TwilioOverview, AppError> {
    let (connection, health, numbers, activity, voice_answer) = futures::try_join!(
        get_twilio_connection_api(),
        get_twilio_health_api(),
        get_imported_phone_numbers_api(),
        list_account_changes_api(None),
        get_voice_answer_api(),
    )?;
    Ok(TwilioOverview {
        connection,
        health,
        numbers,
        activity,
        voice_answer,
    })
}
