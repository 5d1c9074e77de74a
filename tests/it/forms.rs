//! Pages that are not live: the forms that they post, and what stands between a text and its way.

use loquent::entities::states::Role;
use reqwest::{Client, Response, redirect::Policy};
use serde_json::json;

use crate::support::{Agent, CUSTOMER, Organization, TwilioEvent, World, eventually};

/// Posts a form as a browser does, without following where it leads.
async fn post_form(agent: &Agent, path: &str, origin: &str, form: &[(&str, &str)]) -> Response {
    let http = Client::builder().redirect(Policy::none()).build();
    let mut request = http
        .expect("a client")
        .post(format!("{}{path}", agent.server))
        .header("origin", origin)
        .form(form);
    if let Some(cookie) = &agent.cookie {
        request = request.header("cookie", cookie);
    }
    request.send().await.expect("an answer")
}

fn location(answer: &Response) -> String {
    let location = answer.headers().get("location").expect("a location");
    location.to_str().expect("text").to_owned()
}

async fn texts(world: &World, organization: &Organization, contact: &str) -> Vec<String> {
    let agent = world.agent(organization).await;
    let page = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    let messages = page["messages"].as_array().expect("messages").clone();
    messages
        .iter()
        .filter(|message| message["direction"] == "outbound")
        .map(|message| message["body"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_form_signs_in_and_leads_on_or_back_with_the_reason() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let nobody = Agent::signed_out(&world.server.url);
    let origin = &world.server.url;
    let sign_in = async |password: &str, next: &str, origin: &str| {
        let form = [
            ("email", email.as_str()),
            ("password", password),
            ("next", next),
            ("remember", "yes"),
        ];
        post_form(&nobody, "/sign-in", origin, &form).await
    };

    let answer = sign_in("wrong", "/messaging/1?a=b", origin).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(
        location(&answer),
        "/login?next=%2Fmessaging%2F1%3Fa%3Db&failed=credentials"
    );
    let page = nobody.get_raw(&location(&answer)).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.expect("a page");
    assert!(page.contains("role=\"alert\""), "{page}");

    let answer = sign_in(&password, "/messaging/1?a=b", origin).await;
    assert_eq!(
        (answer.status().as_u16(), location(&answer).as_str()),
        (303, "/messaging/1?a=b")
    );
    let cookies = answer.headers().get_all("set-cookie").iter();
    let cookie = cookies
        .map(|cookie| cookie.to_str().expect("text").to_owned())
        .find(|cookie| cookie.contains("session="))
        .expect("a session");
    assert!(cookie.contains("Max-Age"), "it is remembered: {cookie}");
    let mut somebody = nobody.clone();
    somebody.cookie = cookie.split(';').next().map(str::to_owned);
    assert_eq!(
        somebody.get("/api/auth/me").await.ok()["email"],
        json!(email)
    );

    // Nowhere else, and from nowhere else.
    let answer = sign_in(&password, "https://evil.example/", origin).await;
    assert_eq!(location(&answer), "/messaging");
    let answer = sign_in(&password, "/messaging", "https://evil.example").await;
    assert_eq!(answer.status(), 403);
    assert!(answer.headers().get("set-cookie").is_none());
}

#[tokio::test]
async fn who_is_signed_in_is_led_away_from_the_login_page() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let http = Client::builder()
        .redirect(Policy::none())
        .build()
        .expect("a client");
    let open = async |agent: &Agent| {
        let request = http
            .get(format!("{}/login?next=%2Fsettings%2Ftwilio", agent.server))
            .header("accept", "text/html")
            .header("cookie", agent.cookie.clone().unwrap_or_default());
        request.send().await.expect("an answer")
    };
    let answer = open(&agent).await;
    assert_eq!(
        (answer.status().as_u16(), location(&answer).as_str()),
        (303, "/settings/twilio")
    );
    assert_eq!(
        open(&Agent::signed_out(&world.server.url)).await.status(),
        200
    );
}

#[tokio::test]
async fn a_reply_form_sends_one_text_however_often_it_is_posted() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    let number = organization.number_id.to_string();
    let key = uuid::Uuid::new_v4();
    let path = format!("/messaging/{contact}/reply?client_key={key}");
    let origin = &world.server.url;
    let form = [("from", number.as_str()), ("body", " Two\r\nlines ")];

    for _ in 0..2 {
        let answer = post_form(&agent, &path, origin, &form).await;
        assert_eq!(answer.status(), 303);
        assert_eq!(location(&answer), format!("/messaging/{contact}"));
    }
    assert_eq!(texts(&world, &organization, &contact).await, ["Two\nlines"]);

    // Something was added while the answer was awaited: another text, and once as well.
    let form = [("from", number.as_str()), ("body", "Two\r\nlines and more")];
    for _ in 0..2 {
        let answer = post_form(&agent, &path, origin, &form).await;
        assert_eq!(answer.status(), 303);
    }
    assert_eq!(
        texts(&world, &organization, &contact).await,
        ["Two\nlines", "Two\nlines and more"]
    );

    let status = async |agent: &Agent, origin: &str, form: &[(&str, &str)]| {
        let path = format!("/messaging/{contact}/reply");
        let answer = post_form(agent, &path, origin, form).await;
        (
            answer.status().as_u16(),
            answer.text().await.expect("a page"),
        )
    };
    // What is not sent comes back whole.
    let hostile = "</textarea><script>alert(1)</script>";
    let form = [("from", number.as_str()), ("body", hostile)];
    let nobody = Agent::signed_out(&world.server.url);
    let (code, page) = status(&nobody, origin, &form).await;
    assert_eq!(code, 401);
    assert!(
        page.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)"),
        "{page}"
    );
    assert!(page.contains("/login?next=/messaging/"), "{page}");
    let (code, page) = status(&agent, origin, &[("from", ""), ("body", "No number")]).await;
    assert_eq!(code, 400);
    assert!(
        page.contains("No number") && page.contains("Choose the number"),
        "{page}"
    );
    assert_eq!(status(&agent, "https://evil.example", &form).await.0, 403);
    let theirs = world
        .organization_of(&world.account, "+14155550187", false)
        .await;
    assert_eq!(
        status(&world.agent(&theirs).await, origin, &form).await.0,
        404
    );
    assert_eq!(texts(&world, &organization, &contact).await.len(), 2);
}

