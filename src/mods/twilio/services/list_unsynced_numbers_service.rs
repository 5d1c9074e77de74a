use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::account_changes::AccountAccess;
use crate::{
    bases::{
        e164::E164, error::AppError, ids::OrganizationId, phone_format::shown_phone,
        state::AppState,
    },
    entities::phone_number,
    mods::twilio::{
        types::UnsyncedNumber,
        utils::{
            TwilioHost, TwilioNumber, list_twilio_numbers_util, twilio_error_to_app_error_util,
        },
    },
};

/// What is said of a number that cannot be imported.
pub(super) const TAKEN: &str =
    "Another organization of this Loquent has this number. It must remove it first.";

/// The numbers of the organization's Twilio account that it does not have in Loquent yet. Those of
/// another organization (which may share the account) are told with the reason why not. Only
/// reads at Twilio.
pub async fn list_unsynced_numbers_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<Vec<UnsyncedNumber>, AppError> {
    let account = AccountAccess::open(state, organization).await?;
    let there = list_account_numbers(&account).await?;
    let owners = find_owners(&state.db, account.account_sid(), &there).await?;
    Ok(there
        .into_iter()
        .filter_map(|one| {
            let owner = owners.get(&one.phone_number).copied();
            if owner == Some(organization) {
                return None;
            }
            // Twilio has no other form; a number that cannot be told from others is of no use.
            let number = E164::parse(&one.phone_number).ok()?;
            Some(UnsyncedNumber {
                friendly_name: name_of(&one),
                twilio_sid: one.sid,
                shown: shown_phone(number.as_str()),
                number,
                capabilities: one.capabilities,
                refusal: owner.map(|_| TAKEN.to_owned()),
            })
        })
        .collect())
}

/// All numbers of the account.
pub(super) async fn list_account_numbers(
    account: &AccountAccess,
) -> Result<Vec<TwilioNumber>, AppError> {
    let reader = account.reader(TwilioHost::Api);
    let there = async { list_twilio_numbers_util(&reader?).await }.await;
    there.map_err(|error| twilio_error_to_app_error_util(&error))
}

/// Which organization has which of these numbers of the account.
pub(super) async fn find_owners(
    conn: &impl ConnectionTrait,
    account_sid: &str,
    numbers: &[TwilioNumber],
) -> Result<HashMap<String, OrganizationId>, AppError> {
    let wanted: HashSet<&str> = numbers
        .iter()
        .map(|one| one.phone_number.as_str())
        .collect();
    let rows = phone_number::Entity::find()
        .filter(phone_number::Column::TwilioAccountSid.eq(account_sid))
        .filter(phone_number::Column::Number.is_in(wanted))
        .filter(phone_number::Column::ReleasedAt.is_null())
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.number, OrganizationId(row.organization_id)))
        .collect())
}

/// What a number is called at Twilio; its digits if it has no name.
pub(super) fn name_of(number: &TwilioNumber) -> String {
    let name = number.setting("friendly_name").trim();
    if name.is_empty() {
        number.phone_number.clone()
    } else {
        name.to_owned()
    }
}
