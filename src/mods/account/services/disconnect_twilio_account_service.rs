use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, TransactionTrait};

use super::{
    end_lost_claims_service, find_twilio_connection_service, notify_twilio_account_service,
};
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::{organization, states::SharedTwilio, twilio_account_check},
    mods::account::types::{DisconnectTwilioIn, TwilioConnection},
};

/// Forgets the organization's own account: SID and tokens are removed from the database. Nothing
/// is changed at Twilio; what was set up there stays, and is better undone before.
///
/// Unless the shared account is asked for, nothing is sent from then on. Messages stay; numbers of
/// the account are suspended. Idempotent. 409 if the shared account is wanted and the operator has
/// given the organization no part of it.
pub async fn disconnect_twilio_account_service(
    state: &AppState,
    organization: OrganizationId,
    input: DisconnectTwilioIn,
) -> Result<TwilioConnection, AppError> {
    let transaction = state.db.begin().await?;
    let row = organization::Entity::find_by_id(organization)
        .lock_exclusive()
        .one(&transaction)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    let has_shared =
        state.config.shared_twilio.is_some() && row.shared_twilio != SharedTwilio::None;
    if input.use_shared && !has_shared {
        return Err(AppError::conflict(
            "There is no shared Twilio account for this organization. Nothing was disconnected.",
        ));
    }
    let mut row: organization::ActiveModel = row.into();
    row.byo_twilio = Set(!input.use_shared);
    row.twilio_account_sid = Set(None);
    row.twilio_auth_token = Set(None);
    row.twilio_auth_token_previous = Set(None);
    row.twilio_token_refused_at = Set(None);
    row.update(&transaction).await?;
    twilio_account_check::Entity::delete_by_id(organization)
        .exec(&transaction)
        .await?;
    end_lost_claims_service(&transaction, &state.config, organization).await?;
    notify_twilio_account_service(&transaction, organization).await?;
    transaction.commit().await?;
    find_twilio_connection_service(&state.db, &state.config, organization).await
}
