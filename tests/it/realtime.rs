//! What happens is on the screens of the organization at once, and on no others.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    Agent, CUSTOMER, Server, ServerSettings, Socket, TwilioAccount, TwilioEvent, World, eventually,
};

#[tokio::test]
async fn a_socket_needs_a_session_and_a_page_of_this_site() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let nobody = Agent::signed_out(&world.server.url);
    let refusal = async |agent: &Agent, origin: Option<&str>| {
        Socket::try_open(agent, origin)
            .await
            .expect_err("a refusal")
    };
    let own = Some(world.server.url.as_str());
    assert_eq!(refusal(&nobody, own).await, 401);
    assert_eq!(refusal(&agent, Some("https://evil.example")).await, 403);
    assert_eq!(refusal(&agent, None).await, 403);
    let mut forged = agent.clone();
    forged.cookie = Some("loquent_session=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    assert_eq!(refusal(&forged, own).await, 401);
    Socket::open(&agent).await;
}

#[tokio::test]
async fn another_organizations_events_are_never_seen() {
    let world = World::start().await;
    let ours = world.organization().await;
    let theirs_account = TwilioAccount::new();
    let theirs = world
        .organization_of(&theirs_account, "+14155550187", true)
        .await;
    let (our_agent, their_agent) = (world.agent(&ours).await, world.agent(&theirs).await);
    let mut our_socket = Socket::open(&our_agent).await;
    let mut their_socket = Socket::open(&their_agent).await;

    let secret = world.text(&ours, "For us alone");
    world.post(&[secret]).await;
    let news = our_socket.wait_for("messaging.message.new").await;
    let contact = news["message"]["contact_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    our_agent
        .post(&format!("/api/conversations/{contact}/read"), &json!({}))
        .await
        .ok();
    our_socket.wait_for("messaging.conversation.read").await;

    // What comes after it on the other socket shows that it did not come before.
    let last = TwilioEvent::inbound(&theirs_account.sid, CUSTOMER, &theirs.number, "For them");
    let status = theirs_account
        .post(&world.server.url, &json!([last.json()]))
        .await;
    assert_eq!(status, 200);
    let news = their_socket.wait_for("messaging.message.new").await;
    assert_eq!(news["message"]["body"], "For them");
    assert!(!their_socket.has_seen("messaging.conversation.read"));
    assert_eq!(
        their_socket.seen.len(),
        2,
        "hello and theirs: {:#?}",
        their_socket.seen
    );
}

/// Where the events stood when the server rendered the inbox.
async fn position_of_page(agent: &Agent) -> String {
    let page = agent
        .get_with("/messaging", &[("accept", "text/html")])
        .await;
    let html = page.text().await.expect("a page");
    let (_, rest) = html.split_once("data-events=\"").expect("a position");
    rest.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_page_is_told_to_fetch_again_only_if_something_happened_since() {
    let world = World::start().await;
    let organization = world.organization().await;
    let account = TwilioAccount::new();
    let other = world.organization_of(&account, "+14155550187", true).await;
    let (agent, stranger) = (world.agent(&organization).await, world.agent(&other).await);
    let (ours, theirs) = (
        position_of_page(&agent).await,
        position_of_page(&stranger).await,
    );
    assert!(!Socket::open_since(&agent, &ours).await);

    let mut listener = Socket::open(&agent).await;
    world.post(&[world.text(&organization, "For us")]).await;
    listener.wait_for("messaging.message.new").await;
    assert!(Socket::open_since(&agent, &ours).await);
    assert!(
        !Socket::open_since(&stranger, &theirs).await,
        "it was not for them"
    );
    assert!(!Socket::open_since(&agent, &position_of_page(&agent).await).await);
    for unknown in ["", "x", "01a22bc1-9c58-72a5-9754-6e96264552a0.1"] {
        assert!(Socket::open_since(&agent, unknown).await, "{unknown}");
    }
}

#[tokio::test]
async fn reading_clears_the_count_on_the_other_agents_screen() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (dana, marcus) = (
        world.agent(&organization).await,
        world.agent(&organization).await,
    );
    let mut socket = Socket::open(&marcus).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    socket.wait_for("messaging.message.new").await;
    let unread = async || marcus.get("/api/conversations").await.ok()["unread"].clone();
    assert_eq!(unread().await, 1);

    dana.post(&format!("/api/conversations/{contact}/read"), &json!({}))
        .await
        .ok();
    let read = socket.wait_for("messaging.conversation.read").await;
    assert_eq!(read["contact_id"], json!(contact));
    assert_eq!(unread().await, 0);
}

#[tokio::test]
async fn an_event_posted_to_one_server_reaches_the_socket_on_another() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    let second = Server::start(settings).await;
    world.listeners(2).await;
    let mut socket = Socket::open(&agent.at(&second.url)).await;
    for n in 0..5 {
        let body = format!("Text {n}");
        world.post(&[world.text(&organization, &body)]).await;
        socket
            .wait_until("messaging.message.new", |news| {
                news["message"]["body"] == json!(body)
            })
            .await;
    }
    // Both servers work on the events, each of which is processed once.
    let messages = world.rows.messages().await;
    assert_eq!(messages.len(), 5);
}

#[tokio::test]
async fn signing_out_closes_the_socket() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    agent.post("/api/auth/logout", &json!({})).await.ok();
    // The session is looked at with every heartbeat, which comes every 20 s.
    socket.wait_closed(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_listener_that_lost_postgres_says_resync_and_hears_again() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()
                 AND (query ILIKE '%listen%loquent_realtime%'
                      OR query ILIKE '%loquent_realtime heartbeat%')";
    let ended = world.rows.count(cut).await;
    assert!(ended >= 1, "the listener's connection was not found");
    socket.wait_for("resync").await;
    world
        .post(&[world.text(&organization, "After the gap")])
        .await;
    let news = socket.wait_for("messaging.message.new").await;
    assert_eq!(news["message"]["body"], "After the gap");
}

#[tokio::test]
async fn a_server_that_stops_closes_its_sockets() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    world.server.ask_to_stop();
    socket.wait_closed(Duration::from_secs(60)).await;
    assert!(world.server.ended_well().await);
    // By itself: without that it goes on for 15 s.
    let log = world.server.log();
    assert!(!log.contains("some requests did not end in time"), "{log}");
    world.server.start_again().await;
    eventually("the agent's session still holds", async || {
        (agent.get("/api/auth/me").await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn when_events_cannot_be_loaded_browsers_are_told_to_fetch() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    world
        .rows
        .execute("ALTER TABLE message RENAME TO message_away")
        .await;
    let notice = json!({
        "organization_id": organization.id, "event_type": "messaging.message.new",
        "id": organization.id,
    });
    sqlx::query("SELECT pg_notify('loquent_realtime', $1)")
        .bind(notice.to_string())
        .execute(&world.rows.0)
        .await
        .expect("it is sent");
    socket.wait_for("resync").await;
}
