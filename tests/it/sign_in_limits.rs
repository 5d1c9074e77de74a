//! What sign-ins that fail may cost, and who is locked out by them.

use futures::future::join_all;
use loquent::entities::states::Role;
use serde_json::json;

use crate::support::{Agent, Reply, Server, ServerSettings, TestDatabase, World, eventually};

const HEADER: &str = "x-forwarded-for";

/// A world behind a proxy that writes the caller's address.
async fn behind_a_proxy() -> World {
    let mut world = World::start().await;
    world
        .server
        .start_again_with(&[("CLIENT_ADDRESS_HEADER", HEADER)])
        .await;
    world
}

/// Tries to sign in from the addresses that these lines of the proxy's header name.
async fn log_in_from(server: &Server, lines: &[&str], email: &str, password: &str) -> u16 {
    let agent = Agent::signed_out(&server.url);
    let mut request = agent.request("/api/auth/login", Some(&server.url));
    for line in lines {
        request = request.header(HEADER, *line);
    }
    let login = json!({ "email": email, "password": password });
    Reply::of(request.json(&login)).await.status
}

#[tokio::test]
async fn of_a_hundred_attempts_at_once_at_an_account_on_two_nodes_ten_are_looked_at() {
    let world = World::start().await;
    let settings = ServerSettings::new(Some(world.database.url.clone()), world.account.clone());
    let other = Server::start(settings).await;
    let organization = world.organization().await;
    let (email, _) = world.user(&organization, Role::Agent).await;
    let attempts = (0..100).map(|n| {
        let server = if n % 2 == 0 { &world.server } else { &other };
        log_in_from(server, &[], &email, "not the password")
    });
    let statuses = join_all(attempts).await;
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!(count(401), 10, "{statuses:?}");
    // Those who could not wait were not looked at either.
    assert_eq!(count(401) + count(429) + count(503), 100, "{statuses:?}");
    assert_eq!(
        world.rows.count("SELECT count(*) FROM login_attempt").await,
        10
    );
}

#[tokio::test]
async fn people_who_sign_in_at_once_with_the_right_password_do_not_count_as_failures() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let attempts = (0..30).map(|_| log_in_from(&world.server, &[], &email, &password));
    let statuses = join_all(attempts).await;
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(statuses.contains(&200));
    assert_eq!(
        world.rows.count("SELECT count(*) FROM login_attempt").await,
        0
    );
}

#[tokio::test]
async fn a_hundred_sign_ins_at_once_take_little_memory_and_give_it_back() {
    let world = behind_a_proxy().await;
    let (before, _) = {
        for n in 0..4 {
            let address = format!("198.51.100.{n}");
            log_in_from(
                &world.server,
                &[&address],
                "warm@example.com",
                "not the password",
            )
            .await;
        }
        world.server.memory_mb()
    };
    let addresses: Vec<String> = (0..100).map(|n| format!("192.0.2.{n}")).collect();
    let attempts = addresses.iter().map(async |address| {
        let email = format!("{address}@example.com");
        log_in_from(&world.server, &[address], &email, "not the password").await
    });
    let statuses = join_all(attempts).await;
    let looked_at = statuses.iter().filter(|status| **status == 401).count();
    assert!(looked_at > 10, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [401, 503].contains(status)),
        "{statuses:?}"
    );
    let (_, most) = world.server.memory_mb();
    assert!(most < before + 50, "from {before} MB to {most} MB");
    eventually("the memory is given back", async || {
        let (now, _) = world.server.memory_mb();
        (now < before + 25).then_some(())
    })
    .await;
    let (after, _) = world.server.memory_mb();
    println!("memory: {before} MB before, {most} MB at most, {after} MB after");
}

#[tokio::test]
async fn a_network_of_ipv6_addresses_counts_as_one() {
    let world = behind_a_proxy().await;
    let from = async |address: &str, n: u32| {
        let email = format!("user{n}@example.com");
        log_in_from(&world.server, &[address], &email, "not the password").await
    };
    world
        .rows
        .execute(
            "INSERT INTO login_attempt (email, address, attempted_at)
             SELECT 'user' || n || '@example.com', '2001:db8:0:1::/64', now() FROM generate_series(1, 48) n",
        )
        .await;
    assert_eq!(from("2001:db8:0:1::1", 101).await, 401);
    assert_eq!(from("[2001:db8:0:1:aaaa::2]:443", 102).await, 401);
    assert_eq!(from("2001:db8:0:1:bbbb::3", 103).await, 429);
    assert_eq!(
        from("2001:db8:0:2::1", 104).await,
        401,
        "another network may"
    );
}

