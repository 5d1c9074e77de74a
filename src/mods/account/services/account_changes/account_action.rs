use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AccountAccess, no_way_back};
use crate::{
    bases::{
        config::Config,
        db::DbTransaction,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::states::AccountChangeKind,
    mods::account::types::{PlannedChange, ValueChange},
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

impl Outcome {
    /// Something was created.
    pub fn created(sid: String) -> Self {
        Self {
            resource_sid: Some(sid),
            ..Self::default()
        }
    }
}

/// One call that changes something in a Twilio account, with everything to plan, record and undo
/// it.
///
/// The rooms implement it beside what they change: numbers in `phone`, event sinks in `twilio`.
#[typetag::serde(tag = "action")]
#[async_trait]
pub trait Action: fmt::Debug + Send + Sync {
    /// What it is.
    fn kind(&self) -> AccountChangeKind;

    /// What was done, in plain words, for the activity.
    fn summary(&self) -> String;

    /// What will be done, for the plan, where the words for it are others.
    fn intent(&self) -> String {
        self.summary()
    }

    /// Twilio's list that the thing is in, and its SID if it is known before the call.
    fn target(&self) -> (&'static str, Option<&str>);

    /// Twilio's path of the thing, for example `Sinks/DG…`.
    fn resource(&self) -> String {
        match self.target() {
            (list, Some(sid)) => format!("{list}/{sid}"),
            (list, None) => list.to_owned(),
        }
    }

    /// The SID of the thing that the change belongs to, if it is known before the call.
    fn resource_sid(&self) -> Option<&str> {
        self.target().1
    }

    /// The number that it is about.
    fn phone_number_id(&self) -> Option<PhoneNumberId> {
        None
    }

    /// The values now; none if the thing is to be created.
    fn before(&self) -> Option<Values> {
        None
    }

    /// The values afterwards; none if the thing is to be removed.
    fn after(&self) -> Option<Values> {
        None
    }

    /// As it is shown in a plan.
    fn planned(&self) -> PlannedChange {
        let kind = self.kind();
        PlannedChange {
            kind,
            verb: kind.verb(),
            summary: self.intent(),
            resource: self.resource(),
            values: compare(self.before().as_ref(), self.after().as_ref()),
        }
    }

    /// Whether events stop arriving when it is done.
    fn ends_forwarding(&self) -> bool {
        false
    }

    /// Learns the SID of the sink that an earlier action of the same plan has created.
    fn learn_sink(&mut self, sink: &str) {
        let _ = sink;
    }

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

    /// Looks whether Twilio did it, after a lost answer; `None` if it did not.
    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError>;

    /// Whether another organization has the resource by now. Then this one does not get it, whoever
    /// created it.
    async fn is_anothers(&self, account: &AccountAccess) -> Result<bool, AppError> {
        let _ = account;
        Ok(false)
    }

    /// Writes what follows from it into our own tables, in the transaction that marks it as done.
    async fn note_done(
        &self,
        conn: &DbTransaction,
        config: &Config,
        organization: OrganizationId,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        let _ = (conn, config, organization, outcome);
        Ok(())
    }

    /// The actions that undo it, if Twilio still has the value that it left; otherwise a 409 that
    /// says why not. `resource_sid` is the SID of the thing.
    async fn undo(
        &self,
        account: &AccountAccess,
        resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        let _ = (account, resource_sid);
        Err(no_way_back(&self.summary()))
    }
}

/// An action of a plan, whatever its kind. As JSON it carries its kind in the field `action`.
pub type AccountAction = Box<dyn Action>;

/// Values before and after, including unchanged ones: they say what is kept.
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
