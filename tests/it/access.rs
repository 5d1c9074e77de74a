//! Access can be ended: sessions and sockets, at once and on every node.

use std::time::Duration;

use futures::future::join;
use loquent::entities::states::Role;
use serde_json::json;
use sqlx::Executor;

use crate::support::{
    Agent, CUSTOMER, MAIN_LINE, Organization, Server, ServerSettings, Socket, TwilioEvent, World,
    eventually,
};

/// Less than the 20 s after which every socket looks by itself.
const AT_ONCE: Duration = Duration::from_secs(10);
/// The browsers of the person who has most.
const MOST_KNOWN: &str =
    "SELECT count(*) FROM sign_in_device GROUP BY user_id ORDER BY 1 DESC LIMIT 1";
const NEW: &str = "another good password";

async fn second_node(world: &World) -> Server {
    let settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    let node = Server::start(settings).await;
    world.listeners(2).await;
    node
}

async fn signed_in(world: &World, organization: &Organization, role: Role) -> (Agent, String) {
    let (email, password) = world.user(organization, role).await;
    let mut agent = Agent::signed_out(&world.server.url);
    agent.log_in(&email, &password).await.ok();
    (agent, password)
}

/// Two browsers of one person, each with a socket, on two nodes; and somebody else, who stays.
struct TwoBrowsers {
    world: World,
    node: Server,
    here: Agent,
    there: Agent,
    password: String,
    sockets: [Socket; 2],
    other: Agent,
    other_socket: Socket,
}

impl TwoBrowsers {
    async fn of(role: Role) -> Self {
        let world = World::start().await;
        let organization = world.organization().await;
        let node = second_node(&world).await;
        let (here, password) = signed_in(&world, &organization, role).await;
        let mut there = Agent::signed_out(&node.url);
        there.log_in(&here.email, &password).await.ok();
        let (other, _) = signed_in(&world, &organization, Role::Owner).await;
        let sockets = [Socket::open(&here).await, Socket::open(&there).await];
        let other_socket = Socket::open(&other).await;
        Self {
            world,
            node,
            here,
            there,
            password,
            sockets,
            other,
            other_socket,
        }
    }

    async fn all_is_ended(mut self) {
        let [one, two] = &mut self.sockets;
        join(one.wait_closed(AT_ONCE), two.wait_closed(AT_ONCE)).await;
        for agent in [&self.here, &self.there] {
            assert_eq!(agent.get("/api/auth/me").await.status, 401);
            assert_eq!(
                Socket::try_open(agent, Some(&agent.server)).await.err(),
                Some(401)
            );
        }
        self.others_go_on().await;
    }

