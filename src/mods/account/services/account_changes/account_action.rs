use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::AccountAccess;
use crate::{
    bases::{
        config::Config,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    mods::account::{
        services::account_changes::actions::{
            AddEventType, BuyNumber, CreateSink, CreateSubscription, ReleaseNumber,
            RemoveEventType, RemoveSink, RemoveSubscription, SetEventTypeVersion, UpdateNumber,
            ValidateSink,
        },
        types::{AccountChangeKind, PlannedChange, ValueChange},
    },
    twilio::{TwilioError, TwilioWriter},
};

/// Values at Twilio by their names there; an empty text is a value that is not set.
pub type Values = BTreeMap<String, String>;

/// What a call has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The SID of the thing, where it was not known before.
    pub resource_sid: Option<String>,
    /// Values that Twilio chose itself, beside those that were asked for.
    pub values: Values,
    /// When Twilio made the thing, if it says so.
    pub made_at: Option<DateTime<Utc>>,
}

/// One call that changes something in a Twilio account, and all that there is to know about it.
#[expect(
    async_fn_in_trait,
    reason = "it is called through `AccountAction` only, whose futures are known to be `Send`"
)]
pub trait Action {
    /// What it is.
    fn kind(&self) -> AccountChangeKind;

    /// What was done, in plain words, for the activity.
    fn summary(&self) -> String;

    /// What will be done, for the plan, where the words for it are others.
    fn intent(&self) -> String {
        self.summary()
    }

    /// Twilio's path of the thing, for example `Sinks/DG…`.
    fn resource(&self) -> String;

    /// The SID of the thing, if it is known before the call.
    fn resource_sid(&self) -> Option<&str>;

    /// The number that it is about.
    fn phone_number_id(&self) -> Option<PhoneNumberId> {
        None
    }

    /// The values now; none if the thing is to be created.
    fn before(&self) -> Option<Values>;

    /// The values afterwards; none if the thing is to be removed.
    fn after(&self) -> Option<Values>;

    /// Makes the call.
    async fn execute(
        &self,
        account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError>;

    /// What has to come right after it, if Twilio turns out to want that.
    async fn follow_up(
        &self,
        account: &AccountAccess,
        outcome: &Outcome,
    ) -> Result<Option<AccountAction>, TwilioError> {
        let _ = (account, outcome);
        Ok(None)
    }

    /// Looks whether Twilio has done it, after an answer was lost; `None` if it has not.
    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError>;

    /// Whether another organization has by now what a lost answer may have been about: then it is
    /// not given to this one, whoever made it.
    async fn is_anothers(&self, account: &AccountAccess) -> Result<bool, AppError> {
        let _ = account;
        Ok(false)
    }

    /// Writes what follows from it into our own tables, in the transaction that marks it as done.
    async fn note_done(
        &self,
        conn: &impl ConnectionTrait,
        config: &Config,
        organization: OrganizationId,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        let _ = (conn, config, organization, outcome);
        Ok(())
    }

    /// What takes it back, if the present value at Twilio is still the one that it left; 409 that
    /// says who is in the way if it is not. `resource_sid` is the SID of the thing.
    async fn undo(
        &self,
        account: &AccountAccess,
        resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError>;
}

/// Every kind of call that changes something in a Twilio account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum AccountAction {
    CreateSink(CreateSink),
    ValidateSink(ValidateSink),
    RemoveSink(RemoveSink),
    CreateSubscription(CreateSubscription),
    RemoveSubscription(RemoveSubscription),
    AddEventType(AddEventType),
    SetEventTypeVersion(SetEventTypeVersion),
    RemoveEventType(RemoveEventType),
    UpdateNumber(UpdateNumber),
    BuyNumber(BuyNumber),
    ReleaseNumber(ReleaseNumber),
}

/// Passes a call on to the struct of the variant.
macro_rules! each {
    ($self:expr, $action:ident => $call:expr) => {
        match $self {
            AccountAction::CreateSink($action) => $call,
            AccountAction::ValidateSink($action) => $call,
            AccountAction::RemoveSink($action) => $call,
            AccountAction::CreateSubscription($action) => $call,
            AccountAction::RemoveSubscription($action) => $call,
            AccountAction::AddEventType($action) => $call,
            AccountAction::SetEventTypeVersion($action) => $call,
            AccountAction::RemoveEventType($action) => $call,
            AccountAction::UpdateNumber($action) => $call,
            AccountAction::BuyNumber($action) => $call,
            AccountAction::ReleaseNumber($action) => $call,
        }
    };
}

impl AccountAction {
    /// As it is shown in a plan.
    pub fn planned(&self) -> PlannedChange {
        let kind = self.kind();
        PlannedChange {
            kind,
            verb: kind.verb(),
            summary: self.intent(),
            resource: self.resource(),
            values: compare(self.before().as_ref(), self.after().as_ref()),
        }
    }

    /// Whether events stop coming by something when it is done.
    pub fn ends_forwarding(&self) -> bool {
        matches!(
            self,
            Self::RemoveSink(_) | Self::RemoveSubscription(_) | Self::RemoveEventType(_)
        )
    }

    /// A subscription of a sink that is created by the same plan is told the sink's SID.
    pub(super) fn learn_sink(&mut self, sink: &str) {
        if let Self::CreateSubscription(action) = self {
            action.sink_sid.get_or_insert_with(|| sink.to_owned());
        }
    }
}

impl Action for AccountAction {
    fn kind(&self) -> AccountChangeKind {
        each!(self, action => action.kind())
    }

    fn summary(&self) -> String {
        each!(self, action => action.summary())
    }

    fn intent(&self) -> String {
        each!(self, action => action.intent())
    }

    fn resource(&self) -> String {
        each!(self, action => action.resource())
    }

    fn resource_sid(&self) -> Option<&str> {
        each!(self, action => action.resource_sid())
    }

    fn phone_number_id(&self) -> Option<PhoneNumberId> {
        each!(self, action => action.phone_number_id())
    }

    fn before(&self) -> Option<Values> {
        each!(self, action => action.before())
    }

    fn after(&self) -> Option<Values> {
        each!(self, action => action.after())
    }

    async fn execute(
        &self,
        account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        each!(self, action => action.execute(account, writer).await)
    }

    async fn follow_up(
        &self,
        account: &AccountAccess,
        outcome: &Outcome,
    ) -> Result<Option<AccountAction>, TwilioError> {
        each!(self, action => action.follow_up(account, outcome).await)
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        each!(self, action => action.look_up(account).await)
    }

    async fn is_anothers(&self, account: &AccountAccess) -> Result<bool, AppError> {
        each!(self, action => action.is_anothers(account).await)
    }

    async fn note_done(
        &self,
        conn: &impl ConnectionTrait,
        config: &Config,
        organization: OrganizationId,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        each!(self, action => action.note_done(conn, config, organization, outcome).await)
    }

    async fn undo(
        &self,
        account: &AccountAccess,
        resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        each!(self, action => action.undo(account, resource_sid).await)
    }
}

/// Values side by side, those that stay the same included: they say what is kept.
pub(super) fn compare(before: Option<&Values>, after: Option<&Values>) -> Vec<ValueChange> {
    let mut names: Vec<&String> = before
        .into_iter()
        .chain(after)
        .flat_map(Values::keys)
        .collect();
    names.sort_unstable();
    names.dedup();
    let value = |side: Option<&Values>, name: &String| {
        side.map(|values| values.get(name).cloned().unwrap_or_default())
    };
    names
        .into_iter()
        .map(|name| ValueChange {
            name: name.clone(),
            before: value(before, name),
            after: value(after, name),
        })
        .collect()
}
