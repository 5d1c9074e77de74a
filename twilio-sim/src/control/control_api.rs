use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::read_back::LogPart;
use crate::control::{
    ArmOutcome, ChangedNumber, ChangedSink, ControlError, CustomerCall, CustomerMessage,
    ExternalMessage, HistoricMessage, NamedHandset, NewAccount, NewMessagingService,
    NewPhoneNumber,
};
use crate::simulation::Simulation;
use crate::timing::{Timing, TimingUpdate};

type Sim = State<Arc<Simulation>>;
type Answer = Result<Json<Value>, ControlError>;

/// Entries in an answer unless asked otherwise.
const DEFAULT_LIMIT: usize = 1_000;

/// Where to go on in a log, or how many of its newest entries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogQuery {
    pub after: u64,
    pub limit: usize,
    newest: Option<usize>,
}

/// The same for the log of requests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestsQuery {
    #[serde(default)]
    after: u64,
    #[serde(default = "default_limit")]
    limit: usize,
    newest: Option<usize>,
    /// Only requests that ask for a change.
    #[serde(default)]
    mutating: bool,
}

impl LogQuery {
    fn part(&self) -> LogPart {
        match self.newest {
            Some(newest) => LogPart::Newest(newest),
            None => LogPart::After {
                after: self.after,
                limit: self.limit,
            },
        }
    }
}

impl Default for LogQuery {
    fn default() -> Self {
        Self {
            after: 0,
            limit: DEFAULT_LIMIT,
            newest: None,
        }
    }
}

/// Which messages: those of an account, or between one of its numbers and a phone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessagesQuery {
    account_sid: Option<String>,
    number: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    after: u64,
    #[serde(default = "default_limit")]
    limit: usize,
}

fn default_limit() -> usize {
    DEFAULT_LIMIT
}

pub(crate) async fn reset(State(simulation): Sim) -> StatusCode {
    simulation.reset();
    StatusCode::NO_CONTENT
}

pub(crate) async fn add_account(State(simulation): Sim, Json(new): Json<NewAccount>) -> Answer {
    let sid = new.sid.clone();
    simulation.add_account(new)?;
    Ok(Json(json!({ "sid": sid })))
}

pub(crate) async fn add_number(State(simulation): Sim, Json(new): Json<NewPhoneNumber>) -> Answer {
    Ok(Json(json!(simulation.add_phone_number(new)?)))
}

pub(crate) async fn list_numbers(State(simulation): Sim) -> Json<Value> {
    let names = simulation.account_names();
    let numbers: Vec<Value> = simulation
        .phone_numbers()
        .iter()
        .map(|number| {
            let mut shown = json!(number);
            shown["account_name"] = json!(names.get(&number.account_sid));
            shown
        })
        .collect();
    Json(json!({ "numbers": numbers }))
}

pub(crate) async fn list_sinks(State(simulation): Sim) -> Json<Value> {
    Json(json!({ "sinks": simulation.sinks() }))
}

