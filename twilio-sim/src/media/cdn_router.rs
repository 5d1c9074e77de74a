use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Utc;

use crate::media::cdn_link::BadLink;
use crate::media::{CdnLink, CdnRequest};
use crate::rest::QueryFields;
use crate::simulation::Simulation;

/// The media host: another address than the API's, which gives the bytes of files to whoever has
/// a signed link, and refuses credentials.
pub(crate) fn cdn_router() -> Router<Arc<Simulation>> {
    Router::new().route("/{account}/{message}/{media}", get(give_file))
}

async fn give_file(
    State(simulation): State<Arc<Simulation>>,
    Path((account, message, media)): Path<(String, String, String)>,
    QueryFields(query): QueryFields,
    headers: HeaderMap,
) -> Response {
    let carried_authorization = headers.contains_key(header::AUTHORIZATION);
    let link = CdnLink::new(&account, &message, &media).check(&query, Utc::now());
    let answer = match link {
        // Storage hosts refuse two kinds of credentials at once.
        _ if carried_authorization => Err((
            StatusCode::BAD_REQUEST,
            "InvalidArgument: Only one auth mechanism allowed",
        )),
        Err(BadLink::Forged) => Err((StatusCode::FORBIDDEN, "InvalidSignature")),
        Err(BadLink::Expired) => Err((StatusCode::FORBIDDEN, "AccessDenied: Request has expired")),
        Ok(()) => simulation
            .media_file(&account, &message, &media)
            .ok_or((StatusCode::NOT_FOUND, "NoSuchKey")),
    };
    let (status, content_type, bytes) = match answer {
        Ok(file) => (StatusCode::OK, file.content_type(), file.bytes()),
        Err((status, text)) => (status, "text/plain", text.into()),
    };
    simulation.log_cdn_request(|seq| CdnRequest {
        seq,
        at: Utc::now(),
        path: format!("/{account}/{message}/{media}"),
        status: status.as_u16(),
        carried_authorization,
        bytes: bytes.len(),
        fault: None,
    });
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "max-age=14400"),
    ];
    (status, headers, Body::from(bytes)).into_response()
}
