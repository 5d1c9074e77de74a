use dioxus::prelude::*;

use crate::bases::{error::AppError, ids::AttachmentId};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::retry_attachment_service},
};

/// Retries the fetch of a file. 404 for a file that the organization does not have.
#[post("/api/media/{attachment_id}/retry", state: AppState, user: CurrentUser)]
pub async fn retry_attachment_api(attachment_id: AttachmentId) -> Result<(), AppError> {
    let organization = user.organization_id;
    retry_attachment_service(&state.db, organization, attachment_id, state.clock.now()).await
}
