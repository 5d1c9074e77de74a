//! Files of messages are fetched, kept and shown only to whom they belong.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget};

use crate::support::{
    Agent, CUSTOMER, MAIN_LINE, Organization, World, eventually, eventually_within,
};

const LIMIT: std::time::Duration = std::time::Duration::from_secs(60);

type File = (
    String,
    i32,
    String,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

/// SID of the message, place, state, type, bytes, hash, key of every file.
async fn files(world: &World) -> BTreeMap<(String, i32), File> {
    let rows: Vec<File> = sqlx::query_as(
        "SELECT m.external_id, a.position, a.state, a.content_type, a.bytes, a.sha256, a.object_key
         FROM message_attachment a JOIN message m ON m.id = a.message_id",
    )
    .fetch_all(&world.rows.0)
    .await
    .expect("files");
    rows.into_iter()
        .map(|row| ((row.0.clone(), row.1), row))
        .collect()
}

async fn attachment_of(world: &World, agent: &Agent, sid: &str) -> Option<Value> {
    let contact: Option<(uuid::Uuid,)> =
        sqlx::query_as("SELECT contact_id FROM message WHERE external_id = $1")
            .bind(sid)
            .fetch_optional(&world.rows.0)
            .await
            .expect("a contact");
    let (contact,) = contact?;
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    let message = thread["messages"]
        .as_array()?
        .iter()
        .find(|message| message["external_id"] == sid)?
        .clone();
    Some(message["attachments"][0].clone())
}

/// A customer sends a picture, and its event is posted; returns the message's SID.
async fn picture_arrives(world: &World, organization: &Organization) -> String {
    let text = json!({
        "from": CUSTOMER, "to": MAIN_LINE, "body": "Look",
        "media_urls": ["https://example.com/cat.png"],
    });
    let text = serde_json::from_value(text).expect("a message");
    let sid = world
        .simulator()
        .send_as_customer(text)
        .expect("it is sent");
    let mut event = world.text(organization, "Look").about(sid.as_str()).json();
    event["data"]["numMedia"] = json!(1);
    let posted = world.account.post(&world.server.url, &json!([event])).await;
    assert_eq!(posted, 200);
    sid.to_string()
}

#[tokio::test]
async fn every_file_of_a_history_is_stored_as_it_is_over_faults_before_done() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 150, |new| new.media_share = 0.3);
    // Not without end: a file that is missing or of another type is given up after 7 tries.
    let sometimes = |times, probability, target, fault| FaultRule {
        times: Some(times),
        ..FaultRule::sometimes(probability, target, fault)
    };
    let (cdn, list) = (FaultTarget::Cdn, FaultTarget::ListMedia);
    let rules = vec![
        FaultRule {
            first_per_path: Some(1),
            ..FaultRule::sometimes(0.3, FaultTarget::MediaBytes, Fault::NotFound)
        },
        sometimes(8, 0.1, cdn, Fault::Cut),
        sometimes(8, 0.1, cdn, Fault::ServerError { status: 500 }),
        sometimes(4, 0.05, cdn, Fault::WrongType),
        sometimes(5, 0.1, list, Fault::ServerError { status: 503 }),
    ];
    world
        .simulator()
        .set_faults(FaultPlan { seed: 3, rules })
        .expect("faults");
    let run = world.sync(&admin, &organization).await;

    let stored = files(&world).await;
    let mut expected = 0;
    for mut message in history.0.messages() {
        history.0.add_digests(&mut message);
        for (place, file) in message.media.iter().enumerate() {
            expected += 1;
            let place = i32::try_from(place).expect("small");
            let (_, _, state, content_type, bytes, sha256, key) = stored
                .get(&(message.sid.to_string(), place))
                .unwrap_or_else(|| panic!("{} {place} is missing", message.sid));
            assert_eq!(state, "stored", "{}", message.sid);
            assert_eq!(content_type.as_deref(), Some(file.content_type));
            assert_eq!(*bytes, file.size.map(|size| size as i64));
            assert_eq!(*sha256, file.sha256);
            let key = key.as_deref().expect("a key");
            let path = world.server.data_dir().join("media").join(key);
            let on_disk = std::fs::read(path).expect("it is on disk");
            assert_eq!(
                hex::encode(Sha256::digest(on_disk)),
                file.sha256.clone().expect("a hash")
            );
        }
    }
    assert!(expected > 50, "there are files: {expected}");
    assert_eq!(stored.len(), expected);
    for counter in ["media_total", "media_downloaded"] {
        assert_eq!(run.count(counter), expected as u64, "{counter}");
    }
    assert_eq!(run.count("media_failed"), 0);
    let at_cdn = world.simulator().cdn_requests_after(0);
    assert!(!at_cdn.is_empty());
    assert!(at_cdn.iter().all(|request| !request.carried_authorization));
    world.assert_only_read();
}

