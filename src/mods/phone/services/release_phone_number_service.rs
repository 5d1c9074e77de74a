use super::{
    find_live_number_service, find_phone_number_service::find_phone_number_row,
    set_phone_webhook_service::fetch_own_number,
};
use crate::{
    bases::{error::AppError, state::AppState},
    mods::{
        account::{
            services::{
                account_changes::{AccountChanger, ActionPlan},
                look_again_service,
            },
            types::TwilioActionAnswer,
        },
        auth::types::CurrentUser,
        contact::utils::parse_phone_number_util,
        phone::{
            services::actions::ReleaseNumber, types::ReleasePhoneNumberIn, utils::shown_phone,
        },
    },
    twilio::NUMBER_SETTINGS,
};

/// Releases a number at Twilio, or says what that would do. The person must have typed the number:
/// 400 if it is another one. Threads and history stay.
pub async fn release_phone_number_service(
    state: &AppState,
    user: &CurrentUser,
    input: &ReleasePhoneNumberIn,
) -> Result<TwilioActionAnswer, AppError> {
    let organization = user.organization_id;
    // Before the lock: another organization's number is a 404 at once.
    let row = find_phone_number_row(&state.db, organization, input.phone_number_id).await?;
    let typed = input.confirm_number.as_deref().unwrap_or_default();
    let is_typed =
        parse_phone_number_util(typed, &row.number).is_ok_and(|it| it.as_str() == row.number);
    if !input.options.dry_run && typed.trim() != row.number && !is_typed {
        return Err(AppError::bad_request(format!(
            "To release the number, type it as `confirm_number`: {}.",
            shown_phone(&row.number)
        )));
    }
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    let id = input.phone_number_id;
    let row = find_live_number_service(
        &state.db,
        state.config.shared_account_sid(),
        organization,
        id,
    )
    .await?;
    let there = fetch_own_number(changer.account(), &row).await?;
    let label = format!("{} {}", row.friendly_name, shown_phone(&row.number));
    let plan = ActionPlan {
        actions: vec![Box::new(ReleaseNumber {
            phone_number_id: input.phone_number_id,
            number_sid: row.twilio_sid.clone(),
            label,
            before: there.settings(&NUMBER_SETTINGS),
        })],
        untouched: vec![
            "Messages, contacts and history of the number stay in Loquent and at Twilio."
                .to_owned(),
            "Your other numbers stay as they are.".to_owned(),
        ],
        warnings: vec![
            "This may not be reversible: Twilio can sell the number to someone else.".to_owned(),
        ],
    };
    let answer = changer.finish(plan).await?;
    if !answer.dry_run {
        look_again_service(state, organization).await;
    }
    Ok(answer)
}
