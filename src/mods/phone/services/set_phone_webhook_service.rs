use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{
    PhoneWebhook, WebhookAnswer, find_live_number_service,
    find_phone_number_service::find_phone_number_row,
};
use crate::{
    bases::{error::AppError, ids::AccountChangeId, state::AppState},
    entities::{phone_number, states::AccountChangeState, twilio_account_change},
    mods::{
        account::{
            services::{
                account_changes::{
                    AccountAccess, AccountAction, AccountChanger, ActionPlan, Values,
                },
                look_again_service,
            },
            types::TwilioActionAnswer,
        },
        auth::types::CurrentUser,
        phone::{
            services::actions::{NumberChange, UpdateNumber},
            types::PhoneWebhookIn,
        },
    },
    twilio::{TwilioHost, TwilioNumber},
};

/// Points a number's calls or texts to Loquent, and keeps the URL that was there before.
pub async fn configure_phone_webhook_service(
    state: &AppState,
    user: &CurrentUser,
    input: &PhoneWebhookIn,
    webhook: PhoneWebhook,
) -> Result<WebhookAnswer, AppError> {
    let (changer, row, there) = begin(state, user, input).await?;
    let ours = webhook.ours(state);
    let names = [webhook.url_name(), webhook.method_name()];
    let before = there.settings(&names);
    let after = Values::from([
        (names[0].to_owned(), ours.clone()),
        (names[1].to_owned(), "POST".to_owned()),
    ]);
    let mut plan = ActionPlan {
        untouched: webhook.untouched(),
        warnings: webhook.warnings(&there, &ours),
        ..ActionPlan::default()
    };
    if before != after {
        plan.actions = vec![update(&row, webhook.to_set(), before, after)];
    }
    let present = there.setting(names[0]);
    let previous = if present == ours {
        webhook.previous(&row).unwrap_or_default().to_owned()
    } else {
        present.to_owned()
    };
    let action = finish(state, user, changer, plan).await?;
    Ok(WebhookAnswer {
        action,
        previous_url: Some(previous).filter(|url| !url.is_empty()),
    })
}

/// Writes back the URL that was there before, if the present one is still ours: 409 that says
/// what is there if somebody has changed it since, or if Loquent never set it.
pub async fn restore_phone_webhook_service(
    state: &AppState,
    user: &CurrentUser,
    input: &PhoneWebhookIn,
    webhook: PhoneWebhook,
) -> Result<WebhookAnswer, AppError> {
    let (changer, row, there) = begin(state, user, input).await?;
    let previous = restorable(state, &row, &there, webhook)?;
    let last = find_last_set(state, &row, webhook).await?;
    let names = [webhook.url_name(), webhook.method_name()];
    let method = last.as_ref().and_then(|(_, before)| {
        let method = before.get(names[1])?.as_str()?;
        Some(method.to_owned()).filter(|method| !method.is_empty())
    });
    let after = Values::from([
        (names[0].to_owned(), previous.to_owned()),
        (
            names[1].to_owned(),
            method.unwrap_or_else(|| "POST".to_owned()),
        ),
    ]);
    let change = webhook.to_restore();
    let previous_url = Some(previous.to_owned()).filter(|url| !url.is_empty());
    let nobody = previous_url.is_none().then(|| webhook.nobody());
    let plan = ActionPlan {
        actions: vec![update(&row, change, there.settings(&names), after)],
        untouched: webhook.untouched(),
        warnings: nobody.into_iter().collect(),
    };
    let changer = match last {
        Some((change, _)) => changer.undoing(change),
        None => changer,
    };
    let action = finish(state, user, changer, plan).await?;
    Ok(WebhookAnswer {
        action,
        previous_url,
    })
}

/// The URL to put back; 409 if there is none, or somebody has changed the present one.
fn restorable<'a>(
    state: &AppState,
    row: &'a phone_number::Model,
    there: &TwilioNumber,
    webhook: PhoneWebhook,
) -> Result<&'a str, AppError> {
    let (what, _) = webhook.what();
    let Some(previous) = webhook.previous(row) else {
        return Err(AppError::conflict(format!(
            "Loquent has not set the {what} of this number, so there is nothing to put back."
        )));
    };
    let present = there.setting(webhook.url_name());
    if present != webhook.ours(state) {
        let found = if present.is_empty() {
            "not set"
        } else {
            present
        };
        return Err(AppError::conflict(format!(
            "Somebody has changed the {what} since: it is {found} now. Nothing was put back."
        )));
    }
    Ok(previous)
}

/// The number as Twilio has it; 409 with words where the connected account does not have it.
pub(super) async fn fetch_own_number(
    account: &AccountAccess,
    row: &phone_number::Model,
) -> Result<TwilioNumber, AppError> {
    if row.twilio_account_sid != account.account_sid() {
        return Err(AppError::conflict(
            "This number belongs to another Twilio account than the one that is connected now.",
        ));
    }
    let path = account.path(&format!("IncomingPhoneNumbers/{}.json", row.twilio_sid));
    let there: Option<TwilioNumber> = account.fetch_or_say(TwilioHost::Api, &path).await?;
    there
        .ok_or_else(|| AppError::conflict("The Twilio account does not have this number any more."))
}

async fn begin(
    state: &AppState,
    user: &CurrentUser,
    input: &PhoneWebhookIn,
) -> Result<(AccountChanger, phone_number::Model, TwilioNumber), AppError> {
    // Before the lock: another organization's number is a 404 at once.
    let (organization, id) = (user.organization_id, input.phone_number_id);
    find_phone_number_row(&state.db, organization, id).await?;
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    let row = find_live_number_service(
        &state.db,
        state.config.shared_account_sid(),
        organization,
        id,
    )
    .await?;
    let there = fetch_own_number(changer.account(), &row).await?;
    Ok((changer, row, there))
}

async fn finish(
    state: &AppState,
    user: &CurrentUser,
    changer: AccountChanger,
    plan: ActionPlan,
) -> Result<TwilioActionAnswer, AppError> {
    let answer = changer.finish(plan).await?;
    if !answer.dry_run {
        look_again_service(state, user.organization_id).await;
    }
    Ok(answer)
}

fn update(
    row: &phone_number::Model,
    change: NumberChange,
    before: Values,
    after: Values,
) -> AccountAction {
    Box::new(UpdateNumber {
        change,
        phone_number_id: row.id,
        number_sid: row.twilio_sid.clone(),
        label: row.friendly_name.clone(),
        before,
        after,
    })
}

/// The change that set the URL last, and what was there before it.
async fn find_last_set(
    state: &AppState,
    row: &phone_number::Model,
    webhook: PhoneWebhook,
) -> Result<Option<(AccountChangeId, serde_json::Value)>, AppError> {
    let found = twilio_account_change::Entity::in_org(row.organization_id)
        .filter(twilio_account_change::Column::PhoneNumberId.eq(row.id))
        .filter(twilio_account_change::Column::Kind.eq(webhook.set_kind()))
        .filter(twilio_account_change::Column::State.eq(AccountChangeState::Done))
        .filter(twilio_account_change::Column::UndoneAt.is_null())
        .order_by_desc(twilio_account_change::Column::CreatedAt)
        .one(&state.db)
        .await?;
    Ok(found.map(|row| {
        let before = row.value_before.unwrap_or_default();
        (row.id, before)
    }))
}
