use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    entities::states::AccountChangeKind,
    mods::account::services::account_changes::{
        AccountAccess, Action, Outcome, Values, look_up_removal, values,
    },
    twilio::{TwilioError, TwilioHost, TwilioWriter},
};

/// Removes a subscription of a sink that points to Loquent. The sink stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveSubscription {
    pub subscription_sid: String,
    pub sink_sid: String,
    pub types: Vec<String>,
}

impl RemoveSubscription {
    fn path(&self) -> String {
        format!("/v1/Subscriptions/{}", self.subscription_sid)
    }
}

#[typetag::serde(name = "remove_subscription")]
#[async_trait]
impl Action for RemoveSubscription {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::SubscriptionRemoved
    }

    fn summary(&self) -> String {
        format!("Subscription with {} event types", self.types.len())
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Subscriptions", Some(&self.subscription_sid))
    }

    fn before(&self) -> Option<Values> {
        Some(values([
            ("sink_sid", self.sink_sid.clone()),
            ("types", self.types.join(", ")),
        ]))
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
