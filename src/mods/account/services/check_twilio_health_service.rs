use std::{collections::HashMap, time::Instant};

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{find_expected_callbacks_service, judge_tokens_service::judge_own_tokens};
use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    entities::{
        claim, organization, phone_number,
        states::{AccountChangeKind, AccountChangeState},
        twilio_account_change,
    },
    mods::account::{
        services::account_changes::AccountAccess,
        types::{HealthReason, TwilioAccountStatus, TwilioHealth},
        utils::{
            AccountProblem, EventStreams, NumberView, account_findings_util,
            account_problem_finding_util, fetch_event_streams_util, fetch_twilio_account_util,
            forwarding_health_util, no_account_finding_util, number_health_util,
        },
    },
    twilio::{
        MessagingService, TwilioError, TwilioHost, TwilioNumber, list_messaging_services,
        list_twilio_numbers,
    },
};

/// Numbers that are looked at; more than an organization of this kind has.
const MOST_NUMBERS: u64 = 1_000;
/// An account has at most 100 sinks.
const MOST_SINKS: u64 = 100;

/// A look at an account.
#[derive(Debug)]
pub struct CheckedHealth {
    /// The account that was looked at; none if none is connected.
    pub account_sid: Option<String>,
    pub health: TwilioHealth,
}

/// What Twilio says of an account, beyond the account itself.
struct Seen {
    streams: EventStreams,
    numbers: Vec<TwilioNumber>,
    /// By number; empty if Twilio does not show them, since texts come by events all the same.
    services: HashMap<String, MessagingService>,
}

/// Compares the organization's Twilio account and numbers with what Loquent needs. Read-only. If
/// Twilio cannot be asked, that is a finding.
pub async fn check_twilio_health_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<CheckedHealth, AppError> {
    let began = Instant::now();
    let destination = state.config.events_url();
    let mut health = TwilioHealth::unknown(destination.clone());
    let account = AccountAccess::open(state, organization).await;
    let account_sid = account
        .as_ref()
        .ok()
        .map(|one| one.account_sid().to_owned());
    match account {
        Ok(account) => look(&account, &mut health).await?,
        Err(AppError::Conflict { message }) => {
            let row = organization::Entity::find_by_id(organization)
                .one(&state.db)
                .await?;
            let reason = if row.is_some_and(|row| row.byo_twilio) {
                HealthReason::CredentialsMissing
            } else {
                HealthReason::NotConnected
            };
            health
                .findings
                .push(no_account_finding_util(reason, message));
        }
        Err(error) => return Err(error),
    }
    health.checked_at = Some(state.clock.now());
    health.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(CheckedHealth {
        account_sid,
        health,
    })
}

async fn look(account: &AccountAccess, health: &mut TwilioHealth) -> Result<(), AppError> {
    let organization_id = account.organization_id;
    let facts = match account.reader(TwilioHost::Api) {
        Ok(reader) => fetch_twilio_account_util(&reader).await,
        Err(error) => Err(AccountProblem::Unreachable(error)),
    };
    judge_own_tokens(account, facts.as_ref().err()).await?;
    let facts = match facts {
        Ok(facts) => facts,
        Err(problem) => {
            tracing::info!(%organization_id, error = %problem, "the Twilio account cannot be used");
            health.findings.push(account_problem_finding_util(&problem));
            return Ok(());
        }
    };
    let previous_token = accepts_previous_token(account).await?;
    health
        .findings
        .extend(account_findings_util(&facts, previous_token));
    let status = facts.status;
    health.account = Some(facts);
    let problem = match status {
        TwilioAccountStatus::Active => match see(account).await {
            Ok(seen) => return compare(account, &seen, health).await,
            Err(TwilioError::Refused { message, .. }) => AccountProblem::Refused(message),
            Err(error) => AccountProblem::Unreachable(error),
        },
        TwilioAccountStatus::Suspended => AccountProblem::Suspended,
        TwilioAccountStatus::Closed => AccountProblem::Closed,
    };
    tracing::info!(%organization_id, error = %problem, "the Twilio account cannot be read");
    health.findings.push(account_problem_finding_util(&problem));
    Ok(())
}

