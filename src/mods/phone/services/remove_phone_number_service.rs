use sea_orm::{ActiveModelTrait, ActiveValue::Set, TransactionTrait};

use super::find_phone_number_service::find_phone_number_row;
use crate::{
    bases::{error::AppError, ids::PhoneNumberId, state::AppState},
    entities::phone_number,
    mods::{
        account::services::{end_lost_claims_service, notify_twilio_account_service},
        auth::types::CurrentUser,
    },
    twilio::MaskedSid,
};

/// Gives up the organization's claim on a number. Nothing is changed at Twilio, and none of its
/// credentials are needed; the history stays. Another organization of the account can have the
/// number then. 404 where the organization has no such number.
pub async fn remove_phone_number_service(
    state: &AppState,
    user: &CurrentUser,
    id: PhoneNumberId,
) -> Result<(), AppError> {
    let organization = user.organization_id;
    let transaction = state.db.begin().await?;
    let row = find_phone_number_row(&transaction, organization, id).await?;
    let account = row.twilio_account_sid.clone();
    let mut row: phone_number::ActiveModel = row.into();
    row.released_at = Set(Some(state.clock.now()));
    row.previous_voice_url = Set(None);
    row.previous_sms_url = Set(None);
    row.update(&transaction).await?;
    end_lost_claims_service(&transaction, &state.config, organization).await?;
    notify_twilio_account_service(&transaction, organization).await?;
    transaction.commit().await?;
    tracing::info!(
        organization_id = %organization, user_id = %user.id, phone_number_id = %id,
        account = %MaskedSid::of(&account), "a number was removed from Loquent"
    );
    Ok(())
}
