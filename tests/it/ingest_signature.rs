//! Who may post events, and what a post may be.

use serde_json::json;

use crate::support::{TwilioAccount, World, events_url, eventually};

#[tokio::test]
async fn a_post_that_the_account_did_not_sign_is_refused_and_not_stored() {
    let world = World::start().await;
    let organization = world.organization().await;
    let (server, account) = (&world.server.url, &world.account);
    let body = json!([world.text(&organization, "Forged").json()])
        .to_string()
        .into_bytes();
    let url = events_url(server, &body);
    let signature = world.account.sign(&url);

    let stranger = world.account.with_token("not the token");
    assert_eq!(
        stranger.post_body(server, body.clone()).await,
        403,
        "another token"
    );
    assert_eq!(
        account.post_to(&url, None, body.clone()).await,
        Some(403),
        "no signature"
    );
    assert_eq!(
        account.post_to(&url, Some(""), body.clone()).await,
        Some(403),
        "an empty one"
    );
    assert_eq!(
        account.post_to(&url, Some("%%%"), body.clone()).await,
        Some(403),
        "no base64"
    );

    let mut changed = body.clone();
    let place = changed
        .iter()
        .position(|byte| *byte == b'F')
        .expect("Forged");
    changed[place] = b'f';
    let answer = account
        .post_to(&url, Some(&signature), changed.clone())
        .await;
    assert_eq!(answer, Some(403), "one byte of the body is another");
    let rehashed = events_url(server, &changed);
    let answer = account.post_to(&rehashed, Some(&signature), changed).await;
    assert_eq!(answer, Some(403), "the hash fits, but was not signed");

    let bare = format!("{server}/twilio/events");
    let answer = account
        .post_to(&bare, Some(&world.account.sign(&bare)), body.clone())
        .await;
    assert_eq!(answer, Some(403), "signed, but without the body's hash");
    let elsewhere = format!("{url}&x=1");
    let answer = account
        .post_to(&elsewhere, Some(&signature), body.clone())
        .await;
    assert_eq!(answer, Some(403), "another URL than the signed one");

    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        0
    );
    assert_eq!(
        account.post_to(&url, Some(&signature), body).await,
        Some(200),
        "and the true one"
    );
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        1
    );
}

#[tokio::test]
async fn an_account_that_is_not_connected_yet_is_told_to_come_again() {
    let world = World::start().await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, "+14155550187", false).await;
    let text = world.text(&organization, "Early");
    let event = json!([text.json()]);

    assert_eq!(account.post(&world.server.url, &event).await, 503);
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        0
    );

    world.connect_account(&organization, &account).await;
    assert_eq!(
        account.post(&world.server.url, &event).await,
        200,
        "the retry is taken"
    );
    world.rows.all_events_processed().await;
    assert!(world.rows.by_sid(&text.message_sid).await.is_some());
}

#[tokio::test]
async fn old_and_new_token_are_good_during_a_rotation_and_a_third_is_not() {
    let world = World::start().await;
    let old = TwilioAccount::new();
    let organization = world.organization_of(&old, "+14155550187", true).await;
    let server = &world.server.url;
    let event = || json!([world.text(&organization, "x").json()]);
    assert_eq!(old.post(server, &event()).await, 200);

    let new = old.with_token("the token after the rotation");
    world.connect_account(&organization, &new).await;
    assert_eq!(new.post(server, &event()).await, 200, "the new one at once");
    assert_eq!(old.post(server, &event()).await, 200, "the old one still");
    assert_eq!(old.with_token("a third").post(server, &event()).await, 403);
}

#[tokio::test]
async fn a_body_of_two_megabytes_is_refused_and_nothing_is_stored() {
    let world = World::start().await;
    let organization = world.organization().await;
    let text = world.text(&organization, &"x".repeat(2 * 1024 * 1024));
    let answer = world
        .account
        .try_post_body(&world.server.url, json!([text.json()]).to_string())
        .await;
    // The server may close before it has read all; then the client sees no answer.
    assert!(matches!(answer, Some(413) | None), "{answer:?}");
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        0
    );

    let large = world.text(&organization, &"x".repeat(900 * 1024));
    let body = json!([large.json()]).to_string();
    // The client may still use the connection that the server has just closed.
    eventually("one of 900 kB is taken", async || {
        let answer = world
            .account
            .try_post_body(&world.server.url, body.clone())
            .await?;
        assert!((200..300).contains(&answer), "{answer}");
        Some(())
    })
    .await;
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        1
    );
}

#[tokio::test]
async fn what_is_no_batch_of_events_is_a_bad_request() {
    let world = World::start().await;
    let server = &world.server.url;
    for body in [
        "",
        "{",
        "[]",
        "null",
        "42",
        "[1]",
        "{}",
        r#"[{"id":"EZ1"}]"#,
        "\u{0}",
    ] {
        let answer = world.account.post_body(server, body).await;
        assert_eq!(answer, 400, "{body:?}");
    }
    let nested = "[".repeat(200_000);
    assert_eq!(
        world.account.post_body(server, nested).await,
        400,
        "deeply nested"
    );
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        0
    );
    // A text that holds what is no UTF-8 is still a text.
    let not_utf8 = b"[{\"id\":\"\xff\xfe\",\"type\":\"x\"}]".to_vec();
    assert_eq!(world.account.post_body(server, not_utf8).await, 200);
}
