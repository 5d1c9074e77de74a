use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::control::ControlError;
use crate::media::MediaKind;
use crate::rest::ApiBase;
use crate::simulation::Simulation;
use crate::store::{Upload, Uploads};

/// `POST /sim/uploads`: the bytes of a file of any type as the body. Its address can be a `media_urls`.
pub(crate) async fn upload(
    State(simulation): State<Arc<Simulation>>,
    base: ApiBase,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, ControlError> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .filter(|value| value.contains('/'))
        .ok_or_else(|| ControlError::Invalid("content-type must be a MIME type".to_owned()))?;
    if bytes.is_empty() {
        return Err(ControlError::Invalid("the file is empty".to_owned()));
    }
    let extension = MediaKind::of_content_type(content_type).map_or("bin", MediaKind::extension);
    let name = format!("{}.{extension}", Uuid::new_v4().simple());
    let url = format!("{}{}{name}", base.0, Uploads::PATH);
    simulation.state().uploads.add(Upload {
        name,
        content_type: content_type.to_owned(),
        bytes,
    });
    Ok(Json(json!({ "url": url })))
}

/// `GET /sim/uploads/{name}`
pub(crate) async fn show_upload(
    State(simulation): State<Arc<Simulation>>,
    Path(name): Path<String>,
) -> Result<Response, ControlError> {
    let upload = simulation
        .state()
        .uploads
        .get(&name)
        .ok_or_else(|| ControlError::NotFound(format!("there is no file {name}")))?;
    Ok(file(&upload.content_type, upload.bytes.clone()))
}

/// `GET /sim/media/{account}/{message}/{media}`: a file of a message without login, for the
/// handset page.
pub(crate) async fn show_media(
    State(simulation): State<Arc<Simulation>>,
    Path((account, message, media)): Path<(String, String, String)>,
) -> Result<Response, ControlError> {
    let found = simulation
        .media_file(&account, &message, &media)
        .ok_or_else(|| ControlError::NotFound(format!("there is no file {media}")))?;
    Ok(file(found.content_type(), found.bytes()))
}

fn file(content_type: &str, bytes: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A customer may send a page; it must not run beside the control API.
        (header::CONTENT_SECURITY_POLICY, "sandbox"),
    ];
    (headers, bytes).into_response()
}
