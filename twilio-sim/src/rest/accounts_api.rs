use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use crate::model::{Account, AccountStatus};
use crate::rest::list_page_json::ListPageJson;
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioError};
use crate::simulation::Simulation;
use crate::wire::{PageRequest, rfc2822_date, slice_page};

/// Everything below an account that Twilio names, whether or not the simulator has it.
const SUBRESOURCES: [(&str, &str); 20] = [
    ("addresses", "Addresses"),
    ("applications", "Applications"),
    ("authorized_connect_apps", "AuthorizedConnectApps"),
    ("available_phone_numbers", "AvailablePhoneNumbers"),
    ("balance", "Balance"),
    ("calls", "Calls"),
    ("conferences", "Conferences"),
    ("connect_apps", "ConnectApps"),
    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
    ("keys", "Keys"),
    ("messages", "Messages"),
    ("notifications", "Notifications"),
    ("outgoing_caller_ids", "OutgoingCallerIds"),
    ("queues", "Queues"),
    ("recordings", "Recordings"),
    ("short_codes", "SMS/ShortCodes"),
    ("signing_keys", "SigningKeys"),
    ("sip", "SIP"),
    ("transcriptions", "Transcriptions"),
    ("usage", "Usage"),
];
/// Dollars in an account before its messages are paid for.
const FIRST_BALANCE: f64 = 100.0;

/// `GET /Accounts.json`, with `FriendlyName` and `Status`: the account and its sub-accounts, newest
/// first.
pub(crate) async fn list_accounts(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    QueryFields(query): QueryFields,
) -> Result<Json<ListPageJson<Value>>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let text = |name: &str| query.get(name).filter(|value| !value.is_empty());
    let status = match text("Status") {
        None => None,
        Some(given) => Some(AccountStatus::parse(given).ok_or_else(|| {
            TwilioError::invalid_parameter("Status", &format!("{given} is not a status"))
        })?),
    };
    let state = simulation.state();
    let mut found: Vec<&Account> = state
        .accounts
        .values()
        .map(|one| &one.account)
        .filter(|one| one.sid == account.sid || one.owner_sid.as_ref() == Some(&account.sid))
        .filter(|one| text("FriendlyName").is_none_or(|name| one.friendly_name == name))
        .filter(|one| status.is_none_or(|status| one.status == status))
        .collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.date_created));
    let page = slice_page(&found, |one| one.sid.as_str(), &request);
    let rows = page.items.iter().map(|one| account_json(one)).collect();
    Ok(Json(ListPageJson::new(
        "/2010-04-01/Accounts.json",
        "accounts",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `GET /Accounts/{AC}.json`. As at Twilio, the answer contains the auth token.
pub(crate) async fn fetch_account(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path(file): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    // Without the suffix Twilio answers in XML, which the simulator does not speak.
    if !file.ends_with(".json") {
        return Err(TwilioError::not_found(&format!(
            "/2010-04-01/Accounts/{file}"
        )));
    }
    Ok(Json(account_json(
        &account.of(&simulation.state())?.account,
    )))
}

/// `GET /Accounts/{AC}/Balance.json`: what is left after the messages that were stored.
pub(crate) async fn fetch_balance(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
) -> Result<Json<Value>, TwilioError> {
    let state = simulation.state();
    let prices = account.of(&state)?.messages.iter();
    let paid: f64 = prices
        .filter_map(|message| message.price.as_deref()?.parse::<f64>().ok())
        .sum();
    Ok(Json(json!({
        "account_sid": account.sid,
        "balance": format!("{:.5}", FIRST_BALANCE + paid),
        "currency": "USD",
    })))
}

fn account_json(account: &Account) -> Value {
    let path = format!("/2010-04-01/Accounts/{}", account.sid);
    let links: Map<String, Value> = SUBRESOURCES
        .iter()
        .map(|(name, file)| ((*name).to_owned(), format!("{path}/{file}.json").into()))
        .collect();
    json!({
        "sid": account.sid,
        "owner_account_sid": account.owner_sid.as_ref().unwrap_or(&account.sid),
        "friendly_name": account.friendly_name,
        "status": account.status,
        "type": account.kind,
        "auth_token": account.auth_token,
        "date_created": rfc2822_date(account.date_created),
        "date_updated": rfc2822_date(account.date_created),
        "uri": format!("{path}.json"),
        "subresource_uris": links,
    })
}
