use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::buy_phone_number_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::phone::types::{BuyPhoneNumberIn, BuyPhoneNumberOut},
};

/// Buys a number and points its calls to Loquent; with `dry_run` says what that would do.
#[post("/api/twilio/buy-phone-number", state: AppState, user: CurrentUser)]
pub async fn buy_phone_number_api(
    body: ApiJson<BuyPhoneNumberIn>,
) -> Result<BuyPhoneNumberOut, AppError> {
    user.require(Role::Admin)?;
    buy_phone_number_service(&state, &user, &body.0).await
}
