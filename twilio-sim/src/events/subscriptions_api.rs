use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::Utc;
use serde_json::Value;

use crate::events::events_json::subscription_json;
use crate::events::subscription_types::parse_subscription_types;
use crate::model::{Sid, SidPrefix, Subscription};
use crate::rest::{ApiBase, AuthenticatedAccount, QueryFields, TwilioError, TwilioForm, meta_page};
use crate::simulation::Simulation;
use crate::store::AccountState;
use crate::wire::{PageRequest, slice_page};

/// Twilio's limit for an account.
const MAX_SUBSCRIPTIONS: usize = 100;

/// `GET /v1/Subscriptions`, with `SinkSid`.
pub(crate) async fn list_subscriptions(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let sink_sid = query.get("SinkSid").filter(|sid| !sid.is_empty());
    let state = simulation.state();
    let subscriptions: Vec<&Subscription> = account
        .of(&state)?
        .subscriptions
        .iter()
        .filter(|one| sink_sid.is_none_or(|wanted| one.sink_sid.as_str() == wanted))
        .collect();
    let page = slice_page(&subscriptions, |one| one.sid.as_str(), &request);
    let rows = page
        .items
        .iter()
        .map(|one| subscription_json(one, &account.sid, &base.0))
        .collect();
    let path = "/v1/Subscriptions";
    Ok(Json(meta_page(
        &base,
        path,
        "subscriptions",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `POST /v1/Subscriptions`. The sink must be active and have no subscription yet.
pub(crate) async fn create_subscription(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    TwilioForm(form): TwilioForm,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let description = form.required("Description")?;
    let sink_sid = form.required("SinkSid")?;
    let events = parse_subscription_types(&form.fields.all("Types"))?;
    let mut state = simulation.state();
    let account_sid = account.sid.clone();
    let account = account.of_mut(&mut state)?;
    if account.subscriptions.len() >= MAX_SUBSCRIPTIONS {
        return Err(TwilioError::invalid(format!(
            "The account has {MAX_SUBSCRIPTIONS} subscriptions already"
        )));
    }
    let sink_sid = account
        .active_sink(sink_sid)
        .map(|sink| sink.sid.clone())
        .ok_or_else(|| {
            TwilioError::invalid_parameter("SinkSid", &format!("{sink_sid} is no active sink"))
        })?;
    if account
        .subscriptions
        .iter()
        .any(|one| one.sink_sid == sink_sid)
    {
        return Err(TwilioError::invalid(format!(
            "Sink with SID {sink_sid} is in use"
        )));
    }
    let now = Utc::now();
    let subscription = Subscription {
        sid: Sid::generate(SidPrefix::Subscription),
        sink_sid,
        description: description.to_owned(),
        events,
        date_created: now,
        date_updated: now,
    };
    let answer = subscription_json(&subscription, &account_sid, &base.0);
    account.subscriptions.insert(0, subscription);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET /v1/Subscriptions/{sid}`.
pub(crate) async fn fetch_subscription(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    Ok(Json(subscription_json(subscription, &account.sid, &base.0)))
}

/// `POST /v1/Subscriptions/{sid}`: only the description can be changed.
pub(crate) async fn update_subscription(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
    TwilioForm(form): TwilioForm,
) -> Result<Json<Value>, TwilioError> {
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    if let Some(description) = form.fields.get("Description") {
        description.clone_into(&mut subscription.description);
        subscription.date_updated = Utc::now();
    }
    Ok(Json(subscription_json(subscription, &account.sid, &base.0)))
}

/// `DELETE /v1/Subscriptions/{sid}`. Its sink stays, without a use.
pub(crate) async fn delete_subscription(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path(sid): Path<String>,
) -> Result<StatusCode, TwilioError> {
    let mut state = simulation.state();
    let account = account.of_mut(&mut state)?;
    let sid = find_subscription(account, &sid)?.sid.clone();
    account.subscriptions.retain(|one| one.sid != sid);
    Ok(StatusCode::NO_CONTENT)
}

/// The subscription with this SID, to be changed.
///
/// # Errors
/// The account has none.
pub(crate) fn find_subscription<'a>(
    account: &'a mut AccountState,
    sid: &str,
) -> Result<&'a mut Subscription, TwilioError> {
    account
        .subscriptions
        .iter_mut()
        .find(|one| one.sid.as_str() == sid)
        .ok_or_else(|| TwilioError::not_found(&format!("/v1/Subscriptions/{sid}")))
}
