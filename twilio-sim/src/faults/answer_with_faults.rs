use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::faults::cut_answer::cut_answer;
use crate::faults::wait_for_events::{CreatedMessage, wait_for_events};
use crate::faults::{Fault, Occasion};
use crate::rest::TwilioError;
use crate::simulation::Simulation;

/// Answers a request as it would be answered, or as an armed fault wants it. `note` learns the name
/// of the fault as soon as it is decided.
pub(crate) async fn answer_with_faults(
    simulation: &Simulation,
    occasion: &Occasion<'_>,
    note: &mut Option<&'static str>,
    answer: impl Future<Output = Response>,
) -> Response {
    let faults = simulation.state().faults.decide_request(occasion);
    *note = faults.fault.map(Fault::name);
    pause(simulation, faults.latency).await;
    let Some(fault) = faults.fault else {
        return answer.await;
    };
    match fault {
        Fault::RateLimit { retry_after_s } => rate_limited(retry_after_s),
        Fault::ServerError { status } => server_error(status),
        Fault::Unauthorized => TwilioError::unauthorized("Authenticate").into_response(),
        Fault::NotFound => TwilioError::not_found(occasion.subject).into_response(),
        Fault::Hang { ms } => {
            pause(simulation, Duration::from_millis(ms)).await;
            server_error(503)
        }
        Fault::Cut => cut_answer(answer.await).await,
        Fault::ProcessedThenError { status } => {
            let _processed = answer.await;
            server_error(status)
        }
        Fault::ProcessedThenHang { ms } => {
            let _processed = answer.await;
            pause(simulation, Duration::from_millis(ms)).await;
            server_error(503)
        }
        Fault::AnswerAfterEvents { max_wait_ms } => {
            let response = answer.await;
            if let Some(created) = response.extensions().get::<CreatedMessage>() {
                let longest = Duration::from_millis(max_wait_ms);
                wait_for_events(simulation, created, longest).await;
            }
            response
        }
        Fault::WrongType => {
            let page = "<!doctype html><title>Sign in</title><p>Please sign in.";
            Html(page).into_response()
        }
        Fault::ForeignRedirect => to_foreign_host(answer.await),
        // These do not replace an answer.
        Fault::Latency { .. }
        | Fault::ListLag { .. }
        | Fault::RepeatPage
        | Fault::Arrivals { .. }
        | Fault::Drop
        | Fault::Duplicate { .. }
        | Fault::Delay { .. }
        | Fault::Reorder { .. } => answer.await,
    }
}

/// Waits, but not beyond the end of the simulation.
async fn pause(simulation: &Simulation, time: Duration) {
    if !time.is_zero() {
        let stopped = &simulation.shutdown;
        stopped.run_until_cancelled(tokio::time::sleep(time)).await;
    }
}

fn rate_limited(retry_after_s: Option<u64>) -> Response {
    let mut response = TwilioError {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: 20429,
        message: "Too Many Requests".to_owned(),
    }
    .into_response();
    if let Some(seconds) = retry_after_s {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The same place under another name.
fn to_foreign_host(mut response: Response) -> Response {
    let location = response.headers().get(header::LOCATION);
    let foreign = location
        .and_then(|value| value.to_str().ok())
        .map(|url| url.replacen("//127.0.0.1", "//localhost", 1))
        .and_then(|url| HeaderValue::from_str(&url).ok());
    if let Some(url) = foreign {
        response.headers_mut().insert(header::LOCATION, url);
    }
    response
}

fn server_error(status: u16) -> Response {
    TwilioError {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        code: 20500,
        message: "An internal server error has occurred".to_owned(),
    }
    .into_response()
}
