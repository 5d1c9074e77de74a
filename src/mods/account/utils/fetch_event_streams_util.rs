use std::collections::BTreeMap;

use futures::future::try_join_all;
use serde::Deserialize;

use crate::{
    mods::account::types::FORWARDED_EVENT_TYPES,
    twilio::{
        EventSink, EventSinkStatus, EventSubscription, SubscribedType, TwilioError, TwilioReader,
        list_event_sinks, list_event_subscriptions, list_subscribed_types,
    },
};

/// What an account's Event Streams look like from here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventStreams {
    /// Sinks that send texts' events to us, the one to use first.
    pub ours: Vec<OwnSink>,
    /// Sinks that point elsewhere, or send us other events.
    pub foreign: Vec<EventSink>,
    /// The newest version of the schema of each of our event types, where Twilio says it.
    pub newest: BTreeMap<String, u32>,
}

/// A sink that points to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSink {
    pub sink: EventSink,
    pub subscription: Option<OwnSubscription>,
}

/// The subscription of a sink; Twilio allows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSubscription {
    pub sid: String,
    pub types: Vec<SubscribedType>,
}

impl OwnSubscription {
    /// Whether it also sends events that are not ours to remove.
    pub fn has_other_types(&self) -> bool {
        let mut types = self.types.iter();
        types.any(|one| !FORWARDED_EVENT_TYPES.contains(&one.event_type.as_str()))
    }

    /// The type, if the subscription has it.
    pub fn subscribed(&self, event_type: &str) -> Option<&SubscribedType> {
        self.types.iter().find(|one| one.event_type == event_type)
    }
}

impl OwnSink {
    /// Whether it is there for texts: not if its subscription has other events only. Those of
    /// calls may come to the same address by a sink of their own.
    fn is_for_texts(&self) -> bool {
        let types = self.subscription.as_ref().map(|one| one.types.as_slice());
        types.unwrap_or_default().is_empty() || self.type_count() > 0
    }

    /// How many of our types come by it.
    fn type_count(&self) -> usize {
        let Some(subscription) = &self.subscription else {
            return 0;
        };
        let types = FORWARDED_EVENT_TYPES.iter();
        types
            .filter(|event_type| subscription.subscribed(event_type).is_some())
            .count()
    }
}

/// Reads sinks, subscriptions and types, on all of their pages.
pub async fn fetch_event_streams_util(
    reader: &TwilioReader,
    destination: &str,
) -> Result<EventStreams, TwilioError> {
    let (sinks, subscriptions, newest) = futures::try_join!(
        list_event_sinks(reader),
        list_event_subscriptions(reader),
        fetch_newest_versions(reader),
    )?;
    let (here, mut foreign): (Vec<_>, Vec<_>) = sinks
        .into_iter()
        .partition(|sink| sink.leads_to(destination));
    let here = here
        .into_iter()
        .map(|sink| with_subscription(reader, sink, &subscriptions));
    let (mut ours, others): (Vec<_>, Vec<_>) = try_join_all(here)
        .await?
        .into_iter()
        .partition(OwnSink::is_for_texts);
    foreign.extend(others.into_iter().map(|own| own.sink));
    // The one with the most types first, an active one before others; then any order, but always
    // the same.
    ours.sort_by_key(|own| {
        let is_active = own.sink.status == EventSinkStatus::Active;
        (
            std::cmp::Reverse((own.type_count(), own.subscription.is_some(), is_active)),
            own.sink.sid.clone(),
        )
    });
    Ok(EventStreams {
        ours,
        foreign,
        newest,
    })
}

async fn with_subscription(
    reader: &TwilioReader,
    sink: EventSink,
    subscriptions: &[EventSubscription],
) -> Result<OwnSink, TwilioError> {
    let subscription = subscriptions.iter().find(|one| one.sink_sid == sink.sid);
    let subscription = match subscription {
        None => None,
        Some(subscription) => Some(OwnSubscription {
            sid: subscription.sid.clone(),
            types: list_subscribed_types(reader, &subscription.sid).await?,
        }),
    };
    Ok(OwnSink { sink, subscription })
}

#[derive(Deserialize)]
struct EventType {
    schema_id: String,
}

#[derive(Deserialize)]
struct Schema {
    latest_version: u32,
}

/// The newest schema version of each type; a type of which Twilio does not say it is left out,
/// and gets the newest all the same when it is subscribed to without a version.
async fn fetch_newest_versions(
    reader: &TwilioReader,
) -> Result<BTreeMap<String, u32>, TwilioError> {
    let of_types = FORWARDED_EVENT_TYPES.map(|event_type| async move {
        let found: Option<EventType> = fetch(reader, &format!("/v1/Types/{event_type}")).await?;
        Ok::<_, TwilioError>(found.map(|found| (event_type, found.schema_id)))
    });
    let types: Vec<(&str, String)> = try_join_all(of_types)
        .await?
        .into_iter()
        .flatten()
        .collect();
    let mut schemas = BTreeMap::new();
    for (_, schema) in &types {
        if !schemas.contains_key(schema) {
            let found: Option<Schema> = fetch(reader, &format!("/v1/Schemas/{schema}")).await?;
            schemas.insert(schema.clone(), found.map(|found| found.latest_version));
        }
    }
    let newest = types.into_iter().filter_map(|(event_type, schema)| {
        let version = schemas.get(&schema).copied().flatten()?;
        Some((event_type.to_owned(), version))
    });
    Ok(newest.collect())
}

async fn fetch<T: serde::de::DeserializeOwned>(
    reader: &TwilioReader,
    path: &str,
) -> Result<Option<T>, TwilioError> {
    match reader.list(path).await {
        Ok(body) => Ok(serde_json::from_slice(&body).ok()),
        Err(TwilioError::Refused { status: 404, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
