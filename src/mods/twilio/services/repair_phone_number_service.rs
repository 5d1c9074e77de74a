use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, QueryFilter};

use super::{
    account_changes::{
        AccountAction, AccountChanger, ActionPlan, NumberChange, UpdateNumber, Values,
    },
    find_expected_callbacks_service, look_again_service,
};
use crate::{
    bases::{error::AppError, ids::PhoneNumberId, state::AppState},
    entities::phone_number,
    mods::{
        auth::types::CurrentUser,
        twilio::{
            types::{RepairPhoneNumberIn, TwilioActionAnswer},
            utils::{
                NumberView, TwilioHost, TwilioNumber, find_number_drift_util,
                list_twilio_numbers_util, twilio_error_to_app_error_util,
            },
        },
    },
};

/// Sets what Loquent had set on a number and what has drifted since; what Loquent never set stays
/// as it is. A number that is gone at Twilio is taken out of use here; one that was bought again
/// is known by its new SID.
pub async fn repair_phone_number_service(
    state: &AppState,
    user: &CurrentUser,
    input: &RepairPhoneNumberIn,
) -> Result<TwilioActionAnswer, AppError> {
    find_row(state, user, input.phone_number_id).await?;
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    let row = find_row(state, user, input.phone_number_id).await?;
    let account = changer.account();
    let numbers = async { list_twilio_numbers_util(&account.reader(TwilioHost::Api)?).await };
    let numbers = numbers
        .await
        .map_err(|error| twilio_error_to_app_error_util(&error))?;
    let there = numbers.iter().find(|one| one.sid == row.twilio_sid);
    let answer = match there {
        Some(there) => {
            let plan = plan(state, account.account_sid(), &row, there).await?;
            changer.finish(plan).await?
        }
        None => {
            let again = numbers.iter().find(|one| one.phone_number == row.number);
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

async fn find_row(
    state: &AppState,
    user: &CurrentUser,
    number: PhoneNumberId,
) -> Result<phone_number::Model, AppError> {
    phone_number::Entity::in_org(user.organization_id)
        .filter(phone_number::Column::Id.eq(number.0))
        .filter(phone_number::Column::ReleasedAt.is_null())
        .one(&state.db)
        .await?
        .ok_or_else(|| AppError::not_found("number"))
}

async fn plan(
    state: &AppState,
    account_sid: &str,
    row: &phone_number::Model,
    there: &TwilioNumber,
) -> Result<ActionPlan, AppError> {
    let organization = crate::bases::ids::OrganizationId(row.organization_id);
    let callbacks = find_expected_callbacks_service(&state.db, organization).await?;
    let view = NumberView {
        account_sid,
        voice_url: &state.config.voice_url(),
        sms_url: &state.config.sms_incoming_url(),
        expected_callback: callbacks.get(&PhoneNumberId(row.id)).map(String::as_str),
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
        phone_number_id: PhoneNumberId(row.id),
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
            vec![AccountAction::UpdateNumber(update)]
        },
    })
}

/// Nothing can be changed at Twilio: only Loquent's own table can be put right.
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
    let mut row: phone_number::ActiveModel = row.into();
    match again {
        Some(there) => {
            row.twilio_sid = Set(there.sid.clone());
            row.twilio_account_sid = Set(account_sid);
            // What Loquent had set went with the old one.
            row.previous_voice_url = Set(None);
            row.previous_sms_url = Set(None);
        }
        None => row.released_at = Set(Some(state.clock.now())),
    }
    row.update(&state.db).await?;
    Ok(())
}
