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
    twilio::{EventSink, TwilioError, TwilioHost, TwilioWriter},
};

/// Removes a sink that points to Loquent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveSink {
    pub sink_sid: String,
    pub destination: String,
}

#[typetag::serde(name = "remove_sink")]
#[async_trait]
impl Action for RemoveSink {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::SinkRemoved
    }

    fn summary(&self) -> String {
        format!("Event sink to {}", self.destination)
    }

    fn resource(&self) -> String {
        format!("Sinks/{}", self.sink_sid)
    }

    fn resource_sid(&self) -> Option<&str> {
        Some(&self.sink_sid)
    }

    fn before(&self) -> Option<Values> {
        Some(values([("destination", self.destination.clone())]))
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
        let path = format!("/v1/Sinks/{}", self.sink_sid);
        writer.delete(TwilioHost::Events, &path).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let path = format!("/v1/Sinks/{}", self.sink_sid);
        let there: Option<EventSink> = account.fetch(TwilioHost::Events, &path).await?;
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
