//! What becomes of events that are not taken at once.

use std::time::Duration;

use twilio_sim::{AttemptOutcome, DeliveryKind, Timing, TimingUpdate};

use crate::harness::{ACCOUNT, Receiver, World, eventually, text, text_in};

fn outcomes(world: &World) -> Vec<(Option<u16>, AttemptOutcome)> {
    let attempts = world.simulator.deliveries_after(0);
    attempts
        .iter()
        .map(|one| (one.http_status, one.outcome))
        .collect()
}

#[tokio::test]
async fn answers_429_and_5xx_are_tried_again_with_the_same_event() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    receiver.answer(&[429, 503, 500]);
    text_in(&world, "again").await;
    world.settle().await;
    let ids: Vec<String> = receiver
        .received()
        .iter()
        .map(|one| text(&one.events()[0], "id"))
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(
        outcomes(&world),
        [
            (Some(429), AttemptOutcome::Pending),
            (Some(503), AttemptOutcome::Pending),
            (Some(500), AttemptOutcome::Pending),
            (Some(200), AttemptOutcome::Delivered),
        ]
    );
    let attempts = world.simulator.deliveries_after(0);
    assert_eq!(attempts[3].attempt, 4);
    assert_eq!(
        attempts[3].items[0].event_id.as_deref(),
        Some(ids[0].as_str())
    );
    assert_eq!(attempts[3].kind, DeliveryKind::Event);
}

#[tokio::test]
async fn any_other_4xx_discards_the_event_for_good() {
    for status in [400, 401, 403, 404, 413] {
        let world = World::start().await;
        let receiver = Receiver::start().await;
        world
            .subscribe(&format!("{}/hook", receiver.base_url), false)
            .await;
        receiver.answer(&[status]);
        text_in(&world, "lost").await;
        world.settle().await;
        assert_eq!(receiver.received().len(), 1);
        assert_eq!(
            outcomes(&world),
            [(Some(status), AttemptOutcome::Discarded)]
        );
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_counts_as_none() {
    let world = World::start_with(Timing {
        event_timeout_ms: 1_000,
        ..Timing::instant()
    })
    .await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    receiver.hang_once(Duration::from_secs(20));
    text_in(&world, "slow").await;
    world.settle().await;
    assert_eq!(
        outcomes(&world),
        [
            (None, AttemptOutcome::Pending),
            (Some(200), AttemptOutcome::Delivered),
        ]
    );
}

#[tokio::test]
async fn an_event_that_finds_nobody_expires_after_the_time_that_retries_may_take() {
    let world = World::start_with(Timing {
        retry_base_ms: 20,
        retry_max_ms: 40,
        retry_for_ms: 1_000,
        ..Timing::instant()
    })
    .await;
    // Nothing listens on port 1.
    world.subscribe("http://127.0.0.1:1/hook", false).await;
    text_in(&world, "nobody").await;
    world.settle().await;
    let outcomes = outcomes(&world);
    assert!(outcomes.len() >= 4, "{outcomes:?}");
    let (last, before) = outcomes.split_last().expect("attempts");
    assert_eq!(*last, (None, AttemptOutcome::Expired));
    assert!(
        before
            .iter()
            .all(|one| *one == (None, AttemptOutcome::Pending))
    );
}

#[tokio::test]
async fn nothing_is_delivered_while_delivery_is_paused_and_all_of_it_after() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    world
        .subscribe(&format!("{}/hook", receiver.base_url), false)
        .await;
    let pause = |paused| TimingUpdate {
        delivery_paused: Some(paused),
        ..TimingUpdate::default()
    };
    world.simulator.update_timing(pause(true));
    world.send(&[]).await;
    eventually("the message is delivered to the phone", || {
        world.simulator.messages(ACCOUNT)[0].status.as_str() == "delivered"
    })
    .await;
    assert_eq!(receiver.received().len(), 0);
    world.simulator.update_timing(pause(false));
    world.settle().await;
    assert_eq!(receiver.received().len(), 2);
}
