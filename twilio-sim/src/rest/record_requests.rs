use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;

use crate::faults::{FaultTarget, Occasion, answer_with_faults};
use crate::rest::twilio_error::{ERROR_CODE_HEADER, TwilioError};
use crate::simulation::{Notice, Simulation};
use crate::store::RequestRecord;
use crate::wire::FormFields;

/// Largest body that is read. The longest message with ten media addresses is far below it.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Logs each REST request with its answer, and lets armed faults have their way with it. Headers
/// are left out of the log, so credentials are too.
pub(crate) async fn record_requests(
    State(simulation): State<Arc<Simulation>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let query = FormFields::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let target = FaultTarget::of_request(&parts.method, parts.uri.path());
    let mut open = OpenRequest::new(&simulation, parts.method.as_str(), parts.uri.path());
    open.record.query = query.grouped();
    let Ok(bytes) = to_bytes(body, MAX_BODY_BYTES).await else {
        let error = TwilioError {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: 20413,
            message: format!("The request body is larger than {MAX_BODY_BYTES} bytes"),
        };
        return open.answered(error.into_response());
    };
    let form = FormFields::parse(&bytes);
    open.record.form = form.grouped();
    let path = open.record.path.clone();
    let occasion = Occasion {
        target,
        account_sid: account_of(&path),
        numbers: [&query, &form]
            .into_iter()
            .flat_map(|fields| [fields.get("To"), fields.get("From")])
            .flatten()
            .collect(),
        subject: &path,
        message_sid: None,
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let answer = next.run(request);
    let response = answer_with_faults(&simulation, &occasion, &mut open.record.fault, answer).await;
    open.answered(response)
}

fn account_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/2010-04-01/Accounts/")?;
    rest.split(['/', '.']).next()
}

/// A request that is logged when it is answered, or when its sender has gone away.
struct OpenRequest<'a> {
    simulation: &'a Simulation,
    began: Instant,
    record: RequestRecord,
}

impl<'a> OpenRequest<'a> {
    fn new(simulation: &'a Simulation, method: &str, path: &str) -> Self {
        Self {
            simulation,
            began: Instant::now(),
            record: RequestRecord {
                seq: 0,
                at: Utc::now(),
                method: method.to_owned(),
                path: path.to_owned(),
                query: Default::default(),
                form: Default::default(),
                status: 0,
                error_code: None,
                duration_ms: 0,
                fault: None,
            },
        }
    }

    fn answered(mut self, response: Response) -> Response {
        self.record.status = response.status().as_u16();
        self.record.error_code = response
            .headers()
            .get(ERROR_CODE_HEADER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        response
    }
}

impl Drop for OpenRequest<'_> {
    fn drop(&mut self) {
        self.record.duration_ms =
            u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let record = self.simulation.state().requests.push(|seq| {
            self.record.seq = seq;
            self.record.clone()
        });
        self.simulation.notify(Notice::Request(Box::new(record)));
    }
}
