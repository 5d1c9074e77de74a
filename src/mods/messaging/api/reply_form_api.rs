use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use dioxus::fullstack::AsStatusCode;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, PhoneNumberId},
        state::AppState,
    },
    mods::{
        auth::types::CurrentUser,
        messaging::{
            services::send_message_service,
            types::{Message, SendMessageIn},
            utils::escape_html,
        },
    },
};

/// What stands in the address of the form.
#[derive(Deserialize)]
pub struct ReplyAddress {
    /// Made with the page: the same form sent twice is one message.
    client_key: Option<Uuid>,
}

/// What stands in the form.
#[derive(Deserialize)]
pub struct ReplyIn {
    #[serde(default)]
    from: String,
    #[serde(default)]
    body: String,
}

/// Sends a reply that was posted as a form, by a page that is not live (yet), and goes back to the
/// conversation. What cannot be sent is given back, with the reason.
pub async fn reply_form_api(
    app: AppState,
    user: Result<CurrentUser, AppError>,
    Path(contact_id): Path<ContactId>,
    Query(address): Query<ReplyAddress>,
    Form(reply): Form<ReplyIn>,
) -> Response {
    // Browsers send the end of a line as CR LF.
    let body = reply.body.replace("\r\n", "\n").trim().to_owned();
    let sent = async {
        let phone_number_id: PhoneNumberId = reply
            .from
            .parse()
            .map_err(|_| AppError::bad_request("Choose the number to send from."))?;
        let send = SendMessageIn {
            contact_id: Some(contact_id),
            to: None,
            body: body.clone(),
            phone_number_id,
            client_key: address.client_key,
        };
        send_once(&app, &user?, send).await
    };
    match sent.await {
        Ok(_) => Redirect::to(&format!("/messaging/{contact_id}")).into_response(),
        Err(error) => not_sent(contact_id, &address, &reply.from, &body, &error),
    }
}

/// Sends it under the key that the page came with. The same form posted again with another text is
/// another message, and that text posted again is not: its key follows from it.
async fn send_once(
    app: &AppState,
    user: &CurrentUser,
    text: SendMessageIn,
) -> Result<Message, AppError> {
    let send = async |text: SendMessageIn| {
        let (shared, position) = (app.config.shared_account_sid(), app.arrivals.next());
        send_message_service(&app.db, shared, user, text, position, app.clock.now()).await
    };
    let first = send(text.clone()).await?;
    let is_this =
        first.body.as_deref() == Some(&text.body) && Some(first.contact_id) == text.contact_id;
    match text.client_key {
        Some(key) if !is_this => {
            let key = Some(key_of_other_text(key, &text.body));
            send(SendMessageIn {
                client_key: key,
                ..text
            })
            .await
        }
        _ => Ok(first),
    }
}

fn key_of_other_text(key: Uuid, body: &str) -> Uuid {
    let digest = Sha256::new()
        .chain_update(key)
        .chain_update(body)
        .finalize();
    let (bytes, _) = digest.split_at(size_of::<Uuid>());
    Uuid::from_slice(bytes).unwrap_or(key)
}

/// Redirects a GET of the form's address to the conversation.
pub async fn open_reply_form_api(Path(contact_id): Path<ContactId>) -> Redirect {
    Redirect::to(&format!("/messaging/{contact_id}"))
}

/// The text once more, in a form that sends it again.
fn not_sent(
    contact_id: ContactId,
    address: &ReplyAddress,
    from: &str,
    body: &str,
    error: &AppError,
) -> Response {
    let key = address
        .client_key
        .map(|key| format!("?client_key={key}"))
        .unwrap_or_default();
    let sign_in = if error.is_unauthorized() {
        format!(
            "<p><a href=\"/login?next=/messaging/{contact_id}\" target=\"_blank\">Sign in</a>, then send it again.</p>"
        )
    } else {
        String::new()
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\"><title>Not sent · Loquent</title></head>\
         <body><main><h1>Not sent</h1><p role=\"alert\">{reason}</p>{sign_in}\
         <form method=\"post\" action=\"/messaging/{contact_id}/reply{key}\">\
         <input type=\"hidden\" name=\"from\" value=\"{from}\">\
         <p><label for=\"reply\">Your text</label></p>\
         <p><textarea id=\"reply\" name=\"body\" rows=\"6\" cols=\"60\" dir=\"auto\" required>\n{body}</textarea></p>\
         <p><button>Send again</button> <a href=\"/messaging/{contact_id}\">Back to the conversation</a></p>\
         </form></main></body></html>",
        reason = escape_html(&error.to_string()),
        from = escape_html(from),
        body = escape_html(body),
    );
    let status: StatusCode = error.as_status_code();
    (status, Html(page)).into_response()
}
