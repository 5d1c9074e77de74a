use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Utc;

use crate::faults::{FaultTarget, Occasion, answer_with_faults};
use crate::media::cdn_link::BadLink;
use crate::media::{CdnLink, CdnRequest};
use crate::rest::QueryFields;
use crate::simulation::Simulation;
use crate::wire::FormFields;

/// The media host: another address than the API's, which gives the bytes of files to whoever has
/// a signed link, and refuses credentials.
pub(crate) fn cdn_router() -> Router<Arc<Simulation>> {
    Router::new().route("/{account}/{message}/{media}", get(give_file))
}

/// Which file is wanted.
type FilePath = (String, String, String);

async fn give_file(
    State(simulation): State<Arc<Simulation>>,
    Path(file): Path<FilePath>,
    uri: Uri,
    QueryFields(query): QueryFields,
    headers: HeaderMap,
) -> Response {
    let mut open = OpenRequest {
        simulation: &simulation,
        record: CdnRequest {
            seq: 0,
            at: Utc::now(),
            host: headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            path: uri.path().to_owned(),
            status: 0,
            carried_authorization: headers.contains_key(header::AUTHORIZATION),
            bytes: 0,
            fault: None,
        },
    };
    let occasion = Occasion {
        target: FaultTarget::Cdn,
        account_sid: Some(&file.0),
        numbers: Vec::new(),
        subject: uri.path(),
        message_sid: None,
    };
    let refuses = open.record.carried_authorization;
    let record = &mut open.record;
    let response = answer_with_faults(&simulation, &occasion, &mut record.fault, async {
        let answer = if refuses {
            // Storage hosts refuse two kinds of credentials at once.
            let text = "InvalidArgument: Only one auth mechanism allowed";
            Err((StatusCode::BAD_REQUEST, text))
        } else {
            find_file(&simulation, &file, &query)
        };
        let (status, content_type, bytes) = match answer {
            Ok((content_type, bytes)) => (StatusCode::OK, content_type, bytes),
            Err((status, text)) => (status, "text/plain".to_owned(), text.into()),
        };
        record.bytes = bytes.len();
        let headers = [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "max-age=14400".to_owned()),
        ];
        (status, headers, Body::from(bytes)).into_response()
    })
    .await;
    open.record.status = response.status().as_u16();
    response
}

fn find_file(
    simulation: &Simulation,
    (account, message, media): &FilePath,
    query: &FormFields,
) -> Result<(String, Bytes), (StatusCode, &'static str)> {
    CdnLink::new(account, message, media)
        .check(query, Utc::now())
        .map_err(|bad| match bad {
            BadLink::Forged => (StatusCode::FORBIDDEN, "InvalidSignature"),
            BadLink::Expired => (StatusCode::FORBIDDEN, "AccessDenied: Request has expired"),
        })?;
    let file = simulation
        .media_file(account, message, media)
        .ok_or((StatusCode::NOT_FOUND, "NoSuchKey"))?;
    Ok((file.content_type().to_owned(), file.bytes()))
}

/// A request that is logged when it is answered, or when its sender has gone away.
struct OpenRequest<'a> {
    simulation: &'a Simulation,
    record: CdnRequest,
}

impl Drop for OpenRequest<'_> {
    fn drop(&mut self) {
        self.simulation.state().cdn_requests.push(|seq| {
            self.record.seq = seq;
            self.record.clone()
        });
    }
}
