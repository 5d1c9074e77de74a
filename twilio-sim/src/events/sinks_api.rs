use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::delivery::{Delivery, DeliveryTarget, Payload};
use crate::events::event_envelope::EventEnvelope;
use crate::events::events_json::sink_json;
use crate::events::sink_configuration::parse_sink_configuration;
use crate::model::{Sid, SidPrefix, Sink, SinkStatus, SinkType};
use crate::rest::{ApiBase, AuthenticatedAccount, QueryFields, TwilioError, TwilioForm, meta_page};
use crate::simulation::{Notice, Simulation};
use crate::store::{AccountState, DeliveredItem};
use crate::wire::{PageRequest, slice_page};

/// Twilio's limit for an account.
const MAX_SINKS: usize = 100;
/// Type of the event that Test sends.
const TEST_EVENT: &str = "com.twilio.eventstreams.test-event";

/// `GET /v1/Sinks`, with `InUse` and `Status`.
pub(crate) async fn list_sinks(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, TwilioError> {
    let request = PageRequest::parse(&query).map_err(TwilioError::invalid)?;
    let in_use = match query.get("InUse") {
        None | Some("") => None,
        Some(text) => Some(
            text.parse::<bool>()
                .map_err(|_| TwilioError::invalid_parameter("InUse", "not a boolean"))?,
        ),
    };
    let status = match query.get("Status") {
        None | Some("") => None,
        Some(text) => Some(
            SinkStatus::parse(text)
                .ok_or_else(|| TwilioError::invalid_parameter("Status", "unknown status"))?,
        ),
    };
    let state = simulation.state();
    let account = account.of(&state)?;
    let sinks: Vec<&Sink> = account
        .sinks
        .iter()
        .filter(|sink| in_use.is_none_or(|wanted| is_in_use(account, &sink.sid) == wanted))
        .filter(|sink| status.is_none_or(|wanted| sink.status == wanted))
        .collect();
    let page = slice_page(&sinks, |sink| sink.sid.as_str(), &request);
    let rows = page
        .items
        .iter()
        .map(|sink| sink_json(sink, &base.0))
        .collect();
    Ok(Json(meta_page(
        &base,
        "/v1/Sinks",
        "sinks",
        &query,
        &request,
        &page,
        rows,
    )))
}

/// `POST /v1/Sinks`.
pub(crate) async fn create_sink(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    TwilioForm(form): TwilioForm,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let description = form.required("Description")?;
    let configuration = form.required("SinkConfiguration")?;
    let sink_type = SinkType::parse(form.required("SinkType")?)
        .ok_or_else(|| TwilioError::invalid_parameter("SinkType", "unknown sink type"))?;
    let configuration = parse_sink_configuration(configuration, sink_type)?;
    let mut state = simulation.state();
    let account = account.of_mut(&mut state)?;
    if account.sinks.len() >= MAX_SINKS {
        return Err(TwilioError::invalid(format!(
            "The account has {MAX_SINKS} sinks already"
        )));
    }
    let now = Utc::now();
    let sink = Sink {
        sid: Sid::generate(SidPrefix::Sink),
        description: description.to_owned(),
        sink_type,
        configuration,
        // A webhook can be used at once, the others wait for Test and Validate.
        status: match sink_type {
            SinkType::Webhook if !account.account.sinks_wait => SinkStatus::Active,
            SinkType::Webhook | SinkType::Kinesis | SinkType::Segment | SinkType::Email => {
                SinkStatus::Initialized
            }
        },
        date_created: now,
        date_updated: now,
        last_test_id: None,
    };
    let answer = sink_json(&sink, &base.0);
    account.sinks.insert(0, sink);
    simulation.notify(Notice::Settings);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET /v1/Sinks/{sid}`.
pub(crate) async fn fetch_sink(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
) -> Result<Json<Value>, TwilioError> {
    let state = simulation.state();
    let sink = account
        .of(&state)?
        .sinks
        .iter()
        .find(|sink| sink.sid.as_str() == sid);
    let sink = sink.ok_or_else(|| not_found(&sid))?;
    Ok(Json(sink_json(sink, &base.0)))
}

/// `POST /v1/Sinks/{sid}`: only the description can be changed.
pub(crate) async fn update_sink(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    base: ApiBase,
    Path(sid): Path<String>,
    TwilioForm(form): TwilioForm,
) -> Result<Json<Value>, TwilioError> {
    let mut state = simulation.state();
    let sink = sink_mut(account.of_mut(&mut state)?, &sid)?;
    sink.description = form.required("Description")?.to_owned();
    sink.date_updated = Utc::now();
    Ok(Json(sink_json(sink, &base.0)))
}

/// `DELETE /v1/Sinks/{sid}`. A sink that a subscription uses stays.
pub(crate) async fn delete_sink(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path(sid): Path<String>,
) -> Result<StatusCode, TwilioError> {
    let mut state = simulation.state();
    let account = account.of_mut(&mut state)?;
    let sink_sid = sink_mut(account, &sid)?.sid.clone();
    if is_in_use(account, &sink_sid) {
        return Err(TwilioError::invalid(format!(
            "Sink with SID {sid} is in use"
        )));
    }
    account.sinks.retain(|sink| sink.sid != sink_sid);
    simulation.notify(Notice::Settings);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/Sinks/{sid}/Test`: sends a test event. Its id is the account SID, as at Twilio.
pub(crate) async fn test_sink(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path(sid): Path<String>,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let delivery = {
        let mut state = simulation.state();
        let generation = state.generation;
        let sink = sink_mut(account.of_mut(&mut state)?, &sid)?;
        let test_id = Uuid::new_v4().to_string();
        sink.last_test_id = Some(test_id.clone());
        if sink.status == SinkStatus::Initialized {
            sink.status = SinkStatus::Validating;
        }
        let envelope = EventEnvelope {
            id: account.sid.as_str(),
            event_type: TEST_EVENT,
            source: "Sink",
            schema: "EventStreams.TestSink/1.json",
            time: Utc::now(),
            data: json!({ "test_id": test_id }),
        };
        sink.configuration.destination.clone().map(|url| Delivery {
            generation,
            account_sid: account.sid.clone(),
            target: DeliveryTarget::SinkTest,
            url,
            payload: Payload::Events(vec![envelope.to_json()]),
            items: vec![DeliveredItem {
                event_id: Some(account.sid.to_string()),
                kind: TEST_EVENT.to_owned(),
                message_sid: None,
            }],
            attempts: 0,
            first_attempt: None,
            is_copy: false,
        })
    };
    simulation.enqueue_deliveries(delivery.into_iter().collect());
    Ok((StatusCode::CREATED, Json(json!({ "result": "submitted" }))))
}

/// `POST /v1/Sinks/{sid}/Validate`: `TestId` must be that of the last test event.
pub(crate) async fn validate_sink(
    State(simulation): State<Arc<Simulation>>,
    account: AuthenticatedAccount,
    Path(sid): Path<String>,
    TwilioForm(form): TwilioForm,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let mut state = simulation.state();
    let sink = sink_mut(account.of_mut(&mut state)?, &sid)?;
    let test_id = form.required("TestId")?;
    if sink.last_test_id.as_deref() != Some(test_id) {
        return Err(TwilioError::invalid_parameter(
            "TestId",
            "not the id of the last test event",
        ));
    }
    sink.status = SinkStatus::Active;
    sink.date_updated = Utc::now();
    Ok((StatusCode::CREATED, Json(json!({ "result": "valid" }))))
}

fn is_in_use(account: &AccountState, sink_sid: &Sid) -> bool {
    account
        .subscriptions
        .iter()
        .any(|subscription| subscription.sink_sid == *sink_sid)
}

fn sink_mut<'a>(account: &'a mut AccountState, sid: &str) -> Result<&'a mut Sink, TwilioError> {
    account
        .sinks
        .iter_mut()
        .find(|sink| sink.sid.as_str() == sid)
        .ok_or_else(|| not_found(sid))
}

fn not_found(sid: &str) -> TwilioError {
    TwilioError::not_found(&format!("/v1/Sinks/{sid}"))
}