#[tokio::test]
async fn a_file_that_leads_to_a_foreign_host_fails_alone_and_can_be_tried_again() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, 60, |new| new.media_share = 0.1);
    let first = history
        .0
        .messages()
        .find(|message| message.num_media > 0)
        .expect("one has files");
    let foreign = FaultRule::always(FaultTarget::MediaBytes, Fault::ForeignRedirect);
    world.simulator().add_fault(foreign).expect("a fault");
    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("new_count"), 60, "the messages are in");
    assert_eq!(run.count("media_downloaded"), 0);
    assert_eq!(run.count("media_failed"), run.count("media_total"));
    assert!(
        world.simulator().cdn_requests_after(0).is_empty(),
        "nobody went there"
    );

    world.simulator().clear_faults();
    let agent = world.agent(&organization).await;
    let failed = attachment_of(&world, &agent, first.sid.as_str())
        .await
        .expect("a file");
    assert_eq!(failed["state"], "failed");
    assert!(
        failed["error"]
            .as_str()
            .is_some_and(|words| words.contains("host"))
    );
    let id = failed["id"].as_str().expect("an id");
    assert_eq!(agent.get(&format!("/api/media/{id}")).await.status, 404);
    let path = format!("/api/media/{id}/retry");
    assert_eq!(agent.post(&path, &json!({})).await.status, 200);
    eventually_within(LIMIT, "it is stored", async || {
        let file = attachment_of(&world, &agent, first.sid.as_str()).await?;
        (file["state"] == "stored").then_some(())
    })
    .await;
    assert_eq!(agent.get(&format!("/api/media/{id}")).await.status, 200);
}

#[tokio::test]
async fn a_file_outlives_an_outage_of_twilio() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let outage = FaultRule::always(FaultTarget::Cdn, Fault::ServerError { status: 503 });
    world.simulator().add_fault(outage).expect("a fault");
    let sid = picture_arrives(&world, &organization).await;
    eventually("it was tried", async || {
        let tried = "SELECT count(*) FROM message_attachment WHERE tries > 0 AND error IS NOT NULL";
        (world.rows.count(tried).await == 1).then_some(())
    })
    .await;

    // As if it had gone on for hours.
    world
        .rows
        .execute("UPDATE message_attachment SET tries = 100, next_try_at = now()")
        .await;
    eventually("it was tried once more", async || {
        let tried = "SELECT count(*) FROM message_attachment
             WHERE tries > 100 AND next_try_at > now() + interval '1 minute'";
        (world.rows.count(tried).await == 1).then_some(())
    })
    .await;
    let waiting = attachment_of(&world, &agent, &sid).await.expect("a file");
    assert_eq!(waiting["state"], "pending");

    world.simulator().clear_faults();
    world
        .rows
        .execute("UPDATE message_attachment SET next_try_at = now()")
        .await;
    eventually("it is stored", async || {
        let file = attachment_of(&world, &agent, &sid).await?;
        (file["state"] == "stored").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_arrives_live_is_fetched_and_served_to_members_only() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let other = world.other_organization("+14155550187").await;
    let stranger = world.agent(&other).await;
    let sid = picture_arrives(&world, &organization).await;
    let file = eventually_within(LIMIT, "the picture is there", async || {
        let file = attachment_of(&world, &agent, &sid).await?;
        (file["state"] == "stored").then_some(file)
    })
    .await;
    assert_eq!(file["content_type"], "image/png");
    assert!(file["width"].as_u64() > Some(0) && file["height"].as_u64() > Some(0));
    let path = format!("/api/media/{}", file["id"].as_str().expect("an id"));
    let reply = agent.get(&path).await;
    assert_eq!(reply.status, 200);
    let header = |name: &str| reply.headers[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").starts_with("inline"));
    assert!(header("cache-control").starts_with("private"));
    assert_eq!(header("content-length"), file["bytes"].to_string());
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(
        stranger
            .post(&format!("{path}/retry"), &json!({}))
            .await
            .status,
        404
    );
    assert_eq!(
        Agent::signed_out(&world.server.url).get(&path).await.status,
        401
    );
}
