//! Signing in and out.

use loquent::entities::states::Role;
use serde_json::json;

use crate::support::{Agent, Reply, Server, ServerSettings, TestDatabase, TwilioAccount, World};

/// The cookie of the session, with all that is said of it.
fn session_cookie(reply: &Reply) -> String {
    let set = reply.headers.get_all("set-cookie").iter();
    let mut set = set.map(|cookie| cookie.to_str().expect("text"));
    let cookie = set.find(|cookie| cookie.contains("session="));
    cookie.expect("a session").to_owned()
}

#[tokio::test]
async fn the_right_password_opens_a_session_and_signing_out_ends_it() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let mut agent = Agent::signed_out(&world.server.url);
    assert_eq!(agent.get("/api/auth/me").await.status, 401);

    let reply = agent.log_in(&email.to_uppercase(), &password).await;
    let cookie = session_cookie(&reply);
    let user = reply.ok();
    assert_eq!(
        user["email"],
        json!(email),
        "the case of an e-mail does not matter"
    );
    assert_eq!(user["role"], "agent");
    assert!(user.get("password_hash").is_none());
    assert!(cookie.contains("; HttpOnly"), "{cookie}");
    assert!(cookie.contains("; SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Secure"), "not on loopback: {cookie}");
    assert!(
        !cookie.contains("Max-Age"),
        "it ends with the browser: {cookie}"
    );
    assert_eq!(agent.get("/api/auth/me").await.ok()["email"], json!(email));

    // Who can read the table cannot sign in with it.
    let token = agent
        .cookie
        .as_deref()
        .and_then(|c| c.split('=').nth(1))
        .expect("a token");
    let stored: Vec<u8> = sqlx::query_scalar("SELECT token_hash FROM session")
        .fetch_one(&world.rows.0)
        .await
        .expect("a session");
    assert!(!hex::encode(&stored).contains(token) && stored.len() == 32);

    agent.post("/api/auth/logout", &json!({})).await.ok();
    assert_eq!(
        agent.get("/api/auth/me").await.status,
        401,
        "the old cookie is worth nothing"
    );
    assert_eq!(world.rows.count("SELECT count(*) FROM session").await, 0);
}

#[tokio::test]
async fn off_this_machine_the_cookie_is_secure_and_may_be_remembered() {
    let database = TestDatabase::create().await;
    let mut settings = ServerSettings::new(Some(database.url.clone()), TwilioAccount::new());
    let public = "https://sms.example.com".to_owned();
    settings.environment = vec![("APP_HOST", public.clone())];
    let world = World::start_on(database).await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Owner).await;
    let server = Server::start(settings).await;
    let agent = Agent::signed_out(&server.url);
    let login = json!({ "email": email, "password": password, "remember": true });
    let request = agent.request("/api/auth/login", Some(&public)).json(&login);
    let reply = Reply::of(request).await;
    let cookie = session_cookie(&reply);
    reply.ok();
    assert!(cookie.contains("; Secure"), "{cookie}");
    assert!(cookie.contains("; Max-Age=2592000"), "30 days: {cookie}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_are_answered_alike() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, _) = world.user(&organization, Role::Agent).await;
    let mut agent = Agent::signed_out(&world.server.url);
    let wrong = agent.log_in(&email, "not the password").await;
    let unknown = agent.log_in("nobody@example.com", "not the password").await;
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(wrong.json, unknown.json);
    assert!(wrong.headers.get("set-cookie").is_none());
    let long = agent.log_in(&email, &"x".repeat(60_000)).await;
    assert_eq!(long.status, 401);
}

#[tokio::test]
async fn the_eleventh_attempt_at_an_account_is_refused_even_with_the_right_password() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let (other, _) = world.user(&organization, Role::Agent).await;
    let mut agent = Agent::signed_out(&world.server.url);
    for _ in 0..10 {
        assert_eq!(agent.log_in(&email, "not the password").await.status, 401);
    }
    let refused = agent.log_in(&email, &password).await;
    assert_eq!(refused.status, 429, "{}", refused.json);
    assert_eq!(
        agent.log_in(&other, &password).await.status,
        200,
        "others are not locked out"
    );

    world
        .rows
        .execute("UPDATE login_attempt SET attempted_at = attempted_at - interval '16 minutes'")
        .await;
    assert_eq!(
        agent.log_in(&email, &password).await.status,
        200,
        "after a quarter of an hour"
    );
}

