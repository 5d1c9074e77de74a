use phonenumber::country;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    find_number_standings_service::{NumberStanding, find_number_standings_service},
    find_phone_number_service,
    search_available_numbers_service::find_monthly_price,
};
use crate::{
    bases::{error::AppError, ids::OrganizationId, sql, state::AppState},
    entities::{claim, phone_number},
    mods::{
        account::{
            services::{
                account_changes::{AccountAccess, AccountChanger, ActionPlan},
                look_again_service,
            },
            types::TwilioPlan,
        },
        auth::types::CurrentUser,
        phone::{
            services::actions::BuyNumber,
            types::{BuyPhoneNumberIn, BuyPhoneNumberOut, MAX_NUMBER_NAME, NumberKind},
            utils::shown_phone,
        },
    },
    twilio::{TwilioHost, find_twilio_number, twilio_error_to_app_error},
};

/// Buys a number, or says what that would do. One that this organization has bought already is
/// given back as it is, so a wish that is sent twice, or again after its answer was lost, buys
/// once. 409 if the account or another organization has the number already.
pub async fn buy_phone_number_service(
    state: &AppState,
    user: &CurrentUser,
    input: &BuyPhoneNumberIn,
) -> Result<BuyPhoneNumberOut, AppError> {
    let friendly_name = name(input)?;
    // Settles an earlier purchase whose answer was lost, before anything else is looked at.
    let changer = AccountChanger::begin(state, user, &input.options).await?;
    if let Some(done) = find_done(state, user.organization_id, input).await? {
        return Ok(done);
    }
    let account = changer.account();
    refuse_present_number(account, input).await?;
    let monthly_price = match kind_of(input.phone_number.as_str()) {
        Some((country, kind)) => find_monthly_price(account, &country, kind).await,
        None => None,
    };
    let voice_url = state.config.voice_url();
    let cost = monthly_price.as_ref().map_or_else(
        || "Twilio charges a monthly price for it, which it did not tell us.".to_owned(),
        |price| format!("Twilio charges {} a month for it.", price.display()),
    );
    let plan = ActionPlan {
        actions: vec![Box::new(BuyNumber {
            account_sid: account.account_sid().to_owned(),
            number: input.phone_number.clone(),
            friendly_name,
            voice_url,
            monthly_price: monthly_price.clone(),
            client_key: input.client_key,
        })],
        untouched: vec![
            "Your other numbers, and everything else in the Twilio account, stay as they are."
                .to_owned(),
            "Its texts come by event forwarding; its SMS URL is not set.".to_owned(),
        ],
        warnings: vec![cost, "Calls to it go to Loquent.".to_owned()],
    };
    let action = changer.finish(plan).await?;
    let number = if action.dry_run {
        None
    } else {
        look_again_service(state, user.organization_id).await;
        let row = find_live(state, user.organization_id, input).await?;
        let id = row.map(|row| row.id);
        let id = id.ok_or(AppError::Internal)?;
        Some(find_phone_number_service(&state.db, &state.config, user.organization_id, id).await?)
    };
    Ok(BuyPhoneNumberOut {
        dry_run: action.dry_run,
        plan: action.plan,
        changes: action.changes,
        number,
        already_bought: false,
        monthly_price,
    })
}

fn name(input: &BuyPhoneNumberIn) -> Result<String, AppError> {
    let name = input.friendly_name.as_deref().map(str::trim);
    let name = name.filter(|name| !name.is_empty());
    let name = name.map_or_else(|| shown_phone(input.phone_number.as_str()), str::to_owned);
    if name.chars().count() > MAX_NUMBER_NAME {
        return Err(AppError::bad_request(format!(
            "A number's name has at most {MAX_NUMBER_NAME} characters."
        )));
    }
    Ok(name)
}

#[derive(FromQueryResult)]
struct Purchase {
    resource_sid: Option<String>,
}

// A wish is known by its key; without one by its number, as long as that was not released.
const DONE: &str = "
SELECT resource_sid FROM twilio_account_change
WHERE organization_id = $1 AND kind = 'number_bought' AND state = 'done'
  AND (action ->> 'client_key' = $2::text
       OR (undone_at IS NULL AND action ->> 'number' = $3))
ORDER BY created_at DESC, id DESC LIMIT 1
";

