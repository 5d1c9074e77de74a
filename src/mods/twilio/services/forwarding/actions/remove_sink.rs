use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    entities::states::AccountChangeKind,
    mods::account::services::account_changes::{
        AccountAccess, Action, Outcome, Values, look_up_removal, values,
    },
    twilio::{TwilioError, TwilioHost, TwilioWriter},
};

/// Removes a sink that points to Loquent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveSink {
    pub sink_sid: String,
    pub destination: String,
}

impl RemoveSink {
    fn path(&self) -> String {
        format!("/v1/Sinks/{}", self.sink_sid)
    }
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

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Sinks", Some(&self.sink_sid))
    }

    fn before(&self) -> Option<Values> {
        Some(values([("destination", self.destination.clone())]))
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
