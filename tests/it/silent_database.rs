//! The line to Postgres becomes a black hole: nothing is refused, nothing is closed, nothing comes.

use std::time::Duration;

use serde_json::json;

use crate::{
    sending::{id_of, send, wait_for_status},
    support::{
        CUSTOMER, DatabaseLine, Fault, Socket, StoredMessage, TestDatabase, TwilioEvent, World,
        eventually, eventually_within,
    },
};

/// How long the hole lasts: longer than all that waits for the database.
const HOLE: Duration = Duration::from_secs(60);
/// The end is over for events in this time,
const STORED_AGAIN: Duration = Duration::from_secs(15);
/// and for texts and browsers in this one.
const ALL_AGAIN: Duration = Duration::from_secs(30);
/// A connection that fell silent is replaced in this time. The rest is for a busy machine.
const REPLACED: Duration = Duration::from_secs(15);

async fn is_ready(world: &World) -> bool {
    let ready = reqwest::get(format!("{}/readyz", world.server.url)).await;
    ready.is_ok_and(|answer| answer.status().is_success())
}

async fn post(world: &World, event: &TwilioEvent) -> u16 {
    let events = json!([event.json()]);
    world.account.post(&world.server.url, &events).await
}

/// How many messages have this text.
async fn times(world: &World, body: &str) -> usize {
    let messages = world.rows.messages().await;
    let has_it = |message: &&StoredMessage| message.body.as_deref() == Some(body);
    messages.iter().filter(has_it).count()
}

#[tokio::test]
async fn nothing_is_lost_in_a_black_hole_and_all_goes_on_by_itself_after_it() {
    let database = TestDatabase::create().await;
    let line = DatabaseLine::to(&database.url).await;
    let world = World::with_twilio_and(database, line.url.clone(), Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    let texts: Vec<TwilioEvent> = (0..30)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    world.post(&texts[..10]).await;
    let before = id_of(&send(&agent, &organization, CUSTOMER, "Before").await.ok());
    wait_for_status(&world, &before, "delivered").await;
    // Twilio's answer comes while it cannot be stored.
    world.front().on_create(Fault::HoldAnswer);
    let held = id_of(&send(&agent, &organization, CUSTOMER, "Held").await.ok());
    let taken = || world.simulator().messages(&world.account.sid);
    eventually("Twilio has it", async || (taken().len() == 2).then_some(())).await;

    line.fall_silent();
    let hole_began = tokio::time::Instant::now();
    world.front().release();
    for event in &texts[10..] {
        // What Twilio was told is stored is stored; what it was not told, it repeats.
        if hole_began.elapsed() < HOLE / 2 {
            assert_eq!(post(&world, event).await, 503);
        }
    }
    eventually_within(REPLACED, "the node says that it is not ready", async || {
        (!is_ready(&world).await).then_some(())
    })
    .await;
    let refused = send(&agent, &organization, CUSTOMER, "During").await;
    assert_eq!(refused.status, 503, "{}", refused.json);
    tokio::time::sleep_until(hole_began + HOLE).await;
    assert!(!is_ready(&world).await);
    line.come_back();

    eventually_within(STORED_AGAIN, "posts are taken again", async || {
        (post(&world, &texts[10]).await == 200).then_some(())
    })
    .await;
    for event in &texts[11..] {
        assert_eq!(post(&world, event).await, 200);
    }
    eventually_within(ALL_AGAIN, "the node is ready", async || {
        is_ready(&world).await.then_some(())
    })
    .await;
    eventually_within(ALL_AGAIN, "the browser hears again", async || {
        let text = world.text(&organization, "After the hole");
        (post(&world, &text).await == 200).then_some(())?;
        let news = socket.wait_until("messaging.message.new", |news| {
            news["message"]["body"] == "After the hole"
        });
        tokio::time::timeout(Duration::from_secs(2), news)
            .await
            .ok()
    })
    .await;
    assert!(
        socket.has_seen("resync"),
        "it was told to fetch what it missed"
    );
    eventually_within(ALL_AGAIN, "the outcome is known", async || {
        world.rows.by_id(&held).await?.external_id
    })
    .await;
    let after = id_of(&send(&agent, &organization, CUSTOMER, "After").await.ok());
    wait_for_status(&world, &after, "delivered").await;
    world.rows.all_events_processed().await;
    for n in 0..30 {
        assert_eq!(times(&world, &format!("Text {n}")).await, 1, "Text {n}");
    }
    let sent: Vec<String> = taken().into_iter().map(|message| message.body).collect();
    assert_eq!(sent, ["Before", "Held", "After"]);
    let parked = "SELECT count(*) FROM twilio_event WHERE state = 'parked' OR attempts > 1";
    assert_eq!(world.rows.count(parked).await, 0);
}

#[tokio::test]
async fn connections_that_fall_silent_are_replaced_while_new_ones_work() {
    let database = TestDatabase::create().await;
    let line = DatabaseLine::to(&database.url).await;
    let world = World::with_twilio_and(database, line.url.clone(), Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    world.post(&[world.text(&organization, "Before")]).await;
    world.rows.all_events_processed().await;

    for round in 0..2 {
        line.silence_open_ones();
        let body = format!("Text {round}");
        let text = world.text(&organization, &body);
        eventually_within(REPLACED, "posts are taken", async || {
            (post(&world, &text).await == 200).then_some(())
        })
        .await;
        eventually_within(REPLACED, "it becomes a message", async || {
            (times(&world, &body).await == 1).then_some(())
        })
        .await;
        eventually_within(REPLACED, "a text goes out", async || {
            let reply = send(&agent, &organization, CUSTOMER, &format!("Reply {round}")).await;
            (reply.status == 200).then_some(())
        })
        .await;
        eventually_within(REPLACED, "Twilio has it", async || {
            let sent = world.simulator().messages(&world.account.sid);
            let reply = format!("Reply {round}");
            sent.iter()
                .any(|message| message.body == reply)
                .then_some(())
        })
        .await;
        eventually("the browser hears", async || {
            let heard = format!("Heard {round}");
            world.post(&[world.text(&organization, &heard)]).await;
            let news = socket.wait_until("messaging.message.new", |news| {
                news["message"]["body"] == json!(heard)
            });
            tokio::time::timeout(Duration::from_secs(2), news)
                .await
                .ok()
        })
        .await;
        assert!(is_ready(&world).await);
    }
    assert!(socket.has_seen("resync"));
}
