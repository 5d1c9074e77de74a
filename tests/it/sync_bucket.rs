//! Files of messages in a bucket of S3's protocol.

use reqwest::redirect::Policy;
use serde_json::json;
use sha2::{Digest, Sha256};
use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget};
use uuid::Uuid;

use crate::support::{
    Agent, CUSTOMER, MAIN_LINE, ObjectStore, Organization, World, eventually_within,
};

const LIMIT: std::time::Duration = std::time::Duration::from_secs(60);

/// A stored file: id, type, size, hash, key.
type File = (Uuid, String, i64, String, String);

async fn stored_file(world: &World, sid: &str, position: i32) -> Option<File> {
    sqlx::query_as(
        "SELECT a.id, a.content_type, a.bytes, a.sha256, a.object_key
         FROM message_attachment a JOIN message m ON m.id = a.message_id
         WHERE m.external_id = $1 AND a.position = $2 AND a.state = 'stored'",
    )
    .bind(sid)
    .bind(position)
    .fetch_optional(&world.rows.0)
    .await
    .expect("files")
}

/// A customer's text with a film of this size; returns its SID.
async fn film_arrives(world: &World, organization: &Organization, bytes: u64) -> String {
    let text = json!({
        "from": CUSTOMER, "to": MAIN_LINE, "body": "Look",
        "media_urls": [format!("https://example.com/film.mp4?bytes={bytes}")],
    });
    let text = serde_json::from_value(text).expect("a message");
    let sent = world.simulator().send_as_customer(text);
    let sid = sent.expect("it is sent").to_string();
    let mut event = world.text(organization, "Look").about(&sid).json();
    event["data"]["numMedia"] = json!(1);
    let posted = world.account.post(&world.server.url, &json!([event])).await;
    assert_eq!(posted, 200);
    sid
}

