use std::fmt::Write as _;

use serde::Deserialize;

use crate::{
    bases::e164::E164,
    mods::phone::{
        types::{AvailableNumber, MonthlyPrice, NumberKind, SearchAvailableNumbersIn},
        utils::shown_phone,
    },
    twilio::{NumberCapabilities, TwilioError, TwilioReader, capabilities},
};

#[derive(Deserialize)]
struct Found {
    available_phone_numbers: Vec<Offer>,
}

#[derive(Deserialize)]
struct Offer {
    phone_number: String,
    locality: Option<String>,
    region: Option<String>,
    iso_country: Option<String>,
    address_requirements: Option<String>,
    #[serde(default, deserialize_with = "capabilities")]
    capabilities: NumberCapabilities,
}

/// Asks Twilio for numbers that can be bought ([AvailablePhoneNumbers]): one call, since that list
/// has no pages. The wish must have been checked. None of a kind that a country does not have.
///
/// [AvailablePhoneNumbers]: https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
pub async fn search_available_numbers_util(
    reader: &TwilioReader,
    wish: &SearchAvailableNumbersIn,
) -> Result<Vec<AvailableNumber>, TwilioError> {
    let body = match reader.list(&link(reader.account_sid(), wish)).await {
        Ok(body) => body,
        Err(TwilioError::Refused { status: 404, .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let found: Found = serde_json::from_slice(&body)
        .map_err(|error| TwilioError::OutcomeUnknown(error.to_string()))?;
    let offers = found.available_phone_numbers.into_iter();
    Ok(offers
        .filter_map(|offer| {
            Some(AvailableNumber {
                number: E164::parse(&offer.phone_number).ok()?,
                shown: shown_phone(&offer.phone_number),
                locality: offer.locality.filter(|text| !text.is_empty()),
                region: offer.region.filter(|text| !text.is_empty()),
                country: offer.iso_country.unwrap_or_else(|| wish.country.clone()),
                capabilities: offer.capabilities,
                needs_address: offer
                    .address_requirements
                    .is_some_and(|needs| needs != "none"),
            })
        })
        .collect())
}

/// Nothing in a checked wish but `*` would have to be encoded, and that may stand in a query.
fn link(account: &str, wish: &SearchAvailableNumbersIn) -> String {
    let mut link = format!(
        "/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{}/{}.json?PageSize=30",
        wish.country,
        wish.kind.path_name()
    );
    let mut add = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = write!(link, "&{name}={value}");
    };
    if let Some(area_code) = &wish.area_code {
        add("AreaCode", area_code);
    }
    if let Some(contains) = &wish.contains {
        add("Contains", contains);
    }
    let needs = wish.needs;
    for (needed, name) in [
        (needs.sms, "SmsEnabled"),
        (needs.mms, "MmsEnabled"),
        (needs.voice, "VoiceEnabled"),
    ] {
        if needed {
            add(name, "true");
        }
    }
    link
}

#[derive(Deserialize)]
struct Prices {
    #[serde(default)]
    phone_number_prices: Vec<Price>,
    price_unit: Option<String>,
}

#[derive(Deserialize)]
struct Price {
    number_type: Option<String>,
    base_price: Option<String>,
    current_price: Option<String>,
}

/// What a number of this kind costs each month in this account ([Pricing API]); `None` where
/// Twilio names no price. `reader` must be of the host of prices.
///
/// [Pricing API]: https://www.twilio.com/docs/phone-numbers/pricing
pub async fn fetch_monthly_price_util(
    reader: &TwilioReader,
    country: &str,
    kind: NumberKind,
) -> Result<Option<MonthlyPrice>, TwilioError> {
    let body = reader
        .list(&format!("/v1/PhoneNumbers/Countries/{country}"))
        .await?;
    let prices: Prices = serde_json::from_slice(&body)
        .map_err(|error| TwilioError::OutcomeUnknown(error.to_string()))?;
    let currency = prices.price_unit.map(|unit| unit.to_ascii_uppercase());
    let price = prices
        .phone_number_prices
        .into_iter()
        .find(|price| price.number_type.as_deref() == Some(kind.price_name()));
    let amount = price.and_then(|price| price.current_price.or(price.base_price));
    Ok(amount
        .zip(currency)
        .map(|(amount, currency)| MonthlyPrice { amount, currency }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_becomes_a_link_with_only_what_is_wished() {
        let plain = SearchAvailableNumbersIn {
            area_code: Some("415".to_owned()),
            ..Default::default()
        };
        assert_eq!(
            link("AC1", &plain),
            "/2010-04-01/Accounts/AC1/AvailablePhoneNumbers/US/Local.json?PageSize=30&AreaCode=415"
        );
        let more = SearchAvailableNumbersIn {
            country: "GB".to_owned(),
            kind: NumberKind::Mobile,
            area_code: None,
            contains: Some("7700*".to_owned()),
            needs: NumberCapabilities {
                sms: true,
                mms: false,
                voice: true,
            },
        };
        assert!(link("AC1", &more).ends_with(
            "/GB/Mobile.json?PageSize=30&Contains=7700*&SmsEnabled=true&VoiceEnabled=true"
        ));
    }
}