#[tokio::test]
async fn the_address_that_the_proxy_wrote_counts_and_not_the_one_before_it() {
    let world = behind_a_proxy().await;
    let stored = async |lines: &[&str]| {
        world.rows.execute("DELETE FROM login_attempt").await;
        let status = log_in_from(&world.server, lines, "a@example.com", "not the password").await;
        assert_eq!(status, 401);
        sqlx::query_scalar::<_, String>("SELECT address FROM login_attempt")
            .fetch_one(&world.rows.0)
            .await
            .expect("an attempt")
    };
    let real = "198.51.100.77";
    assert_eq!(
        stored(&["10.9.8.1", real]).await,
        real,
        "in a line of its own"
    );
    assert_eq!(
        stored(&[&format!("10.9.8.1, {real}:50123")]).await,
        real,
        "with a port"
    );
    assert_eq!(
        stored(&["10.9.8.1", "unknown"]).await,
        "127.0.0.1",
        "the proxy's own"
    );
    assert_eq!(stored(&[]).await, "127.0.0.1");
}

#[tokio::test]
async fn nobody_can_lock_out_a_browser_that_has_signed_in_before() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let (other, _) = world.user(&organization, Role::Agent).await;
    let mut known = Agent::signed_out(&world.server.url);
    known.log_in(&email, &password).await.ok();
    let token = known.device.clone().expect("a cookie");
    known.post("/api/auth/logout", &json!({})).await.ok();

    let mut attacker = Agent::signed_out(&world.server.url);
    for _ in 0..10 {
        assert_eq!(
            attacker.log_in(&email, "not the password").await.status,
            401
        );
    }
    let mut stranger = Agent::signed_out(&world.server.url);
    assert_eq!(stranger.log_in(&email, &password).await.status, 429);
    known.log_in(&email, &password).await.ok();
    assert_eq!(known.device.as_ref(), Some(&token), "it keeps its cookie");

    // It is no way to guess: the browser's own attempts are limited, too.
    for _ in 0..10 {
        assert_eq!(known.log_in(&email, "not the password").await.status, 401);
    }
    assert_eq!(known.log_in(&email, &password).await.status, 429);
    // Nor does it count for anybody else's account.
    let mut elsewhere = Agent::signed_out(&world.server.url);
    elsewhere.device = Some(token);
    for _ in 0..10 {
        assert_eq!(
            attacker.log_in(&other, "not the password").await.status,
            401
        );
    }
    assert_eq!(
        elsewhere.log_in(&other, "not the password").await.status,
        429
    );
    let stored: Vec<u8> = sqlx::query_scalar("SELECT token_hash FROM sign_in_device")
        .fetch_one(&world.rows.0)
        .await
        .expect("one browser");
    let value = elsewhere
        .device
        .as_deref()
        .and_then(|pair| pair.split('=').nth(1));
    assert_ne!(
        Some(hex_of(&stored).as_str()),
        value,
        "only its hash is stored"
    );
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn the_cookie_of_a_browser_is_for_this_host_over_https_only() {
    let database = TestDatabase::create().await;
    let mut settings = ServerSettings::new(
        Some(database.url.clone()),
        crate::support::TwilioAccount::new(),
    );
    let public = "https://sms.example.com".to_owned();
    settings.environment = vec![("APP_HOST", public.clone())];
    let world = World::start_on(database).await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Owner).await;
    let server = Server::start(settings).await;
    let agent = Agent::signed_out(&server.url);
    let login = json!({ "email": email, "password": password });
    let reply = Reply::of(agent.request("/api/auth/login", Some(&public)).json(&login)).await;
    let all: Vec<&str> = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().expect("text"))
        .collect();
    let device = all
        .iter()
        .find(|cookie| cookie.starts_with("__Host-loquent_device="));
    let device = device.unwrap_or_else(|| panic!("{all:?}"));
    for part in ["; HttpOnly", "; Secure", "; SameSite=Strict", "; Path=/"] {
        assert!(device.contains(part), "{device}");
    }
}

#[tokio::test]
async fn passwords_have_the_same_limits_wherever_they_are_given() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (email, _) = world.user(&organization, Role::Agent).await;
    let set = ["user", "set-password", "--email", &email];
    for wrong in ["x".repeat(9), "x".repeat(1_025)] {
        let said = world.server.run_refused(&set, &wrong, &[]);
        assert!(said.contains("A password has at"), "{said}");
    }
    let longest = "x".repeat(1_024);
    world.server.run_command(&set, &longest);
    let mut agent = Agent::signed_out(&world.server.url);
    agent.log_in(&email, &longest).await.ok();
    for new in ["x".repeat(9), "x".repeat(1_025)] {
        assert_eq!(agent.change_password(&longest, &new).await.status, 400);
    }
}
