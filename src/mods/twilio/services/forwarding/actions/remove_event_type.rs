use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    bases::error::AppError,
    mods::account::{
        services::account_changes::{
            AccountAccess, AccountAction, Action, Outcome, Values, no_way_back, values,
        },
        types::AccountChangeKind,
    },
    twilio::{SubscribedType, TwilioError, TwilioHost, TwilioWriter},
};

/// Takes an event type out of our subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveEventType {
    pub subscription_sid: String,
    pub event_type: String,
    pub schema_version: Option<u32>,
}

impl RemoveEventType {
    fn path(&self) -> String {
        format!(
            "/v1/Subscriptions/{}/SubscribedEvents/{}",
            self.subscription_sid, self.event_type
        )
    }
}

#[typetag::serde(name = "remove_event_type")]
#[async_trait]
impl Action for RemoveEventType {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::EventTypeRemoved
    }

    fn summary(&self) -> String {
        format!("Event type {}", self.event_type)
    }

    fn resource(&self) -> String {
        format!("Subscriptions/{}", self.subscription_sid)
    }

    /// None: the subscription itself stays, and with it what was done to it.
    fn resource_sid(&self) -> Option<&str> {
        None
    }

    fn before(&self) -> Option<Values> {
        let version = self.schema_version.map(|version| version.to_string());
        Some(values([
            ("type", self.event_type.clone()),
            ("schema_version", version.unwrap_or_default()),
        ]))
    }

    fn after(&self) -> Option<Values> {
        None
    }

    fn ends_forwarding(&self) -> bool {
        true
    }

    async fn execute(
        &self,
        _account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        writer.delete(TwilioHost::Events, &self.path()).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let there: Option<SubscribedType> = account.fetch(TwilioHost::Events, &self.path()).await?;
        Ok(there.is_none().then(Outcome::default))
    }

    async fn undo(
        &self,
        _account: &AccountAccess,
        _resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        Err(no_way_back(self))
    }
}
