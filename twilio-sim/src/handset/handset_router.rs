use std::sync::Arc;

use axum::Router;

use crate::simulation::Simulation;

/// Routes of the handset page and its files.
pub(crate) fn handset_router() -> Router<Arc<Simulation>> {
    Router::new()
}
