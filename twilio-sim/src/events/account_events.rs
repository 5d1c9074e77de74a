use crate::delivery::{Delivery, DeliveryTarget, Keyword, Payload};
use crate::events::event_data::{inbound_data, status_data};
use crate::events::event_envelope::EventEnvelope;
use crate::events::event_type::{INBOUND_RECEIVED, event_type, event_type_of_status};
use crate::model::{Message, Sid, SidPrefix};
use crate::store::{AccountState, DeliveredItem};

impl AccountState {
    /// The events that an inbound message causes, one for each subscription to them.
    pub(crate) fn inbound_events(
        &self,
        message: &Message,
        generation: u64,
        keyword: Option<Keyword>,
    ) -> Vec<Delivery> {
        self.events(message, generation, INBOUND_RECEIVED, |_version| {
            inbound_data(message, INBOUND_RECEIVED, keyword)
        })
    }

    /// The events that an outbound message's present status causes.
    pub(crate) fn status_events(
        &self,
        message: &Message,
        generation: u64,
        hold_back_body: bool,
    ) -> Vec<Delivery> {
        let Some(kind) = event_type_of_status(message.status) else {
            return Vec::new();
        };
        self.events(message, generation, kind.name, |version| {
            status_data(message, kind.name, version, hold_back_body)
        })
    }

    fn events(
        &self,
        message: &Message,
        generation: u64,
        event_name: &str,
        data: impl Fn(u32) -> serde_json::Value,
    ) -> Vec<Delivery> {
        let Some(kind) = event_type(event_name) else {
            return Vec::new();
        };
        let mut deliveries = Vec::new();
        for subscription in &self.subscriptions {
            let subscribed = subscription
                .events
                .iter()
                .find(|one| one.event_type == event_name);
            let sink = self.active_sink(subscription.sink_sid.as_str());
            let (Some(subscribed), Some(sink)) = (subscribed, sink) else {
                continue;
            };
            let Some(url) = sink.configuration.destination.clone() else {
                continue;
            };
            let id = Sid::generate(SidPrefix::Event);
            let envelope = EventEnvelope {
                id: id.as_str(),
                event_type: event_name,
                source: &message.uri(),
                schema: &format!("{}/{}", kind.schema_id, subscribed.schema_version),
                time: message.date_updated,
                data: data(subscribed.schema_version),
            };
            deliveries.push(Delivery {
                generation,
                account_sid: message.account_sid.clone(),
                target: DeliveryTarget::Subscription {
                    sid: subscription.sid.clone(),
                    batch: sink.configuration.batch_events,
                },
                url,
                payload: Payload::Events(vec![envelope.to_json()]),
                items: vec![DeliveredItem {
                    event_id: Some(id.to_string()),
                    kind: event_name.to_owned(),
                    message_sid: Some(message.sid.clone()),
                }],
                attempts: 0,
                first_attempt: None,
                is_copy: false,
            });
        }
        deliveries
    }
}
