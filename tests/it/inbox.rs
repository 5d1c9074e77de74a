//! The list of conversations and the thread, page by page.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};

use crate::support::{Agent, CUSTOMER, MAIN_LINE, TwilioEvent, World};

/// All entries of a paged list, in the order in which the pages bring them; also returns the length
/// of each page.
async fn all_pages(agent: &Agent, path: &str, key: &str) -> (Vec<Vec<Value>>, Vec<Value>) {
    let (mut pages, mut answers) = (Vec::new(), Vec::new());
    let mut before = String::new();
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = match before.as_str() {
            "" => agent.get(path).await.ok(),
            before => agent
                .get(&format!("{path}{separator}before={before}"))
                .await
                .ok(),
        };
        pages.push(page[key].as_array().expect("a list").clone());
        let next = page["next_before"].as_str().map(str::to_owned);
        answers.push(page);
        assert!(pages.len() < 20, "the list has no end");
        match next {
            Some(next) => before = next,
            None => return (pages, answers),
        }
    }
}

#[tokio::test]
async fn paging_through_messages_of_the_same_moment_gives_each_once_in_order() {
    let world = World::start().await;
    let organization = world.organization().await;
    let moment = Utc
        .with_ymd_and_hms(2026, 5, 4, 12, 0, 0)
        .single()
        .expect("a time");
    let texts: Vec<TwilioEvent> = (0..120)
        .map(|n| world.text(&organization, &format!("Text {n}")).at(moment))
        .collect();
    world.post(&texts).await;
    world.rows.all_events_processed().await;
    let agent = world.agent(&organization).await;
    let list = agent.get("/api/conversations").await.ok();
    let contact = list["conversations"][0]["contact"]["id"]
        .as_str()
        .expect("an id");

    let (pages, _) = all_pages(
        &agent,
        &format!("/api/messages?contact_id={contact}"),
        "messages",
    )
    .await;
    let lengths: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(lengths, [50, 50, 20]);
    // Each page is oldest first; the pages go upwards.
    let in_order: Vec<&str> = pages
        .iter()
        .rev()
        .flatten()
        .map(|message| message["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(
        in_order.iter().collect::<BTreeSet<_>>().len(),
        120,
        "each once"
    );
    let stored: Vec<String> = world
        .rows
        .messages()
        .await
        .iter()
        .map(|message| message.id.to_string())
        .collect();
    assert_eq!(in_order, stored);

    for wrong in [
        "x",
        "1_2",
        "_",
        "99999999999999999999_0197a1b2-0000-7000-8000-000000000000",
    ] {
        let reply = agent
            .get(&format!(
                "/api/messages?contact_id={contact}&before={wrong}"
            ))
            .await;
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.json);
    }
    assert_eq!(
        agent.get("/api/messages?contact_id=nonsense").await.status,
        400
    );
    assert_eq!(agent.get("/api/messages").await.status, 400);
}

#[tokio::test]
async fn the_list_is_paged_sorted_counted_and_filtered() {
    let world = World::start().await;
    let organization = world.organization().await;
    let begin = Utc
        .with_ymd_and_hms(2026, 5, 4, 12, 0, 0)
        .single()
        .expect("a time");
    let texts: Vec<TwilioEvent> = (0..70)
        .map(|n| {
            let customer = format!("+1415555{:04}", 1_000 + n);
            let text = TwilioEvent::inbound(&world.account.sid, &customer, MAIN_LINE, "Hi");
            // Pairs share a moment.
            text.at(begin + TimeDelta::seconds(n / 2))
        })
        .collect();
    world.post(&texts).await;
    world.rows.all_events_processed().await;
    let agent = world.agent(&organization).await;

    let (pages, answers) = all_pages(&agent, "/api/conversations", "conversations").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 20]);
    let counts = |page: &Value| (page["total"].clone(), page["unread"].clone());
    assert_eq!(counts(&answers[0]), (json!(70), json!(70)));
    assert_eq!(
        counts(&answers[1]),
        (Value::Null, Value::Null),
        "counted once"
    );
    let all: Vec<&Value> = pages.iter().flatten().collect();
    let contacts: BTreeSet<&str> = all
        .iter()
        .map(|row| row["contact"]["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(contacts.len(), 70, "each once");
    let times: Vec<&str> = all
        .iter()
        .map(|row| row["last_message_at"].as_str().expect("a time"))
        .collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "last message first");

    for contact in contacts.iter().take(67) {
        agent
            .post(&format!("/api/conversations/{contact}/read"), &json!({}))
            .await
            .ok();
    }
    let unread = agent.get("/api/conversations?filter=unread").await.ok();
    assert_eq!(unread["conversations"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        (&unread["total"], &unread["unread"]),
        (&json!(70), &json!(3))
    );
    for row in unread["conversations"].as_array().expect("rows") {
        assert_eq!(row["unread_count"], 1);
        let id = row["contact"]["id"].as_str().expect("an id");
        assert!(!contacts.iter().take(67).any(|read| *read == id));
    }
    assert_eq!(
        agent.get("/api/conversations?before=nonsense").await.status,
        400
    );
    assert_eq!(
        agent.get("/api/conversations?filter=nonsense").await.status,
        400
    );
}

#[tokio::test]
async fn a_conversation_is_found_by_its_contact_alone() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    let mut one = agent
        .get(&format!("/api/conversations/{contact}"))
        .await
        .ok();
    assert_eq!(one["contact"]["phone"], CUSTOMER);
    assert_eq!(one["last_message_direction"], "inbound");
    let mut list = agent.get("/api/conversations").await.ok();
    let time = |value: &mut Value| -> DateTime<Utc> {
        serde_json::from_value(value["as_of"].take()).expect("a time")
    };
    assert!(time(&mut one) < time(&mut list["conversations"][0]));
    assert_eq!(list["conversations"][0], one, "the list shows the same");
    let nothing = "0197a1b2-0000-7000-8000-000000000000";
    assert_eq!(
        agent
            .get(&format!("/api/conversations/{nothing}"))
            .await
            .status,
        404
    );
    assert_eq!(agent.get("/api/conversations/nonsense").await.status, 400);
}
