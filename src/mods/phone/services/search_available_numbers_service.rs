use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    mods::{
        account::services::account_changes::AccountAccess,
        phone::{
            types::{AvailableNumbers, MonthlyPrice, NumberKind, SearchAvailableNumbersIn},
            utils::{fetch_monthly_price_util, search_available_numbers_util},
        },
    },
    twilio::{TwilioHost, twilio_error_to_app_error},
};

/// Twilio's limits of `Contains`.
const CONTAINS: std::ops::RangeInclusive<usize> = 2..=16;

/// Numbers that can be bought with the organization's account, and their price if Twilio names it.
/// Nothing is changed at Twilio. 400 for a wish that Twilio could not understand.
pub async fn search_available_numbers_service(
    state: &AppState,
    organization: OrganizationId,
    mut wish: SearchAvailableNumbersIn,
) -> Result<AvailableNumbers, AppError> {
    check(&mut wish)?;
    let account = AccountAccess::open(state, organization).await?;
    let search = async {
        let reader = account.reader(TwilioHost::Api)?;
        search_available_numbers_util(&reader, &wish).await
    };
    let price = find_monthly_price(&account, &wish.country, wish.kind);
    let (numbers, monthly_price) = futures::join!(search, price);
    Ok(AvailableNumbers {
        numbers: numbers.map_err(|error| twilio_error_to_app_error(&error))?,
        monthly_price,
    })
}

/// What a number costs each month; `None` if Twilio does not say; buying works all the same.
pub(super) async fn find_monthly_price(
    account: &AccountAccess,
    country: &str,
    kind: NumberKind,
) -> Option<MonthlyPrice> {
    let reader = account.reader(TwilioHost::Pricing).ok()?;
    let price = fetch_monthly_price_util(&reader, country, kind).await;
    price
        .inspect_err(|error| tracing::info!(%error, "the price of a number is not known"))
        .ok()?
}

/// Converts the search to Twilio's form, or says what is wrong with it.
fn check(wish: &mut SearchAvailableNumbersIn) -> Result<(), AppError> {
    wish.country = wish.country.trim().to_ascii_uppercase();
    if wish.country.len() != 2 || !wish.country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(AppError::bad_request(
            "`country` must be two letters, such as US or GB.",
        ));
    }
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    wish.area_code = given(&wish.area_code);
    if let Some(area_code) = &wish.area_code {
        if area_code.len() != 3 || !area_code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AppError::bad_request(
                "`area_code` must be three digits, such as 415.",
            ));
        }
        if !matches!(wish.country.as_str(), "US" | "CA") {
            return Err(AppError::bad_request(
                "`area_code` is only for numbers of the US and Canada; use `contains` instead.",
            ));
        }
    }
    wish.contains = given(&wish.contains);
    let is_pattern = |part: &String| {
        CONTAINS.contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'*')
    };
    if wish.contains.as_ref().is_some_and(|part| !is_pattern(part)) {
        return Err(AppError::bad_request(
            "`contains` must be 2 to 16 digits or letters, with * for any digit.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_twilio_understands_is_asked() {
        let wish = |country: &str, area_code: &str, contains: &str| SearchAvailableNumbersIn {
            country: country.to_owned(),
            area_code: Some(area_code.to_owned()),
            contains: Some(contains.to_owned()),
            ..Default::default()
        };
        let mut right = wish(" us", "415", "");
        check(&mut right).expect("a wish");
        assert_eq!((right.country.as_str(), right.contains), ("US", None));
        check(&mut wish("GB", "", "77*0")).expect("a wish");
        for mut wrong in [
            wish("USA", "", ""),
            wish("U/", "", ""),
            wish("US", "41", ""),
            wish("US", "4a5", ""),
            wish("GB", "415", ""),
            wish("US", "", "4"),
            wish("US", "", "4&Beta=true"),
        ] {
            assert!(check(&mut wrong).is_err(), "{wrong:?}");
        }
    }
}
