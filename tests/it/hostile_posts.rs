//! What anybody can post without a token costs next to nothing.

use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use serde_json::json;
use uuid::Uuid;

use crate::support::{PeakMemory, RawConnection, Server, TwilioAccount, TwilioEvent, World};

const FORMS: [&str; 4] = [
    "/twilio/message-status",
    "/twilio/voice",
    "/api/twilio/sms-status",
    "/api/twilio/sms-incoming",
];
const MEGABYTE: usize = 1_000_000;
const MIB: u64 = 1024 * 1024;
/// Twilio waits no longer for an answer.
const TWILIOS_PATIENCE: Duration = Duration::from_secs(5);

/// A form with all that any webhook needs.
fn form(account: &str) -> String {
    format!(
        "AccountSid={account}&MessageSid=SM1&CallSid=CA1&MessageStatus=sent&From=%2B14155550162\
         &To=%2B14155550134"
    )
}

async fn post(server: &Server, path: &str, body: String) -> u16 {
    let request = reqwest::Client::new()
        .post(format!("{}{path}", server.url))
        .header("x-twilio-signature", "AAAA")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn an_account_without_the_shape_of_one_is_refused_before_it_is_looked_up_or_logged() {
    let world = World::start().await;
    let digits = "0".repeat(32);
    let long = format!("AC{}", "q".repeat(100_000));
    for account in ["%00", "AC1", "", &format!("SM{digits}"), &long] {
        for path in FORMS {
            assert_eq!(
                post(&world.server, path, form(account)).await,
                400,
                "{path}"
            );
        }
    }
    let long_source = format!("/2010-04-01/Accounts/{long}/Messages/SM1.json");
    for event in [
        json!([{ "id": "EZ1", "type": "t", "data": { "accountSid": "\0" } }]),
        json!([{ "id": "EZ1", "type": "t", "data": { "accountSid": long } }]),
        json!([{ "id": "EZ1", "type": "t", "source": long_source }]),
    ] {
        let status = world.account.post(&world.server.url, &event).await;
        assert_eq!(status, 400);
    }
    let log = world.server.log();
    assert!(!log.contains("qqqq"), "it is not logged");
    assert!(!log.contains("ERROR"), "no database was asked: {log}");
}

#[tokio::test]
async fn a_form_of_half_a_million_parameters_is_refused() {
    let world = World::start().await;
    let many = format!(
        "{}&{}",
        form(&world.account.sid),
        "a&".repeat(MEGABYTE / 2 - 200)
    );
    for path in FORMS {
        assert_eq!(post(&world.server, path, many.clone()).await, 400, "{path}");
    }
}

#[tokio::test]
async fn two_hundred_hostile_posts_of_a_megabyte_cost_less_than_50_mb() {
    let world = World::start().await;
    let organization = world.organization().await;
    // What a server needs once, whoever comes.
    world.post(&[world.text(&organization, "Hello")]).await;
    world.rows.all_events_processed().await;
    let before = world.server.resident_bytes();
    let peak = PeakMemory::watch(&world.server);

    let bodies = (0..200).map(|n| {
        let filler = "x".repeat(MEGABYTE);
        match n % 4 {
            0 => form(&format!("AC{n}{filler}")),
            1 => form(&format!("AC{}&x={filler}", Uuid::new_v4().simple())),
            2 => "a&".repeat(MEGABYTE / 2),
            _ => format!("{}&x={filler}", form(&world.account.sid)),
        }
    });
    let answers: Vec<u16> = stream::iter(bodies)
        .map(|body| post(&world.server, FORMS[0], body))
        .buffer_unordered(200)
        .collect()
        .await;
    assert!(
        answers
            .iter()
            .all(|status| [400, 403, 503].contains(status)),
        "{answers:?}"
    );

    let grown = peak.highest().saturating_sub(before);
    assert!(grown < 50 * MIB, "memory grew by {} MiB", grown / MIB);
    let log = world.server.log().len();
    assert!(log < 500_000, "the log has {log} bytes");
}

#[tokio::test]
async fn no_log_line_holds_a_whole_sid() {
    let world = World::start().await;
    let stranger = TwilioAccount::new();
    let organization = world.organization_of(&stranger, "+14155550187", true).await;
    let event = json!([world.text(&organization, "x").json()]);
    let unknown = TwilioAccount::new();
    assert_eq!(post(&world.server, FORMS[0], form(&unknown.sid)).await, 503);
    assert_eq!(
        stranger
            .with_token("no")
            .post(&world.server.url, &event)
            .await,
        403
    );
    let log = world.server.log();
    let masked = |sid: &str| format!("AC••••••••{}", &sid[sid.len() - 4..]);
    assert!(log.contains(&masked(&unknown.sid)), "{log}");
    assert!(log.contains(&masked(&stranger.sid)), "{log}");
    assert!(
        !log.contains(&unknown.sid) && !log.contains(&stranger.sid),
        "{log}"
    );
}

#[tokio::test]
async fn a_signed_form_with_a_hundred_parameters_is_taken() {
    let world = World::start().await;
    let organization = world.organization().await;
    let url = format!("{}/api/twilio/sms-incoming", world.server.url);
    let sid = format!("SM{}", Uuid::new_v4().simple());
    let many: Vec<(String, String)> = (0..100)
        .map(|n| (format!("Extra{n}"), "x".into()))
        .collect();
    let mut form = vec![
        ("AccountSid", world.account.sid.as_str()),
        ("MessageSid", sid.as_str()),
        ("From", "+14155550162"),
        ("To", organization.number.as_str()),
        ("Body", "Hello"),
    ];
    form.extend(
        many.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    assert_eq!(world.account.post_form(&url, &form).await, 200);
    world.rows.all_events_processed().await;
    assert!(world.rows.by_sid(&sid).await.is_some());
}

#[tokio::test]
async fn bodies_that_are_announced_and_do_not_come_keep_out_no_large_post() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut silent = Vec::new();
    for n in 0..40 {
        let mut connection = RawConnection::open(&world.server.url).await;
        let head = "POST /twilio/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
        let begun = if n % 2 == 0 { 0 } else { 40_000 };
        assert!(connection.send(head.to_owned() + &"x".repeat(begun)).await);
        silent.push(connection);
    }
    for round in 0..5 {
        let texts: Vec<TwilioEvent> = (0..80)
            .map(|n| world.text(&organization, &format!("{round} {n} {}", "x".repeat(1_000))))
            .collect();
        let texts = json!(texts.iter().map(TwilioEvent::json).collect::<Vec<_>>());
        assert!(texts.to_string().len() > 100_000);
        let posted = Instant::now();
        assert_eq!(world.account.post(&world.server.url, &texts).await, 200);
        assert!(
            posted.elapsed() < TWILIOS_PATIENCE,
            "{:?}",
            posted.elapsed()
        );
    }
    drop(silent);
}

#[tokio::test]
async fn what_nobody_signed_does_not_move_the_order_of_arrival_ahead_of_the_clock() {
    let world = World::start().await;
    let organization = world.organization().await;
    world.post(&[world.text(&organization, "Before")]).await;
    let mut events =
        vec![json!({ "id": "0", "type": "t", "data": { "accountSid": world.account.sid } })];
    events.extend((1..1_000).map(|n| json!({ "id": n.to_string(), "type": "t" })));
    let (events, stranger) = (json!(events), world.account.with_token("another"));
    for _ in 0..500 {
        assert_eq!(stranger.post(&world.server.url, &events).await, 403);
    }
    world.post(&[world.text(&organization, "After")]).await;
    let ahead =
        "SELECT (max(position) - extract(epoch FROM now()) * 1000000)::bigint FROM twilio_event";
    let ahead = world.rows.count(ahead).await;
    assert!(ahead < 1_000_000, "{ahead} microseconds ahead");
}
