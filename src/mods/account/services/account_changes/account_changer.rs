use std::collections::VecDeque;

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    AccountAccess, AccountAction, AccountLock, ActionPlan, Outcome, RecordedChange,
    account_change_row::find_changes,
};
use crate::{
    bases::{error::AppError, ids::AccountChangeId, state::AppState},
    entities::{states::AccountChangeState, twilio_account_change},
    mods::{
        account::types::{PlanOptions, TwilioActionAnswer},
        auth::types::CurrentUser,
    },
    twilio::{Recorded, TwilioError, TwilioWriter, twilio_error_to_app_error},
};

/// A call that left no trace this long after its start was not done: calls time out after 20 s, and
/// Twilio works on none for minutes.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(2);
/// Our clock and Twilio's may differ by this much.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::minutes(5);
/// Open changes of an account that are settled at a time; more than a few is a defect.
const MOST_OPEN: u64 = 50;
/// Changes of one plan: an account has at most 100 sinks and as many subscriptions.
const MOST_CHANGES: usize = 200;

/// Makes changes in an organization's Twilio account, one plan at a time.
#[derive(Debug)]
pub struct AccountChanger {
    account: AccountAccess,
    user: CurrentUser,
    options: PlanOptions,
    undo_of: Option<AccountChangeId>,
    lock: Option<AccountLock>,
}

impl AccountChanger {
    /// Finds the credentials. Unless it is a dry run, takes the account's lock and settles what
    /// was left open in it.
    pub async fn begin(
        state: &AppState,
        user: &CurrentUser,
        options: &PlanOptions,
    ) -> Result<Self, AppError> {
        let account = AccountAccess::open(state, user.organization_id).await?;
        let lock = if options.dry_run {
            None
        } else {
            let lock = AccountLock::acquire(&state.db, account.account_sid()).await?;
            settle_open_changes(&account).await?;
            Some(lock)
        };
        Ok(Self {
            account,
            user: user.clone(),
            options: options.clone(),
            undo_of: None,
            lock,
        })
    }

    /// The account, to read from.
    pub fn account(&self) -> &AccountAccess {
        &self.account
    }

    /// What follows takes back this change.
    pub fn undoing(mut self, change: AccountChangeId) -> Self {
        self.undo_of = Some(change);
        self
    }

    /// Shows the plan or carries it out. It stops at the first change that Twilio does not make;
    /// those before it stay, and stand in the activity.
    pub async fn finish(self, plan: ActionPlan) -> Result<TwilioActionAnswer, AppError> {
        let shown = plan.shown();
        let expected = self.options.expected.as_ref();
        if expected.is_some_and(|expected| *expected != shown.fingerprint) {
            return Err(AppError::conflict(
                "The Twilio account has changed since you looked. Nothing was done; look at the \
                 new plan first.",
            ));
        }
        let Some(lock) = self.lock else {
            return Ok(TwilioActionAnswer {
                dry_run: true,
                plan: shown,
                changes: Vec::new(),
            });
        };
        let mut done = Vec::new();
        let mut sink: Option<String> = None;
        let mut waiting: VecDeque<AccountAction> =
            plan.actions.into_iter().take(MOST_CHANGES).collect();
        while let Some(mut action) = waiting.pop_front() {
            if let Some(sink) = &sink {
                action.learn_sink(sink);
            }
            let change =
                RecordedChange::record(&self.account, &lock, self.user.id, action, self.undo_of)
                    .await?;
            let outcome = make(&self.account, &change).await?;
            let follow_up = change.action().follow_up(&self.account, &outcome).await;
            let follow_up = follow_up.map_err(|error| twilio_error_to_app_error(&error))?;
            if let Some(follow_up) = follow_up {
                waiting.push_front(follow_up);
            }
            sink = sink.or(outcome.resource_sid);
            done.push(change.id());
        }
        lock.release().await;
        Ok(TwilioActionAnswer {
            dry_run: false,
            plan: shown,
            changes: find_changes(&self.account.state.db, self.account.organization_id, &done)
                .await?,
        })
    }
}

/// Makes the call of a recorded change and settles it.
async fn make(account: &AccountAccess, change: &RecordedChange) -> Result<Outcome, AppError> {
    let state = &account.state;
    let writer = TwilioWriter::new(
        state.http.clone(),
        &state.config,
        &account.credentials,
        change,
    );
    let error = match change.action().execute(account, writer).await {
        Ok(outcome) => {
            change.settle_done(account, &outcome).await?;
            return Ok(outcome);
        }
        Err(error) => error,
    };
    tracing::warn!(change_id = %change.id(), %error, "a change of the Twilio account was not confirmed");
    if !matches!(error, TwilioError::OutcomeUnknown(_)) {
        change.settle_failed(account, &said(&error)).await?;
        return Err(twilio_error_to_app_error(&error));
    }
    // Twilio may have done it all the same: look before saying so.
    let looked = look_up(account, change).await;
    match looked {
        Ok(Some(outcome)) if !change.action().is_anothers(account).await? => {
            change.settle_done(account, &outcome).await?;
            Ok(outcome)
        }
        _ => {
            let why = "Twilio did not answer; it is looked at again before the next change.";
            change.leave_open(account, why).await?;
            Err(twilio_error_to_app_error(&error))
        }
    }
}

/// Settles the changes whose answer was lost. Call it only while the account is locked: then nobody
/// works on the open ones.
async fn settle_open_changes(account: &AccountAccess) -> Result<(), AppError> {
    let open = twilio_account_change::Entity::find()
        .filter(twilio_account_change::Column::TwilioAccountSid.eq(account.account_sid()))
        .filter(twilio_account_change::Column::State.eq(AccountChangeState::Pending))
        .order_by_asc(twilio_account_change::Column::CreatedAt)
        .limit(MOST_OPEN)
        .all(&account.state.db)
        .await?;
    for row in open {
        // Perhaps written by a newer version; it must not block this one.
        let Ok(change) = RecordedChange::from_row(&row) else {
            continue;
        };
        let owner = AccountAccess {
            organization_id: row.organization_id,
            ..account.clone()
        };
        let looked = look_up(&owner, &change).await;
        let looked = looked.map_err(|error| twilio_error_to_app_error(&error))?;
        match looked {
            Some(_) if change.action().is_anothers(&owner).await? => {
                let why = "The answer was lost, and by now another organization has it.";
                change.settle_failed(&owner, why).await?;
            }
            Some(outcome) => change.settle_done(&owner, &outcome).await?,
            None if account.state.clock.now() - change.created_at() > LOST_AFTER => {
                let why = "The answer was lost, and nothing of it is to be seen at Twilio.";
                change.settle_failed(&owner, why).await?;
            }
            None => {}
        }
    }
    Ok(())
}

/// Looks whether Twilio made a change whose answer was lost. What is older than the change does not
/// count.
async fn look_up(
    account: &AccountAccess,
    change: &RecordedChange,
) -> Result<Option<Outcome>, TwilioError> {
    let found = change.action().look_up(account).await?;
    let earliest = change.created_at() - CLOCK_DIFFERENCE;
    let is_of_it = |outcome: &Outcome| outcome.made_at.is_none_or(|at| at >= earliest);
    Ok(found.filter(is_of_it))
}

fn said(error: &TwilioError) -> String {
    twilio_error_to_app_error(error).to_string()
}
