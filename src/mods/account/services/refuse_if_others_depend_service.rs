use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    bases::error::AppError,
    entities::{
        organization::{self, find_organization},
        states::SharedTwilio,
    },
    mods::account::services::account_changes::AccountAccess,
};

/// 409 if another organization here uses the same Twilio account: its texts come by the same sink,
/// so one organization must not take it away from the others. Whoever has only a part of the shared
/// account takes nothing of it away.
pub async fn refuse_if_others_depend_service(account: &AccountAccess) -> Result<(), AppError> {
    let sid = account.account_sid();
    let organization = find_organization(&account.state.db, account.organization_id).await?;
    if !organization.byo_twilio && organization.shared_twilio != SharedTwilio::Whole {
        return Err(AppError::conflict(
            "This organization has a part of the shared Twilio account only. Event forwarding \
             stays.",
        ));
    }
    let own = Condition::all()
        .add(organization::Column::ByoTwilio.eq(true))
        .add(organization::Column::TwilioAccountSid.eq(sid));
    let mut users = Condition::any().add(own);
    let shared = account.state.config.shared_twilio.as_ref();
    if shared.is_some_and(|shared| shared.account_sid == sid) {
        let sharing = Condition::all()
            .add(organization::Column::ByoTwilio.eq(false))
            .add(organization::Column::SharedTwilio.ne(SharedTwilio::None));
        users = users.add(sharing);
    }
    let others = organization::Entity::find()
        .filter(organization::Column::Id.ne(account.organization_id))
        .filter(users)
        .count(&account.state.db)
        .await?;
    if others == 0 {
        return Ok(());
    }
    Err(AppError::conflict(
        "Other organizations use this Twilio account too, and their texts come the same way. \
         Event forwarding stays.",
    ))
}
