use super::{EventStreams, OwnSink};
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
            message: "The event sink that Loquent made leads to an address that is not Loquent's \
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
    let fixable = |reason, severity, message: String| HealthFinding {
        reason,
        severity,
        message,
        expected: None,
        found: None,
        fix: Some(HealthFix::SetupEventSink),
    };
    let mut findings = Vec::new();
    if own.sink.status != EventSinkStatus::Active {
        findings.push(HealthFinding {
            expected: Some("active".to_owned()),
            found: Some(own.sink.status.as_str().to_owned()),
            ..fixable(
                HealthReason::SinkNotActive,
                HealthSeverity::Problem,
                "The event sink is not active: Twilio sends nothing by it.".to_owned(),
            )
        });
    }
    if streams.ours.len() > 1 {
        findings.push(fixable(
            HealthReason::SinkDuplicated,
            HealthSeverity::Warning,
            format!(
                "{} event sinks point to Loquent: events come more than once. They are stored once, \
                 but one sink is enough.",
                streams.ours.len()
            ),
        ));
    }
    let Some(subscription) = &own.subscription else {
        findings.push(fixable(
            HealthReason::SubscriptionMissing,
            HealthSeverity::Problem,
            "The event sink has no subscription: Twilio sends nothing by it.".to_owned(),
        ));
        return findings;
    };
    let short = |event_type: &str| {
        event_type
            .trim_start_matches("com.twilio.messaging.")
            .to_owned()
    };
    let missing: Vec<String> = FORWARDED_EVENT_TYPES
        .iter()
        .filter(|event_type| subscription.subscribed(event_type).is_none())
        .map(|event_type| short(event_type))
        .collect();
    if !missing.is_empty() {
        findings.push(fixable(
            HealthReason::EventTypesMissing,
            HealthSeverity::Problem,
            format!(
                "The subscription lacks {} of {} event types: {}.",
                missing.len(),
                FORWARDED_EVENT_TYPES.len(),
                missing.join(", ")
            ),
        ));
    }
    let old: Vec<String> = FORWARDED_EVENT_TYPES
        .iter()
        .filter(|event_type| {
            let there = subscription.subscribed(event_type);
            let version = there.and_then(|there| there.schema_version);
            let newest = streams.newest.get(**event_type).copied();
            version
                .zip(newest)
                .is_some_and(|(version, newest)| version < newest)
        })
        .map(|event_type| short(event_type))
        .collect();
    if !old.is_empty() {
        findings.push(fixable(
            HealthReason::SchemaVersionOld,
            HealthSeverity::Warning,
            format!(
                "These event types come in an older form: {}.",
                old.join(", ")
            ),
        ));
    }
    findings
}
