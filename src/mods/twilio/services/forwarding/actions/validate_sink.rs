use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    entities::states::AccountChangeKind,
    mods::{
        account::services::account_changes::{AccountAccess, Action, Outcome, Values, values},
        twilio::services::forwarding::exchange_test_event_service,
    },
    twilio::{EventSink, EventSinkStatus, TwilioError, TwilioHost, TwilioWriter},
};

/// Lets Twilio send a test event and tells it the id that this carried, which makes a waiting sink
/// active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidateSink {
    pub sink_sid: String,
}

#[typetag::serde(name = "validate_sink")]
#[async_trait]
impl Action for ValidateSink {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::SinkValidated
    }

    fn summary(&self) -> String {
        "Event sink confirmed with a test event".to_owned()
    }

    fn intent(&self) -> String {
        "Confirm the event sink with a test event".to_owned()
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Sinks", Some(&self.sink_sid))
    }

    fn before(&self) -> Option<Values> {
        Some(values([("status", "not confirmed".to_owned())]))
    }

    fn after(&self) -> Option<Values> {
        Some(values([("status", "active".to_owned())]))
    }

    async fn execute(
        &self,
        account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        let event = exchange_test_event_service(account, &self.sink_sid).await?;
        let test_id = event.test_id.ok_or_else(|| {
            TwilioError::NotConfirmed(format!(
                "Twilio's test event did not arrive at {}. Is that address reachable from the \
                 internet?",
                account.state.config.events_url()
            ))
        })?;
        let path = format!("/v1/Sinks/{}/Validate", self.sink_sid);
        let form = [("TestId", test_id)];
        writer.post(TwilioHost::Events, &path, &form).await?;
        Ok(Outcome::default())
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let path = format!("/v1/Sinks/{}", self.sink_sid);
        let sink: Option<EventSink> = account.fetch(TwilioHost::Events, &path).await?;
        let is_active = sink.is_some_and(|sink| sink.status == EventSinkStatus::Active);
        Ok(is_active.then(Outcome::default))
    }
}
