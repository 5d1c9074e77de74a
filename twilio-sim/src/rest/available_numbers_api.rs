use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use crate::model::{COUNTRIES, Capabilities, Country, NumberKind, NumberOffer, country};
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioError};
use crate::simulation::Simulation;
use crate::wire::FormFields;

/// Numbers in an answer unless `PageSize` asks for fewer: Twilio has no pages here.
const MOST: usize = 30;
/// Length of `Contains`.
const CONTAINS: std::ops::RangeInclusive<usize> = 2..=16;

/// `GET /Accounts/{AC}/AvailablePhoneNumbers.json`: the countries.
pub(crate) async fn list_countries(account: AuthenticatedAccount) -> Json<Value> {
    let path = format!(
        "/2010-04-01/Accounts/{}/AvailablePhoneNumbers.json",
        account.sid
    );
    let countries: Vec<Value> = COUNTRIES
        .iter()
        .map(|one| country_json(&account, one))
        .collect();
    Json(json!({ "countries": countries, "uri": path }))
}

/// `GET /Accounts/{AC}/AvailablePhoneNumbers/{ISO}.json`: a country with its kinds of numbers.
pub(crate) async fn fetch_country(
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
) -> Result<Json<Value>, TwilioError> {
    file.strip_suffix(".json")
        .and_then(country)
        .map(|one| Json(country_json(&account, one)))
        .ok_or_else(|| TwilioError::not_found(&path_of(&account, &file)))
}

/// `GET /Accounts/{AC}/AvailablePhoneNumbers/{ISO}/{kind}.json`, with `AreaCode`, `Contains`,
/// `SmsEnabled`, `MmsEnabled`, `VoiceEnabled`, `InRegion`, `InLocality` and
/// `ExcludeAllAddressRequired`.
pub(crate) async fn list_available(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, iso, file)): Path<(String, String, String)>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let path = path_of(&account, &format!("{iso}/{file}"));
    let missing = || TwilioError::not_found(&path);
    let kind = file.strip_suffix(".json").and_then(NumberKind::parse);
    let (kind, country) = kind.zip(country(&iso)).ok_or_else(missing)?;
    if !country.kinds.iter().any(|(has, _)| *has == kind) {
        return Err(missing());
    }
    let filter = OfferFilter::parse(&query)?;
    let state = simulation.state();
    let rows: Vec<Value> = NumberOffer::all(country.iso, kind, filter.area_code)
        .iter()
        .filter(|offer| filter.takes(offer))
        .filter(|offer| state.is_for_sale(&offer.phone_number))
        .take(filter.most)
        .map(|offer| offer_json(offer, country.iso))
        .collect();
    Ok(Json(
        json!({ "available_phone_numbers": rows, "uri": path }),
    ))
}

fn path_of(account: &AuthenticatedAccount, rest: &str) -> String {
    format!(
        "/2010-04-01/Accounts/{}/AvailablePhoneNumbers/{rest}",
        account.sid
    )
}

fn country_json(account: &AuthenticatedAccount, country: &Country) -> Value {
    let links: Map<String, Value> = country
        .kinds
        .iter()
        .map(|(kind, _)| {
            let file = format!("{}/{}.json", country.iso, kind.path_name());
            (kind.link_name().to_owned(), path_of(account, &file).into())
        })
        .collect();
    json!({
        "country_code": country.iso,
        "country": country.name,
        "beta": false,
        "uri": path_of(account, &format!("{}.json", country.iso)),
        "subresource_uris": links,
    })
}

fn offer_json(offer: &NumberOffer, iso: &str) -> Value {
    json!({
        "friendly_name": friendly_name(&offer.phone_number),
        "phone_number": offer.phone_number,
        "lata": null,
        "locality": offer.locality,
        "rate_center": offer.locality.map(str::to_uppercase),
        // Strings in Twilio's examples, though its schema says numbers.
        "latitude": null,
        "longitude": null,
        "region": offer.region,
        "postal_code": null,
        "iso_country": iso,
        "address_requirements": offer.address_requirements,
        "beta": false,
        "capabilities": capabilities_json(offer.capabilities, offer.kind),
    })
}

/// Both spellings that Twilio is known to use: clients must take either.
fn capabilities_json(has: Capabilities, kind: NumberKind) -> Value {
    match kind {
        NumberKind::Local => json!({ "voice": has.voice, "SMS": has.sms, "MMS": has.mms }),
        NumberKind::TollFree | NumberKind::Mobile => {
            json!({ "voice": has.voice, "sms": has.sms, "mms": has.mms, "fax": has.fax })
        }
    }
}

