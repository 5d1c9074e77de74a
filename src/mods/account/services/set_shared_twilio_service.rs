use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::{
    bases::{error::AppError, ids::OrganizationId},
    entities::{organization, states::SharedTwilio},
};

/// Says how much of the shared Twilio account an organization may use. Numbers that it may not use
/// any more are suspended; nothing is changed at Twilio.
pub async fn set_shared_twilio_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    shared: SharedTwilio,
) -> Result<(), AppError> {
    let row = organization::ActiveModel {
        id: Set(organization),
        shared_twilio: Set(shared),
        ..Default::default()
    };
    row.update(conn).await?;
    Ok(())
}
