use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use crate::{
    bases::{
        config::Config,
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::{
        organization::{self, find_organization},
        phone_number,
        states::SharedTwilio,
    },
    mods::phone::{
        types::{NumberRouting, NumberSuspension, PhoneNumber},
        utils::{shown_phone, voice_answer_util},
    },
};

/// A number that the organization still has, perhaps suspended; 404 otherwise.
pub async fn find_phone_number_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    id: PhoneNumberId,
) -> Result<PhoneNumber, AppError> {
    let row = find_phone_number_row(conn, organization, id).await?;
    let suspended = find_suspension(conn, config.shared_account_sid(), &row).await?;
    to_phone_number(row, suspended)
}

/// The row of the same.
pub(super) async fn find_phone_number_row(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: PhoneNumberId,
) -> Result<phone_number::Model, AppError> {
    phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::Id.eq(id))
        .filter(phone_number::Column::ReleasedAt.is_null())
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("phone number"))
}

/// A number that the organization may use now. 404 where it has none, 409 that says why not where
/// it is suspended.
pub async fn find_live_number_service(
    conn: &impl ConnectionTrait,
    shared: Option<&str>,
    organization: OrganizationId,
    id: PhoneNumberId,
) -> Result<phone_number::Model, AppError> {
    let row = find_phone_number_row(conn, organization, id).await?;
    match find_suspension(conn, shared, &row).await? {
        None => Ok(row),
        Some(why) => Err(suspended(why)),
    }
}

/// 409 that says why a number cannot be used.
fn suspended(why: NumberSuspension) -> AppError {
    AppError::conflict(format!("This number is suspended. {}", why.words()))
}

async fn find_suspension(
    conn: &impl ConnectionTrait,
    shared: Option<&str>,
    row: &phone_number::Model,
) -> Result<Option<NumberSuspension>, AppError> {
    let organization = row.organization_id;
    let live = phone_number::Entity::live_in_org(organization, shared)
        .filter(phone_number::Column::Id.eq(row.id))
        .one(conn)
        .await?;
    if live.is_some() {
        return Ok(None);
    }
    let owner = find_organization(conn, organization).await?;
    Ok(Some(why_suspended(&owner, row, shared)))
}

/// Why a number that is no live claim is none.
pub(super) fn why_suspended(
    organization: &organization::Model,
    number: &phone_number::Model,
    shared: Option<&str>,
) -> NumberSuspension {
    let account = if organization.byo_twilio {
        if organization.twilio_auth_token.is_none() {
            return NumberSuspension::Disconnected;
        }
        organization.twilio_account_sid.as_deref()
    } else {
        match organization.shared_twilio {
            SharedTwilio::None => None,
            _ => shared,
        }
    };
    match account {
        None => NumberSuspension::NotConnected,
        Some(account) if account != number.twilio_account_sid => NumberSuspension::OtherAccount,
        Some(_) if organization.byo_twilio => NumberSuspension::TokenRefused,
        Some(_) => NumberSuspension::NotAssigned,
    }
}

/// A row as the API shows it.
pub(super) fn to_phone_number(
    row: phone_number::Model,
    suspended: Option<NumberSuspension>,
) -> Result<PhoneNumber, AppError> {
    let number = E164::parse(&row.number).map_err(|error| {
                tracing::error!(%error, phone_number_id = %row.id, "the database holds a number that is not E.164");
                AppError::Internal
            })?;
    Ok(PhoneNumber {
        id: row.id,
        shown: shown_phone(number.as_str()),
        number,
        friendly_name: row.friendly_name,
        suspended,
        sms_enabled: row.sms_enabled,
        mms_enabled: row.mms_enabled,
        voice_enabled: row.voice_enabled,
        voice: NumberRouting::from_previous(row.previous_voice_url.as_deref()),
        sms: NumberRouting::from_previous(row.previous_sms_url.as_deref()),
        voice_answer: voice_answer_util(
            row.voice_sentence.as_deref(),
            row.voice_forward_to.as_deref(),
        ),
    })
}
