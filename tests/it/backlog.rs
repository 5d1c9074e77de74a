//! Many events wait, and live ones come in.

use crate::support::{MAIN_LINE, Socket, TwilioEvent, World};

/// More than a dozen transactions of the worker.
const WAITING: usize = 6_000;
const IN_A_POST: usize = 500;

#[tokio::test]
async fn a_live_text_does_not_wait_behind_a_backlog_and_the_events_of_a_message_stay_in_order() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut backlog: Vec<TwilioEvent> = (0..WAITING)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    let account = backlog[0].account_sid.clone();
    let from_elsewhere = |status| {
        TwilioEvent::status(
            &account,
            "SM0e15e000000000000000000000000001",
            MAIN_LINE,
            "+12125550177",
            status,
        )
    };
    backlog.insert(WAITING / 2, from_elsewhere("sent"));
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;

    // The worker cannot get past this lock, so all of these wait when the live ones come.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    for post in backlog.chunks(IN_A_POST) {
        world.post(post).await;
    }
    let live = world.text(&organization, "Is anybody there?");
    world
        .post(&[from_elsewhere("delivered"), live.clone()])
        .await;
    lock.rollback().await.expect("a rollback");

    socket
        .wait_until("messaging.message.new", |payload| {
            payload["message"]["external_id"] == live.message_sid.as_str()
        })
        .await;
    let waiting = "SELECT count(*) FROM twilio_event WHERE state = 'pending'";
    let left = world.rows.count(waiting).await;
    assert!(left > 1_000, "the live text came when {left} were left");

    let out_of_order = "SELECT count(*) FROM twilio_event late
        JOIN twilio_event early ON early.message_sid = late.message_sid AND early.id < late.id
        WHERE early.state = 'pending' AND late.state = 'processed'";
    while world.rows.count(waiting).await > 0 {
        assert_eq!(world.rows.count(out_of_order).await, 0);
    }
    let states = world.rows.event_states().await;
    assert_eq!(
        states.get("processed"),
        Some(&(WAITING as i64 + 3)),
        "{states:?}"
    );
    let messages = world.rows.messages().await;
    assert_eq!(messages.len(), WAITING + 2);
    let external = messages
        .iter()
        .find(|message| message.source.as_deref() == Some("external"));
    assert_eq!(
        external.expect("the message from elsewhere").status,
        "delivered"
    );
}
