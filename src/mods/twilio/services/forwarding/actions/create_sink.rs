use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{RemoveSink, RemoveSubscription, ValidateSink};
use crate::{
    bases::error::AppError,
    entities::states::AccountChangeKind,
    mods::{
        account::{
            services::account_changes::{
                AccountAccess, AccountAction, Action, Outcome, Values, changed_since, created,
                gone, values,
            },
            types::FORWARDED_EVENT_TYPES,
        },
        twilio::utils::{create_event_sink_util, list_event_sinks_util},
    },
    twilio::{
        EventSink, EventSinkStatus, TwilioError, TwilioHost, TwilioWriter,
        list_event_subscriptions, list_subscribed_types, twilio_error_to_app_error,
    },
};

/// Creates a sink that points to Loquent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSink {
    pub destination: String,
}

#[typetag::serde(name = "create_sink")]
#[async_trait]
impl Action for CreateSink {
    fn kind(&self) -> AccountChangeKind {
        AccountChangeKind::SinkCreated
    }

    fn summary(&self) -> String {
        format!("Event sink to {}", self.destination)
    }

    fn target(&self) -> (&'static str, Option<&str>) {
        ("Sinks", None)
    }

    fn after(&self) -> Option<Values> {
        Some(values([("destination", self.destination.clone())]))
    }

    async fn execute(
        &self,
        _account: &AccountAccess,
        writer: TwilioWriter<'_>,
    ) -> Result<Outcome, TwilioError> {
        created(&create_event_sink_util(writer, &self.destination).await?)
    }

    /// A webhook is active at once; should Twilio want it confirmed first, it is.
    async fn follow_up(
        &self,
        account: &AccountAccess,
        outcome: &Outcome,
    ) -> Result<Option<AccountAction>, TwilioError> {
        let Some(sink_sid) = outcome.resource_sid.clone() else {
            return Ok(None);
        };
        let path = format!("/v1/Sinks/{sink_sid}");
        let sink: Option<EventSink> = account.fetch(TwilioHost::Events, &path).await?;
        let waits = sink.is_some_and(|sink| sink.status != EventSinkStatus::Active);
        Ok(waits.then(|| Box::new(ValidateSink { sink_sid }) as AccountAction))
    }

    async fn look_up(&self, account: &AccountAccess) -> Result<Option<Outcome>, TwilioError> {
        let sinks = list_event_sinks_util(&account.reader(TwilioHost::Events)?).await?;
        let ours = sinks
            .into_iter()
            .find(|sink| sink.leads_to(&self.destination));
        Ok(ours.map(|sink| Outcome::created(sink.sid)))
    }

    /// The sink is removed, and before it the subscription that hangs on it.
    async fn undo(
        &self,
        account: &AccountAccess,
        resource_sid: &str,
    ) -> Result<Vec<AccountAction>, AppError> {
        let path = format!("/v1/Sinks/{resource_sid}");
        let sink: EventSink = account
            .fetch_or_say(TwilioHost::Events, &path)
            .await?
            .ok_or_else(|| gone("event sink"))?;
        if !sink.leads_to(&self.destination) {
            let found = sink.sink_configuration.destination.unwrap_or_default();
            return Err(changed_since("event sink's destination", &found));
        }
        let in_the_way = subscriptions_of(account, resource_sid)
            .await
            .map_err(|error| twilio_error_to_app_error(&error))?;
        // Events that somebody else leads by it would be lost with it.
        let foreign = in_the_way
            .iter()
            .flat_map(|subscription| &subscription.types)
            .find(|event_type| !FORWARDED_EVENT_TYPES.contains(&event_type.as_str()));
        if let Some(foreign) = foreign {
            return Err(changed_since("subscription of this sink", foreign));
        }
        let mut actions: Vec<AccountAction> = in_the_way
            .into_iter()
            .map(|action| Box::new(action) as AccountAction)
            .collect();
        actions.push(Box::new(RemoveSink {
            sink_sid: sink.sid,
            destination: self.destination.clone(),
        }));
        Ok(actions)
    }
}

/// What would have to go before the sink can.
async fn subscriptions_of(
    account: &AccountAccess,
    sink_sid: &str,
) -> Result<Vec<RemoveSubscription>, TwilioError> {
    let reader = account.reader(TwilioHost::Events)?;
    let mut found = Vec::new();
    for subscription in list_event_subscriptions(&reader).await? {
        if subscription.sink_sid == sink_sid {
            let types = list_subscribed_types(&reader, &subscription.sid).await?;
            found.push(RemoveSubscription {
                subscription_sid: subscription.sid,
                sink_sid: sink_sid.to_owned(),
                types: types.into_iter().map(|one| one.event_type).collect(),
            });
        }
    }
    Ok(found)
}
