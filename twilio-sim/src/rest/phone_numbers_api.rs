use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use crate::model::{NumberKind, PhoneNumber};
use crate::rest::list_page_json::ListPageJson;
use crate::rest::phone_number_json::phone_number_json;
use crate::rest::{AuthenticatedAccount, QueryFields, TwilioError};
use crate::simulation::Simulation;
use crate::wire::{PageRequest, slice_page};

/// `GET /Accounts/{AC}/IncomingPhoneNumbers.json`, with `PhoneNumber` (a part of it, `*` for any
/// digit), `FriendlyName`, `Beta` and `Origin`.
pub(crate) async fn list_phone_numbers(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    query: QueryFields,
) -> Result<Json<ListPageJson<Value>>, TwilioError> {
    list_numbers(&simulation, &account, &query, None)
}

/// The list of one kind of numbers, or of all.
pub(crate) fn list_numbers(
    simulation: &Simulation,
    account: &AuthenticatedAccount,
    QueryFields(query): &QueryFields,
    kind: Option<NumberKind>,
) -> Result<Json<ListPageJson<Value>>, TwilioError> {
    let request = PageRequest::parse(query).map_err(TwilioError::invalid)?;
    let text = |name: &str| query.get(name).filter(|value| !value.is_empty());
    let state = simulation.state();
    let numbers: Vec<&PhoneNumber> = account
        .of(&state)?
        .phone_numbers
        .iter()
        .filter(|one| kind.is_none_or(|kind| one.kind() == kind))
        .filter(|one| text("PhoneNumber").is_none_or(|part| contains(&one.phone_number, part)))
        .filter(|one| text("FriendlyName").is_none_or(|name| one.friendly_name == name))
        // Every number of the simulator is out of beta and bought at Twilio.
        .filter(|_| text("Beta").is_none_or(|beta| beta == "false"))
        .filter(|_| text("Origin").is_none_or(|origin| origin == "twilio"))
        .collect();
    let page = slice_page(&numbers, |one| one.sid.as_str(), &request);
    let rows = page
        .items
        .iter()
        .map(|one| phone_number_json(one))
        .collect();
    let folder = kind.map_or_else(String::new, |kind| format!("/{}", kind.path_name()));
    let path = format!(
        "/2010-04-01/Accounts/{}/IncomingPhoneNumbers{folder}.json",
        account.sid
    );
    Ok(Json(ListPageJson::new(
        &path,
        "incoming_phone_numbers",
        query,
        &request,
        &page,
        rows,
    )))
}

/// `GET /Accounts/{AC}/IncomingPhoneNumbers/{PN}.json`.
pub(crate) async fn fetch_phone_number(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((_, file)): Path<(String, String)>,
) -> Result<Json<Value>, TwilioError> {
    let state = simulation.state();
    let number = account
        .of(&state)?
        .phone_numbers
        .iter()
        .find(|one| file.strip_suffix(".json") == Some(one.sid.as_str()));
    number
        .map(|one| Json(phone_number_json(one)))
        .ok_or_else(|| {
            TwilioError::not_found(&format!(
                "/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{file}",
                account.sid
            ))
        })
}

fn contains(number: &str, part: &str) -> bool {
    let (number, part) = (number.as_bytes(), part.as_bytes());
    number.windows(part.len()).any(|window| {
        window
            .iter()
            .zip(part)
            .all(|(have, want)| have == want || (*want == b'*' && have.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_digit() {
        assert!(contains("+14155550134", "+14155550134"));
        assert!(contains("+14155550134", "415555"));
        assert!(contains("+14155550134", "415***0134"));
        assert!(!contains("+14155550134", "416"));
        assert!(!contains("+14155550134", "+141555501345"));
    }
}
