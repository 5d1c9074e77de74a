//! Twilio promises no order: every order of a message's events ends the same.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use crate::support::{CUSTOMER, MAIN_LINE, Organization, TwilioEvent, World, new_sid};

/// All events of one message that was sent elsewhere; its end is contradictory, as carriers are.
fn life_of_a_message(world: &World, organization: &Organization) -> Vec<TwilioEvent> {
    let sid = new_sid();
    let begin = Utc::now() - TimeDelta::minutes(5);
    ["sent", "failed", "undelivered", "delivered"]
        .into_iter()
        .zip(1..)
        .map(|(status, seconds)| {
            let account = &organization.account.sid;
            let event = TwilioEvent::status(account, &sid, MAIN_LINE, CUSTOMER, status);
            let mut event = event.at(begin + TimeDelta::seconds(seconds));
            event.body = Some("Your table is ready".to_owned());
            if status != "sent" && status != "delivered" {
                event.error_code = Some(30003);
            }
            assert_eq!(world.account.sid, event.account_sid);
            event
        })
        .collect()
}

/// What must be the same for every order.
#[derive(Debug, PartialEq, Eq)]
struct End {
    status: String,
    error_code: Option<i32>,
    body: Option<String>,
    sent_at_known: bool,
    delivered_at_known: bool,
    statuses_in_audit: Vec<String>,
}

async fn end_of(world: &World, sid: &str) -> End {
    let message = world.rows.by_sid(sid).await.expect("one message");
    let mut statuses: Vec<String> = world
        .rows
        .audit(message.id)
        .await
        .into_iter()
        .map(|(status, _)| status)
        .collect();
    statuses.sort();
    let (sent_at_known, delivered_at_known) = sqlx::query_as(
        "SELECT sent_at IS NOT NULL, delivered_at IS NOT NULL FROM message WHERE id = $1",
    )
    .bind(message.id)
    .fetch_one(&world.rows.0)
    .await
    .expect("the times");
    End {
        status: message.status,
        error_code: message.error_code,
        body: message.body,
        sent_at_known,
        delivered_at_known,
        statuses_in_audit: statuses,
    }
}

/// Posts one event after the other, each processed before the next.
async fn live_through(world: &World, events: &[TwilioEvent]) -> End {
    for event in events {
        world.post(std::slice::from_ref(event)).await;
        world.rows.all_events_processed().await;
    }
    end_of(world, &events[0].message_sid).await
}

#[tokio::test]
async fn reverse_and_shuffled_events_end_in_the_same_state_and_are_all_logged() {
    let world = World::start().await;
    let organization = world.organization().await;
    let in_order = live_through(&world, &life_of_a_message(&world, &organization)).await;
    assert_eq!(in_order.status, "delivered");
    assert_eq!(in_order.error_code, Some(30003), "an error is never erased");
    assert!(in_order.sent_at_known && in_order.delivered_at_known);
    let all = ["delivered", "failed", "sent", "undelivered"];
    assert_eq!(in_order.statuses_in_audit, all);

    let mut reversed = life_of_a_message(&world, &organization);
    reversed.reverse();
    assert_eq!(live_through(&world, &reversed).await, in_order);

    for seed in 0..20 {
        let mut shuffled = life_of_a_message(&world, &organization);
        shuffled.shuffle(&mut StdRng::seed_from_u64(seed));
        let order: Vec<&str> = shuffled.iter().map(|event| event.kind).collect();
        assert_eq!(
            live_through(&world, &shuffled).await,
            in_order,
            "{seed}: {order:?}"
        );
    }
}

#[tokio::test]
async fn the_order_inside_a_batch_does_not_matter_either() {
    let world = World::start().await;
    let organization = world.organization().await;
    let in_order = live_through(&world, &life_of_a_message(&world, &organization)).await;
    for seed in 0..20 {
        let mut shuffled = life_of_a_message(&world, &organization);
        shuffled.shuffle(&mut StdRng::seed_from_u64(seed));
        world.post(&shuffled).await;
        world.rows.all_events_processed().await;
        assert_eq!(
            end_of(&world, &shuffled[0].message_sid).await,
            in_order,
            "{seed}"
        );
    }
}

#[tokio::test]
async fn an_older_text_that_comes_late_does_not_move_the_conversation_back() {
    let world = World::start().await;
    let organization = world.organization().await;
    let now = Utc::now();
    let newer = world.text(&organization, "The newer one").at(now);
    let older = world
        .text(&organization, "The older one")
        .at(now - TimeDelta::hours(1));
    live_through(&world, &[newer, older]).await;

    let agent = world.agent(&organization).await;
    let page = agent.get("/api/conversations").await.ok();
    let conversation = &page["conversations"][0];
    assert_eq!(conversation["last_message_preview"], "The newer one");
    let last = conversation["last_message_at"].as_str().expect("a time");
    let last = DateTime::parse_from_rfc3339(last).expect("a time");
    assert_eq!(last.timestamp_millis(), now.timestamp_millis());
    assert_eq!(conversation["unread_count"], 2, "both are news");
    let contact = conversation["contact"]["id"].as_str().expect("an id");
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    let bodies: Vec<&str> = thread["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|message| message["body"].as_str())
        .collect();
    assert_eq!(bodies, ["The older one", "The newer one"]);
}
