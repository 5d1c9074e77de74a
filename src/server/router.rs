//! All routes, and what holds for each of them.

use std::{env, path::PathBuf, sync::Arc};

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post},
};
use dioxus::server::{DioxusRouterExt, ServeConfig};
use tower_http::{
    services::{ServeDir, ServeFile},
    trace::TraceLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use super::{
    edge::{
        AnswerHeaders, BodyBudget, accept_old_session_cookie, add_answer_headers,
        answer_api_errors, check_input, compression, mark_page_scripts, no_such_call, receive_body,
        session_cookie_name,
    },
    source_page::source_page,
};
use crate::{
    app::App,
    bases::{api_json::MAX_BODY_BYTES, http::check_origin, state::AppState},
    mods::{
        account::api::export_account_changes_api,
        auth::{
            api::{open_sign_in_form_api, require_login, sign_in_form_api},
            utils::PostgresSessionStore,
        },
        messaging::api::{
            RealtimeSockets, get_media_api, open_reply_form_api, realtime_api, reply_form_api,
        },
        twilio::{
            api::{
                MAX_EVENTS_BODY_BYTES, TwilioWebhooks, message_status_api, sms_incoming_api,
                sms_status_api, twilio_events_api, voice_api,
            },
            services::events::{EventStoreProbe, EventWriter, probe_event_store_service},
        },
    },
};

/// The whole application as one router. What its layers do is said in `edge`.
pub fn build(
    state: &AppState,
    webhooks: TwilioWebhooks,
    sockets: RealtimeSockets,
    headers: AnswerHeaders,
) -> Router {
    let writer = webhooks.writer.clone();
    let twilio = Router::new()
        .route("/twilio/events", post(twilio_events_api))
        .route("/twilio/message-status", post(message_status_api))
        .route("/twilio/voice", post(voice_api))
        .route("/api/twilio/sms-incoming", post(sms_incoming_api))
        .route("/api/twilio/sms-status", post(sms_status_api))
        .layer(DefaultBodyLimit::max(MAX_EVENTS_BODY_BYTES))
        .with_state(webhooks);
    let health = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
        .with_state((state.clone(), writer, Arc::default()));
    let source = Router::new()
        .route("/source", get(source_page))
        .with_state(state.clone());
    let realtime = Router::new()
        .route("/api/realtime", get(realtime_api))
        .with_state(sockets);
    pages()
        .merge(realtime)
        .merge(files())
        .merge(forms())
        .layer(from_fn(require_login))
        .layer(sessions(state))
        .layer(from_fn_with_state(
            session_cookie_name(&state.config),
            accept_old_session_cookie,
        ))
        .merge(twilio)
        .merge(health)
        .merge(source)
        .layer(from_fn_with_state(state.clone(), check_origin))
        .layer(from_fn(check_input))
        .layer(from_fn_with_state(BodyBudget::default(), receive_body))
        .layer(from_fn(answer_api_errors))
        .layer(from_fn(mark_page_scripts))
        .layer(compression())
        .layer(from_fn_with_state(headers, add_answer_headers))
        .layer(Extension(state.clone()))
        .layer(TraceLayer::new_for_http())
}

/// Files for who is signed in, and the answer for calls that there are not.
fn files() -> Router {
    Router::new()
        .route("/api/media/{attachment_id}", get(get_media_api))
        .route(
            "/api/twilio/account-changes.csv",
            get(export_account_changes_api),
        )
        .route("/api", any(no_such_call))
        .route("/api/", any(no_such_call))
        .route("/api/{*address}", any(no_such_call))
}

/// Forms of pages that are not live yet, or have no script.
fn forms() -> Router {
    Router::new()
        .route(
            "/sign-in",
            get(open_sign_in_form_api).post(sign_in_form_api),
        )
        .route(
            "/messaging/{contact_id}/reply",
            get(open_reply_form_api).post(reply_form_api),
        )
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}

/// Pages and server functions; without a built client (API tests) the pages have no script.
fn pages() -> Router {
    let public = env::var_os("DIOXUS_PUBLIC_PATH")
        .map(PathBuf::from)
        .or_else(beside_the_program);
    let pages = Router::new().serve_api_application(ServeConfig::new(), App);
    match public.filter(|dir| dir.join("index.html").is_file()) {
        Some(dir) => {
            let assets = ServeDir::new(dir.join("assets")).precompressed_br();
            let icon = ServeFile::new(dir.join("favicon.svg"));
            pages
                .nest_service("/assets", assets)
                .route_service("/favicon.svg", icon)
        }
        None => {
            tracing::warn!("the client is not built; serving pages without it");
            pages
        }
    }
}

fn beside_the_program() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.join("public"))
}

fn sessions(state: &AppState) -> SessionManagerLayer<PostgresSessionStore> {
    SessionManagerLayer::new(PostgresSessionStore::new(state.db.clone()))
        .with_name(session_cookie_name(&state.config))
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(!state.config.is_loopback())
        .with_expiry(Expiry::OnSessionEnd)
}

/// 200 if events can be stored and are processed; the other lines say what else fails.
async fn readyz(
    State((state, writer, probe)): State<(AppState, EventWriter, Arc<EventStoreProbe>)>,
) -> (StatusCode, String) {
    probe_event_store_service(&writer, &state.health, &probe).await;
    let (is_ready, troubles) = state.health.report();
    let (status, word) = if is_ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let lines: Vec<&str> = std::iter::once(word)
        .chain(troubles.iter().map(String::as_str))
        .collect();
    (status, lines.join("\n") + "\n")
}
