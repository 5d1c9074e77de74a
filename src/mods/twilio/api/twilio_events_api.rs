use dioxus::server::axum::{
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    mods::twilio::{
        api::TwilioWebhooks,
        utils::{EventEnvelope, parse_event_batch_util},
    },
    twilio::{AccountSid, AccountSidError, verify_json_signature},
};

/// The largest post taken, in bytes: hundreds of events, each of a few kB.
pub const MAX_EVENTS_BODY_BYTES: usize = 1024 * 1024;

/// `POST /twilio/events`: Event Streams.
///
/// Answers 200 once every event of the post is on disk, and only then. 403 for a signature that
/// does not fit; 503 where the account cannot be looked up (also: is not connected yet) or the
/// database does not take the events, so that Twilio sends them again; 400 for what is no batch
/// of events. Twilio discards events on any 4xx but 429.
pub async fn twilio_events_api(
    State(webhooks): State<TwilioWebhooks>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let events = match parse_event_batch_util(&body) {
        Ok(events) => events,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    // Before anything is awaited, since posts overtake each other there. Only one, since the sender
    // is unproven: places for thousands of events would soon be ahead of the clock.
    let first = webhooks.arrivals.next();
    let account = match account_of(&webhooks, &events) {
        Ok(account) => account,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let url = webhooks.signed_url(&uri);
    let verify =
        |tokens: &[_], signature: &str| verify_json_signature(tokens, signature, &url, &body);
    if let Err(refusal) = webhooks.check_signature(&account, &headers, verify).await {
        return refusal;
    }
    let events = of_account(events, &account);
    let places = webhooks.arrivals.spread(first, events.len());
    let stored = webhooks
        .writer
        .store(account.as_str().to_owned(), places, events);
    match stored.await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            tracing::error!(%error, "events were not stored; Twilio sends them again");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The account whose token must have signed: the first that is named as accounts are, else the
/// shared one.
fn account_of(
    webhooks: &TwilioWebhooks,
    events: &[EventEnvelope],
) -> Result<AccountSid, AccountSidError> {
    let shared = webhooks.config.shared_twilio.as_ref();
    let named = || {
        events
            .iter()
            .filter_map(|event| event.account_sid.as_deref())
    };
    // One event with a wrong account must not lose the others.
    if let Some(account) = named().find_map(|sid| AccountSid::parse(sid).ok()) {
        return Ok(account);
    }
    let account = named().next();
    let account = account.or_else(|| shared.map(|shared| shared.account_sid.as_str()));
    AccountSid::parse(account.unwrap_or_default())
}

/// The events of the token's account; events that claim another account are dropped.
fn of_account(events: Vec<EventEnvelope>, account: &AccountSid) -> Vec<EventEnvelope> {
    let (ours, foreign): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| {
        event
            .account_sid
            .as_deref()
            .is_none_or(|claimed| claimed == account.as_str())
    });
    if !foreign.is_empty() {
        tracing::warn!(
            %account,
            dropped = foreign.len(),
            "events claim an account that did not sign them"
        );
    }
    ours
}
