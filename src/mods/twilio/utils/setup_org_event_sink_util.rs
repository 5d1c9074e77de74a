use std::collections::BTreeMap;

use crate::{
    mods::{
        account::{
            services::account_changes::AccountAction,
            types::FORWARDED_EVENT_TYPES,
            utils::{EventStreams, OwnSink, OwnSubscription},
        },
        twilio::services::forwarding::actions::{
            AddEventType, CreateSink, CreateSubscription, RemoveEventType, RemoveSink,
            RemoveSubscription, SetEventTypeVersion, ValidateSink,
        },
    },
    twilio::EventSinkStatus,
};

/// The actions after which the account's events come to `destination`, once each: none if they do
/// already.
///
/// A sink that points to Loquent is reused, whoever made it; if there is more than one, the others
/// are removed, since each event would come once by each.
pub fn setup_org_event_sink_util(streams: &EventStreams, destination: &str) -> Vec<AccountAction> {
    let Some((own, duplicates)) = streams.ours.split_first() else {
        return vec![
            Box::new(CreateSink {
                destination: destination.to_owned(),
            }),
            create_subscription(None, streams),
        ];
    };
    let mut actions: Vec<AccountAction> = Vec::new();
    if own.sink.status != EventSinkStatus::Active {
        actions.push(Box::new(ValidateSink {
            sink_sid: own.sink.sid.clone(),
        }));
    }
    match &own.subscription {
        None => actions.push(create_subscription(Some(own.sink.sid.clone()), streams)),
        Some(subscription) => actions.extend(complete(subscription, &streams.newest)),
    }
    actions.extend(duplicates.iter().flat_map(remove_event_sink_util));
    actions
}

/// The actions after which texts' events no longer come by a sink of ours: remove its subscription,
/// then the sink. If it sends other events too, remove only our types.
pub fn remove_event_sink_util(own: &OwnSink) -> Vec<AccountAction> {
    if let Some(mixed) = own
        .subscription
        .as_ref()
        .filter(|one| one.has_other_types())
    {
        let ours = mixed
            .types
            .iter()
            .filter(|one| FORWARDED_EVENT_TYPES.contains(&one.event_type.as_str()));
        return ours
            .map(|one| -> AccountAction {
                Box::new(RemoveEventType {
                    subscription_sid: mixed.sid.clone(),
                    event_type: one.event_type.clone(),
                    schema_version: one.schema_version,
                })
            })
            .collect();
    }
    let subscription = own
        .subscription
        .as_ref()
        .map(|subscription| -> AccountAction {
            let types = subscription.types.iter();
            Box::new(RemoveSubscription {
                subscription_sid: subscription.sid.clone(),
                sink_sid: own.sink.sid.clone(),
                types: types.map(|one| one.event_type.clone()).collect(),
            })
        });
    let destination = own.sink.sink_configuration.destination.clone();
    let sink: AccountAction = Box::new(RemoveSink {
        sink_sid: own.sink.sid.clone(),
        destination: destination.unwrap_or_default(),
    });
    subscription.into_iter().chain([sink]).collect()
}

fn create_subscription(sink_sid: Option<String>, streams: &EventStreams) -> AccountAction {
    let version = |event_type: &str| streams.newest.get(event_type).copied();
    Box::new(CreateSubscription {
        sink_sid,
        types: FORWARDED_EVENT_TYPES
            .iter()
            .map(|event_type| ((*event_type).to_owned(), version(event_type)))
            .collect(),
    })
}

