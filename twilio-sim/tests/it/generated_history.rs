//! A generated history over the REST API.

use std::collections::HashSet;

use serde_json::{Value, json};
use twilio_sim::{NewHistory, Sid};

use crate::harness::{ACCOUNT, DISPATCH, MAIN_LINE, TOKEN, World, text};

fn account() -> Sid {
    Sid::parse(ACCOUNT).expect("a SID")
}

/// Follows the links of a list to its end.
async fn walk(world: &World, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = Some(format!(
        "/2010-04-01/Accounts/{ACCOUNT}/Messages.json?{query}"
    ));
    while let Some(path) = next {
        let (status, mut page) = world.get(&world.url(&path)).await;
        assert_eq!(status, 200, "{page}");
        next = page["next_page_uri"].as_str().map(str::to_owned);
        match page["messages"].take() {
            Value::Array(messages) => rows.extend(messages),
            other => panic!("no messages: {other}"),
        }
    }
    rows
}

async fn truth(world: &World, query: &str) -> Vec<Value> {
    let url = world.url(&format!("/sim/history/truth?account_sid={ACCOUNT}&{query}"));
    let answer = world.http.get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    let lines = answer.text().await.expect("text");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn sids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(row, "sid")).collect()
}

/// A date of the truth as the API writes it.
fn api_date(value: &Value) -> Value {
    match value.as_str() {
        None => Value::Null,
        Some(date) => {
            let date = chrono::DateTime::parse_from_rfc3339(date).expect("a date");
            json!(date.format("%a, %d %b %Y %H:%M:%S +0000").to_string())
        }
    }
}

/// A history with everything that a message can be.
async fn add_varied_history(world: &World) {
    let description = json!({
        "account_sid": ACCOUNT, "messages": 2_500, "contacts": 60, "seed": 11,
        "media_share": 0.1, "failed_share": 0.2, "never_sent_share": 0.1,
        "null_body_share": 0.05, "unknown_status_share": 0.05, "bad_date_share": 0.05,
    });
    let (status, summary) = world.control("history", description).await;
    assert_eq!(status, 200, "{summary}");
    assert_eq!(summary["numbers"], json!([MAIN_LINE, DISPATCH]));
}

#[tokio::test]
async fn the_list_shows_the_whole_truth_field_by_field_newest_first() {
    let world = World::start().await;
    add_varied_history(&world).await;
    let listed = walk(&world, "PageSize=1000").await;
    let mut truth = truth(&world, "").await;
    truth.reverse();
    assert_eq!(sids(&listed), sids(&truth));
    let mut bad_dates = 0;
    for (row, one) in listed.iter().zip(&truth) {
        for name in [
            "account_sid",
            "body",
            "direction",
            "error_code",
            "error_message",
            "from",
            "to",
            "messaging_service_sid",
            "price",
            "status",
        ] {
            assert_eq!(row[name], one[name], "{name} of {one}");
        }
        assert_eq!(text(row, "num_media"), one["num_media"].to_string());
        assert_eq!(text(row, "num_segments"), one["num_segments"].to_string());
        for name in ["date_created", "date_sent", "date_updated"] {
            match one.get("shown_dates") {
                Some(shown) => assert_eq!(row[name], shown[name], "{name} of {one}"),
                None => assert_eq!(row[name], api_date(&one[name]), "{name} of {one}"),
            }
        }
        bad_dates += usize::from(one.get("shown_dates").is_some());
    }
    assert!(bad_dates > 50);
}

#[tokio::test]
async fn a_history_has_every_status_and_what_belongs_to_it() {
    let world = World::start().await;
    add_varied_history(&world).await;
    let truth = truth(&world, "").await;
    let statuses: HashSet<String> = truth.iter().map(|row| text(row, "status")).collect();
    for status in [
        "received",
        "delivered",
        "sent",
        "undelivered",
        "failed",
        "scheduled",
        "canceled",
        "accepted",
        "archived",
        "pending_review",
    ] {
        assert!(statuses.contains(status), "{status} in {statuses:?}");
    }
    for row in &truth {
        let status = text(row, "status");
        if ["scheduled", "canceled", "accepted"].contains(&status.as_str()) {
            assert_eq!(row["date_sent"], Value::Null);
            assert_eq!(row["price"], Value::Null);
        }
        let failed = ["failed", "undelivered"].contains(&status.as_str());
        assert_eq!(row["error_code"].is_u64(), failed, "{row}");
        assert_eq!(
            text(row, "sid").starts_with("MM"),
            row["num_media"] != json!(0)
        );
    }
    assert!(truth.iter().any(|row| row["body"].is_null()));
    assert!(truth.iter().any(|row| row["num_media"] == json!(10)));
}

