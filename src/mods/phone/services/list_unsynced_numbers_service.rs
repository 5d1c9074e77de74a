use super::find_number_standings_service::{NumberStanding, find_number_standings_service};
use crate::{
    bases::{e164::E164, error::AppError, ids::OrganizationId, state::AppState},
    mods::{
        account::services::account_changes::AccountAccess,
        phone::{types::UnsyncedNumber, utils::shown_phone},
    },
    twilio::{TwilioHost, TwilioNumber, list_twilio_numbers, twilio_error_to_app_error},
};

/// The numbers of the organization's Twilio account that it does not have in Loquent yet; of the
/// shared account only those that it was given, unless it has the whole. Those of another
/// organization are told with the reason why not. Only reads at Twilio.
pub async fn list_unsynced_numbers_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<Vec<UnsyncedNumber>, AppError> {
    let account = AccountAccess::open(state, organization).await?;
    let there = list_account_numbers(&account).await?;
    let standings = find_number_standings_service(&account, &there).await?;
    Ok(there
        .into_iter()
        .filter_map(|one| {
            let refusal = match standings.get(&one.phone_number)? {
                NumberStanding::Own | NumberStanding::Hidden => return None,
                NumberStanding::Free => None,
                NumberStanding::Refused(why) => Some((*why).to_owned()),
            };
            // Twilio always sends E.164; a number in another form cannot be used.
            let number = E164::parse(&one.phone_number).ok()?;
            Some(UnsyncedNumber {
                friendly_name: name_of(&one),
                twilio_sid: one.sid,
                shown: shown_phone(number.as_str()),
                number,
                capabilities: one.capabilities,
                refusal,
            })
        })
        .collect())
}

/// All numbers of the account.
pub(super) async fn list_account_numbers(
    account: &AccountAccess,
) -> Result<Vec<TwilioNumber>, AppError> {
    let reader = account.reader(TwilioHost::Api);
    let there = async { list_twilio_numbers(&reader?).await }.await;
    there.map_err(|error| twilio_error_to_app_error(&error))
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
