use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    bases::error::AppError,
    mods::account::{
        services::account_changes::{
            AccountAccess, AccountAction, Action, Outcome, Values, changed_since, gone, values,
        },
        types::AccountChangeKind,
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
        format!(
            "/v1/Subscriptions/{}/SubscribedEvents/{}",
            self.subscription_sid, self.event_type
        )
    }

    fn version(&self, version: Option<u32>) -> Values {
        let version = version.map(|version| version.to_string());
        values([
            ("type", self.event_type.clone()),
            ("schema_version", version.unwrap_or_default()),
        ])
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

    fn resource(&self) -> String {
        format!("Subscriptions/{}", self.subscription_sid)
    }

    fn resource_sid(&self) -> Option<&str> {
        Some(&self.subscription_sid)
    }

    fn before(&self) -> Option<Values> {
        Some(self.version(self.before))
    }

    fn after(&self) -> Option<Values> {
        Some(self.version(Some(self.after)))
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