pub(crate) async fn change_sink(
    State(simulation): Sim,
    Path(sid): Path<String>,
    Json(changed): Json<ChangedSink>,
) -> Result<StatusCode, ControlError> {
    simulation.change_sink(&sid, &changed)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn change_number(
    State(simulation): Sim,
    Path(number): Path<String>,
    Json(changed): Json<ChangedNumber>,
) -> Answer {
    Ok(Json(json!(
        simulation.change_phone_number(&number, &changed)?
    )))
}

pub(crate) async fn remove_number(
    State(simulation): Sim,
    Path(number): Path<String>,
) -> Result<StatusCode, ControlError> {
    simulation.remove_phone_number(&number)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn call_as_customer(
    State(simulation): Sim,
    Json(call): Json<CustomerCall>,
) -> Answer {
    Ok(Json(json!(simulation.call_as_customer(call).await?)))
}

pub(crate) async fn name_handset(
    State(simulation): Sim,
    Json(named): Json<NamedHandset>,
) -> Result<StatusCode, ControlError> {
    simulation.name_handset(named)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn list_handsets(State(simulation): Sim) -> Json<Value> {
    Json(json!({ "handsets": simulation.handsets() }))
}

pub(crate) async fn add_messaging_service(
    State(simulation): Sim,
    Json(new): Json<NewMessagingService>,
) -> Answer {
    Ok(Json(
        json!({ "sid": simulation.add_messaging_service(new)? }),
    ))
}

pub(crate) async fn send_as_customer(
    State(simulation): Sim,
    Json(message): Json<CustomerMessage>,
) -> Answer {
    Ok(Json(
        json!({ "sid": simulation.send_as_customer(message)? }),
    ))
}

pub(crate) async fn send_externally(
    State(simulation): Sim,
    Json(message): Json<ExternalMessage>,
) -> Answer {
    Ok(Json(json!({ "sid": simulation.send_externally(message)? })))
}

pub(crate) async fn arm_outcome(State(simulation): Sim, Json(wanted): Json<ArmOutcome>) -> Answer {
    Ok(Json(json!(simulation.arm_outcome(wanted)?)))
}

pub(crate) async fn list_outcomes(State(simulation): Sim) -> Json<Value> {
    Json(json!({ "outcomes": simulation.outcomes() }))
}

pub(crate) async fn clear_outcomes(State(simulation): Sim) -> StatusCode {
    simulation.clear_outcomes();
    StatusCode::NO_CONTENT
}

pub(crate) async fn show_timing(State(simulation): Sim) -> Json<Timing> {
    Json(simulation.timing())
}

pub(crate) async fn update_timing(
    State(simulation): Sim,
    Json(update): Json<TimingUpdate>,
) -> Json<Timing> {
    Json(simulation.update_timing(update))
}

pub(crate) async fn list_requests(
    State(simulation): Sim,
    Query(query): Query<RequestsQuery>,
) -> Json<Value> {
    let part = LogQuery {
        after: query.after,
        limit: query.limit,
        newest: query.newest,
    };
    let page = simulation.requests_page(part.part(), query.mutating);
    Json(json!({
        "requests": page.entries,
        "next_after": page.next_after,
        "lost": page.lost,
    }))
}

pub(crate) async fn list_cdn_requests(
    State(simulation): Sim,
    Query(query): Query<LogQuery>,
) -> Json<Value> {
    let page = simulation.cdn_requests_page(query.after, query.limit);
    Json(json!({
        "base_url": simulation.cdn_base_url(),
        "requests": page.entries,
        "next_after": page.next_after,
        "lost": page.lost,
    }))
}

pub(crate) async fn list_deliveries(
    State(simulation): Sim,
    Query(query): Query<LogQuery>,
) -> Json<Value> {
    let page = simulation.deliveries_page(query.part());
    Json(json!({
        "deliveries": page.entries,
        "next_after": page.next_after,
        "lost": page.lost,
        "outstanding": simulation.outstanding(),
    }))
}

pub(crate) async fn list_messages(
    State(simulation): Sim,
    Query(query): Query<MessagesQuery>,
) -> Answer {
    let messages = match (&query.account_sid, &query.number, &query.phone) {
        (Some(account_sid), None, None) => {
            simulation.messages_after(account_sid, query.after, query.limit)?
        }
        (None, Some(number), Some(phone)) => simulation.conversation(number, phone, query.limit),
        _ => {
            return Err(ControlError::Invalid(
                "give account_sid, or number and phone".to_owned(),
            ));
        }
    };
    let next_after = messages.last().map_or(query.after, |message| message.seq);
    Ok(Json(
        json!({ "messages": messages, "next_after": next_after }),
    ))
}

pub(crate) async fn load_messages(
    State(simulation): Sim,
    Json(messages): Json<Vec<HistoricMessage>>,
) -> Answer {
    Ok(Json(
        json!({ "added": simulation.load_messages(messages)? }),
    ))
}
