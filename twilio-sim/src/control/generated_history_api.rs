use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::{ControlError, HistorySummary, NewHistory};
use crate::history::{GeneratedHistory, GeneratedMessage};
use crate::simulation::Simulation;

/// Messages of the truth that are made at once.
const PART: u64 = 500;

/// Which part of the truth.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TruthQuery {
    account_sid: String,
    /// One history; all of the account one after the other unless given.
    seed: Option<u64>,
    /// One number of the account.
    number: Option<String>,
    /// Received or sent ones.
    inbound: Option<bool>,
    /// Size and SHA-256 of each file.
    #[serde(default)]
    digests: bool,
}

impl TruthQuery {
    fn histories(
        &self,
        simulation: &Simulation,
    ) -> Result<Vec<Arc<GeneratedHistory>>, ControlError> {
        let mut histories = simulation.histories(&self.account_sid);
        histories.retain(|history| self.seed.is_none_or(|seed| seed == history.seed()));
        if histories.is_empty() {
            return Err(ControlError::NotFound(format!(
                "there is no such history of {}",
                self.account_sid
            )));
        }
        Ok(histories)
    }

    fn accepts(&self, message: &GeneratedMessage) -> bool {
        self.number
            .as_ref()
            .is_none_or(|number| *number == message.number)
            && self
                .inbound
                .is_none_or(|inbound| inbound == message.direction.is_inbound())
    }

    /// Lines of JSON for a part of a history.
    fn lines(&self, history: &GeneratedHistory, from: u64) -> Bytes {
        let mut text = Vec::new();
        for index in from..history.len().min(from + PART) {
            let mut message = history.generate(index);
            if !self.accepts(&message) {
                continue;
            }
            if self.digests {
                history.add_digests(&mut message);
            }
            // Nothing in a message can fail to be written.
            text.extend(serde_json::to_vec(&message).unwrap_or_default());
            text.push(b'\n');
        }
        text.into()
    }
}

/// `POST /sim/history`
pub(crate) async fn add_history(
    State(simulation): State<Arc<Simulation>>,
    Json(new): Json<NewHistory>,
) -> Result<Json<HistorySummary>, ControlError> {
    Ok(Json(simulation.add_history(new)?))
}

/// `GET /sim/history`
pub(crate) async fn list_histories(State(simulation): State<Arc<Simulation>>) -> Json<Value> {
    Json(json!({ "histories": simulation.history_summaries() }))
}

/// `GET /sim/history/counts`
pub(crate) async fn count_history(
    State(simulation): State<Arc<Simulation>>,
    Query(query): Query<TruthQuery>,
) -> Result<Json<Value>, ControlError> {
    let histories = query.histories(&simulation)?;
    let counted = tokio::task::spawn_blocking(move || {
        histories
            .iter()
            .map(|history| counts_json(history))
            .collect::<Vec<_>>()
    });
    let counts = counted
        .await
        .map_err(|_| ControlError::Invalid("the count was broken off".to_owned()))?;
    Ok(Json(json!({ "histories": counts })))
}

fn counts_json(history: &GeneratedHistory) -> Value {
    let counts = history.counts();
    let numbers: Vec<Value> = counts
        .numbers
        .iter()
        .map(|(number, counts)| {
            json!({
                "number": number,
                "inbound": counts.inbound,
                "outbound": counts.outbound,
                "media": counts.media,
                "never_sent": counts.never_sent,
            })
        })
        .collect();
    json!({
        "seed": history.seed(),
        "messages": counts.messages,
        "contacts": counts.contacts,
        "numbers": numbers,
    })
}

/// `GET /sim/history/truth`: one message in a line, oldest first, made while it is read.
pub(crate) async fn stream_truth(
    State(simulation): State<Arc<Simulation>>,
    Query(query): Query<TruthQuery>,
) -> Result<Response, ControlError> {
    let histories = query.histories(&simulation)?;
    let parts = histories.into_iter().flat_map(|history| {
        let starts = (0..history.len()).step_by(usize::try_from(PART).unwrap_or(1));
        starts.map(move |from| (Arc::clone(&history), from))
    });
    let lines = stream::iter(parts);
    let lines = futures::StreamExt::then(lines, move |(history, from)| {
        let query = query.clone();
        async move {
            tokio::task::spawn_blocking(move || query.lines(&history, from))
                .await
                .map_err(std::io::Error::other)
        }
    });
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((headers, Body::from_stream(lines)).into_response())
}
