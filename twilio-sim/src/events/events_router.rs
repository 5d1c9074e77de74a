use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::events::{schemas_api, sinks_api, subscribed_events_api, subscriptions_api, types_api};
use crate::simulation::Simulation;

/// Routes of the Events API.
pub(crate) fn events_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/v1/Sinks",
            get(sinks_api::list_sinks).post(sinks_api::create_sink),
        )
        .route(
            "/v1/Sinks/{sid}",
            get(sinks_api::fetch_sink)
                .post(sinks_api::update_sink)
                .delete(sinks_api::delete_sink),
        )
        .route("/v1/Sinks/{sid}/Test", post(sinks_api::test_sink))
        .route("/v1/Sinks/{sid}/Validate", post(sinks_api::validate_sink))
        .route(
            "/v1/Subscriptions",
            get(subscriptions_api::list_subscriptions).post(subscriptions_api::create_subscription),
        )
        .route(
            "/v1/Subscriptions/{sid}",
            get(subscriptions_api::fetch_subscription)
                .post(subscriptions_api::update_subscription)
                .delete(subscriptions_api::delete_subscription),
        )
        .route(
            "/v1/Subscriptions/{sid}/SubscribedEvents",
            get(subscribed_events_api::list_subscribed_events)
                .post(subscribed_events_api::create_subscribed_event),
        )
        .route(
            "/v1/Subscriptions/{sid}/SubscribedEvents/{type}",
            get(subscribed_events_api::fetch_subscribed_event)
                .post(subscribed_events_api::update_subscribed_event)
                .delete(subscribed_events_api::delete_subscribed_event),
        )
        .route("/v1/Types", get(types_api::list_types))
        .route("/v1/Types/{type}", get(types_api::fetch_type))
        .route("/v1/Schemas/{id}", get(schemas_api::fetch_schema))
        .route("/v1/Schemas/{id}/Versions", get(schemas_api::list_versions))
        .route(
            "/v1/Schemas/{id}/Versions/{version}",
            get(schemas_api::fetch_version),
        )
}
