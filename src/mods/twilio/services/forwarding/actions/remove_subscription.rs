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
    twilio::{EventSubscription, TwilioError, TwilioHost, TwilioWriter},
};

/// Removes a subscription of a sink that points to Loquent. The sink stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveSubscription {
    pub subscription_sid: String,
    pub sink_sid: String,
    pub types: Vec<String>,
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

    fn resource(&self) -> String {
        format!("Subscriptions/{}", self.subscription_sid)
    }

    fn resource_sid(&self) -> Option<&str> {
        Some(&self.subscription_sid)
    }

    fn before(&self) -> Option<Values> {
        Some(values([
            ("sink_sid", self.sink_sid.clone()),
            ("types", self.types.join(", ")),
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
        let path = format!("/v1/Subscriptions/{}", self.subscription_sid);
        writer.delete(TwilioHost::Events, &path).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let path = format!("/v1/Subscriptions/{}", self.subscription_sid);
        let there: Option<EventSubscription> = account.fetch(TwilioHost::Events, &path).await?;
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
