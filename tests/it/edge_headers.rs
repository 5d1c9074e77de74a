//! What every answer says of itself: who may keep it, what may run in it, how it is packed.

use loquent::entities::states::Role;
use reqwest::{Response, header::HeaderMap};
use serde_json::json;

use crate::support::{
    Agent, CUSTOMER, Server, ServerSettings, TestDatabase, TwilioAccount, TwilioEvent, World,
};

const MEBIBYTE: usize = 1024 * 1024;
/// The first HTML of a thread, over the wire.
const MAX_THREAD_BYTES: usize = 40_000;

#[track_caller]
fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).unwrap_or_else(|| panic!("no {name}"));
    value.to_str().expect("text").to_owned()
}

/// A browser that follows nothing and unpacks nothing.
async fn get(server: &str, path: &str, more: &[(&str, &str)]) -> Response {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let mut request = http.get(format!("{server}{path}"));
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn the_source_code_is_where_the_operator_says_for_everybody() {
    let mut world = World::start().await;
    let page = get(&world.server.url, "/source", &[]).await;
    assert_eq!(page.status().as_u16(), 200);
    let words = page.text().await.expect("a page");
    assert!(words.contains("AGPL-3.0-or-later"), "{words}");

    let source = "https://git.example.com/loquent/";
    let settings = [("SOURCE_URL", source)];
    world.server.start_again_with(&settings).await;
    let answer = get(&world.server.url, "/source", &[]).await;
    assert_eq!(answer.status().as_u16(), 303);
    assert_eq!(text(answer.headers(), "location"), source);
}

#[tokio::test]
async fn nothing_but_files_of_messages_and_assets_is_kept_by_a_browser() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let cookie = agent.cookie.clone().expect("a session");
    for (path, status) in [
        ("/login", 303),
        ("/messaging", 200),
        ("/settings/twilio", 200),
        ("/nowhere", 200),
        ("/api/auth/me", 200),
        ("/api/conversations", 200),
        ("/api/twilio/account-changes.csv", 200),
        ("/api/nope", 404),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/source", 200),
        ("/twilio/events", 405),
    ] {
        let answer = get(
            &world.server.url,
            path,
            &[("cookie", &cookie), ("accept", "text/html")],
        )
        .await;
        let kept = text(answer.headers(), "cache-control");
        assert!(kept.contains("no-store"), "{path}: {kept}");
        assert_eq!(text(answer.headers(), "x-content-type-options"), "nosniff");
        assert!(text(answer.headers(), "permissions-policy").contains("camera=()"));
        assert!(answer.headers().get("strict-transport-security").is_none());
        if path != "/nowhere" {
            assert_eq!(answer.status().as_u16(), status, "{path}");
        }
    }
    let out = agent.post("/api/auth/logout", &json!({})).await;
    assert_eq!(text(&out.headers, "clear-site-data"), "\"cache\"");
}

#[tokio::test]
async fn a_page_runs_only_the_scripts_that_bear_its_nonce() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    let smuggled = "<script>window.initial_dioxus_hydration_data=1</script>";
    let event = TwilioEvent::inbound(
        &organization.account.sid,
        CUSTOMER,
        &organization.number,
        smuggled,
    );
    world.post(&[event]).await;
    world.rows.all_events_processed().await;
    let mut nonces = Vec::new();
    for path in ["/login".to_owned(), format!("/messaging/{contact}")] {
        let answer = agent.get_raw(&path).await;
        let policy = text(answer.headers(), "content-security-policy");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).expect("a nonce");
        let nonce = nonce.split('\'').next().expect("its end").to_owned();
        let page = answer.text().await.expect("a page");
        let scripts = page.matches("<script").count();
        let marked = page.matches(&format!("<script nonce=\"{nonce}\">")).count();
        let external = page.matches("<script src=").count()
            + page.matches("<script type=\"module\" src=").count();
        assert_eq!(marked, 2, "{path}");
        assert_eq!(marked + external, scripts, "{path}");
        assert!(
            !page.contains(" style=\""),
            "{path} has a style of one element"
        );
        assert!(!page.contains("<style"), "{path} has a style sheet in it");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    let api = agent.get("/api/conversations").await;
    let policy = text(&api.headers, "content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_the_host_and_an_old_one_goes_on() {
    let world = World::start_on(TestDatabase::create().await).await;
    let organization = world.organization().await;
    let (email, password) = world.user(&organization, Role::Agent).await;
    let mut settings = ServerSettings::new(Some(world.database.url.clone()), TwilioAccount::new());
    settings.environment = vec![("APP_HOST", "https://sms.example.com".to_owned())];
    let server = Server::start(settings).await;
    let mut agent = Agent::signed_out(&server.url);
    let login = agent.log_in(&email, &password).await;
    // The session and the browser's own, in either order.
    let cookies = login.headers.get_all("set-cookie");
    assert_eq!(cookies.iter().count(), 2);
    for cookie in cookies {
        let cookie = cookie.to_str().expect("text");
        assert!(cookie.starts_with("__Host-loquent_"), "{cookie}");
        assert!(
            cookie.contains("; Secure") && cookie.contains("; Path=/"),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let hsts = text(&login.headers, "strict-transport-security");
    assert_eq!(hsts, "max-age=31536000");
    agent.get("/api/auth/me").await.ok();

    // A session of the version before: the same table, the old name.
    let token = agent.cookie.clone().expect("a session");
    let token = token.trim_start_matches("__Host-").to_owned();
    agent.cookie = Some(format!("theme=dark; {token}"));
    agent.get("/api/auth/me").await.ok();
    // But never in place of one that the host itself has set.
    agent.cookie = Some(format!(
        "{token}; __Host-loquent_session=AAAAAAAAAAAAAAAAAAAAAA"
    ));
    assert_eq!(agent.get("/api/auth/me").await.status, 401);
}

#[tokio::test]
async fn a_thread_of_fifty_texts_weighs_less_than_40_kb_on_the_wire() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    let words = "Hello there, your order is on its way and should reach you by Thursday";
    let events: Vec<TwilioEvent> = (0..60)
        .map(|n| {
            let body = format!("{words}, number {n}: {}", n * 7919);
            TwilioEvent::inbound(
                &organization.account.sid,
                CUSTOMER,
                &organization.number,
                &body,
            )
        })
        .collect();
    world.post(&events).await;
    world.rows.all_events_processed().await;
    let cookie = agent.cookie.clone().expect("a session");
    let path = format!("/messaging/{contact}");
    for encoding in ["br", "gzip"] {
        let asked = [("cookie", cookie.as_str()), ("accept-encoding", encoding)];
        let page = get(&world.server.url, &path, &asked).await;
        assert_eq!(text(page.headers(), "content-encoding"), encoding);
        assert!(text(page.headers(), "vary").contains("accept-encoding"));
        let bytes = page.bytes().await.expect("a page").len();
        eprintln!("{encoding}: {bytes} bytes");
        assert!(bytes < MAX_THREAD_BYTES, "{encoding}: {bytes} bytes");
        let json = format!("/api/messages?contact_id={contact}");
        let json = get(&world.server.url, &json, &asked).await;
        assert_eq!(text(json.headers(), "content-encoding"), encoding);
    }
    let plain = get(&world.server.url, &path, &[("cookie", &cookie)]).await;
    assert!(plain.headers().get("content-encoding").is_none());
    let plain = plain.bytes().await.expect("a page").len();
    assert!(plain < MEBIBYTE && plain > MAX_THREAD_BYTES, "{plain}");
}