/// Asks for a file as a browser does, which sees the redirect.
async fn ask(agent: &Agent, id: Uuid) -> reqwest::Response {
    let http = reqwest::Client::builder().redirect(Policy::none()).build();
    let mut request = http
        .expect("a client")
        .get(format!("{}/api/media/{id}", agent.server));
    if let Some(cookie) = &agent.cookie {
        request = request.header("cookie", cookie);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn every_file_of_a_history_is_in_the_bucket_and_nowhere_else() {
    let bucket = ObjectStore::start().await;
    let world = World::with_direct_twilio(bucket.environment()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 120, |new| new.media_share = 0.3);
    let rules = vec![
        FaultRule::sometimes(0.1, FaultTarget::Cdn, Fault::Cut),
        FaultRule::sometimes(0.1, FaultTarget::Cdn, Fault::ServerError { status: 500 }),
    ];
    world
        .simulator()
        .set_faults(FaultPlan { seed: 5, rules })
        .expect("faults");
    let run = world.sync(&admin, &organization).await;

    let mut expected = 0;
    for mut message in history.0.messages() {
        history.0.add_digests(&mut message);
        for (position, file) in message.media.iter().enumerate() {
            expected += 1;
            let position = i32::try_from(position).expect("small");
            let stored = stored_file(&world, message.sid.as_str(), position).await;
            let (_, content_type, bytes, sha256, key) = stored.expect("it is stored");
            assert_eq!(content_type, file.content_type);
            assert_eq!(Some(bytes), file.size.map(|size| size as i64));
            assert_eq!(Some(&sha256), file.sha256.as_ref());
            let object = std::fs::read(bucket.path_of(&key)).expect("it is in the bucket");
            assert_eq!(hex::encode(Sha256::digest(object)), sha256);
        }
    }
    assert!(expected > 40, "there are files: {expected}");
    assert_eq!(run.count("media_downloaded"), expected);
    assert_eq!(run.count("media_failed"), 0);
    assert!(!world.server.data_dir().join("media").exists());
    assert!(!world.server.log().contains("a-secret-key"));
}

#[tokio::test]
async fn members_are_sent_to_the_bucket_with_a_link_that_nobody_can_make() {
    let bucket = ObjectStore::start().await;
    let world = World::with_direct_twilio(bucket.environment()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world.history(&organization, 30, |new| new.media_share = 1.0);
    world.sync(&admin, &organization).await;
    let files: Vec<File> = sqlx::query_as(
        "SELECT DISTINCT ON (content_type) id, content_type, bytes, sha256, object_key
         FROM message_attachment WHERE state = 'stored' ORDER BY content_type, id",
    )
    .fetch_all(&world.rows.0)
    .await
    .expect("files");
    assert!(files.len() >= 4, "of several kinds: {files:?}");

    let agent = world.agent(&organization).await;
    for (id, content_type, bytes, sha256, key) in &files {
        let answer = ask(&agent, *id).await;
        assert_eq!(answer.status(), 302);
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("cache-control"), "private, no-cache");
        assert_eq!(header("x-content-type-options"), "nosniff");
        let link = header("location");
        assert!(link.starts_with(&bucket.address_of(key)), "{link}");
        assert!(link.contains("X-Amz-Expires=300"), "{link}");

        let http = reqwest::Client::new();
        let get = async |link: &str| http.get(link).send().await.expect("an answer");
        let object = get(&link).await;
        assert_eq!(object.status(), 200);
        assert_eq!(object.headers()["content-type"], content_type.as_str());
        let disposition = object.headers()["content-disposition"].to_str();
        let is_shown = content_type.starts_with("image/") || content_type.starts_with("video/");
        let how = if is_shown { "inline" } else { "attachment" };
        assert!(
            disposition.expect("text").starts_with(how),
            "{content_type}"
        );
        let body = object.bytes().await.expect("bytes");
        assert_eq!(body.len() as i64, *bytes);
        assert_eq!(hex::encode(Sha256::digest(&body)), *sha256);

        assert_eq!(get(&bucket.address_of(key)).await.status(), 403);
        let as_page = link.replace("inline", "attachment").replace(
            &format!("response-content-type={}", content_type.replace('/', "%2F")),
            "response-content-type=text%2Fhtml",
        );
        assert_ne!(as_page, link);
        assert_eq!(get(&as_page).await.status(), 403, "it is signed, too");
    }

    let other = world.other_organization("+14155550187").await;
    let stranger = world.agent(&other).await;
    let (id, ..) = files[0];
    assert_eq!(ask(&stranger, id).await.status(), 404);
    let nobody = Agent::signed_out(&world.server.url);
    assert_eq!(ask(&nobody, id).await.status(), 401);

    let page = agent.get("/messaging").await;
    let policy = page.headers["content-security-policy"]
        .to_str()
        .expect("text");
    let pictures = format!(
        "img-src 'self' data: blob: {0}; media-src 'self' blob: {0};",
        bucket.url
    );
    assert!(policy.contains(&pictures), "{policy}");
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_one_that_breaks_off_leaves_none() {
    let bucket = ObjectStore::start().await;
    let world = World::with_direct_twilio(bucket.environment()).await;
    let organization = world.organization().await;
    // It breaks off in the middle, when a part is in the bucket.
    let cut = FaultRule::next(1, FaultTarget::Cdn, Fault::Cut);
    world.simulator().add_fault(cut).expect("a fault");
    let sid = film_arrives(&world, &organization, 14_000_000).await;
    let (_, content_type, bytes, sha256, key) =
        eventually_within(LIMIT, "the film is stored", async || {
            stored_file(&world, &sid, 0).await
        })
        .await;
    assert_eq!((content_type.as_str(), bytes), ("video/mp4", 14_000_000));
    let object = std::fs::read(bucket.path_of(&key)).expect("it is in the bucket");
    assert_eq!(hex::encode(Sha256::digest(object)), sha256);
    let begun = bucket.seen();
    let count = |call: &str| begun.iter().filter(|seen| *seen == call).count();
    assert_eq!(count("POST uploads"), 2, "both tries: {begun:?}");
    assert_eq!(count("POST uploadId"), 1, "one is completed: {begun:?}");
    assert!(count("PUT partNumber&uploadId") >= 4, "{begun:?}");
    assert_eq!(count("PUT"), 0, "never as a whole: {begun:?}");
    eventually_within(LIMIT, "the other is given up", async || {
        let given_up = bucket.seen().contains(&"DELETE uploadId".to_owned());
        (given_up && bucket.unfinished().is_empty()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_bucket_that_is_away_for_a_while_delays_files_and_loses_none() {
    let bucket = ObjectStore::start().await;
    let world = World::with_direct_twilio(bucket.environment()).await;
    let organization = world.organization().await;
    bucket.set_down(true);
    let sid = film_arrives(&world, &organization, 1_000).await;
    let error: String = eventually_within(LIMIT, "a try has failed", async || {
        let error: Option<(String,)> =
            sqlx::query_as("SELECT error FROM message_attachment WHERE error IS NOT NULL")
                .fetch_optional(&world.rows.0)
                .await
                .expect("files");
        Some(error?.0)
    })
    .await;
    assert!(
        error.contains("bucket") && error.contains("PutObject"),
        "{error}"
    );
    bucket.set_down(false);
    let stored = eventually_within(LIMIT, "the file is stored", async || {
        stored_file(&world, &sid, 0).await
    })
    .await;
    assert!(bucket.path_of(&stored.4).exists());
}