/// Adds the types that are missing, and brings old versions up to date.
fn complete(
    subscription: &OwnSubscription,
    newest: &BTreeMap<String, u32>,
) -> impl Iterator<Item = AccountAction> {
    FORWARDED_EVENT_TYPES
        .iter()
        .filter_map(move |event_type| -> Option<AccountAction> {
            let newest = newest.get(*event_type).copied();
            let subscription_sid = subscription.sid.clone();
            let event_type = (*event_type).to_owned();
            match (subscription.subscribed(&event_type), newest) {
                (None, schema_version) => Some(Box::new(AddEventType {
                    subscription_sid,
                    event_type,
                    schema_version,
                })),
                (Some(there), Some(newest)) if there.schema_version.is_some_and(|v| v < newest) => {
                    Some(Box::new(SetEventTypeVersion {
                        subscription_sid,
                        event_type,
                        before: there.schema_version,
                        after: newest,
                    }))
                }
                (Some(_), _) => None,
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::{EventSink, EventSinkConfiguration, SubscribedType};

    const DESTINATION: &str = "https://sms.example.com/twilio/events";

    fn sink(sid: &str, types: Option<Vec<(&str, u32)>>) -> OwnSink {
        OwnSink {
            sink: EventSink {
                sid: sid.to_owned(),
                sink_type: "webhook".to_owned(),
                status: EventSinkStatus::Active,
                sink_configuration: EventSinkConfiguration {
                    destination: Some(DESTINATION.to_owned()),
                    method: None,
                },
            },
            subscription: types.map(|types| OwnSubscription {
                sid: format!("DF{sid}"),
                types: types
                    .into_iter()
                    .map(|(event_type, version)| SubscribedType {
                        event_type: event_type.to_owned(),
                        schema_version: Some(version),
                    })
                    .collect(),
            }),
        }
    }

    fn streams(ours: Vec<OwnSink>) -> EventStreams {
        let newest = FORWARDED_EVENT_TYPES.map(|event_type| (event_type.to_owned(), 8));
        EventStreams {
            ours,
            foreign: Vec::new(),
            newest: newest.into(),
        }
    }

    fn names(actions: &[AccountAction]) -> Vec<String> {
        let name = |action: &AccountAction| {
            let json = serde_json::to_value(action).unwrap_or_default();
            json["action"].as_str().unwrap_or_default().to_owned()
        };
        actions.iter().map(name).collect()
    }

    #[test]
    fn only_what_is_missing_is_done() {
        let all = FORWARDED_EVENT_TYPES
            .map(|event_type| (event_type, 8))
            .to_vec();
        let plan = |ours| names(&setup_org_event_sink_util(&streams(ours), DESTINATION));

        assert_eq!(plan(vec![]), ["create_sink", "create_subscription"]);
        assert_eq!(plan(vec![sink("DG1", None)]), ["create_subscription"]);
        assert!(plan(vec![sink("DG1", Some(all.clone()))]).is_empty());
        let three = all[..3].to_vec();
        assert_eq!(
            plan(vec![sink("DG1", Some(three))]),
            ["add_event_type", "add_event_type"]
        );
        let mut old = all.clone();
        old[1].1 = 4;
        assert_eq!(
            plan(vec![sink("DG1", Some(old))]),
            ["set_event_type_version"]
        );
        let twice = vec![
            sink("DG1", Some(all.clone())),
            sink("DG2", Some(all.clone())),
        ];
        assert_eq!(plan(twice), ["remove_subscription", "remove_sink"]);
        let mut waiting = sink("DG1", Some(all));
        waiting.sink.status = EventSinkStatus::Initialized;
        assert_eq!(plan(vec![waiting]), ["validate_sink"]);
    }
    #[test]
    fn a_sink_with_other_events_too_loses_only_our_types() {
        let mut types = FORWARDED_EVENT_TYPES
            .map(|event_type| (event_type, 8))
            .to_vec();
        let alone = sink("DG1", Some(types.clone()));
        assert_eq!(
            names(&remove_event_sink_util(&alone)),
            ["remove_subscription", "remove_sink"]
        );
        types.push(("com.twilio.voice.status.completed", 1));
        let mixed = remove_event_sink_util(&sink("DG1", Some(types)));
        assert_eq!(names(&mixed), ["remove_event_type"; 5]);
        assert_eq!(
            names(&remove_event_sink_util(&sink("DG1", None))),
            ["remove_sink"]
        );
    }
}
