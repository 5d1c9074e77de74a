//! Input that cannot be stored or read is refused in one place and one shape, with its name.

use loquent::entities::states::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Agent, CUSTOMER, Fault, RawConnection, Reply, Server, ServerSettings, World};

/// The message of a 400 in the shape of all errors of the API.
#[track_caller]
fn bad_request(reply: &Reply) -> String {
    assert_eq!(reply.status, 400, "{}", reply.json);
    assert_eq!(reply.json["code"], 400, "{}", reply.json);
    assert_eq!(reply.json["data"]["kind"], "bad_request", "{}", reply.json);
    reply.json["message"]
        .as_str()
        .expect("a message")
        .to_owned()
}

#[tokio::test]
async fn a_nul_anywhere_is_a_400_that_names_the_field() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let number = format!("/api/phones/{}", organization.number_id);
    let nobody = Agent::signed_out(&world.server.url);
    let login = json!({ "email": "a\0", "password": "x" });
    let say = json!({ "kind": "say", "text": "\0" });
    let bought = json!({ "phone_number": "+14155550199", "friendly_name": "a\0b" });
    let text = json!({ "to": CUSTOMER, "body": "a\0b", "phone_number_id": organization.number_id });
    for (reply, field) in [
        (nobody.post("/api/auth/login", &login).await, "email"),
        (
            admin
                .put(&number, &json!({ "friendly_name": "a\0b" }))
                .await,
            "friendly_name",
        ),
        (
            admin.put(&number, &json!({ "voice_answer": say })).await,
            "text",
        ),
        (
            admin.post("/api/twilio/buy-phone-number", &bought).await,
            "friendly_name",
        ),
        (admin.post("/api/messages/send", &text).await, "body"),
        (admin.get("/api/conversations?before=%00").await, "before"),
        (admin.get("/api/twilio/events?sid=SM1%00").await, "sid"),
        (admin.get("/api/conversations/%00").await, "address"),
    ] {
        let message = bad_request(&reply);
        assert!(
            message.contains(&format!("`{field}`")),
            "{field}: {message}"
        );
    }
    let escaped = json!({ "friendly_name": "the letters \\u0000" });
    admin.put(&number, &escaped).await.ok();
    assert!(
        !world.server.log().contains("ERROR"),
        "{}",
        world.server.log()
    );
}

#[tokio::test]
async fn a_day_that_postgres_cannot_hold_is_a_400_that_names_the_field() {
    let world = World::start().await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    for since in ["-262143-01-01", "-200000-06-01", "+10000-01-01"] {
        let sync = json!({ "phone_number_id": organization.number_id, "since": since });
        let reply = admin.post("/api/twilio/sync-message-history", &sync).await;
        let message = bad_request(&reply);
        assert!(message.contains("`since`"), "{message}");
    }
    let contact = world.contact(&organization, CUSTOMER).await;
    let year_minus_200_000 = -6_373_000_000_000_000_000_i64;
    for path in [
        "/api/conversations?before=".to_owned(),
        format!("/api/messages?contact_id={contact}&before="),
        "/api/twilio/account-changes?before=".to_owned(),
    ] {
        let before = format!("{year_minus_200_000}_{}", Uuid::nil());
        let reply = admin.get(&format!("{path}{before}")).await;
        let message = bad_request(&reply);
        assert!(message.contains("`before`"), "{message}");
    }
    assert!(
        !world.server.log().contains("ERROR"),
        "{}",
        world.server.log()
    );
}

