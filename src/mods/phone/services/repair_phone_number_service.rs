use sea_orm::{ActiveModelTrait, ActiveValue::Set, TransactionTrait};

use super::{
    find_live_number_service,
    find_number_standings_service::{NumberStanding, find_number_standings_service},
    find_phone_number_service::find_phone_number_row,
    take_over_numbers_service,
};
use crate::{
    bases::{error::AppError, state::AppState},
    entities::phone_number,
    mods::{
        account::{
            services::{
                account_changes::{AccountAccess, AccountChanger, ActionPlan, Values},
                end_lost_claims_service, find_expected_callbacks_service, look_again_service,
            },
            types::{RepairPhoneNumberIn, TwilioActionAnswer},
            utils::{NumberView, find_number_drift_util},
        },
        auth::types::CurrentUser,
        phone::services::actions::{NumberChange, UpdateNumber},
    },
    twilio::{TwilioHost, TwilioNumber, list_twilio_numbers, twilio_error_to_app_error},
};

/// Sets what Loquent had set on a number and what has drifted since; what Loquent never set stays
/// as it is. A number that is gone at Twilio is retired here; one that was bought again gets its
/// new SID.
pub async fn repair_phone_number_service(
    state: &AppState,
    user: &CurrentUser,
    input: &RepairPhoneNumberIn,
) -> Result<TwilioActionAnswer, AppError> {
    let (organization, id) = (user.organization_id, input.phone_number_id);
    find_phone_number_row(&state.db, organization, id).await?;
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    let account = changer.account();
    let mut row = find_phone_number_row(&state.db, organization, id).await?;
    if row.twilio_account_sid == account.account_sid() {
        row = find_live_number_service(
            &state.db,
            state.config.shared_account_sid(),
            organization,
            id,
        )
        .await?;
    }
    let numbers = async { list_twilio_numbers(&account.reader(TwilioHost::Api)?).await };
    let numbers = numbers
        .await
        .map_err(|error| twilio_error_to_app_error(&error))?;
    let there = numbers.iter().find(|one| one.sid == row.twilio_sid);
    let answer = match there {
        Some(there) => {
            let plan = plan(state, account.account_sid(), &row, there).await?;
            changer.finish(plan).await?
        }
        None => {
            let again = numbers.iter().find(|one| one.phone_number == row.number);
            let again = find_adoptable(account, again).await?;
            let plan = plan_without_number(&row, again);
            let account_sid = account.account_sid().to_owned();
            let answer = changer.finish(plan).await?;
            if !answer.dry_run {
                adopt_or_retire(state, row, again, account_sid).await?;
            }
            answer
        }
    };
    if !answer.dry_run {
        look_again_service(state, user.organization_id).await;
    }
    Ok(answer)
}

/// The same number under another id, unless it is not the organization's to have: 409 if another
/// one has it.
async fn find_adoptable<'a>(
    account: &AccountAccess,
    again: Option<&'a TwilioNumber>,
) -> Result<Option<&'a TwilioNumber>, AppError> {
    let Some(there) = again else { return Ok(None) };
    let standings = find_number_standings_service(account, std::slice::from_ref(there)).await?;
    match standings.get(&there.phone_number) {
        Some(NumberStanding::Refused(why)) => Err(AppError::conflict(*why)),
        Some(NumberStanding::Hidden) => Ok(None),
        _ => Ok(Some(there)),
    }
}

async fn plan(
    state: &AppState,
    account_sid: &str,
    row: &phone_number::Model,
    there: &TwilioNumber,
) -> Result<ActionPlan, AppError> {
    let organization = row.organization_id;
    let callbacks = find_expected_callbacks_service(&state.db, organization).await?;
    let view = NumberView {
        account_sid,
        voice_url: &state.config.voice_url(),
        sms_url: &state.config.sms_incoming_url(),
        expected_callback: callbacks.get(&row.id).map(String::as_str),
        service: None,
        there: Some(there),
        same_number: None,
    };
    let drift = find_number_drift_util(row, there, &view);
    let after: Values = drift
        .into_iter()
        .filter_map(|drift| drift.set)
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let names: Vec<&str> = after.keys().map(String::as_str).collect();
    let before = there.settings(&names);
    let update = UpdateNumber {
        change: NumberChange::Repair,
        phone_number_id: row.id,
        number_sid: there.sid.clone(),
        label: row.friendly_name.clone(),
        before,
        after,
    };
    Ok(ActionPlan {
        untouched: vec![format!(
            "All other values of {} and all other numbers stay as they are.",
            row.friendly_name
        )],
        warnings: Vec::new(),
        actions: if update.after.is_empty() {
            Vec::new()
        } else {
            vec![Box::new(update)]
        },
    })
}

/// Nothing to change at Twilio; only Loquent's own table is corrected.
fn plan_without_number(row: &phone_number::Model, again: Option<&TwilioNumber>) -> ActionPlan {
    let what = match again {
        Some(_) => format!(
            "Loquent learns the new id of {}; its conversations stay.",
            row.friendly_name
        ),
        None => format!(
            "Loquent stops using {}: its conversations stay, but nothing can be sent from it.",
            row.friendly_name
        ),
    };
    ActionPlan {
        actions: Vec::new(),
        untouched: vec!["Nothing changes in the Twilio account.".to_owned()],
        warnings: vec![what],
    }
}

async fn adopt_or_retire(
    state: &AppState,
    row: phone_number::Model,
    again: Option<&TwilioNumber>,
    account_sid: String,
) -> Result<(), AppError> {
    let organization = row.organization_id;
    let number = row.number.clone();
    let mut row: phone_number::ActiveModel = row.into();
    let transaction = state.db.begin().await?;
    match again {
        Some(there) => {
            let (config, sid) = (&state.config, account_sid.as_str());
            take_over_numbers_service(&transaction, config, organization, sid, vec![number])
                .await?;
            row.twilio_sid = Set(there.sid.clone());
            row.twilio_account_sid = Set(account_sid);
            // What Loquent had set went with the old one.
            row.previous_voice_url = Set(None);
            row.previous_sms_url = Set(None);
        }
        None => row.released_at = Set(Some(state.clock.now())),
    }
    row.update(&transaction).await?;
    end_lost_claims_service(&transaction, &state.config, organization).await?;
    transaction.commit().await?;
    Ok(())
}
