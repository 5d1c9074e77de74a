use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;

use crate::events::events_json::subscribed_event_json;
use crate::events::subscription_types::parse_subscribed_event;
use crate::events::subscriptions_api::find_subscription;
use crate::model::SubscribedEvent;
use crate::rest::{ApiBase, AuthenticatedAccount, QueryFields, TwilioError, TwilioForm, meta_page};
use crate::simulation::Simulation;
use crate::wire::{PageRequest, slice_page};

/// `GET …/SubscribedEvents`. The key of the records is `types`.
pub(crate) async fn list_subscribed_events(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    let page = slice_page(&subscription.events, |one| &one.event_type, &request);
    let rows = page
        .items
        .iter()
        .map(|one| subscribed_event_json(one, &subscription.sid, &account.sid, &base.0))
        .collect();
    let path = format!("/v1/Subscriptions/{sid}/SubscribedEvents");
    Ok(Json(meta_page(
        &base, &path, "types", &query, &request, &page, rows,
    )))
}

/// `POST …/SubscribedEvents`.
pub(crate) async fn create_subscribed_event(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
    TwilioForm(form): TwilioForm,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let event = parse_subscribed_event(form.required("Type")?, form.fields.get("SchemaVersion"))?;
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    if subscription
        .events
        .iter()
        .any(|one| one.event_type == event.event_type)
    {
        return Err(TwilioError::invalid(format!(
            "The subscription has the type {} already",
            event.event_type
        )));
    }
    let answer = subscribed_event_json(&event, &subscription.sid, &account.sid, &base.0);
    subscription.events.push(event);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET …/SubscribedEvents/{Type}`.
pub(crate) async fn fetch_subscribed_event(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path((sid, name)): Path<(String, String)>,
) -> Result<Json<Value>, TwilioError> {
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    let event = find_event(&mut subscription.events, &sid, &name)?;
    Ok(Json(subscribed_event_json(
        event,
        &subscription.sid,
        &account.sid,
        &base.0,
    )))
}

/// `POST …/SubscribedEvents/{Type}`: sets the schema version.
pub(crate) async fn update_subscribed_event(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path((sid, name)): Path<(String, String)>,
    TwilioForm(form): TwilioForm,
) -> Result<Json<Value>, TwilioError> {
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    let event = find_event(&mut subscription.events, &sid, &name)?;
    if let Some(version) = form.fields.get("SchemaVersion") {
        *event = parse_subscribed_event(&name, Some(version))?;
    }
    Ok(Json(subscribed_event_json(
        event,
        &subscription.sid,
        &account.sid,
        &base.0,
    )))
}

/// `DELETE …/SubscribedEvents/{Type}`.
pub(crate) async fn delete_subscribed_event(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path((sid, name)): Path<(String, String)>,
) -> Result<StatusCode, TwilioError> {
    let mut state = simulation.state();
    let subscription = find_subscription(account.of_mut(&mut state)?, &sid)?;
    find_event(&mut subscription.events, &sid, &name)?;
    subscription.events.retain(|one| one.event_type != name);
    Ok(StatusCode::NO_CONTENT)
}

fn find_event<'a>(
    events: &'a mut [SubscribedEvent],
    sid: &str,
    name: &str,
) -> Result<&'a mut SubscribedEvent, TwilioError> {
    events
        .iter_mut()
        .find(|one| one.event_type == name)
        .ok_or_else(|| {
            TwilioError::not_found(&format!("/v1/Subscriptions/{sid}/SubscribedEvents/{name}"))
        })
}
