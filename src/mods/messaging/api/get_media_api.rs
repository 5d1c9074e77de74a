use dioxus::server::axum::{
    extract::{Path, Query},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::media_from_disk::media_from_disk;
use crate::{
    bases::{
        error::AppError,
        ids::AttachmentId,
        media_store::{MediaSource, MediaStoreError},
        state::AppState,
    },
    entities::{message_attachment, states::AttachmentState},
    mods::{
        auth::types::CurrentUser,
        messaging::{
            services::find_attachment_service,
            utils::{FileType, disposition_util, file_name_util},
        },
    },
};

/// A browser asks each time, and learns that it has the file: after signing out it does not show
/// it.
const CACHE_CONTROL: &str = "private, no-cache";
/// Nothing in it may run, even if a browser takes it for a page.
const NOTHING: &str = "default-src 'none'; sandbox";
/// The page that a browser makes around a picture or a film loads it once more, with the cookie
/// of its origin, and has a style. No script runs in it.
const ONLY_ITSELF: &str = "default-src 'none'; img-src 'self'; media-src 'self'; \
                           style-src 'unsafe-inline'; sandbox allow-same-origin";

/// What is wanted of a file.
#[derive(Debug, Deserialize)]
pub struct MediaQuery {
    /// `?download`: to be saved, also if it could be shown.
    download: Option<String>,
}

/// `GET /api/media/{attachment_id}`: the bytes of a file, or a range of them, for members of its
/// organization; from a bucket they come by way of a link that is valid for minutes.
///
/// 401 without a session, 404 for a file that the organization does not have or that is not here
/// yet.
pub async fn get_media_api(
    state: AppState,
    user: CurrentUser,
    Path(id): Path<AttachmentId>,
    Query(query): Query<MediaQuery>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let file = find_attachment_service(&state.db, user.organization_id, id).await?;
    let is_stored = file.state == AttachmentState::Stored;
    let Some(key) = file.object_key.as_deref().filter(|_| is_stored) else {
        return Err(AppError::not_found("file"));
    };
    let kind = FileType::of(file.content_type.as_deref().unwrap_or_default());
    let is_shown = kind.is_shown() && query.download.is_none();
    let name = file_name_util(file.id, &kind, file.name.as_deref());
    let disposition = disposition_util(is_shown, &name);
    let described = describe(&file, kind.served_as(), &disposition, is_shown);
    let known = headers.get(header::IF_NONE_MATCH);
    if known.is_some() && known == described.get(header::ETAG) {
        return Ok((StatusCode::NOT_MODIFIED, described).into_response());
    }
    let not_opened = |error: MediaStoreError| {
        tracing::error!(%error, attachment_id = %id, "a stored file could not be opened");
        AppError::Internal
    };
    let source = state
        .media
        .open(key, kind.served_as(), &disposition)
        .await
        .map_err(not_opened)?;
    match source {
        MediaSource::File(path) => media_from_disk(&path, method, &headers, described)
            .await
            .map_err(|error| not_opened(error.into())),
        MediaSource::Link(link) => {
            let headers = [
                (header::LOCATION, link.url),
                (header::CACHE_CONTROL, CACHE_CONTROL.to_owned()),
            ];
            Ok((StatusCode::FOUND, headers).into_response())
        }
    }
}

fn describe(
    file: &message_attachment::Model,
    content_type: &str,
    disposition: &str,
    is_shown: bool,
) -> HeaderMap {
    let etag = format!("\"{}\"", file.sha256.as_deref().unwrap_or_default());
    let policy = if is_shown { ONLY_ITSELF } else { NOTHING };
    let texts = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, disposition),
        (header::ETAG, &etag),
        (header::CACHE_CONTROL, CACHE_CONTROL),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    texts
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)))
        .collect()
}