/// What an earlier call has bought for the same wish.
async fn find_done(
    state: &AppState,
    organization: OrganizationId,
    input: &BuyPhoneNumberIn,
) -> Result<Option<BuyPhoneNumberOut>, AppError> {
    let values = [
        organization.into(),
        input.client_key.map(|key: Uuid| key.to_string()).into(),
        input.phone_number.to_string().into(),
    ];
    let purchase = sql::row::<Purchase>(&state.db, DONE, values).await?;
    let live = find_live(state, organization, input).await?;
    let sid = purchase.and_then(|purchase| purchase.resource_sid);
    match (sid, live) {
        (Some(sid), Some(row)) if row.twilio_sid == sid => {
            let id = row.id;
            let number =
                find_phone_number_service(&state.db, &state.config, organization, id).await?;
            Ok(Some(BuyPhoneNumberOut {
                dry_run: input.options.dry_run,
                plan: TwilioPlan::default(),
                changes: Vec::new(),
                number: Some(number),
                already_bought: true,
                monthly_price: None,
            }))
        }
        (_, Some(_)) => Err(AppError::conflict("Loquent has this number already.")),
        (Some(_), None) => Err(AppError::conflict(
            "This purchase was made and the number was released since. Search again to buy it \
             once more.",
        )),
        (None, None) => Ok(None),
    }
}

async fn find_live(
    state: &AppState,
    organization: OrganizationId,
    input: &BuyPhoneNumberIn,
) -> Result<Option<phone_number::Model>, AppError> {
    let shared = state.config.shared_account_sid();
    Ok(phone_number::Entity::live_in_org(organization, shared)
        .filter(phone_number::Column::Number.eq(input.phone_number.as_str()))
        .one(&state.db)
        .await?)
}

/// 409 where the account has the number, or another organization uses it.
async fn refuse_present_number(
    account: &AccountAccess,
    input: &BuyPhoneNumberIn,
) -> Result<(), AppError> {
    let (state, number) = (&account.state, &input.phone_number);
    let live = claim::is_live("phone_number", "$1");
    let shared = state.config.shared_account_sid().map(str::to_owned);
    let taken = phone_number::Entity::find()
        .filter(phone_number::Column::Number.eq(number.as_str()))
        .filter(phone_number::Column::TwilioAccountSid.eq(account.account_sid()))
        .filter(Expr::cust_with_values(live, [shared]))
        .one(&state.db)
        .await?;
    if taken.is_some() {
        return Err(AppError::conflict("Another organization has this number."));
    }
    let reader = account.reader(TwilioHost::Api);
    let there = async { find_twilio_number(&reader?, number).await }.await;
    let there = there.map_err(|error| twilio_error_to_app_error(&error))?;
    let Some(there) = there else { return Ok(()) };
    let standings = find_number_standings_service(account, std::slice::from_ref(&there)).await?;
    let is_hidden = standings.get(&there.phone_number) == Some(&NumberStanding::Hidden);
    Err(AppError::conflict(if is_hidden {
        "This number is not for sale."
    } else {
        "Your Twilio account has this number already. Import it instead."
    }))
}

/// The country and the kind of a number, for its price; `None` if they cannot be told.
fn kind_of(number: &str) -> Option<(String, NumberKind)> {
    let parsed = phonenumber::parse(None, number).ok()?;
    let country: country::Id = parsed.country().id()?;
    // libphonenumber does not tell mobile from other numbers everywhere; where it cannot, they
    // cost the same as local ones.
    let kind = match parsed.number_type(&phonenumber::metadata::DATABASE) {
        phonenumber::Type::TollFree => NumberKind::TollFree,
        phonenumber::Type::Mobile => NumberKind::Mobile,
        phonenumber::Type::FixedLine | phonenumber::Type::FixedLineOrMobile => NumberKind::Local,
        _ => return None,
    };
    Some((country.as_ref().to_owned(), kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_and_kind_are_told_from_the_number() {
        let us = |kind| Some(("US".to_owned(), kind));
        assert_eq!(kind_of("+14155550108"), us(NumberKind::Local));
        assert_eq!(kind_of("+18335550108"), us(NumberKind::TollFree));
        assert_eq!(
            kind_of("+447400123456"),
            Some(("GB".to_owned(), NumberKind::Mobile))
        );
    }
}
