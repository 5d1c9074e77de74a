use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::bases::state::AppState;

/// Leads to the source code of this server. Whoever uses it over a network must be offered that
/// (AGPL, section 13): the account menu links here, and nobody need be signed in.
pub async fn source_page(State(state): State<AppState>) -> Response {
    match &state.config.source_url {
        Some(url) => Redirect::to(url).into_response(),
        None => Html(offer()).into_response(),
    }
}

/// What stands there as long as the operator has not said where the source code is.
fn offer() -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\"><title>Source code · Loquent</title></head>\
         <body><main><h1>Source code</h1>\
         <p>This server runs Loquent {version}, free software under the GNU Affero General Public \
         License ({license}).</p>\
         <p>You can get its source code at no charge, with every change made for this server. \
         Ask the people who run it.</p>\
         <p>Do you run this server? Set <code>SOURCE_URL</code> to where people can download the \
         source code of the version you run. This address will then lead there.</p>\
         <p><a href=\"https://www.gnu.org/licenses/agpl-3.0.html\">Read the license</a> · \
         <a href=\"/\">Back to Loquent</a></p></main></body></html>",
        version = env!("CARGO_PKG_VERSION"),
        license = env!("CARGO_PKG_LICENSE"),
    )
}
