//! The server ends, gently or not, and loses nothing that it has said yes to.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use crate::support::{TwilioEvent, World, eventually};

/// Several senders at once, as Twilio is.
const SENDERS: usize = 8;

#[tokio::test]
async fn what_was_accepted_before_kill_9_is_processed_once_after_the_restart() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let texts: Vec<TwilioEvent> = (0..300)
        .map(|n| world.text(&organization, &format!("Text {n}")))
        .collect();
    // Processing cannot get past this lock, so the kill comes between the 200 and the processing.
    let mut lock = world.rows.0.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    world.post(&texts).await;
    let states = world.rows.event_states().await;
    assert_eq!(states.get("pending"), Some(&300), "{states:?}");
    world.server.kill();
    lock.rollback().await.expect("a rollback");
    assert_eq!(world.rows.messages().await, []);

    world.server.start_again().await;
    world.rows.all_events_processed().await;
    let sids: BTreeSet<Option<String>> = world
        .rows
        .messages()
        .await
        .into_iter()
        .map(|message| message.external_id)
        .collect();
    let sent: BTreeSet<Option<String>> = texts
        .iter()
        .map(|text| Some(text.message_sid.clone()))
        .collect();
    assert_eq!(sids, sent);
    assert_eq!(world.rows.messages().await.len(), 300);
    assert_eq!(
        world.rows.count("SELECT count(*) FROM message_event").await,
        300
    );
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 300);
}

/// Posts texts from several senders until the server is gone; returns those that were accepted, and
/// those that were not.
async fn post_until_gone(
    world: &World,
    accepted_so_far: &AtomicUsize,
    texts: Vec<TwilioEvent>,
) -> (Vec<TwilioEvent>, Vec<TwilioEvent>) {
    let size = texts.len() / SENDERS;
    let senders = texts.chunks(size).map(|texts| async move {
        let (mut accepted, mut refused) = (Vec::new(), Vec::new());
        for text in texts {
            let body = json!([text.json()]).to_string();
            match world.account.try_post_body(&world.server.url, body).await {
                Some(200) => {
                    accepted_so_far.fetch_add(1, Ordering::Relaxed);
                    accepted.push(text.clone());
                }
                // Going down it may refuse, but only so that Twilio comes again.
                Some(503) | None => refused.push(text.clone()),
                Some(other) => panic!("Twilio would discard it: {other}"),
            }
        }
        (accepted, refused)
    });
    let all = futures::future::join_all(senders).await;
    let (accepted, refused): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    (accepted.concat(), refused.concat())
}

async fn stored_event_ids(world: &World) -> BTreeSet<String> {
    sqlx::query_scalar("SELECT event_id FROM twilio_event")
        .fetch_all(&world.rows.0)
        .await
        .expect("events")
        .into_iter()
        .collect()
}

/// More than are posted before the server is told to go.
fn many_texts(world: &World, organization: &crate::support::Organization) -> Vec<TwilioEvent> {
    (0..800)
        .map(|n| world.text(organization, &format!("Text {n}")))
        .collect()
}

#[tokio::test]
async fn sigterm_during_posts_loses_nothing_that_was_accepted() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let texts = many_texts(&world, &organization);
    let count = AtomicUsize::new(0);
    let stop_in_the_middle = async {
        eventually("some are accepted", async || {
            (count.load(Ordering::Relaxed) >= 100).then_some(())
        })
        .await;
        world.server.ask_to_stop();
    };
    let ((accepted, refused), ()) =
        futures::join!(post_until_gone(&world, &count, texts), stop_in_the_middle);
    assert!(world.server.ended_well().await);
    assert!(
        accepted.len() >= 100 && !refused.is_empty(),
        "{} {}",
        accepted.len(),
        refused.len()
    );

    let stored = stored_event_ids(&world).await;
    let lost: Vec<&TwilioEvent> = accepted
        .iter()
        .filter(|event| !stored.contains(&event.id))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    finish_and_check(world, &refused).await;
}

#[tokio::test]
async fn kill_9_during_posts_loses_nothing_that_was_accepted() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let texts = many_texts(&world, &organization);
    let count = AtomicUsize::new(0);
    let kill_in_the_middle = async {
        eventually("some are accepted", async || {
            (count.load(Ordering::Relaxed) >= 100).then_some(())
        })
        .await;
        world.server.send_kill();
    };
    let ((accepted, refused), ()) =
        futures::join!(post_until_gone(&world, &count, texts), kill_in_the_middle);
    assert!(!world.server.ended_well().await);
    assert!(
        accepted.len() >= 100 && !refused.is_empty(),
        "{} {}",
        accepted.len(),
        refused.len()
    );
    let stored = stored_event_ids(&world).await;
    assert!(accepted.iter().all(|event| stored.contains(&event.id)));
    finish_and_check(world, &refused).await;
}

/// Twilio repeats what was not accepted; in the end each text is there once.
async fn finish_and_check(mut world: World, refused: &[TwilioEvent]) {
    world.server.start_again().await;
    for part in refused.chunks(200) {
        world.post(part).await;
    }
    world.rows.all_events_processed().await;
    assert_eq!(
        world.rows.count("SELECT count(*) FROM twilio_event").await,
        800
    );
    assert_eq!(world.rows.messages().await.len(), 800);
    let unread = "SELECT unread_count::bigint FROM conversation";
    assert_eq!(world.rows.count(unread).await, 800);
    let states = world.rows.event_states().await;
    assert_eq!(states.get("processed"), Some(&800), "{states:?}");
}
