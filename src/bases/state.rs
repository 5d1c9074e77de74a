//! What every request needs.

use std::sync::Arc;

use dioxus::server::axum::{Extension, extract::FromRequestParts, http::request::Parts};
use tokio::sync::Notify;

use super::{
    clock::Clock, config::Config, db::Db, error::AppError, health::Health, media_store::MediaStore,
    realtime::EventHub,
};
use crate::entities::position::Arrivals;

/// Handles to the parts that requests share. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct AppState {
    pub config: Arc<Config>,
    pub db: Db,
    pub hub: EventHub,
    pub clock: Clock,
    /// The order in which things come in.
    pub arrivals: Arrivals,
    /// What does not work, for operators.
    pub health: Health,
    /// The files of messages.
    pub media: MediaStore,
    /// For calls to Twilio; keeps connections open, and follows no redirects.
    pub http: reqwest::Client,
    /// Wakes the task that processes stored events.
    pub events_waiting: Arc<Notify>,
}

impl<S: Send + Sync> FromRequestParts<S> for AppState {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Extension(app) =
            Extension::from_request_parts(parts, state)
                .await
                .map_err(|error| {
                    tracing::error!(%error, "a route was built without its state");
                    AppError::Internal
                })?;
        Ok(app)
    }
}
