use axum::{
    Form,
    response::{IntoResponse, Redirect, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tower_cookies::Cookies;
use tower_sessions::Session;

use crate::{
    bases::{error::AppError, http::ClientAddress, state::AppState},
    mods::auth::{
        services::{SignInOrigin, log_in_service},
        types::{LoginIn, NextPage, SignInFailure},
        utils::{DeviceToken, session_util, session_util::Lifetime},
    },
};

/// What stands in the form.
#[derive(Deserialize)]
pub struct SignInIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    /// A box that is not ticked is not sent.
    #[serde(default)]
    remember: String,
    #[serde(default)]
    next: String,
}

/// Signs in by a form that was posted by a page that is not live (yet), and goes to the page that
/// was asked for, or back to the form with the reason.
pub async fn sign_in_form_api(
    app: AppState,
    session: Session,
    address: ClientAddress,
    cookies: Cookies,
    Form(form): Form<SignInIn>,
) -> Response {
    let next = form.next;
    let login = LoginIn {
        email: form.email.trim().to_owned(),
        password: form.password,
        remember: !form.remember.is_empty(),
    };
    match sign_in(&app, &session, address, &cookies, &login).await {
        Ok(()) => Redirect::to(NextPage::parse(&next).as_str()).into_response(),
        Err(error) => back_to_the_form(&next, &error).into_response(),
    }
}

async fn sign_in(
    app: &AppState,
    session: &Session,
    address: ClientAddress,
    cookies: &Cookies,
    login: &LoginIn,
) -> Result<(), AppError> {
    // The database cannot hold it, so nobody has such an address.
    if login.email.contains('\0') {
        return Err(AppError::WrongCredentials);
    }
    let origin = SignInOrigin {
        address,
        device: DeviceToken::read(cookies, &app.config),
    };
    let signed_in = log_in_service(&app.db, login, &origin).await?;
    let lifetime = Lifetime::of(login.remember);
    session_util::begin(session, signed_in.user.id, signed_in.epoch, lifetime).await?;
    if let Some(device) = signed_in.new_device {
        device.write(cookies, &app.config);
    }
    Ok(())
}

/// Redirects a GET of the form's address to the form.
pub async fn open_sign_in_form_api() -> Redirect {
    Redirect::to("/login")
}

fn back_to_the_form(next: &str, error: &AppError) -> Redirect {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    let failed = SignInFailure::from(error).as_str();
    Redirect::to(&format!("/login?next={next}&failed={failed}"))
}
