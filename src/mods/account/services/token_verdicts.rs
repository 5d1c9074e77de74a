//! What Twilio has said of tokens, written down.

use sea_orm::TransactionTrait;
use secrecy::{ExposeSecret, SecretString};

use super::{
    account_tokens::token_hash,
    end_lost_claims_service,
    held_tokens::{HeldToken, Holder, find_tokens},
    notify_twilio_account_service,
};
use crate::bases::{error::AppError, sql, state::AppState};

/// What Twilio says of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Refused,
    /// Twilio could not be asked.
    Unknown,
}

const REFUSED: &str = "
UPDATE organization SET twilio_token_refused_at = now()
WHERE id = $1 AND twilio_auth_token = $2 AND twilio_token_refused_at IS NULL
";

const ACCEPTED: &str = "
UPDATE organization SET twilio_token_refused_at = NULL
WHERE id = $1 AND twilio_auth_token = $2 AND twilio_token_refused_at IS NOT NULL
";

const DROP_PREVIOUS: &str = "
UPDATE organization SET twilio_auth_token_previous = NULL
WHERE id = $1 AND twilio_auth_token_previous = $2
";

const REFUSED_SHARED: &str = "
INSERT INTO refused_shared_token (account_sid, token_sha256) VALUES ($1, $2)
ON CONFLICT DO NOTHING
";

const ACCEPTED_SHARED: &str =
    "DELETE FROM refused_shared_token WHERE account_sid = $1 AND token_sha256 = $2";

pub(super) const DOUBT: &str = "
INSERT INTO doubted_token (account_sid, token_sha256) VALUES ($1, $2)
ON CONFLICT (account_sid, token_sha256) DO UPDATE SET doubted_at = now()
";

const DOUBT_NO_MORE: &str =
    "DELETE FROM doubted_token WHERE account_sid = $1 AND token_sha256 = $2";

const IS_DOUBTED: &str = "SELECT 1 FROM doubted_token WHERE account_sid = $1 AND token_sha256 = $2";

/// Whether nobody else has had an answer about the token yet.
pub(super) async fn is_doubted(state: &AppState, account: &str, token: &SecretString) -> bool {
    let values = [account.into(), token_hash(account, token).into()];
    !matches!(sql::first(&state.db, IS_DOUBTED, values).await, Ok(None))
}

/// Notes that a token signs nothing until Twilio has been asked, or that Twilio has answered.
pub(super) async fn change_doubt(
    state: &AppState,
    account: &str,
    token: &SecretString,
    sql: &str,
) -> Result<(), AppError> {
    let values = [account.into(), token_hash(account, token).into()];
    sql::run(&state.db, sql, values).await?;
    Ok(())
}

/// Keeps what Twilio has said of a token.
pub(super) async fn note(
    state: &AppState,
    account: &str,
    one: HeldToken,
    verdict: Verdict,
) -> Result<(), AppError> {
    // The verdict first, and on whoever has the token now, also as the previous one: one that is
    // refused must not sign for a moment in between, nor for another one.
    if is_doubted(state, account, &one.token).await {
        let held = find_tokens(state, account).await?;
        let is_it = |other: &HeldToken| other.token.expose_secret() == one.token.expose_secret();
        for other in held.into_iter().filter(is_it) {
            write_down(state, account, other.holder, verdict).await?;
        }
    } else {
        write_down(state, account, one.holder, verdict).await?;
    }
    change_doubt(state, account, &one.token, DOUBT_NO_MORE).await
}

/// Writes a verdict down, if the token is still the one that was asked about.
pub(super) async fn write_down(
    state: &AppState,
    account: &str,
    holder: Holder,
    verdict: Verdict,
) -> Result<(), AppError> {
    let is_refused = verdict == Verdict::Refused;
    let (sql, organization, key, sealed) = match (holder, is_refused) {
        (Holder::Organization(of, sealed), true) => (REFUSED, Some(of), of.0.into(), sealed),
        (Holder::Organization(of, sealed), false) => (ACCEPTED, Some(of), of.0.into(), sealed),
        (Holder::Previous(of, sealed), true) => (DROP_PREVIOUS, Some(of), of.0.into(), sealed),
        (Holder::Previous(..), false) => return Ok(()),
        (Holder::Environment(hash), true) => (REFUSED_SHARED, None, account.into(), hash),
        (Holder::Environment(hash), false) => (ACCEPTED_SHARED, None, account.into(), hash),
    };
    let transaction = state.db.begin().await?;
    let changed = sql::run(&transaction, sql, [key, sealed.into()]).await? > 0;
    if let Some(organization) = organization.filter(|_| changed) {
        end_lost_claims_service(&transaction, &state.config, organization).await?;
        notify_twilio_account_service(&transaction, organization).await?;
    }
    transaction.commit().await?;
    if changed && is_refused {
        tracing::warn!(
            organization_id = organization.map(tracing::field::display),
            "a Twilio token is no longer accepted: Twilio refuses it, or a newer one replaced it"
        );
    }
    Ok(())
}
