use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    RemoveEventType,
    event_type::{event_type_path, event_type_values},
};
use crate::{
    bases::error::AppError,
    entities::states::AccountChangeKind,
    mods::account::services::account_changes::{
        AccountAccess, AccountAction, Action, Outcome, Values, gone,
    },
    twilio::{SubscribedType, TwilioError, TwilioHost, TwilioWriter},
};

/// Adds an event type that is missing in our subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddEventType {
    pub subscription_sid: String,
    pub event_type: String,
    /// None lets Twilio take the newest.
    pub schema_version: Option<u32>,
}

impl AddEventType {
    fn path(&self) -> String {
        event_type_path(&self.subscription_sid, &self.event_type)
    }
}

#[typetag::serde(name = "add_event_type")]
#[async_trait]
impl Action for AddEventType {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::EventTypeAdded
    }

    fn summary(&self) -> String {
        format!("Event type {}", self.event_type)
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Subscriptions", Some(&self.subscription_sid))
    }

    fn after(&self) -> Option<Values> {
        let version = self.schema_version;
        let version = version.map_or("newest".to_owned(), |version| version.to_string());
        event_type_values(&self.event_type, version)
    }

    async fn execute(
        &self,
        _account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        let path = format!(
            "/v1/Subscriptions/{}/SubscribedEvents",
            self.subscription_sid
        );
        let mut form = vec![("Type", self.event_type.clone())];
        form.extend(
            self.schema_version
                .map(|version| ("SchemaVersion", version.to_string())),
        );
        writer.post(TwilioHost::Events, &path, &form).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let there: Option<SubscribedType> = account.fetch(TwilioHost::Events, &self.path()).await?;
        Ok(there.map(|_| Outcome::default()))
    }

    async fn undo(
        &self,
        account: &AccountAccess,
        _resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        let there: SubscribedType = account
            .fetch_or_say(TwilioHost::Events, &self.path())
            .await?
            .ok_or_else(|| gone("event type"))?;
        Ok(vec![Box::new(RemoveEventType {
            subscription_sid: self.subscription_sid.clone(),
            event_type: there.event_type,
            schema_version: there.schema_version,
        })])
    }
}
