use std::collections::{HashMap, HashSet};

use serde_json::json;
use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget};

use crate::harness::{CUSTOMER, MAIN_LINE, Received, Receiver, World, text};

const EVENT: FaultTarget = FaultTarget::Event;

async fn world_with_sink() -> (World, Receiver) {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    let hook = format!("{}/hook", receiver.base_url);
    world.subscribe(&hook, false).await;
    (world, receiver)
}

fn arm(world: &World, seed: u64, rules: Vec<FaultRule>) {
    let plan = FaultPlan { seed, rules };
    world.simulator.set_faults(plan).expect("valid faults");
}

/// Sends texts as a customer, and gives the SIDs in their order.
async fn texts(world: &World, count: usize) -> Vec<String> {
    let mut sids = Vec::new();
    for number in 0..count {
        let message = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": number.to_string() });
        let (_, answer) = world.control("customer-messages", message).await;
        sids.push(text(&answer, "sid"));
    }
    sids
}

fn messages(received: &[Received]) -> Vec<String> {
    received
        .iter()
        .flat_map(Received::events)
        .map(|event| text(&event["data"], "messageSid"))
        .collect()
}

#[tokio::test]
async fn dropped_events_never_arrive_and_the_log_names_each_of_them() {
    let (world, receiver) = world_with_sink().await;
    arm(
        &world,
        4,
        vec![FaultRule::sometimes(0.4, EVENT, Fault::Drop)],
    );
    let sent = texts(&world, 60).await;
    world.settle().await;
    let arrived: HashSet<String> = messages(&receiver.received()).into_iter().collect();
    let dropped: HashSet<String> = world
        .simulator
        .fired_faults_after(0)
        .into_iter()
        .filter_map(|one| one.message_sid)
        .map(|sid| sid.to_string())
        .collect();
    assert!((10..45).contains(&dropped.len()), "{}", dropped.len());
    assert!(arrived.is_disjoint(&dropped));
    assert_eq!(arrived.len() + dropped.len(), sent.len());
    assert_eq!(world.simulator.faults().fired, dropped.len() as u64);
}

#[tokio::test]
async fn a_doubled_event_arrives_again_with_the_same_id() {
    let (world, receiver) = world_with_sink().await;
    let duplicate = Fault::Duplicate {
        copies: 2,
        within_ms: 20,
    };
    arm(&world, 0, vec![FaultRule::next(3, EVENT, duplicate)]);
    texts(&world, 5).await;
    world.settle().await;
    let mut times: HashMap<String, usize> = HashMap::new();
    for event in receiver.received().iter().flat_map(Received::events) {
        *times.entry(text(&event, "id")).or_default() += 1;
    }
    let mut counts: Vec<usize> = times.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 3, 3, 3]);
}

#[tokio::test]
async fn events_overtake_each_other_within_a_window_and_all_of_them_arrive() {
    let (world, receiver) = world_with_sink().await;
    let reorder = Fault::Reorder { within_ms: 300 };
    arm(&world, 0, vec![FaultRule::always(EVENT, reorder)]);
    let sent = texts(&world, 40).await;
    world.settle().await;
    let mut arrived = messages(&receiver.received());
    assert_ne!(arrived, sent);
    arrived.sort();
    let mut expected = sent;
    expected.sort();
    assert_eq!(arrived, expected);
}

#[tokio::test]
async fn a_late_event_stays_late_while_callbacks_are_lost() {
    let (world, receiver) = world_with_sink().await;
    let delay = Fault::Delay {
        ms: 60_000,
        jitter_ms: 0,
    };
    arm(
        &world,
        0,
        vec![
            FaultRule::next(1, EVENT, delay),
            FaultRule::always(FaultTarget::StatusCallback, Fault::Drop),
        ],
    );
    let callback = format!("{}/status", receiver.base_url);
    world.send(&[("StatusCallback", &callback)]).await;
    crate::harness::eventually("the second event arrives", || {
        !receiver.received().is_empty()
    })
    .await;
    let received = receiver.received();
    assert_eq!(received.len(), 1, "{received:?}");
    let event = &received[0].events()[0];
    assert_eq!(event["type"], "com.twilio.messaging.message.delivered");
    let report = world.simulator.faults();
    assert_eq!((report.rules[0].fired, report.rules[1].fired), (1, 2));
    assert!(!world.simulator.is_quiet(), "the late one still waits");
}
