use dioxus::server::axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio_util::io::ReaderStream;

use crate::{
    bases::{
        error::AppError,
        ids::AttachmentId,
        media_store::{MediaLink, MediaSource},
        state::AppState,
    },
    entities::message_attachment,
    mods::{
        auth::types::CurrentUser,
        messaging::{services::find_attachment_service, types::AttachmentState},
    },
};

/// `GET /api/media/{attachment_id}`: the bytes of a file, for members of its organization; from a
/// bucket they come by way of a link that is valid for minutes.
///
/// 401 without a session, 404 for a file that the organization does not have or that is not here
/// yet. A file never changes, so browsers may keep it; proxies may not.
pub async fn get_media_api(
    state: AppState,
    user: CurrentUser,
    Path(id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let file = find_attachment_service(&state.db, user.organization_id, id).await?;
    let (Some(key), true) = (
        file.object_key.as_deref(),
        file.state == AttachmentState::Stored.as_str(),
    ) else {
        return Err(AppError::not_found("file"));
    };
    let content_type = file.content_type.as_deref().unwrap_or_default();
    let disposition = disposition(id, content_type);
    let described = describe(&file, &disposition);
    let known = headers.get(header::IF_NONE_MATCH);
    if known.is_some() && known == described.get(header::ETAG) {
        return Ok((StatusCode::NOT_MODIFIED, described).into_response());
    }
    let source = state
        .media
        .open(key, content_type, &disposition)
        .await
        .map_err(|error| {
            tracing::error!(%error, attachment_id = %id, "a stored file could not be opened");
            AppError::Internal
        })?;
    match source {
        MediaSource::File(bytes) => {
            Ok((described, Body::from_stream(ReaderStream::new(bytes))).into_response())
        }
        MediaSource::Link(link) => Ok(redirect(&link).into_response()),
    }
}

/// Only this browser may keep the link, and not to its end.
fn redirect(link: &MediaLink) -> impl IntoResponse {
    let cache_control = format!("private, max-age={}", link.use_for.as_secs());
    (
        StatusCode::FOUND,
        [
            (header::LOCATION, link.url.clone()),
            (header::CACHE_CONTROL, cache_control),
        ],
    )
}

/// Pictures, films and sound are shown; anything else is saved, whatever it claims to be.
fn disposition(id: AttachmentId, content_type: &str) -> String {
    let is_shown = ["image/", "video/", "audio/"]
        .iter()
        .any(|kind| content_type.starts_with(kind));
    let extension = content_type
        .rsplit('/')
        .next()
        .filter(|kind| kind.bytes().all(|b| b.is_ascii_alphanumeric()))
        .unwrap_or("bin");
    let how = if is_shown { "inline" } else { "attachment" };
    format!("{how}; filename=\"{id}.{extension}\"")
}

fn describe(file: &message_attachment::Model, disposition: &str) -> HeaderMap {
    let content_type = file.content_type.as_deref().unwrap_or_default();
    let etag = format!("\"{}\"", file.sha256.as_deref().unwrap_or_default());
    let length = file.bytes.unwrap_or_default().to_string();
    let texts = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_LENGTH, &length),
        (header::CONTENT_DISPOSITION, disposition),
        (header::ETAG, &etag),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Nothing in it may run, even if a browser takes it for a page.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    texts
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)))
        .collect()
}