#[tokio::test]
async fn a_text_that_nobody_can_read_or_get_is_refused() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let send = async |to: serde_json::Value, body: &str| {
        let mut text = json!({ "body": body, "phone_number_id": organization.number_id });
        for (key, value) in to.as_object().expect("an object") {
            text[key] = value.clone();
        }
        agent.post("/api/messages/send", &text).await
    };
    for blank in ["", " \n", "\u{200b}", "\u{3164}", "\u{2800} \u{feff}"] {
        let reply = send(json!({ "to": CUSTOMER }), blank).await;
        assert_eq!(reply.status, 400, "{blank:?}: {}", reply.json);
    }
    let reply = send(json!({ "to": organization.number }), "To myself").await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.json["message"]
            .as_str()
            .expect("text")
            .contains("your own")
    );
    let named = world.contact(&organization, "SUPPORT").await;
    let reply = send(json!({ "contact_id": named }), "Hello?").await;
    assert_eq!(reply.status, 409, "{}", reply.json);
    assert_eq!(world.front().calls().creates, 0);
}

#[tokio::test]
async fn a_failure_is_counted_until_it_is_sent_again_or_dismissed() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    let path = format!("/api/conversations/{contact}");
    let undelivered = async || agent.get(&path).await.ok()["undelivered"].clone();
    for body in ["One", "Two"] {
        let text = json!({ "contact_id": contact, "body": body, "phone_number_id": organization.number_id });
        agent.post("/api/messages/send", &text).await.ok();
    }
    assert_eq!(undelivered().await, 0);
    world
        .rows
        .execute("UPDATE message SET status = 'undelivered', updated_at = now() WHERE direction = 'outbound'")
        .await;
    assert_eq!(undelivered().await, 2);
    // The customer's next text hides nothing.
    let text = TwilioEvent::inbound(
        &organization.account.sid,
        CUSTOMER,
        &organization.number,
        "Hello?",
    );
    world.post(&[text]).await;
    eventually("it is there", async || {
        (agent.get(&path).await.ok()["last_message_preview"] == "Hello?").then_some(())
    })
    .await;
    assert_eq!(undelivered().await, 2);

    let stranger = world
        .agent(
            &world
                .organization_of(&world.account, "+14155550187", false)
                .await,
        )
        .await;
    for action in ["dismiss-failures", "unread"] {
        let reply = stranger.post(&format!("{path}/{action}"), &json!({})).await;
        assert_eq!(reply.status, 404, "{action}");
    }
    agent
        .post(&format!("{path}/dismiss-failures"), &json!({}))
        .await
        .ok();
    assert_eq!(undelivered().await, 0);
    // What is heard of it afterwards does not make it a new failure.
    world
        .rows
        .execute("UPDATE message SET external_id = 'SM' || repeat('1', 32) WHERE body = 'One'")
        .await;
    let sid = format!("SM{}", "1".repeat(32));
    let account = &organization.account.sid;
    let words = TwilioEvent::status(account, &sid, &organization.number, CUSTOMER, "undelivered");
    let mut words = words.json();
    words["data"]["errorCode"] = json!(30003);
    let posted = world.account.post(&world.server.url, &json!([words])).await;
    assert_eq!(posted, 200);
    let known = "SELECT count(*) FROM message WHERE error_code = 30003";
    eventually("its code is known", async || {
        (world.rows.count(known).await == 1).then_some(())
    })
    .await;
    assert_eq!(undelivered().await, 0);
    world
        .rows
        .execute("UPDATE message SET updated_at = now() WHERE body = 'Two'")
        .await;
    assert_eq!(undelivered().await, 1, "one that fails later counts again");

    agent.post(&format!("{path}/read"), &json!({})).await;
    assert_eq!(agent.get(&path).await.ok()["unread_count"], 0);
    agent.post(&format!("{path}/unread"), &json!({})).await.ok();
    assert_eq!(agent.get(&path).await.ok()["unread_count"], 1);
}

#[tokio::test]
async fn the_first_page_of_a_thread_reaches_up_to_its_first_unread_text() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let texts: Vec<TwilioEvent> = (0..130)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    world.post(&texts).await;
    world.rows.all_events_processed().await;
    let list = agent.get("/api/conversations").await.ok();
    let contact = list["conversations"][0]["contact"]["id"]
        .as_str()
        .expect("an id");
    let loaded = async |more: &str| {
        let page = agent
            .get(&format!("/api/messages?contact_id={contact}{more}"))
            .await
            .ok();
        page["messages"].as_array().expect("messages").len()
    };
    assert_eq!(loaded("&to_unread=true").await, 130);
    assert_eq!(loaded("").await, 50);
    agent
        .post(&format!("/api/conversations/{contact}/read"), &json!({}))
        .await;
    assert_eq!(loaded("&to_unread=true").await, 50);
}
