//! Which tokens are good. A token that Twilio no longer accepts may be in the hands of a former
//! agency or employee, so it must not sign here either.

use std::time::Duration;

use futures::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, TransactionTrait};
use secrecy::{ExposeSecret, SecretString};

use super::{account_tokens::token_hash, end_lost_claims_service, notify_twilio_account_service};
use crate::{
    bases::{error::AppError, ids::OrganizationId, sql, state::AppState},
    entities::organization,
    mods::account::{
        services::account_changes::AccountAccess,
        utils::{AccountProblem, fetch_twilio_account_util},
    },
    twilio::{TwilioCredentials, TwilioReader},
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

/// When Twilio is asked again about a token of which it could not be asked.
const ASK_AGAIN_AFTER: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(180),
    Duration::from_secs(600),
];

#[derive(Clone)]
struct HeldToken {
    holder: Holder,
    token: SecretString,
}

/// Asks Twilio about all other tokens of an account of which it has just accepted one. Those that
/// Twilio refuses are no longer accepted in any organization: a newer one has replaced them. One of
/// which Twilio could not be asked signs nothing until it could, and its organization keeps its
/// numbers meanwhile; the previous token of the same organization goes on signing, since Twilio may
/// still sign with it.
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
        (one, verdict)
    });
    let judged: Vec<(HeldToken, Verdict)> = judged.buffer_unordered(AT_ONCE).collect().await;
    let mut open = Vec::new();
    for (one, verdict) in judged {
        match (&one.holder, verdict) {
            (Holder::Previous(of, _), Verdict::Unknown) if *of == organization => {}
            (_, Verdict::Unknown) => {
                change_doubt(state, account, &one.token, DOUBT).await?;
                open.push(one);
            }
            (_, verdict) => note(state, account, one, verdict).await?,
        }
    }
    if !open.is_empty() {
        tracing::warn!(
            count = open.len(),
            "Twilio could not be asked about tokens of an account; they are not accepted meanwhile"
        );
        tokio::spawn(ask_again(state.clone(), account.to_owned(), open));
    }
    Ok(())
}

/// Asks about tokens until Twilio answers. A token without an answer counts as refused in the end;
/// the hourly check asks once more, also if this node stops meanwhile.
async fn ask_again(state: AppState, account: String, mut open: Vec<HeldToken>) {
    for pause in ASK_AGAIN_AFTER {
        tokio::time::sleep(pause).await;
        let mut still = Vec::new();
        for one in open {
            if !is_doubted(&state, &account, &one.token).await {
                continue;
            }
            let verdict = ask(&state, &account, &one.token).await;
            if verdict == Verdict::Unknown {
                still.push(one);
            } else if let Err(error) = note(&state, &account, one.clone(), verdict).await {
                tracing::warn!(%error, "a verdict on a token could not be kept; trying again");
                still.push(one);
            }
        }
        if still.is_empty() {
            return;
        }
        open = still;
    }
    for one in open {
        // The doubt stays, so that Twilio repeats what is signed with it.
        if let Err(error) = write_down(&state, &account, one.holder, Verdict::Refused).await {
            tracing::warn!(%error, "a token without an answer from Twilio could not be refused");
        }
    }
}

/// Keeps what a look at the account said of the organization's token, and asks about the previous
/// one.
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
            note(state, account, one, verdict).await?;
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

const DOUBT: &str = "
INSERT INTO doubted_token (account_sid, token_sha256) VALUES ($1, $2)
ON CONFLICT (account_sid, token_sha256) DO UPDATE SET doubted_at = now()
";

const DOUBT_NO_MORE: &str =
    "DELETE FROM doubted_token WHERE account_sid = $1 AND token_sha256 = $2";

const IS_DOUBTED: &str = "SELECT 1 FROM doubted_token WHERE account_sid = $1 AND token_sha256 = $2";

/// Whether nobody else has had an answer about the token yet.
async fn is_doubted(state: &AppState, account: &str, token: &SecretString) -> bool {
    let values = [account.into(), token_hash(account, token).into()];
    !matches!(sql::first(&state.db, IS_DOUBTED, values).await, Ok(None))
}

/// Notes that a token signs nothing until Twilio has been asked, or that Twilio has answered.
async fn change_doubt(
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
async fn note(
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
async fn write_down(
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
