//! Nodes whose clocks are wrong: only the database's clock counts.

use std::time::Duration;

use serde_json::json;

use crate::{
    sending::{id_of, send, wait_for_status},
    support::{CUSTOMER, Fault, Server, ServerSettings, TestDatabase, World, eventually_within},
};

/// Ten minutes, as a machine has after its time service failed.
const WRONG_BY: i64 = 600;
const AT_ONCE: Duration = Duration::from_secs(30);
/// A dead node's jobs go back after 15 s, and Twilio is asked for a minute.
const TAKE_OVER: Duration = Duration::from_secs(120);

fn ahead_by(seconds: i64) -> Vec<(&'static str, String)> {
    vec![("LOQUENT_TEST_CLOCK_AHEAD", seconds.to_string())]
}

async fn world_of_a_wrong_clock(seconds: i64) -> World {
    let database = TestDatabase::create().await;
    let url = database.url.clone();
    World::with_twilio_and(database, url, ahead_by(seconds)).await
}

#[tokio::test]
async fn texts_come_in_and_go_out_at_once_whatever_the_nodes_clock_says() {
    for wrong_by in [WRONG_BY, -WRONG_BY] {
        let world = world_of_a_wrong_clock(wrong_by).await;
        let organization = world.organization().await;
        let agent = world.agent(&organization).await;
        world.post(&[world.text(&organization, "In")]).await;
        eventually_within(AT_ONCE, "the event is a message", async || {
            (world.rows.messages().await.len() == 1).then_some(())
        })
        .await;
        let out = id_of(&send(&agent, &organization, CUSTOMER, "Out").await.ok());
        eventually_within(AT_ONCE, "the text is delivered", async || {
            let message = world.rows.by_id(&out).await?;
            (message.status == "delivered").then_some(())
        })
        .await;
        let far = "SELECT count(*) FROM message
                   WHERE abs(extract(epoch FROM created_at - now())) > 60";
        assert_eq!(world.rows.count(far).await, 0, "shown with the right time");
        let words = eventually_within(AT_ONCE, "the node tells", async || {
            let ready = reqwest::get(format!("{}/readyz", world.server.url))
                .await
                .ok()?;
            assert!(ready.status().is_success(), "harmless");
            let words = ready.text().await.ok()?;
            words.contains("clock").then_some(words)
        })
        .await;
        let way = if wrong_by > 0 { "ahead of" } else { "behind" };
        assert!(words.contains(way), "{words}");
        assert!(world.server.log().contains("the clocks differ"));
    }
}

#[tokio::test]
async fn a_text_of_a_node_that_is_behind_and_killed_is_not_sent_again_by_the_other() {
    let mut world = world_of_a_wrong_clock(-WRONG_BY).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    settings.twilio_url = world.front().url.clone();
    settings.environment = ahead_by(WRONG_BY);
    // Twilio has the text, and shows it in its list only later.
    world.front().on_create(Fault::HoldAnswer);
    let held = id_of(&send(&agent, &organization, CUSTOMER, "Held").await.ok());
    world.sid_at_twilio().await;
    world.front().on_list(Fault::Body(
        json!({ "messages": [], "next_page_uri": null }).to_string(),
    ));
    world.server.kill();
    let other = Server::start(settings).await;
    eventually_within(TAKE_OVER, "the other node knows of it", async || {
        world.rows.by_id(&held).await?.external_id
    })
    .await;
    let sent = world.simulator().messages(&world.account.sid);
    assert_eq!(sent.len(), 1, "{sent:?}");
    let after = send(&agent.at(&other.url), &organization, CUSTOMER, "After").await;
    wait_for_status(&world, &id_of(&after.ok()), "delivered").await;
}
