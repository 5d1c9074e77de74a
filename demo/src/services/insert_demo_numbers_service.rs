use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::{types::DemoNumber, utils::demo_sid_util};
use loquent::{
    bases::{
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::phone_number,
    mods::phone::services::assign_number_service,
};

/// Gives the demo organization its numbers of the shared Twilio account, and returns their ids.
pub async fn insert_demo_numbers_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    account_sid: &str,
    at: DateTime<Utc>,
) -> Result<HashMap<DemoNumber, PhoneNumberId>, AppError> {
    let ids = HashMap::from(DemoNumber::ALL.map(|number| (number, PhoneNumberId::new())));
    let rows = ids.iter().map(|(number, id)| phone_number::ActiveModel {
        id: Set(*id),
        organization_id: Set(organization),
        twilio_account_sid: Set(account_sid.to_owned()),
        twilio_sid: Set(demo_sid_util("PN", number.number())),
        number: Set(number.number().to_owned()),
        friendly_name: Set(number.friendly_name().to_owned()),
        sms_enabled: Set(true),
        mms_enabled: Set(true),
        voice_enabled: Set(true),
        previous_voice_url: Set(None),
        previous_sms_url: Set(None),
        voice_sentence: Set(None),
        voice_forward_to: Set(None),
        released_at: Set(None),
        created_at: Set(at),
    });
    phone_number::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    for number in ids.keys() {
        let number = E164::parse(number.number())
            .map_err(|error| AppError::bad_request(error.to_string()))?;
        assign_number_service(conn, account_sid, &number, organization).await?;
    }
    Ok(ids)
}