#[tokio::test]
async fn filters_by_number_customer_and_date_give_exactly_what_the_truth_has() {
    let world = World::start().await;
    let description = json!({
        "account_sid": ACCOUNT, "messages": 3_000, "contacts": 40, "seed": 5,
        "from": "2024-01-01T00:00:00Z", "to": "2024-03-01T00:00:00Z", "never_sent_share": 0.1,
    });
    assert_eq!(world.control("history", description).await.0, 200);
    let mut truth = truth(&world, "").await;
    truth.reverse();
    let customer = text(&truth[700], "customer").replace('+', "%2B");
    let day = |row: &Value| {
        row["date_sent"]
            .as_str()
            .map_or(String::new(), |date| date[..10].to_owned())
    };
    let main_line = MAIN_LINE.replace('+', "%2B");
    type Accepts<'a> = &'a dyn Fn(&Value) -> bool;
    let cases: [(String, Accepts<'_>); 7] = [
        (format!("To={main_line}"), &|row| row["to"] == MAIN_LINE),
        (format!("From={main_line}"), &|row| row["from"] == MAIN_LINE),
        (format!("From={customer}"), &|row| {
            row["from"] == truth[700]["customer"]
        }),
        (format!("From={main_line}&To={customer}"), &|row| {
            row["from"] == MAIN_LINE && row["to"] == truth[700]["customer"]
        }),
        ("DateSent=2024-02-10".to_owned(), &|row| {
            day(row) == "2024-02-10"
        }),
        (
            format!("To={main_line}&DateSent%3E=2024-02-10&DateSent%3C=2024-02-20"),
            &|row| {
                let day = day(row);
                row["to"] == MAIN_LINE && *"2024-02-10" <= *day && *day <= *"2024-02-20"
            },
        ),
        ("To=%2B14155550000".to_owned(), &|_| false),
    ];
    for (query, accepts) in cases {
        let expected: Vec<Value> = truth.iter().filter(|row| accepts(row)).cloned().collect();
        let listed = walk(&world, &format!("{query}&PageSize=37")).await;
        assert_eq!(sids(&listed), sids(&expected), "{query}");
        let of_nobody = query == "To=%2B14155550000";
        assert_eq!(expected.is_empty(), of_nobody, "{query}");
    }

    let (_, counts) = world
        .get(&world.url(&format!("/sim/history/counts?account_sid={ACCOUNT}")))
        .await;
    let counts = &counts["histories"][0];
    assert_eq!(counts["messages"], 3_000);
    assert_eq!(counts["contacts"], 40);
    let sum = |name: &str| -> u64 {
        let numbers = counts["numbers"].as_array().expect("numbers");
        numbers.iter().filter_map(|one| one[name].as_u64()).sum()
    };
    assert_eq!(sum("inbound") + sum("outbound"), 3_000);
    let unsent = truth.iter().filter(|row| row["date_sent"].is_null());
    assert_eq!(sum("never_sent"), unsent.count() as u64);
}

#[tokio::test]
async fn one_message_can_be_fetched_and_the_truth_be_narrowed() {
    let world = World::start().await;
    let history = NewHistory::new(account(), 400, 3);
    world.simulator.add_history(history).expect("it is valid");
    let inbound = truth(&world, "inbound=true&number=%2B14155550134").await;
    assert!(!inbound.is_empty());
    for row in inbound.iter().take(20) {
        assert_eq!(
            (&row["to"], &row["direction"]),
            (&json!(MAIN_LINE), &json!("inbound"))
        );
        let url = world.account_url(&format!("/Messages/{}.json", text(row, "sid")));
        let (status, fetched) = world.get(&url).await;
        assert_eq!(status, 200);
        assert_eq!(fetched["body"], row["body"]);
    }
    let flipped = text(&inbound[0], "sid").replace("SM", "MM");
    assert_eq!(
        world
            .get(&world.account_url(&format!("/Messages/{flipped}.json")))
            .await
            .0,
        404
    );
    let history = &world.simulator.histories(ACCOUNT)[0];
    let sid = text(&inbound[0], "sid");
    let found = history.message_by_sid(&sid).expect("it exists");
    assert_eq!(json!(found.index), inbound[0]["index"]);
}

#[tokio::test]
async fn live_messages_stand_before_the_history_and_a_reset_ends_both() {
    let world = World::start().await;
    let history = NewHistory::new(account(), 30, 3);
    world.simulator.add_history(history).expect("it is valid");
    let (_, sent) = world.send(&[]).await;
    let rows = walk(&world, "PageSize=7").await;
    assert_eq!(rows.len(), 31);
    assert_eq!(rows[0]["sid"], sent["sid"]);
    world.simulator.reset();
    assert!(walk(&world, "").await.is_empty());
}

#[tokio::test]
async fn two_accounts_with_the_same_seed_share_customers_and_texts_but_no_sid() {
    let world = World::start().await;
    let other = "AC00000000000000000000000000000002";
    let account_json = json!({ "sid": other, "auth_token": TOKEN });
    world.control("accounts", account_json).await;
    for (account, number) in [(ACCOUNT, MAIN_LINE), (other, "+14155550999")] {
        let history = json!({
            "account_sid": account, "numbers": [number], "messages": 200, "seed": 9,
        });
        assert_eq!(world.control("history", history).await.0, 200);
    }
    let messages = |account| {
        let history = &world.simulator.histories(account)[0];
        history.messages().collect::<Vec<_>>()
    };
    for (one, two) in messages(ACCOUNT).iter().zip(messages(other)) {
        assert_eq!((&one.customer, &one.body), (&two.customer, &two.body));
        assert_ne!(one.sid, two.sid);
    }
}
