use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::Utc;
use serde_json::Value;

use crate::model::{
    NumberKind, NumberOffer, NumberSettings, PhoneNumber, SettingError, Sid, SidPrefix,
};
use crate::rest::phone_number_json::phone_number_json;
use crate::rest::{AuthenticatedAccount, TwilioError, TwilioForm};
use crate::simulation::{Notice, Simulation};
use crate::store::State as Memory;
use crate::wire::{FormFields, normalize_phone_number};

/// Longest name of a number, in characters.
const MAX_NAME: usize = 64;

/// `POST /Accounts/{AC}/IncomingPhoneNumbers.json`: buys a number, or any of an area code.
pub(crate) async fn buy_phone_number(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    form: TwilioForm,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    buy_number(&simulation, account, &form, None)
}

/// Buys a number of one kind, or of any.
pub(crate) fn buy_number(
    simulation: &Simulation,
    account: AuthenticatedAccount,
    TwilioForm(form): &TwilioForm,
    kind: Option<NumberKind>,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let bought = {
        let mut state = simulation.state();
        let offer = wanted(&form.fields, &state, kind)?;
        if offer.address_requirements != "none" && form.fields.get("AddressSid").is_none() {
            return Err(TwilioError::bad_request(
                21631,
                "Phone Number Requires an Address but the 'AddressSid' parameter was empty.",
            ));
        }
        let now = Utc::now();
        let mut number = PhoneNumber {
            sid: Sid::generate(SidPrefix::PhoneNumber),
            account_sid: account.sid.clone(),
            friendly_name: offer.phone_number.clone(),
            phone_number: offer.phone_number,
            sms_enabled: offer.capabilities.sms,
            capabilities: offer.capabilities,
            settings: NumberSettings::default(),
            date_created: now,
            date_updated: now,
        };
        change(&mut number, &form.fields)?;
        let phone_number = number.phone_number.clone();
        account
            .of_mut(&mut state)?
            .phone_numbers
            .insert(0, number.clone());
        state.owners.insert(phone_number, account.sid);
        number
    };
    simulation.notify(Notice::Settings);
    Ok((StatusCode::CREATED, Json(phone_number_json(&bought))))
}

/// `POST /Accounts/{AC}/IncomingPhoneNumbers/{PN}.json`: changes what is given.
pub(crate) async fn update_phone_number(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
    TwilioForm(form): TwilioForm,
) -> Result<Json<Value>, TwilioError> {
    let shown = {
        let mut state = simulation.state();
        let number = account
            .of_mut(&mut state)?
            .phone_numbers
            .iter_mut()
            .find(|one| file.strip_suffix(".json") == Some(one.sid.as_str()))
            .ok_or_else(|| not_found(&account, &file))?;
        change(number, &form.fields)?;
        number.date_updated = Utc::now();
        phone_number_json(number)
    };
    simulation.notify(Notice::Settings);
    Ok(Json(shown))
}

/// `DELETE /Accounts/{AC}/IncomingPhoneNumbers/{PN}.json`: gives the number back.
pub(crate) async fn release_phone_number(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
) -> Result<StatusCode, TwilioError> {
    let sid = file.strip_suffix(".json").unwrap_or_default();
    let released = simulation
        .state()
        .take_phone_number(&account.sid, |one| one.sid.as_str() == sid);
    released.ok_or_else(|| not_found(&account, &file))?;
    simulation.notify(Notice::Settings);
    Ok(StatusCode::NO_CONTENT)
}

fn wanted(
    form: &FormFields,
    state: &Memory,
    kind: Option<NumberKind>,
) -> Result<NumberOffer, TwilioError> {
    let text = |name: &str| form.get(name).filter(|value| !value.is_empty());
    match (text("PhoneNumber"), text("AreaCode")) {
        (Some(given), _) => {
            let number = normalize_phone_number(given).ok_or_else(|| {
                TwilioError::bad_request(21421, format!("{given} is not a valid number"))
            })?;
            NumberOffer::of(&number)
                .filter(|offer| kind.is_none_or(|kind| offer.kind == kind))
                .filter(|_| state.is_for_sale(&number))
                .ok_or_else(|| {
                    TwilioError::bad_request(21422, format!("{number} is not available."))
                })
        }
        (None, Some(area)) => NumberOffer::all("US", kind.unwrap_or(NumberKind::Local), Some(area))
            .into_iter()
            .find(|offer| state.is_for_sale(&offer.phone_number))
            .ok_or_else(|| {
                TwilioError::bad_request(
                    21452,
                    format!("No phone numbers found in area code {area}."),
                )
            }),
        (None, None) => Err(TwilioError::bad_request(
            21450,
            "Phone number and area code are missing: one of them is required.",
        )),
    }
}

fn change(number: &mut PhoneNumber, form: &FormFields) -> Result<(), TwilioError> {
    if let Some(name) = form.get("FriendlyName") {
        if name.chars().count() > MAX_NAME {
            return Err(TwilioError::invalid_parameter(
                "FriendlyName",
                "it is longer than 64 characters",
            ));
        }
        name.clone_into(&mut number.friendly_name);
    }
    number
        .settings
        .set(|name, _| form.get(name))
        .map_err(|error| refusal(&error))
}

fn refusal(error: &SettingError) -> TwilioError {
    match (error.is_url, error.name.starts_with("Voice")) {
        (true, true) => TwilioError::bad_request(21402, format!("VoiceUrl is not valid: {error}")),
        (true, false) => TwilioError::bad_request(21502, format!("Invalid Url: {error}")),
        (false, _) => TwilioError::invalid(error.to_string()),
    }
}

fn not_found(account: &AuthenticatedAccount, file: &str) -> TwilioError {
    TwilioError::not_found(&format!(
        "/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{file}",
        account.sid
    ))
}
