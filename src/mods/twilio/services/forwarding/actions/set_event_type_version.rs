use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::event_type::{event_type_path, event_type_values};
use crate::{
    bases::error::AppError,
    entities::states::AccountChangeKind,
    mods::account::services::account_changes::{
        AccountAccess, AccountAction, Action, Outcome, Values, changed_since, gone,
    },
    twilio::{SubscribedType, TwilioError, TwilioHost, TwilioWriter},
};

/// Sets the version of the schema in which events of a type come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetEventTypeVersion {
    pub subscription_sid: String,
    pub event_type: String,
    pub before: Option<u32>,
    pub after: u32,
}

impl SetEventTypeVersion {
    fn path(&self) -> String {
        event_type_path(&self.subscription_sid, &self.event_type)
    }

    fn version(&self, version: Option<u32>) -> Option<Values> {
        let version = version.map(|version| version.to_string());
        event_type_values(&self.event_type, version.unwrap_or_default())
    }
}

#[typetag::serde(name = "set_event_type_version")]
#[async_trait]
impl Action for SetEventTypeVersion {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::EventTypeVersionSet
    }

    fn summary(&self) -> String {
        format!("Schema version of {}", self.event_type)
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Subscriptions", Some(&self.subscription_sid))
    }

    fn before(&self) -> Option<Values> {
        self.version(self.before)
    }

    fn after(&self) -> Option<Values> {
        self.version(Some(self.after))
    }

    async fn execute(
        &self,
        _account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        let form = [("SchemaVersion", self.after.to_string())];
        writer.post(TwilioHost::Events, &self.path(), &form).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let there: Option<SubscribedType> = account.fetch(TwilioHost::Events, &self.path()).await?;
        let is_set = there.is_some_and(|there| there.schema_version == Some(self.after));
        Ok(is_set.then(Outcome::default))
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
        let version = there.schema_version;
        let Some(back) = self.before.filter(|_| version == Some(self.after)) else {
            let found = version.map(|version| version.to_string());
            return Err(changed_since("schema version", &found.unwrap_or_default()));
        };
        Ok(vec![Box::new(Self {
            subscription_sid: self.subscription_sid.clone(),
            event_type: self.event_type.clone(),
            before: Some(self.after),
            after: back,
        })])
    }
}
