//! How many connections there are, and how long they may take.

use std::time::Duration;

use futures::future::join_all;
use loquent::entities::states::Role;
use serde_json::json;

use crate::support::{Agent, CUSTOMER, RawConnection, Socket, TwilioEvent, World, eventually};

/// Twice what the server gives them.
const LET_GO: Duration = Duration::from_secs(40);
const SOCKETS_OF_ONE_PERSON: usize = 32;
/// What a socket may cost.
const BYTES_OF_A_SOCKET: u64 = 20_000;

#[tokio::test]
async fn connections_that_say_nothing_or_only_half_are_let_go() {
    let world = World::start().await;
    let beginnings = [
        "",
        "GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "POST /twilio/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n[",
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{",
    ];
    let mut slow = Vec::new();
    for beginning in beginnings.into_iter().cycle().take(40) {
        let mut connection = RawConnection::open(&world.server.url).await;
        assert!(connection.send(beginning).await);
        slow.push(connection);
    }
    let closed = join_all(slow.iter_mut().map(|it| it.closes_within(LET_GO))).await;
    assert!(closed.iter().all(|closed| *closed), "{closed:?}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_answered_and_the_connection_ends() {
    let world = World::start().await;
    let mut connection = RawConnection::open(&world.server.url).await;
    let head = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
    assert!(connection.send(head).await);
    let answer = connection.answer().await.expect("an answer");
    assert_eq!(answer.status, 408);
    assert!(answer.head.contains("connection: close"), "{}", answer.head);
}

#[tokio::test]
async fn a_connection_may_rest_between_two_requests_as_long_as_proxies_keep_it() {
    let world = World::start().await;
    let mut connection = RawConnection::open(&world.server.url).await;
    let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    assert!(connection.send(request).await);
    assert_eq!(connection.answer().await.expect("an answer").status, 200);
    // Longer than a first request may take.
    assert!(!connection.closes_within(Duration::from_secs(20)).await);
    assert!(connection.send(request).await);
    assert_eq!(connection.answer().await.expect("an answer").status, 200);
}

#[tokio::test]
async fn http_2_without_tls_is_not_spoken() {
    let world = World::start().await;
    let mut connection = RawConnection::open(&world.server.url).await;
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0";
    assert!(connection.send(preface).await);
    let answer = connection.answer().await;
    assert!(answer.is_none_or(|answer| answer.status == 400));
    let mut asks = RawConnection::open(&world.server.url).await;
    let upgrade = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n\
        Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n";
    assert!(asks.send(upgrade).await);
    assert_eq!(asks.answer().await.expect("an answer").status, 200);
}

#[tokio::test]
async fn a_request_under_way_is_answered_after_sigterm_and_the_server_ends() {
    let mut world = World::start().await;
    let mut under_way = RawConnection::open(&world.server.url).await;
    let body = json!({ "email": "nobody@example.com", "password": "x" }).to_string();
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nOrigin: {}\r\nContent-Type: application/json\
         \r\nContent-Length: {}\r\n\r\n",
        world.server.url,
        body.len()
    );
    assert!(under_way.send(head).await);
    let mut idle = RawConnection::open(&world.server.url).await;
    assert!(idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await);
    assert_eq!(idle.answer().await.expect("an answer").status, 200);

    world.server.ask_to_stop();
    assert!(
        idle.closes_within(Duration::from_secs(10)).await,
        "who asks for nothing is let go at once"
    );
    assert!(under_way.send(body).await);
    let answer = under_way.answer().await.expect("the answer");
    assert_eq!(answer.status, 401);
    assert!(world.server.ended_well().await);
    let log = world.server.log();
    assert!(!log.contains("some requests did not end in time"), "{log}");
}

#[tokio::test]
async fn one_person_cannot_hold_more_than_32_sockets() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (agent, other) = (
        world.agent(&organization).await,
        world.agent(&organization).await,
    );
    let mut held = Vec::new();
    for _ in 0..SOCKETS_OF_ONE_PERSON {
        held.push(Socket::open(&agent).await);
    }
    let origin = Some(world.server.url.as_str());
    let refusal = Socket::try_open(&agent, origin).await.expect_err("enough");
    assert_eq!(refusal, 429);
    Socket::open(&other).await;
    held.pop();
    eventually("the place of a closed socket is free again", async || {
        Socket::try_open(&agent, origin).await.ok()
    })
    .await;
}

#[tokio::test]
async fn a_socket_costs_at_most_20_kb() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut people: Vec<Agent> = Vec::new();
    for _ in 0..10 {
        let (email, password) = world.user(&organization, Role::Agent).await;
        let mut agent = Agent::signed_out(&world.server.url);
        agent.log_in(&email, &password).await.ok();
        people.push(agent);
    }
    let mut sockets = Vec::new();
    let open = async |people: &[Agent], sockets: &mut Vec<Socket>| {
        for agent in people {
            for _ in 0..30 {
                sockets.push(Socket::open(agent).await);
            }
        }
    };
    // What the first ones bring with them is not theirs alone.
    open(&people[..2], &mut sockets).await;
    let text = |body: &str| {
        TwilioEvent::inbound(
            &organization.account.sid,
            CUSTOMER,
            &organization.number,
            body,
        )
    };
    world.post(&[text("Hi")]).await;
    for socket in &mut sockets {
        socket.wait_for("messaging.message.new").await;
    }
    let before = world.server.resident_bytes();
    open(&people[2..], &mut sockets).await;
    // Something goes over each of them.
    world.post(&[text("Hi again")]).await;
    for socket in &mut sockets {
        socket.wait_for("messaging.message.new").await;
    }
    let opened = sockets.len() as u64 - 60;
    let each = world.server.resident_bytes().saturating_sub(before) / opened;
    eprintln!("a socket costs {each} bytes");
    assert!(each <= BYTES_OF_A_SOCKET, "a socket costs {each} bytes");
}
