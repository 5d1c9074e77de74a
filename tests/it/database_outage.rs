//! Postgres stops and comes back under a running server.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    reconciliation::reconcile,
    sending::{id_of, send, wait_for_status},
    support::{
        CUSTOMER, Cluster, Fault, Socket, TestDatabase, TwilioEvent, World, eventually,
        eventually_within,
    },
};

/// Twilio waits 5 s for an answer; whoever answers later might as well not.
const TWILIOS_PATIENCE: Duration = Duration::from_secs(5);
/// Of a text whose answer was lost: several looks at Twilio's list.
const OUTCOME_LIMIT: Duration = Duration::from_secs(90);

#[tokio::test]
async fn events_that_come_while_the_database_is_down_are_taken_when_twilio_repeats_them() {
    let mut cluster = Cluster::start();
    let world = World::start_on(TestDatabase::create_in(&cluster.url).await).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    let texts = |from: usize, to: usize| -> Vec<TwilioEvent> {
        (from..to)
            .map(|n| world.text(&organization, &format!("Text {n}")))
            .collect()
    };
    let before = texts(0, 20);
    world.post(&before).await;

    cluster.stop().await;
    let during = texts(20, 40);
    let post = async |event: &TwilioEvent| {
        let begin = Instant::now();
        let status = world
            .account
            .post(&world.server.url, &json!([event.json()]))
            .await;
        (status, begin.elapsed())
    };
    let mut times = Vec::new();
    for (status, took) in futures::future::join_all(during.iter().map(post)).await {
        assert_eq!(status, 503);
        times.push(took);
    }
    times.sort_unstable();
    // A pause of the machine may hold some of them up.
    assert!(times[times.len() / 2] < TWILIOS_PATIENCE, "{times:?}");
    let ready = reqwest::get(format!("{}/readyz", world.server.url))
        .await
        .expect("an answer");
    assert_eq!(ready.status().as_u16(), 503);
    let alive = reqwest::get(format!("{}/healthz", world.server.url))
        .await
        .expect("an answer");
    assert_eq!(alive.status().as_u16(), 200);
    let inbox = agent.get("/api/conversations").await.status;
    assert!(inbox >= 500, "signed in is still signed in: {inbox}");

    cluster.start_again();
    for event in &during {
        eventually("the retry is taken", async || {
            (post(event).await.0 == 200).then_some(())
        })
        .await;
    }
    world.rows.all_events_processed().await;
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        40
    );
    let messages = world.rows.messages().await;
    assert_eq!(messages.len(), 40, "nothing lost, nothing double");
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 40);

    // The socket that was open all the time hears again.
    eventually("news come through", async || {
        let text = world.text(&organization, "After the outage");
        world.post(&[text]).await;
        let news = socket.wait_until("messaging.message.new", |news| {
            news["message"]["body"] == "After the outage"
        });
        tokio::time::timeout(Duration::from_secs(2), news)
            .await
            .ok()
    })
    .await;
    assert!(
        socket.has_seen("resync"),
        "it was told that it may have missed something"
    );
    assert_eq!(agent.get("/api/conversations").await.status, 200);
}

#[tokio::test]
async fn texts_on_their_way_when_the_database_stops_reach_the_customer_once() {
    let mut cluster = Cluster::start();
    let world = World::with_twilio_on(TestDatabase::create_in(&cluster.url).await).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.front().on_create(Fault::HoldAnswer);
    let held = id_of(&send(&agent, &organization, CUSTOMER, "Held").await.ok());
    let taken = || world.simulator().messages(&world.account.sid);
    eventually("Twilio has it", async || {
        (!taken().is_empty()).then_some(())
    })
    .await;

    cluster.stop().await;
    // Twilio's answer comes while it cannot be stored.
    world.front().release();
    let refused = send(&agent, &organization, CUSTOMER, "Refused")
        .await
        .status;
    assert!(refused >= 500, "{refused}");
    cluster.start_again();

    let after = eventually("sending works again", async || {
        let reply = send(&agent, &organization, CUSTOMER, "After").await;
        (reply.status == 200).then(|| id_of(&reply.json))
    })
    .await;
    // If its status was refused with the rest, no report tells that it is ours, and its words count
    // for that only after a while.
    eventually_within(OUTCOME_LIMIT, "the outcome is known", async || {
        world.rows.by_id(&held).await?.external_id
    })
    .await;
    wait_for_status(&world, &after, "delivered").await;
    // Twilio calls back only once: reconciliation finds what was refused.
    let admin = world.admin(&organization).await;
    reconcile(&admin, &organization).await;
    wait_for_status(&world, &held, "delivered").await;
    let bodies: Vec<String> = taken().into_iter().map(|message| message.body).collect();
    assert_eq!(bodies, ["Held", "After"]);
}