#[tokio::test]
async fn every_error_below_api_is_json_and_who_is_not_signed_in_hears_that_first() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let nobody = Agent::signed_out(&world.server.url);
    let paths = [
        "/api/conversations/x",
        "/api/messages/x/events",
        "/api/media/x",
        "/api/twilio/events/99999999999999999999",
        "/api/messages?contact_id=x",
        "/api/nope",
        "/api",
    ];
    for path in paths {
        let reply = nobody.get(path).await;
        assert_eq!(
            (reply.status, &reply.json["code"]),
            (401, &json!(401)),
            "{path}"
        );
    }
    for (path, name) in [
        ("/api/conversations/x", "contact_id"),
        ("/api/messages/x/events", "message_id"),
        ("/api/media/x", "attachment_id"),
        ("/api/twilio/events/99999999999999999999", "id"),
    ] {
        let message = bad_request(&agent.get(path).await);
        assert!(message.contains(&format!("`{name}`")), "{path}: {message}");
    }
    bad_request(&agent.get("/api/messages?contact_id=x").await);
    for path in ["/api/nope", "/api", "/api/", "/api/conversations/x/y/z"] {
        for reply in [agent.get(path).await, agent.post(path, &json!({})).await] {
            assert_eq!(
                (reply.status, &reply.json["code"]),
                (404, &json!(404)),
                "{path}"
            );
            assert_eq!(reply.json["data"]["kind"], "not_found");
        }
    }
    let wrong_method = agent.post("/api/conversations", &json!({})).await;
    assert_eq!(
        (wrong_method.status, &wrong_method.json["code"]),
        (405, &json!(405))
    );
    let allowed = wrong_method.headers["allow"].to_str().expect("text");
    assert!(allowed.contains("GET"), "{allowed}");
    let wrong_type = json!({ "phone_number_id": organization.number_id, "to": 7, "body": "x" });
    let message = bad_request(&agent.post("/api/messages/send", &wrong_type).await);
    assert!(message.contains("`to`"), "{message}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_answered_413_and_the_connection_ends() {
    let world = World::start().await;
    let post = |path: &str, bytes: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nOrigin: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {bytes}\r\n\r\n{}",
            world.server.url,
            " ".repeat(bytes)
        )
    };
    for (path, bytes) in [
        ("/api/auth/login", 64 * 1024 + 1),
        ("/twilio/events", 1024 * 1024 + 1),
    ] {
        let mut connection = RawConnection::open(&world.server.url).await;
        assert!(connection.send(post(path, bytes)).await);
        let answer = connection.answer().await.expect("an answer");
        assert_eq!(answer.status, 413, "{path}");
        assert!(answer.head.contains("connection: close"), "{}", answer.head);
        let json: Result<Value, _> = serde_json::from_slice(&answer.body);
        assert_eq!(json.is_ok(), path.starts_with("/api"), "{path}");
    }
}

#[tokio::test]
async fn a_connection_goes_on_after_a_refusal_whose_body_was_on_the_way() {
    let world = World::start().await;
    let mut connection = RawConnection::open(&world.server.url).await;
    let body = "x".repeat(30_000);
    for (path, status) in [
        ("/api/messages/send", 403),
        ("/twilio/events", 400),
        ("/api/nope", 403),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (first, rest) = body.split_at(10);
        assert!(connection.send(format!("{head}{first}")).await);
        // An answer that comes before the body would come now.
        assert!(
            !connection
                .closes_within(std::time::Duration::from_millis(300))
                .await
        );
        assert!(connection.send(rest).await);
        let answer = connection.answer().await.expect("an answer");
        assert_eq!(answer.status, status, "{path}");
        assert!(
            !answer.head.contains("connection: close"),
            "{}",
            answer.head
        );
    }
    assert!(
        connection
            .send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
    );
    assert_eq!(connection.answer().await.expect("an answer").status, 200);
}

#[tokio::test]
async fn an_origin_is_ours_only_with_our_scheme_and_our_host() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let mut settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    settings.environment = vec![("APP_HOST", "https://sms.example.com".to_owned())];
    let server = Server::start(settings).await;
    let login = json!({ "email": email, "password": password });
    let status = async |origin: &str| {
        let request = reqwest::Client::new()
            .post(format!("{}/api/auth/login", server.url))
            .header("origin", origin)
            .header("host", "sms.example.com")
            .json(&login);
        Reply::of(request).await.status
    };
    assert_eq!(
        status("http://sms.example.com").await,
        403,
        "another scheme"
    );
    assert_eq!(
        status("https://sms.example.com:8443").await,
        403,
        "another port"
    );
    assert_eq!(status("https://evil.example").await, 403);
    assert_eq!(status("https://sms.example.com").await, 200);
}

#[tokio::test]
async fn only_the_first_page_of_conversations_comes_with_the_counts() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    for n in 0..51 {
        world
            .contact(&organization, &format!("+141555502{n:02}"))
            .await;
    }
    let first = agent.get("/api/conversations").await.ok();
    assert_eq!(first["total"], 51);
    let before = first["next_before"].as_str().expect("another page");
    let second = agent
        .get(&format!("/api/conversations?before={before}"))
        .await
        .ok();
    assert_eq!(second["conversations"].as_array().map(Vec::len), Some(1));
    assert!(
        second["total"].is_null() && second["unread"].is_null(),
        "{second}"
    );
}

#[tokio::test]
async fn twilio_hears_who_calls_and_an_answer_without_end_is_not_read_to_its_end() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let endless = format!("{{\"sid\":\"{}\"}}", "x".repeat(4 * 1024 * 1024));
    world.front().on_create(Fault::Body(endless));
    let sent = crate::sending::send(&agent, &organization, CUSTOMER, "Once").await;
    let id = crate::sending::id_of(&sent.ok());
    // Twilio did it; its list tells.
    crate::sending::wait_for_status(&world, &id, "delivered").await;
    assert_eq!(world.simulator().messages(&world.account.sid).len(), 1);
    let log = world.server.log();
    assert!(
        log.contains("the answer has more than 1048576 bytes"),
        "{log}"
    );
    let callers = world.front().user_agents();
    let ours = format!("Loquent/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(callers.into_iter().collect::<Vec<_>>(), [ours]);
}
