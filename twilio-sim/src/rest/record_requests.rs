use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;

use crate::rest::twilio_error::{ERROR_CODE_HEADER, TwilioError};
use crate::simulation::{Notice, Simulation};
use crate::store::RequestRecord;
use crate::wire::FormFields;

/// Largest body that is read. The longest message with ten media addresses is far below it.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Logs each REST request with its answer. Headers are left out, so credentials are too.
pub(crate) async fn record_requests(
    State(simulation): State<Arc<Simulation>>,
    request: Request,
    next: Next,
) -> Response {
    let (at, began) = (Utc::now(), Instant::now());
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
    let query = FormFields::parse(parts.uri.query().unwrap_or_default().as_bytes()).grouped();
    let (form, response) = match to_bytes(body, MAX_BODY_BYTES).await {
        Ok(bytes) => {
            let form = FormFields::parse(&bytes).grouped();
            let request = Request::from_parts(parts, Body::from(bytes));
            (form, next.run(request).await)
        }
        Err(_) => {
            let error = TwilioError {
                status: StatusCode::PAYLOAD_TOO_LARGE,
                code: 20413,
                message: format!("The request body is larger than {MAX_BODY_BYTES} bytes"),
            };
            (FormFields::default().grouped(), error.into_response())
        }
    };
    let error_code = response
        .headers()
        .get(ERROR_CODE_HEADER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let record = simulation.state().requests.push(|seq| RequestRecord {
        seq,
        at,
        method,
        path,
        query,
        form,
        status: response.status().as_u16(),
        error_code,
        duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    simulation.notify(Notice::Request(Box::new(record)));
    response
}