fn friendly_name(number: &str) -> String {
    match number.strip_prefix("+1") {
        Some(national) if national.len() == 10 => {
            let (area, rest) = national.split_at(3);
            format!("({area}) {}-{}", &rest[..3], &rest[3..])
        }
        _ => number.to_owned(),
    }
}

struct OfferFilter<'a> {
    area_code: Option<&'a str>,
    contains: Option<&'a str>,
    needs_sms: bool,
    needs_mms: bool,
    needs_voice: bool,
    region: Option<&'a str>,
    locality: Option<&'a str>,
    without_address: bool,
    most: usize,
}

impl<'a> OfferFilter<'a> {
    fn parse(query: &'a FormFields) -> Result<Self, TwilioError> {
        let text = |name: &str| query.get(name).filter(|value| !value.is_empty());
        let yes = |name: &str| text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let area_code = text("AreaCode");
        if area_code.is_some_and(|area| area.parse::<u32>().is_err()) {
            return Err(TwilioError::invalid_parameter(
                "AreaCode",
                "it must be a number",
            ));
        }
        let contains = text("Contains");
        let is_pattern = |part: &str| {
            CONTAINS.contains(&part.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"*%+$".contains(&byte))
        };
        if contains.is_some_and(|part| !is_pattern(part)) {
            return Err(TwilioError::invalid_parameter(
                "Contains",
                "2 to 16 digits, letters, *, %, + or $ are expected",
            ));
        }
        let most = text("PageSize").and_then(|size| size.parse().ok());
        Ok(Self {
            area_code,
            contains,
            needs_sms: yes("SmsEnabled"),
            needs_mms: yes("MmsEnabled"),
            needs_voice: yes("VoiceEnabled"),
            region: text("InRegion"),
            locality: text("InLocality"),
            without_address: yes("ExcludeAllAddressRequired"),
            most: most.unwrap_or(MOST).min(MOST),
        })
    }

    fn takes(&self, offer: &NumberOffer) -> bool {
        let same = |wanted: Option<&str>, has: Option<&str>| {
            wanted.is_none_or(|wanted| has.is_some_and(|has| has.eq_ignore_ascii_case(wanted)))
        };
        (!self.needs_sms || offer.capabilities.sms)
            && (!self.needs_mms || offer.capabilities.mms)
            && (!self.needs_voice || offer.capabilities.voice)
            && same(self.region, offer.region)
            && same(self.locality, offer.locality)
            && !(self.without_address && offer.address_requirements != "none")
            && self
                .contains
                .is_none_or(|part| contains(&offer.phone_number, part))
    }
}

/// `*` is any digit, `%` any digits, `+` the beginning, `$` the end, a letter its key.
fn contains(number: &str, pattern: &str) -> bool {
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let (from_start, pattern) = match pattern.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let starts = if from_start { 0..1 } else { 0..digits.len() };
    starts
        .into_iter()
        .any(|start| matches(&digits[start..], pattern.as_bytes()))
}

fn matches(digits: &[u8], pattern: &[u8]) -> bool {
    match (pattern.split_first(), digits.split_first()) {
        (None, _) => true,
        (Some((b'$', _)), rest) => rest.is_none(),
        (Some((b'%', rest)), _) => (0..=digits.len()).any(|skip| matches(&digits[skip..], rest)),
        (Some(_), None) => false,
        (Some((want, rest)), Some((have, more))) => {
            (*want == b'*' || key_of(*want) == *have) && matches(more, rest)
        }
    }
}

/// The digit on a phone's keypad.
fn key_of(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'a'..=b'c' => b'2',
        b'd'..=b'f' => b'3',
        b'g'..=b'i' => b'4',
        b'j'..=b'l' => b'5',
        b'm'..=b'o' => b'6',
        b'p'..=b's' => b'7',
        b't'..=b'v' => b'8',
        b'w'..=b'z' => b'9',
        digit => digit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_digits_letters_and_places() {
        for (pattern, found) in [
            ("555", true),
            ("4155550134", true),
            ("+1415", true),
            ("+415", false),
            ("0134$", true),
            ("013$", false),
            ("415***0134", true),
            ("415%34", true),
            ("JJJ", true),
            ("999", false),
        ] {
            assert_eq!(contains("+14155550134", pattern), found, "{pattern}");
        }
    }
}