async fn see(account: &AccountAccess) -> Result<Seen, TwilioError> {
    let destination = account.state.config.events_url();
    let events = account.reader(TwilioHost::Events)?;
    let api = account.reader(TwilioHost::Api)?;
    let messaging = account.reader(TwilioHost::Messaging)?;
    let services = async {
        match list_messaging_services(&messaging).await {
            Err(TwilioError::Refused { .. }) => Ok(HashMap::new()),
            listed => listed,
        }
    };
    let (streams, numbers, services) = futures::try_join!(
        fetch_event_streams_util(&events, &destination),
        list_twilio_numbers(&api),
        services,
    )?;
    Ok(Seen {
        streams,
        numbers,
        services,
    })
}

async fn compare(
    account: &AccountAccess,
    seen: &Seen,
    health: &mut TwilioHealth,
) -> Result<(), AppError> {
    let state = &account.state;
    let organization = account.organization_id;
    // One of the same account that is not the organization's (any more) is not looked at.
    let shared = state.config.shared_account_sid();
    let live = claim::is_live("phone_number", "$1");
    let live = Expr::cust_with_values(live, [shared.map(str::to_owned)]);
    let rows = phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::ReleasedAt.is_null())
        .filter(
            Condition::any()
                .add(live)
                .add(phone_number::Column::TwilioAccountSid.ne(account.account_sid())),
        )
        .order_by_asc(phone_number::Column::FriendlyName)
        .order_by_asc(phone_number::Column::Number)
        .limit(MOST_NUMBERS)
        .all(&state.db)
        .await?;
    let callbacks = find_expected_callbacks_service(&state.db, organization).await?;
    let (voice_url, sms_url) = (state.config.voice_url(), state.config.sms_incoming_url());
    for row in rows {
        let view = NumberView {
            account_sid: account.account_sid(),
            voice_url: &voice_url,
            sms_url: &sms_url,
            expected_callback: callbacks.get(&row.id).map(String::as_str),
            service: seen.services.get(&row.number),
            there: seen.numbers.iter().find(|one| one.sid == row.twilio_sid),
            same_number: seen
                .numbers
                .iter()
                .find(|one| one.phone_number == row.number),
        };
        health.numbers.push(number_health_util(&row, &view)?);
    }
    let made = find_made_sinks(account).await?;
    let (forwarding, findings) = forwarding_health_util(
        &seen.streams,
        &state.config.events_url(),
        &made,
        &health.numbers,
    );
    health.forwarding = forwarding;
    health.forwarding.checked_at = Some(state.clock.now());
    health.findings.extend(findings);
    Ok(())
}

/// The SIDs of the sinks that Loquent made for the organization and did not remove.
async fn find_made_sinks(account: &AccountAccess) -> Result<Vec<String>, AppError> {
    let rows = twilio_account_change::Entity::in_org(account.organization_id)
        .filter(twilio_account_change::Column::Kind.eq(AccountChangeKind::SinkCreated))
        .filter(twilio_account_change::Column::State.eq(AccountChangeState::Done))
        .filter(twilio_account_change::Column::UndoneAt.is_null())
        .filter(twilio_account_change::Column::TwilioAccountSid.eq(account.account_sid()))
        .order_by_desc(twilio_account_change::Column::CreatedAt)
        .limit(MOST_SINKS)
        .all(&account.state.db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| row.resource_sid)
        .collect())
}

async fn accepts_previous_token(account: &AccountAccess) -> Result<bool, AppError> {
    let row = organization::Entity::find_by_id(account.organization_id)
        .one(&account.state.db)
        .await?;
    Ok(row.is_some_and(|row| row.byo_twilio && row.twilio_auth_token_previous.is_some()))
}