    async fn others_go_on(&mut self) {
        self.other.get("/api/auth/me").await.ok();
        let event = TwilioEvent::inbound(&self.world.account.sid, CUSTOMER, MAIN_LINE, "Hello");
        self.world.post(&[event]).await;
        self.other_socket.wait_for("messaging.message.new").await;
    }
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_socket_on_every_node() {
    let browsers = TwoBrowsers::of(Role::Agent).await;
    let email = browsers.here.email.clone();
    browsers
        .world
        .server
        .run_command(&["user", "set-password", "--email", &email], NEW);
    let mut agent = Agent::signed_out(&browsers.node.url);
    agent.log_in(&email, NEW).await.ok();
    assert_eq!(browsers.world.rows.count(MOST_KNOWN).await, 1);
    browsers.all_is_ended().await;
}

#[tokio::test]
async fn signing_somebody_out_ends_every_session_and_socket_on_every_node() {
    let browsers = TwoBrowsers::of(Role::Agent).await;
    let email = browsers.here.email.clone();
    let sign_out = ["user", "sign-out", "--email", &email];
    browsers.world.server.run_command(&sign_out, "");
    let mut agent = Agent::signed_out(&browsers.node.url);
    agent.log_in(&email, &browsers.password).await.ok();
    assert_eq!(browsers.world.rows.count(MOST_KNOWN).await, 1);
    browsers.all_is_ended().await;
}

#[tokio::test]
async fn a_lower_role_ends_every_session_and_a_higher_one_none() {
    let mut browsers = TwoBrowsers::of(Role::Agent).await;
    let email = browsers.here.email.clone();
    let set = |role| ["user", "set-role", "--email", &email, "--role", role].map(str::to_owned);
    let run = |browsers: &TwoBrowsers, role| {
        let set = set(role);
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        browsers.world.server.run_command(&set, "");
    };
    run(&browsers, "admin");
    assert_eq!(
        browsers.here.get("/api/auth/me").await.ok()["role"],
        "admin"
    );
    browsers.others_go_on().await;
    run(&browsers, "agent");
    browsers.all_is_ended().await;
}

#[tokio::test]
async fn a_person_who_is_removed_is_out_at_once_and_their_email_is_free() {
    let browsers = TwoBrowsers::of(Role::Admin).await;
    let email = browsers.here.email.clone();
    let server = &browsers.world.server;
    server.run_command(&["user", "remove", "--email", &email], "");
    let mut agent = Agent::signed_out(&server.url);
    assert_eq!(agent.log_in(&email, &browsers.password).await.status, 401);
    let again = server.run_refused(&["user", "remove", "--email", &email], "", &[]);
    assert!(again.contains("user was not found"), "{again}");
    let organization = "SELECT id::text FROM organization";
    let organization: String = sqlx::query_scalar(organization)
        .fetch_one(&browsers.world.rows.0)
        .await
        .expect("one");
    let create = [
        "user",
        "create",
        "--organization",
        &organization,
        "--email",
        &email,
        "--name",
        "Anew",
    ];
    server.run_command(&create, NEW);
    agent.log_in(&email, NEW).await.ok();
    assert_eq!(agent.get("/api/auth/me").await.ok()["name"], "Anew");
    browsers.all_is_ended().await;
}

#[tokio::test]
async fn the_only_owner_cannot_be_removed_or_demoted_and_of_two_one_stays() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (owner, _) = world.user(&organization, Role::Owner).await;
    let remove = ["user", "remove", "--email", &owner];
    let demote = ["user", "set-role", "--email", &owner, "--role", "admin"];
    for command in [&remove[..], &demote] {
        let said = world.server.run_refused(command, "", &[]);
        assert!(said.contains("only owner"), "{said}");
    }
    let (second, _) = world.user(&organization, Role::Owner).await;
    let spawn = |email: &str| {
        let mut command = world.server.command(&["user", "remove", "--email", email]);
        command.stderr(std::process::Stdio::null());
        tokio::process::Command::from(command).status()
    };
    let (one, two) = join(spawn(&owner), spawn(&second)).await;
    let done = [one, two].map(|status| status.expect("it ends").success());
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    let owners = "SELECT count(*) FROM membership WHERE role = 'owner'";
    assert_eq!(world.rows.count(owners).await, 1);
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_session_and_no_others() {
    let mut browsers = TwoBrowsers::of(Role::Agent).await;
    // The socket is on the other node.
    let mut elsewhere = Socket::open(&browsers.here.at(&browsers.node.url)).await;
    browsers
        .here
        .post("/api/auth/logout", &json!({}))
        .await
        .ok();
    let [here, there] = &mut browsers.sockets;
    join(here.wait_closed(AT_ONCE), elsewhere.wait_closed(AT_ONCE)).await;
    assert_eq!(browsers.here.get("/api/auth/me").await.status, 401);
    browsers.there.get("/api/auth/me").await.ok();
    let text = TwilioEvent::inbound(
        &browsers.world.account.sid,
        CUSTOMER,
        MAIN_LINE,
        "Still there?",
    );
    browsers.world.post(&[text]).await;
    there.wait_for("messaging.message.new").await;
    assert!(!here.has_seen("messaging.message.new"));
}

#[tokio::test]
async fn ones_own_new_password_ends_the_other_sessions_and_this_one_goes_on() {
    let mut browsers = TwoBrowsers::of(Role::Agent).await;
    let old_cookie = browsers.here.cookie.clone();
    let password = browsers.password.clone();
    let wrong = browsers.here.change_password("not the password", NEW).await;
    assert_eq!(wrong.status, 403, "{}", wrong.json);
    browsers.here.get("/api/auth/me").await.ok();
    browsers.here.change_password(&password, NEW).await.ok();
    browsers.here.get("/api/auth/me").await.ok();
    assert_ne!(
        browsers.here.cookie, old_cookie,
        "a stolen cookie is worth nothing any more"
    );
    browsers.here.cookie = old_cookie;
    let email = browsers.here.email.clone();
    let mut agent = Agent::signed_out(&browsers.node.url);
    assert_eq!(agent.log_in(&email, &password).await.status, 401);
    agent.log_in(&email, NEW).await.ok();
    let nobody = Agent::signed_out(&agent.server);
    let change = json!({ "present_password": NEW, "new_password": NEW });
    assert_eq!(nobody.post("/api/auth/password", &change).await.status, 401);
    browsers.all_is_ended().await;
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed_with_a_stolen_session() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (mut thief, password) = signed_in(&world, &organization, Role::Agent).await;
    thief.device = None;
    for _ in 0..10 {
        assert_eq!(
            thief.change_password("not the password", NEW).await.status,
            403
        );
    }
    assert_eq!(thief.change_password(&password, NEW).await.status, 429);
}

#[tokio::test]
async fn a_socket_of_somebody_who_is_no_member_any_more_ends() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (agent, _) = signed_in(&world, &organization, Role::Agent).await;
    let mut socket = Socket::open(&agent).await;
    world.rows.execute("DELETE FROM membership").await;
    // By itself: nobody was told.
    socket.wait_closed(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_session_without_its_user_and_one_of_an_ended_epoch_are_none() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (agent, _) = signed_in(&world, &organization, Role::Agent).await;
    // A sign-in that was under way when all sessions were ended.
    world
        .rows
        .execute(r#"UPDATE "user" SET session_epoch = session_epoch + 1"#)
        .await;
    assert_eq!(agent.get("/api/auth/me").await.status, 401);
    world
        .rows
        .execute(r#"UPDATE "user" SET session_epoch = 0"#)
        .await;
    agent.get("/api/auth/me").await.ok();
    // As the version before inserts it.
    world
        .rows
        .execute("UPDATE session SET user_id = NULL")
        .await;
    assert_eq!(agent.get("/api/auth/me").await.status, 401);
}

#[tokio::test]
async fn a_node_that_did_not_hear_of_the_end_looks_when_it_listens_again() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (agent, _) = signed_in(&world, &organization, Role::Agent).await;
    let mut socket = Socket::open(&agent).await;
    // The notice is lost with the connection that would have heard it.
    let end = "UPDATE \"user\" SET session_epoch = session_epoch + 1;
               SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database()
                 AND query ~* '^LISTEN.*loquent_realtime|loquent_realtime heartbeat$'";
    world.rows.0.execute(end).await.expect("it is done");
    socket.wait_closed(AT_ONCE).await;
    world.listeners(1).await;
}

#[tokio::test]
async fn a_password_that_is_changed_after_the_end_of_the_session_is_not_taken() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let mut thief = Agent::signed_out(&world.server.url);
    thief.log_in(&email, &password).await.ok();
    // An operator ends the sessions while the change is under way.
    let ending = world
        .rows
        .lock(r#"UPDATE "user" SET session_epoch = session_epoch + 1"#)
        .await;
    let present = password.clone();
    let change = tokio::spawn(async move { thief.change_password(&present, NEW).await.status });
    let waiting = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually("the change waits", async || {
        (world.rows.count(waiting).await > 0).then_some(())
    })
    .await;
    ending.commit().await.expect("the sessions are ended");
    assert_eq!(change.await.expect("an answer"), 401);
    let mut owner = Agent::signed_out(&world.server.url);
    owner.log_in(&email, &password).await.ok();
}
