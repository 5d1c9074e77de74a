//! Lists of messages and numbers.

use serde_json::{Value, json};

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, World, text};

fn bodies(page: &Value) -> Vec<String> {
    let rows = page["messages"].as_array().expect("messages");
    rows.iter().map(|row| text(row, "body")).collect()
}

#[tokio::test]
async fn a_list_is_followed_by_its_relative_links_to_the_end() {
    let world = World::start().await;
    for number in 0..7 {
        let body = number.to_string();
        assert_eq!(world.send(&[("Body", &body)]).await.0, 201);
    }
    let mut seen = Vec::new();
    let mut next = Some(format!(
        "/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=3"
    ));
    let mut pages = 0;
    while let Some(path) = next {
        let (status, page) = world.get(&world.url(&path)).await;
        assert_eq!(status, 200);
        seen.extend(bodies(&page));
        pages += 1;
        next = page["next_page_uri"].as_str().map(str::to_owned);
        if let Some(path) = &next {
            assert!(path.starts_with("/2010-04-01/Accounts/") && path.contains("PageToken=PA"));
        }
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
    assert_eq!(pages, 3);
    let guessed = world.account_url("/Messages.json?PageSize=3&Page=1");
    assert_eq!(world.get(&guessed).await.0, 400);
}

#[tokio::test]
async fn a_list_is_filtered_by_number_and_by_the_day_it_was_sent() {
    let world = World::start().await;
    let row = |body: &str, direction: &str, day: u32| {
        let (from, to) = if direction == "inbound" {
            (CUSTOMER, MAIN_LINE)
        } else {
            (MAIN_LINE, CUSTOMER)
        };
        json!({
            "account_sid": ACCOUNT, "direction": direction, "from": from, "to": to, "body": body,
            "status": if direction == "inbound" { "received" } else { "delivered" },
            "date_created": format!("2024-03-{day:02}T23:30:00Z"),
        })
    };
    let rows = json!([
        row("a", "inbound", 1),
        row("b", "outbound-api", 2),
        row("c", "inbound", 3),
        row("d", "outbound-api", 4),
    ]);
    let (status, answer) = world.control("messages", rows).await;
    assert_eq!((status, &answer["added"]), (200, &json!(4)));

    for (query, expected) in [
        ("", "d c b a"),
        ("?To=%2B14155550134", "c a"),
        ("?From=%2B14155550134", "d b"),
        ("?DateSent=2024-03-02", "b"),
        ("?DateSent%3E=2024-03-03", "d c"),
        ("?DateSent%3C=2024-03-02", "b a"),
        (
            "?DateSent%3E=2024-03-02T00:00:00Z&DateSent%3C=2024-03-03T23:29:59Z",
            "b",
        ),
        ("?To=%2B14155550134&DateSent%3E=2024-03-02", "c"),
    ] {
        let (status, page) = world
            .get(&world.account_url(&format!("/Messages.json{query}")))
            .await;
        assert_eq!(status, 200, "{query}");
        assert_eq!(bodies(&page).join(" "), expected, "{query}");
    }
    let operator_in_value = world.account_url("/Messages.json?DateSent=%3E%3D2024-03-01");
    assert_eq!(world.get(&operator_in_value).await.1["code"], 20001);
}

#[tokio::test]
async fn numbers_are_listed_with_boolean_capabilities_and_found_by_a_part() {
    let world = World::start().await;
    let (_, page) = world
        .get(&world.account_url("/IncomingPhoneNumbers.json"))
        .await;
    let numbers = page["incoming_phone_numbers"].as_array().expect("numbers");
    assert_eq!(numbers.len(), 2);
    assert_eq!(numbers[0]["capabilities"]["sms"], true);
    assert_eq!(numbers[0]["status"], "in-use");
    let url = world.account_url("/IncomingPhoneNumbers.json?PhoneNumber=415***0134");
    let (_, page) = world.get(&url).await;
    assert_eq!(page["incoming_phone_numbers"][0]["phone_number"], MAIN_LINE);
    assert_eq!(
        page["incoming_phone_numbers"].as_array().map(Vec::len),
        Some(1)
    );
    let sid = text(&numbers[1], "sid");
    let (status, one) = world
        .get(&world.account_url(&format!("/IncomingPhoneNumbers/{sid}.json")))
        .await;
    assert_eq!((status, text(&one, "sid")), (200, sid));
}
