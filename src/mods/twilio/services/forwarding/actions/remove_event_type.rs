use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::event_type::{event_type_path, event_type_values};
use crate::{
    entities::states::AccountChangeKind,
    mods::account::services::account_changes::{
        AccountAccess, Action, Outcome, Values, look_up_removal,
    },
    twilio::{TwilioError, TwilioHost, TwilioWriter},
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
        event_type_path(&self.subscription_sid, &self.event_type)
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

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Subscriptions", Some(&self.subscription_sid))
    }

    /// None: the subscription itself stays, and with it what was done to it.
    fn resource_sid(&self) -> Option<&str> {
        None
    }

    fn before(&self) -> Option<Values> {
        let version = self.schema_version.map(|version| version.to_string());
        event_type_values(&self.event_type, version.unwrap_or_default())
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
        look_up_removal(account, TwilioHost::Events, &self.path()).await
    }
}
