use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, TransactionTrait};

use super::{find_twilio_connection_service, notify_twilio_account_service};
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::{organization, twilio_account_check},
    mods::twilio::types::{DisconnectTwilioIn, TwilioConnection},
};

/// Forgets the organization's own account: SID and tokens are removed from the database. Nothing
/// is changed at Twilio; what was set up there stays, and is better undone before.
///
/// Unless the shared account is asked for, nothing is sent from then on. Numbers and messages
/// stay. Doing it again changes nothing.
pub async fn disconnect_twilio_account_service(
    state: &AppState,
    organization: OrganizationId,
    input: DisconnectTwilioIn,
) -> Result<TwilioConnection, AppError> {
    if input.use_shared && state.config.shared_twilio.is_none() {
        return Err(AppError::conflict(
            "There is no shared Twilio account here. Nothing was disconnected.",
        ));
    }
    let transaction = state.db.begin().await?;
    let row = organization::Entity::find_by_id(organization.0)
        .lock_exclusive()
        .one(&transaction)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    let mut row: organization::ActiveModel = row.into();
    row.byo_twilio = Set(!input.use_shared);
    row.twilio_account_sid = Set(None);
    row.twilio_auth_token = Set(None);
    row.twilio_auth_token_previous = Set(None);
    row.update(&transaction).await?;
    twilio_account_check::Entity::delete_by_id(organization.0)
        .exec(&transaction)
        .await?;
    notify_twilio_account_service(&transaction, organization).await?;
    transaction.commit().await?;
    let now = state.clock.now();
    find_twilio_connection_service(&state.db, &state.config, organization, now).await
}
