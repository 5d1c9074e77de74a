//! Which tokens are good. Whoever holds a token that Twilio does not accept any more (an agency of
//! before, somebody who left, whoever found it) must not sign for the account here either.

use futures::StreamExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Statement,
    TransactionTrait,
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    TwilioCredentials, account_changes::AccountAccess, account_tokens::token_hash,
    end_lost_claims_service, notify_twilio_account_service,
};
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::organization,
    mods::twilio::utils::{AccountProblem, TwilioReader, fetch_twilio_account_util},
};

/// Organizations that may bring the same account.
const MAX_ORGANIZATIONS: u64 = 20;
/// Tokens that are asked about at once.
const AT_ONCE: usize = 4;

/// What Twilio says of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Refused,
    /// Twilio could not be asked.
    Unknown,
}

/// Where a token is kept.
#[derive(Debug, Clone)]
enum Holder {
    /// The token that the organization uses, sealed.
    Organization(OrganizationId, Vec<u8>),
    /// The one that it used before, sealed.
    Previous(OrganizationId, Vec<u8>),
    /// The environment, by the hash of account and token.
    Environment(Vec<u8>),
}

struct HeldToken {
    holder: Holder,
    token: SecretString,
}

/// Asks Twilio about all other tokens of an account of which it has just accepted one. Those that
/// Twilio does not confirm as good are accepted no more in any organization: a newer one has
/// replaced them. The token of before of the same organization stays unless Twilio refuses it,
/// since Twilio may still sign with it.
pub async fn judge_other_tokens_service(
    state: &AppState,
    organization: OrganizationId,
    accepted: &TwilioCredentials,
) -> Result<(), AppError> {
    let account = accepted.account_sid.as_str();
    let held = find_tokens(state, account).await?;
    let judged = futures::stream::iter(held).map(async |one| {
        let is_it = one.token.expose_secret() == accepted.auth_token.expose_secret();
        let verdict = if is_it {
            Verdict::Accepted
        } else {
            ask(state, account, &one.token).await
        };
        (one.holder, verdict)
    });
    let judged: Vec<(Holder, Verdict)> = judged.buffer_unordered(AT_ONCE).collect().await;
    for (holder, verdict) in judged {
        let verdict = match (&holder, verdict) {
            (Holder::Previous(of, _), Verdict::Unknown) if *of == organization => continue,
            (_, Verdict::Unknown) => Verdict::Refused,
            (_, verdict) => verdict,
        };
        note(state, account, holder, verdict).await?;
    }
    Ok(())
}

/// Keeps what a look at the account said of the organization's token, and asks about the one of
/// before.
pub(super) async fn judge_own_tokens(
    access: &AccountAccess,
    problem: Option<&AccountProblem>,
) -> Result<(), AppError> {
    let (state, account) = (&access.state, access.account_sid());
    let own = access.organization_id;
    for one in find_tokens(state, account).await? {
        let verdict = match &one.holder {
            Holder::Organization(of, _) | Holder::Previous(of, _) if *of != own => continue,
            Holder::Environment(_) if !is_shared(state, account, own).await? => continue,
            _ if one.token.expose_secret() == access.credentials.auth_token.expose_secret() => {
                verdict_of(problem)
            }
            _ => ask(state, account, &one.token).await,
        };
        if verdict != Verdict::Unknown {
            note(state, account, one.holder, verdict).await?;
        }
    }
    Ok(())
}

/// Whether the organization uses the shared account, which is this one.
async fn is_shared(
    state: &AppState,
    account: &str,
    organization: OrganizationId,
) -> Result<bool, AppError> {
    let row = organization::Entity::find_by_id(organization.0)
        .one(&state.db)
        .await?;
    let is_shared = state.config.shared_account_sid() == Some(account);
    Ok(is_shared && row.is_some_and(|row| !row.byo_twilio))
}

async fn find_tokens(state: &AppState, account: &str) -> Result<Vec<HeldToken>, AppError> {
    let rows = organization::Entity::find()
        .filter(organization::Column::TwilioAccountSid.eq(account))
        .filter(organization::Column::ByoTwilio.eq(true))
        .limit(MAX_ORGANIZATIONS)
        .all(&state.db)
        .await?;
    let key = &state.config.master_key;
    let mut held = Vec::new();
    for row in rows {
        let of = OrganizationId(row.id);
        let present = row.twilio_auth_token.map(|it| Holder::Organization(of, it));
        let previous = row
            .twilio_auth_token_previous
            .map(|it| Holder::Previous(of, it));
        held.extend(present.into_iter().chain(previous).filter_map(|holder| {
            let (Holder::Organization(of, sealed) | Holder::Previous(of, sealed)) = &holder else {
                return None;
            };
            // One that cannot be opened signs nothing either.
            let token = key.open(of.0, sealed).ok()?;
            Some(HeldToken { holder, token })
        }));
    }
    let shared = state.config.shared_twilio.as_ref();
    if let Some(shared) = shared.filter(|shared| shared.account_sid == account) {
        let tokens = [
            Some(shared.auth_token.clone()),
            shared.previous_auth_token.clone(),
        ];
        held.extend(tokens.into_iter().flatten().map(|token| HeldToken {
            holder: Holder::Environment(token_hash(account, &token)),
            token,
        }));
    }
    Ok(held)
}

async fn ask(state: &AppState, account: &str, token: &SecretString) -> Verdict {
    let credentials = TwilioCredentials {
        account_sid: account.to_owned(),
        auth_token: token.clone(),
    };
    let base_url = &state.config.twilio_api_base_url;
    match TwilioReader::new(state.http.clone(), base_url, credentials) {
        Ok(reader) => verdict_of(fetch_twilio_account_util(&reader).await.err().as_ref()),
        Err(_) => Verdict::Unknown,
    }
}

fn verdict_of(problem: Option<&AccountProblem>) -> Verdict {
    match problem {
        None | Some(AccountProblem::Suspended | AccountProblem::Closed) => Verdict::Accepted,
        Some(AccountProblem::WrongToken | AccountProblem::TestCredentials) => Verdict::Refused,
        Some(AccountProblem::Unreachable(_) | AccountProblem::Refused(_)) => Verdict::Unknown,
    }
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

/// Writes a verdict down, if the token is still the one that was asked about.
async fn note(
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
    let backend = transaction.get_database_backend();
    let update = Statement::from_sql_and_values(backend, sql, [key, sealed.into()]);
    let changed = transaction.execute_raw(update).await?.rows_affected() > 0;
    if let Some(organization) = organization.filter(|_| changed) {
        end_lost_claims_service(&transaction, &state.config, organization).await?;
        notify_twilio_account_service(&transaction, organization).await?;
    }
    transaction.commit().await?;
    if changed && is_refused {
        tracing::warn!(
            organization_id = organization.map(tracing::field::display),
            "a Twilio token is accepted no more: Twilio refuses it, or a newer one has replaced it"
        );
    }
    Ok(())
}
