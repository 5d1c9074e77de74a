use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, TransactionTrait};

use super::{AccountAccess, AccountAction, AccountLock, Action, Outcome, Values};
use crate::{
    bases::{
        error::AppError,
        ids::{AccountChangeId, UserId},
        sql,
    },
    entities::{
        states::{AccountChangeState, ChangeVerb},
        twilio_account_change,
    },
    mods::account::services::notify_twilio_account_service,
    twilio::Recorded,
};

/// A change recorded in the ledger. Only with one can a changing call be made.
#[derive(Debug)]
pub struct RecordedChange {
    id: AccountChangeId,
    action: AccountAction,
    undo_of: Option<AccountChangeId>,
    created_at: DateTime<Utc>,
}

// What is no longer there cannot be undone any more, and an undone change not twice.
const MARK_UNDONE: &str = "
UPDATE twilio_account_change SET undone_at = $3
WHERE organization_id = $1 AND undone_at IS NULL AND state = 'done'
  AND (id = $2 OR ($4::text IS NOT NULL AND resource_sid = $4 AND kind NOT LIKE '%_removed' AND kind <> 'number_released'))
";

impl RecordedChange {
    /// Records and commits the change; from now on it cannot be lost. 409 if somebody else holds
    /// the account by now.
    pub async fn record(
        account: &AccountAccess,
        lock: &AccountLock,
        user: UserId,
        action: AccountAction,
        undo_of: Option<AccountChangeId>,
    ) -> Result<Self, AppError> {
        let now = account.state.clock.now();
        let id = AccountChangeId::new();
        let row = twilio_account_change::ActiveModel {
            id: Set(id),
            organization_id: Set(account.organization_id),
            twilio_account_sid: Set(account.account_sid().to_owned()),
            requested_by_user_id: Set(Some(user)),
            kind: Set(action.kind().into()),
            summary: Set(action.summary()),
            resource: Set(action.resource()),
            resource_sid: Set(action.resource_sid().map(str::to_owned)),
            phone_number_id: Set(action.phone_number_id()),
            action: Set(serde_json::to_value(&action).map_err(unreadable)?),
            value_before: Set(json(action.before().as_ref())?),
            value_after: Set(json(action.after().as_ref())?),
            state: Set(AccountChangeState::Pending.into()),
            error: Set(None),
            undo_of: Set(undo_of),
            undone_at: Set(None),
            created_at: Set(now),
            settled_at: Set(None),
        };
        let transaction = account.state.db.begin().await?;
        lock.renew(&transaction).await?;
        row.insert(&transaction).await?;
        transaction.commit().await?;
        Ok(Self {
            id,
            action,
            undo_of,
            created_at: now,
        })
    }

    /// One that was recorded earlier and never settled.
    pub(super) fn from_row(row: &twilio_account_change::Model) -> Result<Self, AppError> {
        Ok(Self {
            id: row.id,
            action: serde_json::from_value(row.action.clone()).map_err(unreadable)?,
            undo_of: row.undo_of,
            created_at: row.created_at,
        })
    }

    /// The call.
    pub fn action(&self) -> &dyn Action {
        self.action.as_ref()
    }

    /// When it was written down.
    pub(super) fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// Twilio did it: records that with its consequences, and marks the change that it undid.
    pub async fn settle_done(
        &self,
        account: &AccountAccess,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        let now = account.state.clock.now();
        let action = &self.action;
        let sid = outcome.resource_sid.as_deref().or(action.resource_sid());
        let after = action.after().map(|mut values| {
            values.extend(outcome.values.clone());
            values
        });
        let transaction = account.state.db.begin().await?;
        let mut row = twilio_account_change::ActiveModel {
            id: Set(self.id),
            value_after: Set(json(after.as_ref())?),
            resource_sid: Set(sid.map(str::to_owned)),
            state: Set(AccountChangeState::Done.into()),
            error: Set(None),
            settled_at: Set(Some(now)),
            ..Default::default()
        };
        // A created thing has its SID only now; the path of a known one has it already.
        if let Some(sid) = outcome.resource_sid.as_deref() {
            row.resource = Set(format!("{}/{sid}", action.resource()));
        }
        row.update(&transaction).await?;
        let removed = sid.filter(|_| action.kind().verb() == ChangeVerb::Remove);
        let values = [
            account.organization_id.into(),
            self.undo_of.into(),
            now.into(),
            removed.into(),
        ];
        sql::run(&transaction, MARK_UNDONE, values).await?;
        action
            .note_done(
                &transaction,
                &account.state.config,
                account.organization_id,
                outcome,
            )
            .await?;
        notify_twilio_account_service(&transaction, account.organization_id).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Twilio did not do it; records why.
    pub async fn settle_failed(&self, account: &AccountAccess, why: &str) -> Result<(), AppError> {
        let row = twilio_account_change::ActiveModel {
            id: Set(self.id),
            state: Set(AccountChangeState::Failed.into()),
            error: Set(Some(why.to_owned())),
            settled_at: Set(Some(account.state.clock.now())),
            ..Default::default()
        };
        row.update(&account.state.db).await?;
        Ok(notify_twilio_account_service(&account.state.db, account.organization_id).await?)
    }

    /// The answer was lost: it stays pending, with what is known.
    pub async fn leave_open(&self, account: &AccountAccess, why: &str) -> Result<(), AppError> {
        let row = twilio_account_change::ActiveModel {
            id: Set(self.id),
            error: Set(Some(why.to_owned())),
            ..Default::default()
        };
        row.update(&account.state.db).await?;
        Ok(notify_twilio_account_service(&account.state.db, account.organization_id).await?)
    }
}

impl Recorded for RecordedChange {
    fn id(&self) -> AccountChangeId {
        self.id
    }
}

fn json(values: Option<&Values>) -> Result<Option<serde_json::Value>, AppError> {
    let value = values.map(serde_json::to_value).transpose();
    value.map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> AppError {
    tracing::error!(%error, "an account change could not be written or read");
    AppError::Internal
}
