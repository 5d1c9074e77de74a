use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::model::{AccountStatus, Sid};
use crate::rest::TwilioError;
use crate::simulation::Simulation;
use crate::store::{AccountState, State};

/// The account whose SID and token came as HTTP Basic, and to which the path belongs.
#[derive(Debug, Clone)]
pub(crate) struct AuthenticatedAccount {
    pub sid: Sid,
}

impl AuthenticatedAccount {
    /// The account's state.
    ///
    /// # Errors
    /// It was removed meanwhile.
    pub fn of<'a>(&self, state: &'a State) -> Result<&'a AccountState, TwilioError> {
        state.accounts.get(&self.sid).ok_or_else(wrong_credentials)
    }

    /// The account's state, to be changed.
    ///
    /// # Errors
    /// It was removed meanwhile.
    pub fn of_mut<'a>(&self, state: &'a mut State) -> Result<&'a mut AccountState, TwilioError> {
        state
            .accounts
            .get_mut(&self.sid)
            .ok_or_else(wrong_credentials)
    }
}

impl FromRequestParts<Arc<Simulation>> for AuthenticatedAccount {
    type Rejection = TwilioError;

    async fn from_request_parts(
        parts: &mut Parts,
        simulation: &Arc<Simulation>,
    ) -> Result<Self, Self::Rejection> {
        let given = parts.headers.get(header::AUTHORIZATION).ok_or_else(|| {
            TwilioError::unauthorized("Authentication Error - No credentials provided")
        })?;
        let (user, password) = given
            .to_str()
            .ok()
            .and_then(decode_basic)
            .ok_or_else(wrong_credentials)?;
        let sid = Sid::parse(&user).ok_or_else(wrong_credentials)?;
        let status = {
            let state = simulation.state();
            let account = &state
                .accounts
                .get(&sid)
                .ok_or_else(wrong_credentials)?
                .account;
            let is_secondary = account.secondary_auth_token.as_ref() == Some(&password);
            if account.auth_token != password && !is_secondary {
                return Err(wrong_credentials());
            }
            account.status
        };
        let path = parts.uri.path();
        let path_account = path.strip_prefix("/2010-04-01/Accounts/").map(|rest| {
            let end = rest.find(['/', '.']).unwrap_or(rest.len());
            &rest[..end]
        });
        if path_account.is_some_and(|account| account != sid.as_str()) {
            return Err(TwilioError::not_found(path));
        }
        // A suspended account can still be looked at, so that its owner learns of it.
        let own_resource = path == format!("/2010-04-01/Accounts/{sid}.json");
        if status != AccountStatus::Active && !own_resource {
            return Err(TwilioError {
                status: StatusCode::FORBIDDEN,
                code: 20005,
                message: "Account not active".to_owned(),
            });
        }
        Ok(Self { sid })
    }
}

fn wrong_credentials() -> TwilioError {
    TwilioError::unauthorized("Authenticate")
}

fn decode_basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_decoded() {
        assert_eq!(
            decode_basic("Basic dXNlcjpwYTpzcw=="),
            Some(("user".to_owned(), "pa:ss".to_owned()))
        );
        assert_eq!(decode_basic("Bearer dXNlcjpwYTpzcw=="), None);
        assert_eq!(decode_basic("Basic ###"), None);
    }
}
