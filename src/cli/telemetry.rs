//! Structured logs.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::log_mask::MaskedStderr;

/// Writes logs to standard error: JSON where `LOG_FORMAT=json`, else for people. `RUST_LOG`
/// chooses what.
///
/// Never logged: message bodies, tokens, full phone numbers, whole SIDs.
pub fn init() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,graphile_worker=warn,dioxus=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(MaskedStderr::default);
    let installed = if std::env::var("LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().try_init()
    } else {
        builder.try_init()
    };
    // It may be installed already: tests start several servers in one process.
    drop(installed);
}
