use dioxus::prelude::*;

use crate::{
    bases::error::AppError,
    mods::messaging::types::{ConversationFilter, ConversationPage},
};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::list_conversations_service},
};

/// The organization's conversations, last message first, 50 at a time. `before` is the
/// `next_before` of the page above.
#[get("/api/conversations?filter&before", state: AppState, user: CurrentUser)]
pub async fn list_conversations_api(
    filter: Option<ConversationFilter>,
    before: Option<String>,
) -> Result<ConversationPage, AppError> {
    let filter = filter.unwrap_or_default();
    list_conversations_service(&state.db, user.organization_id, filter, before.as_deref()).await
}