#[tokio::test]
async fn an_address_that_failed_fifty_times_is_refused_for_every_account() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    world
        .rows
        .execute(
            "INSERT INTO login_attempt (email, address, attempted_at)
             SELECT 'user' || n || '@example.com', '127.0.0.1', now() FROM generate_series(1, 49) n",
        )
        .await;
    let mut agent = Agent::signed_out(&world.server.url);
    assert_eq!(
        agent.log_in(&email, &password).await.status,
        200,
        "49 are not too many"
    );
    assert_eq!(
        agent
            .log_in("user50@example.com", "wrong password")
            .await
            .status,
        401
    );
    // Not the browser that has signed in before: its attempts are counted by themselves.
    let mut agent = Agent::signed_out(&world.server.url);
    assert_eq!(agent.log_in(&email, &password).await.status, 429);
    world
        .rows
        .execute("UPDATE login_attempt SET address = '192.0.2.1'")
        .await;
    assert_eq!(
        agent.log_in(&email, &password).await.status,
        200,
        "another address may"
    );
}

#[tokio::test]
async fn a_change_from_another_sites_page_is_refused() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    for path in ["/api/auth/login", "/api/auth/logout", "/api/messages/send"] {
        for origin in [None, Some("https://evil.example"), Some("null")] {
            let request = agent.request(path, origin).json(&json!({}));
            assert_eq!(Reply::of(request).await.status, 403, "{path} {origin:?}");
        }
    }
    assert_eq!(
        agent.get("/api/auth/me").await.status,
        200,
        "nobody was signed out"
    );
}

#[tokio::test]
async fn a_session_survives_a_restart_of_the_server() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.server.ask_to_stop();
    assert!(world.server.ended_well().await);
    world.server.start_again().await;
    assert_eq!(
        agent.get("/api/auth/me").await.ok()["email"],
        json!(agent.email)
    );
}

#[tokio::test]
async fn malformed_json_is_a_bad_request_and_unknown_fields_are_fine() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let agent = Agent::signed_out(&world.server.url);
    let origin = Some(world.server.url.as_str());
    let post = async |body: String| {
        let request = agent.request("/api/auth/login", origin);
        Reply::of(
            request
                .header("content-type", "application/json")
                .body(body),
        )
        .await
    };
    for body in [
        "",
        "{",
        "null",
        "[]",
        r#"{"email": 1, "password": "x"}"#,
        r#"{"email": "a@b.c"}"#,
    ] {
        let reply = post(body.to_owned()).await;
        assert_eq!(reply.status, 400, "{body}: {}", reply.json);
        assert!(
            reply.json["message"].is_string(),
            "it says what is wrong: {}",
            reply.json
        );
    }
    let huge = format!(r#"{{"email": "{}"}}"#, "x".repeat(100_000));
    assert!(matches!(post(huge).await.status, 400 | 413));
    let newer = json!({ "email": email, "password": password, "a_newer_field": true });
    assert_eq!(post(newer.to_string()).await.status, 200);
}

#[tokio::test]
async fn a_user_who_is_no_member_any_more_is_out_at_once() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    world.rows.execute("DELETE FROM membership").await;
    assert_eq!(agent.get("/api/auth/me").await.status, 401);
    assert_eq!(agent.get("/api/conversations").await.status, 401);
}

#[tokio::test]
async fn a_page_of_the_inside_leads_to_the_login_page_and_back() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let page = |path: &str| {
        let url = format!("{}{path}", world.server.url);
        http.get(url).header("accept", "text/html")
    };
    let sent_away = page("/messaging/x?y=1").send().await.expect("an answer");
    assert_eq!(sent_away.status().as_u16(), 303);
    let target = sent_away.headers()["location"].to_str().expect("text");
    assert_eq!(target, "/login?next=%2Fmessaging%2Fx%3Fy%3D1");

    let login = page("/login").send().await.expect("an answer");
    assert_eq!(login.status().as_u16(), 200);
    let policy = login.headers()["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");

    let cookie = agent.cookie.expect("a session");
    let inside = page("/messaging")
        .header("cookie", cookie)
        .send()
        .await
        .expect("an answer");
    assert_eq!(inside.status().as_u16(), 200);
}
