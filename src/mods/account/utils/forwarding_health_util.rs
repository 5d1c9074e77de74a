use super::{EventStreams, OwnSink, OwnSubscription};
use crate::{
    mods::account::types::{
        EventForwarding, EventForwardingState, FORWARDED_EVENT_TYPES, ForwardedEventType,
        HealthFinding, HealthFix, HealthReason, HealthSeverity, NumberHealth,
    },
    twilio::EventSinkStatus,
};

/// Whether the account's events come to `destination`, and what is missing. `made` are the sinks
/// that Loquent made: one that points elsewhere was made for an older address.
pub fn forwarding_health_util(
    streams: &EventStreams,
    destination: &str,
    made: &[String],
    numbers: &[NumberHealth],
) -> (EventForwarding, Vec<HealthFinding>) {
    let own = streams.ours.first();
    let findings = match own {
        None => vec![nothing_leads_here(streams, destination, made, numbers)],
        Some(own) => problems_of(own, streams),
    };
    let needs_something = findings
        .iter()
        .any(|finding| finding.severity == HealthSeverity::Problem);
    let state = match own {
        None => EventForwardingState::NotSetUp,
        Some(_) if needs_something => EventForwardingState::Incomplete,
        Some(_) => EventForwardingState::Active,
    };
    let subscription = own.and_then(|own| own.subscription.as_ref());
    let mut forwarding = EventForwarding::unknown(destination.to_owned());
    forwarding.state = state;
    forwarding.sink_sid = own.map(|own| own.sink.sid.clone());
    forwarding.sink_status = own.map(|own| own.sink.status);
    forwarding.subscription_sid = subscription.map(|subscription| subscription.sid.clone());
    forwarding.types = FORWARDED_EVENT_TYPES
        .iter()
        .map(|event_type| {
            let there = subscription.and_then(|one| one.subscribed(event_type));
            ForwardedEventType {
                event_type: (*event_type).to_owned(),
                subscribed: there.is_some(),
                schema_version: there.and_then(|there| there.schema_version),
                newest_version: streams.newest.get(*event_type).copied(),
                last_event_at: None,
            }
        })
        .collect();
    (forwarding, findings)
}

fn nothing_leads_here(
    streams: &EventStreams,
    destination: &str,
    made: &[String],
    numbers: &[NumberHealth],
) -> HealthFinding {
    let mut foreign = streams.foreign.iter();
    if let Some(old) = foreign.find(|sink| made.contains(&sink.sid) && !sink.leads_to(destination))
    {
        return HealthFinding {
            reason: HealthReason::SinkUrlMismatch,
            severity: HealthSeverity::Problem,
            message: "The event sink that Loquent made points to an address that is not Loquent's \
                      any more. Twilio cannot change it: a new one is made."
                .to_owned(),
            expected: Some(destination.to_owned()),
            found: old.sink_configuration.destination.clone(),
            fix: Some(HealthFix::SetupEventSink),
        };
    }
    // Those who have their texts posted directly need no events.
    let all_direct = !numbers.is_empty() && numbers.iter().all(|number| number.sms_is_ours);
    HealthFinding {
        reason: HealthReason::SinkMissing,
        severity: if all_direct {
            HealthSeverity::Info
        } else {
            HealthSeverity::Problem
        },
        message: "No event sink of the account points to Loquent: customers' texts and delivery \
                  updates do not arrive by events."
            .to_owned(),
        expected: Some(destination.to_owned()),
        found: None,
        fix: Some(HealthFix::SetupEventSink),
    }
}

fn problems_of(own: &OwnSink, streams: &EventStreams) -> Vec<HealthFinding> {
    let of_sink = [not_active(own), duplicated(streams)];
    let of_subscription = match &own.subscription {
        None => [Some(no_subscription()), None],
        Some(subscription) => [
            types_missing(subscription),
            versions_old(subscription, streams),
        ],
    };
    of_sink
        .into_iter()
        .chain(of_subscription)
        .flatten()
        .collect()
}

fn fixable(reason: HealthReason, severity: HealthSeverity, message: String) -> HealthFinding {
    HealthFinding {
        reason,
        severity,
        message,
        expected: None,
        found: None,
        fix: Some(HealthFix::SetupEventSink),
    }
}

fn not_active(own: &OwnSink) -> Option<HealthFinding> {
    let message = "The event sink is not active: Twilio sends nothing by it.".to_owned();
    (own.sink.status != EventSinkStatus::Active).then(|| HealthFinding {
        expected: Some("active".to_owned()),
        found: Some(own.sink.status.as_str().to_owned()),
        ..fixable(
            HealthReason::SinkNotActive,
            HealthSeverity::Problem,
            message,
        )
    })
}

fn duplicated(streams: &EventStreams) -> Option<HealthFinding> {
    let sinks = streams.ours.len();
    (sinks > 1).then(|| {
        fixable(
            HealthReason::SinkDuplicated,
            HealthSeverity::Warning,
            format!(
                "{sinks} event sinks point to Loquent: events come more than once. They are stored \
                 once, but one sink is enough."
            ),
        )
    })
}

fn no_subscription() -> HealthFinding {
    fixable(
        HealthReason::SubscriptionMissing,
        HealthSeverity::Problem,
        "The event sink has no subscription: Twilio sends nothing by it.".to_owned(),
    )
}

fn types_missing(subscription: &OwnSubscription) -> Option<HealthFinding> {
    let missing = short_names(|event_type| subscription.subscribed(event_type).is_none());
    (!missing.is_empty()).then(|| {
        fixable(
            HealthReason::EventTypesMissing,
            HealthSeverity::Problem,
            format!(
                "The subscription lacks {} of {} event types: {}.",
                missing.len(),
                FORWARDED_EVENT_TYPES.len(),
                missing.join(", ")
            ),
        )
    })
}

fn versions_old(subscription: &OwnSubscription, streams: &EventStreams) -> Option<HealthFinding> {
    let old = short_names(|event_type| {
        let there = subscription.subscribed(event_type);
        let version = there.and_then(|there| there.schema_version);
        let newest = streams.newest.get(event_type).copied();
        version
            .zip(newest)
            .is_some_and(|(version, newest)| version < newest)
    });
    (!old.is_empty()).then(|| {
        fixable(
            HealthReason::SchemaVersionOld,
            HealthSeverity::Warning,
            format!(
                "These event types come in an older form: {}.",
                old.join(", ")
            ),
        )
    })
}

/// Those of our event types, without what all have in common.
fn short_names(is_one: impl Fn(&str) -> bool) -> Vec<String> {
    let ones = FORWARDED_EVENT_TYPES.iter().filter(|one| is_one(one));
    ones.map(|one| one.trim_start_matches("com.twilio.messaging.").to_owned())
        .collect()
}
