//! Which tokens are good. A token that Twilio no longer accepts may be in the hands of a former
//! agency or employee, so it must not sign here either.

use std::time::Duration;

use futures::StreamExt;
use sea_orm::EntityTrait;
use secrecy::{ExposeSecret, SecretString};

use super::{
    held_tokens::{HeldToken, Holder, find_tokens},
    token_verdicts::{DOUBT, Verdict, change_doubt, is_doubted, note, write_down},
};
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::organization,
    mods::account::{
        services::account_changes::AccountAccess,
        utils::{AccountProblem, fetch_twilio_account_util},
    },
    twilio::{TwilioCredentials, TwilioReader},
};

/// Tokens that are asked about at once.
const AT_ONCE: usize = 4;

/// When Twilio is asked again about a token of which it could not be asked.
const ASK_AGAIN_AFTER: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(180),
    Duration::from_secs(600),
];

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
    let row = organization::Entity::find_by_id(organization)
        .one(&state.db)
        .await?;
    let is_shared = state.config.shared_account_sid() == Some(account);
    Ok(is_shared && row.is_some_and(|row| !row.byo_twilio))
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
