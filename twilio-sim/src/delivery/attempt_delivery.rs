use std::time::Duration;

use chrono::Utc;
use reqwest::header::CONTENT_TYPE;
use tokio::time::Instant;

use crate::delivery::attempt_verdict::{AttemptResult, Verdict, judge_attempt};
use crate::delivery::retry_delay::retry_delay;
use crate::delivery::{Delivery, DeliveryTarget, Payload};
use crate::simulation::{Notice, Simulation};
use crate::store::{AttemptOutcome, DeliveryAttempt, DeliveryKind};
use crate::timing::Timing;
use crate::wire::{sign_form_request, sign_url, with_body_hash, with_query};

/// Makes one attempt, logs it, and queues the next one if there is one.
pub(crate) async fn attempt_delivery(simulation: &Simulation, mut delivery: Delivery) {
    let is_first = delivery.attempts == 0 && !delivery.is_copy;
    let Some((auth_token, timing)) = still_wanted(simulation, &delivery) else {
        if is_first {
            simulation.state().first_attempts.made(&delivery.items);
        }
        return;
    };
    delivery.attempts += 1;
    let began = Instant::now();
    let first_attempt = *delivery.first_attempt.get_or_insert(began);
    let at = Utc::now();
    let posted = post(&simulation.http, &delivery, &auth_token, &timing).await;

    let verdict = judge_attempt(delivery.kind(), posted.result, delivery.attempts);
    let pause = retry_delay(&timing, delivery.attempts, rand::random());
    let keeps_trying =
        Instant::now() + pause <= first_attempt + Duration::from_millis(timing.retry_for_ms);
    let mut outcome = match verdict {
        Verdict::Delivered => AttemptOutcome::Delivered,
        Verdict::Discard => AttemptOutcome::Discarded,
        Verdict::Retry if keeps_trying => AttemptOutcome::Pending,
        Verdict::Retry => AttemptOutcome::Expired,
    };
    let record = |seq, outcome| DeliveryAttempt {
        seq,
        at,
        kind: delivery.kind(),
        account_sid: delivery.account_sid.clone(),
        url: without_userinfo(&delivery.url),
        items: delivery.items.clone(),
        attempt: delivery.attempts,
        http_status: posted.http_status(),
        error: posted.error.clone(),
        duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        outcome,
        retry_in_ms: (outcome == AttemptOutcome::Pending)
            .then(|| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)),
    };
    if outcome == AttemptOutcome::Pending
        && simulation
            .deliveries
            .push(Instant::now() + pause, delivery.clone())
            .is_err()
    {
        outcome = AttemptOutcome::Expired;
    }
    let logged = {
        let mut state = simulation.state();
        if is_first {
            state.first_attempts.made(&delivery.items);
        }
        (state.generation == delivery.generation)
            .then(|| state.attempts.push(|seq| record(seq, outcome)))
    };
    if let Some(attempt) = logged {
        simulation.notify(Notice::Delivery(Box::new(attempt)));
    }
}

/// The token to sign with and the rules, if the receiver is still subscribed.
fn still_wanted(simulation: &Simulation, delivery: &Delivery) -> Option<(String, Timing)> {
    let state = simulation.state();
    if state.generation != delivery.generation {
        return None;
    }
    let account = state.accounts.get(&delivery.account_sid)?;
    if let DeliveryTarget::Subscription { sid, .. } = &delivery.target
        && !account.subscriptions.iter().any(|one| one.sid == *sid)
    {
        return None;
    }
    Some((account.account.auth_token.clone(), state.timing))
}

struct Posted {
    result: AttemptResult,
    error: Option<String>,
}

impl Posted {
    fn http_status(&self) -> Option<u16> {
        match self.result {
            AttemptResult::Answered(status) => Some(status),
            AttemptResult::NotConnected | AttemptResult::NoAnswer => None,
        }
    }
}

async fn post(
    http: &reqwest::Client,
    delivery: &Delivery,
    auth_token: &str,
    timing: &Timing,
) -> Posted {
    let timeout_ms = match delivery.kind() {
        DeliveryKind::Event => timing.event_timeout_ms,
        DeliveryKind::StatusCallback | DeliveryKind::InboundWebhook => timing.callback_timeout_ms,
    };
    let request = signed_request(http, delivery, auth_token)
        .header(
            "I-Twilio-Idempotency-Token",
            uuid::Uuid::new_v4().to_string(),
        )
        .timeout(Duration::from_millis(timeout_ms));
    match request.send().await {
        Ok(response) => Posted {
            result: AttemptResult::Answered(response.status().as_u16()),
            error: None,
        },
        Err(error) => Posted {
            result: if error.is_connect() {
                AttemptResult::NotConnected
            } else {
                AttemptResult::NoAnswer
            },
            error: Some(describe(&error, timeout_ms)),
        },
    }
}

fn signed_request(
    http: &reqwest::Client,
    delivery: &Delivery,
    auth_token: &str,
) -> reqwest::RequestBuilder {
    let (url, signature, content_type, body) = match &delivery.payload {
        Payload::Events(events) => {
            let body = serde_json::Value::from(events.clone()).to_string();
            let url = with_body_hash(&delivery.url, body.as_bytes());
            let signature = sign_url(auth_token, &url);
            (url, signature, "application/json", body)
        }
        Payload::Form(fields) => {
            let signature = sign_form_request(auth_token, &delivery.url, pairs(fields));
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs(fields))
                .finish();
            let content_type = "application/x-www-form-urlencoded; charset=UTF-8";
            (delivery.url.clone(), signature, content_type, body)
        }
        Payload::Query(fields) => {
            let url = with_query(&delivery.url, pairs(fields));
            let signature = sign_url(auth_token, &url);
            return http.get(url).header("X-Twilio-Signature", signature);
        }
    };
    http.post(url)
        .header(CONTENT_TYPE, content_type)
        .header("X-Twilio-Signature", signature)
        .body(body)
}

fn pairs(fields: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> + Clone {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

/// The reason in one line, without the URL, which the log has already.
fn describe(error: &reqwest::Error, timeout_ms: u64) -> String {
    if error.is_timeout() {
        format!("no answer within {timeout_ms} ms")
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the connection broke before an answer".to_owned()
    }
}

/// The URL without `user:password@`, which must not be shown.
fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..authority_end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_not_shown() {
        for (given, expected) in [
            (
                "https://user:pass@example.com/a?b=c@d",
                "https://example.com/a?b=c@d",
            ),
            ("https://example.com/a@b", "https://example.com/a@b"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(without_userinfo(given), expected);
        }
    }
}
