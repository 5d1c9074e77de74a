use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::model::MessagingService;
use crate::rest::{ApiBase, AuthenticatedAccount, QueryFields, TwilioError, meta_page};
use crate::simulation::Simulation;
use crate::wire::{PageRequest, iso_date, slice_page};

/// `GET /v1/Services` of `messaging.twilio.com`.
pub(crate) async fn list_services(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let state = simulation.state();
    let services = &account.of(&state)?.messaging_services;
    let page = slice_page(services, |one| one.sid.as_str(), &request);
    let rows = page
        .items
        .iter()
        .map(|one| service_json(one, account.sid.as_str(), &base.0))
        .collect();
    let path = "/v1/Services";
    Ok(Json(meta_page(
        &base, path, "services", &query, &request, &page, rows,
    )))
}

/// `GET /v1/Services/{MG}/PhoneNumbers`: the numbers of the pool.
pub(crate) async fn list_service_numbers(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let path = format!("/v1/Services/{sid}/PhoneNumbers");
    let state = simulation.state();
    let owner = account.of(&state)?;
    let service = owner.messaging_services.iter();
    let service = service
        .clone()
        .find(|one| one.sid.as_str() == sid)
        .ok_or_else(|| TwilioError::not_found(&path))?;
    let numbers: Vec<_> = service
        .phone_numbers
        .iter()
        .filter_map(|number| owner.phone_number(number))
        .collect();
    let page = slice_page(&numbers, |one| one.sid.as_str(), &request);
    let rows = page
        .items
        .iter()
        .map(|one| {
            json!({
                "sid": one.sid,
                "account_sid": one.account_sid,
                "service_sid": sid,
                "phone_number": one.phone_number,
                "country_code": "US",
                "capabilities": ["SMS"],
                "url": format!("{}{path}/{}", base.0, one.sid),
            })
        })
        .collect();
    Ok(Json(meta_page(
        &base,
        &path,
        "phone_numbers",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `GET /v1/Services/{MG}`.
pub(crate) async fn fetch_service(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    let state = simulation.state();
    let service = account
        .of(&state)?
        .messaging_services
        .iter()
        .find(|one| one.sid.as_str() == sid)
        .ok_or_else(|| TwilioError::not_found(&format!("/v1/Services/{sid}")))?;
    Ok(Json(service_json(service, account.sid.as_str(), &base.0)))
}

fn service_json(service: &MessagingService, account_sid: &str, base: &str) -> Value {
    let url = format!("{base}/v1/Services/{}", service.sid);
    json!({
        "sid": service.sid,
        "account_sid": account_sid,
        "friendly_name": format!("Pool of {}", service.phone_numbers.len()),
        "date_created": iso_date(service.date_created),
        "date_updated": iso_date(service.date_created),
        "inbound_request_url": service.inbound_request_url,
        "inbound_method": "POST",
        "fallback_url": null,
        "fallback_method": "POST",
        "status_callback": service.status_callback,
        "sticky_sender": true,
        "mms_converter": true,
        "smart_encoding": false,
        "scan_message_content": "inherit",
        "fallback_to_long_code": true,
        "area_code_geomatch": true,
        "synchronous_validation": true,
        "validity_period": 36_000,
        "usecase": "undeclared",
        "us_app_to_person_registered": false,
        "use_inbound_webhook_on_number": service.inbound_request_url.is_none(),
        "links": { "phone_numbers": format!("{url}/PhoneNumbers") },
        "url": url,
    })
}
