use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};

use crate::control::{control_api, fault_api, generated_history_api, stream_api, uploads_api};
use crate::simulation::Simulation;

/// Largest body of a load of history: about 200,000 short messages.
const MAX_HISTORY_BYTES: usize = 64 * 1024 * 1024;
/// Largest file, as at Twilio.
const MAX_UPLOAD_BYTES: usize = 5 * 1024 * 1024;
/// Largest body of any other control request.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Routes under `/sim`.
pub(crate) fn control_router() -> Router<Arc<Simulation>> {
    accounts_router()
        .merge(texts_and_calls_router())
        .merge(history_router())
        .merge(faults_and_logs_router())
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .route(
            "/sim/uploads",
            post(uploads_api::upload).layer(DefaultBodyLimit::max(MAX_UPLOAD_BYTES)),
        )
        .route(
            "/sim/messages",
            get(control_api::list_messages)
                .post(control_api::load_messages)
                .layer(DefaultBodyLimit::max(MAX_HISTORY_BYTES)),
        )
}

/// What there is: accounts, their numbers and sinks, customers' names.
fn accounts_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route("/sim/reset", post(control_api::reset))
        .route("/sim/accounts", post(control_api::add_account))
        .route(
            "/sim/numbers",
            get(control_api::list_numbers).post(control_api::add_number),
        )
        .route(
            "/sim/numbers/{number}",
            put(control_api::change_number).delete(control_api::remove_number),
        )
        .route(
            "/sim/messaging-services",
            post(control_api::add_messaging_service),
        )
        .route(
            "/sim/handsets",
            get(control_api::list_handsets).post(control_api::name_handset),
        )
        .route("/sim/sinks", get(control_api::list_sinks))
        .route("/sim/sinks/{sid}", put(control_api::change_sink))
}

/// What customers and other platforms do, and what becomes of texts.
fn texts_and_calls_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/sim/customer-messages",
            post(control_api::send_as_customer),
        )
        .route("/sim/external-messages", post(control_api::send_externally))
        .route("/sim/calls", post(control_api::call_as_customer))
        .route(
            "/sim/outcomes",
            get(control_api::list_outcomes)
                .post(control_api::arm_outcome)
                .delete(control_api::clear_outcomes),
        )
        .route(
            "/sim/media/{account}/{message}/{media}",
            get(uploads_api::show_media),
        )
        .route("/sim/uploads/{name}", get(uploads_api::show_upload))
}

fn history_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/sim/history",
            get(generated_history_api::list_histories).post(generated_history_api::add_history),
        )
        .route(
            "/sim/history/counts",
            get(generated_history_api::count_history),
        )
        .route(
            "/sim/history/truth",
            get(generated_history_api::stream_truth),
        )
}

/// How fast and how well it works, and what has happened.
fn faults_and_logs_router() -> Router<Arc<Simulation>> {
    Router::new()
        .route(
            "/sim/timing",
            get(control_api::show_timing).put(control_api::update_timing),
        )
        .route(
            "/sim/faults",
            get(fault_api::show_faults)
                .put(fault_api::set_faults)
                .post(fault_api::add_fault)
                .delete(fault_api::clear_faults),
        )
        .route("/sim/faults/log", get(fault_api::list_fired_faults))
        .route("/sim/requests", get(control_api::list_requests))
        .route("/sim/deliveries", get(control_api::list_deliveries))
        .route("/sim/cdn", get(control_api::list_cdn_requests))
        .route("/sim/stream", get(stream_api::stream))
}
