use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, TransactionTrait};

use super::{find_twilio_connection_service, notify_twilio_account_service};
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::organization,
    mods::account::types::TwilioConnection,
};

/// Ends a rotation: signatures of the old token are no longer accepted. Nodes that have looked the
/// tokens up a moment ago follow within seconds. Doing it again changes nothing; 409 where the
/// organization has no account of its own.
pub async fn drop_previous_token_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<TwilioConnection, AppError> {
    let transaction = state.db.begin().await?;
    let row = organization::Entity::find_by_id(organization)
        .lock_exclusive()
        .one(&transaction)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    if !row.byo_twilio || row.twilio_account_sid.is_none() {
        return Err(AppError::conflict(
            "There is no own Twilio account whose token could be dropped.",
        ));
    }
    let mut row: organization::ActiveModel = row.into();
    row.twilio_auth_token_previous = Set(None);
    row.update(&transaction).await?;
    notify_twilio_account_service(&transaction, organization).await?;
    transaction.commit().await?;
    find_twilio_connection_service(&state.db, &state.config, organization).await
}
