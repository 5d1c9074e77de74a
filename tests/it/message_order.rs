//! Messages of one second stand as their posts came in, or as in Twilio's list: Twilio's times are
//! whole seconds, so the times do not tell.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    reconciliation::{customer_texts, reconcile},
    support::{Agent, CUSTOMER, MAIN_LINE, Organization, TwilioEvent, World, eventually, new_sid},
};

const TEXTS: usize = 160;
const SENDERS: usize = 8;

/// The whole thread with the customer, oldest first, page by page.
async fn thread(world: &World, agent: &Agent, organization: &Organization) -> Vec<String> {
    let contact: Uuid = sqlx::query_scalar("SELECT id FROM contact WHERE organization_id = $1")
        .bind(organization.id.0)
        .fetch_one(&world.rows.0)
        .await
        .expect("one contact");
    let mut bodies: Vec<String> = Vec::new();
    let mut before = String::new();
    loop {
        let path = format!("/api/messages?contact_id={contact}{before}");
        let page = agent.get(&path).await.ok();
        let messages = page["messages"].as_array().expect("messages").iter();
        let mut above: Vec<String> = messages.map(body_of).collect();
        above.extend(bodies);
        bodies = above;
        match page["next_before"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return bodies,
        }
    }
}

fn body_of(message: &Value) -> String {
    message["body"].as_str().expect("a text").to_owned()
}

fn lines(count: usize) -> Vec<String> {
    (1..=count).map(line).collect()
}

fn line(n: usize) -> String {
    format!("Line {n}")
}

/// A second that is over.
fn one_second() -> DateTime<Utc> {
    let second = Utc::now().timestamp() - 2;
    DateTime::from_timestamp(second, 0).expect("a time")
}

/// When a post was begun and when it was answered.
struct Posted {
    body: String,
    begun: Instant,
    answered: Instant,
}

/// Several senders, each with one post after the other.
async fn post_side_by_side(world: &World, organization: &Organization) -> Vec<Posted> {
    let next = AtomicUsize::new(1);
    let at = one_second();
    let senders = (0..SENDERS).map(|_| async {
        let mut posted = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n > TEXTS {
                return posted;
            }
            let text = world.text(organization, &line(n)).at(at);
            let begun = Instant::now();
            world.post(&[text]).await;
            posted.push(Posted {
                body: line(n),
                begun,
                answered: Instant::now(),
            });
        }
    });
    let posted = futures::future::join_all(senders).await;
    posted.into_iter().flatten().collect()
}

/// What was answered before another one was begun stands before it.
fn assert_as_posted(thread: &[String], posted: &[Posted]) {
    assert_eq!(thread.len(), posted.len());
    let places: HashMap<&str, usize> = thread
        .iter()
        .enumerate()
        .map(|(place, body)| (body.as_str(), place))
        .collect();
    for earlier in posted {
        for later in posted {
            if earlier.answered < later.begun {
                let (first, second) = (places[&*earlier.body], places[&*later.body]);
                assert!(first < second, "{} before {}", earlier.body, later.body);
            }
        }
    }
}

#[tokio::test]
async fn texts_of_one_second_stand_as_their_posts_came_in_also_after_a_restart() {
    let mut world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let posted = post_side_by_side(&world, &organization).await;
    world.rows.all_events_processed().await;
    assert_as_posted(&thread(&world, &agent, &organization).await, &posted);
    let page = agent.get("/api/conversations").await.ok();
    let last = thread(&world, &agent, &organization).await.pop();
    assert_eq!(
        page["conversations"][0]["last_message_preview"].as_str(),
        last.as_deref(),
    );

    // Now all are processed only after a restart, in whatever batches.
    let lock = world
        .rows
        .lock("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .await;
    sqlx::query("SELECT 1")
        .execute(&world.rows.0)
        .await
        .expect("an answer");
    let again = post_side_by_side(&world, &organization).await;
    world.server.kill();
    lock.rollback().await.expect("a rollback");
    world.rows.execute("DELETE FROM message").await;
    world.rows.execute("DELETE FROM conversation").await;
    world.server.start_again().await;
    world.rows.all_events_processed().await;
    assert_as_posted(&thread(&world, &agent, &organization).await, &again);
}

/// Storing the first line takes a while; that of others does not wait for it.
const SLOW_FIRST: &str = "
CREATE FUNCTION slow_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.payload LIKE '%\"Line 1\"%' THEN PERFORM pg_sleep(2); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slow_first BEFORE INSERT ON twilio_event
    FOR EACH ROW EXECUTE FUNCTION slow_first();
";

#[tokio::test]
async fn a_post_that_others_overtake_on_its_way_to_the_disk_keeps_its_place() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    sqlx::raw_sql(SLOW_FIRST)
        .execute(&world.rows.0)
        .await
        .expect("the trigger");
    let at = one_second();
    let text = |n| [world.text(&organization, &line(n)).at(at)];
    let (first, second) = (text(1), text(2));
    let overtake = async {
        eventually("the first is being stored", async || {
            let storing = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event = 'PgSleep'";
            (world.rows.count(storing).await == 1).then_some(())
        })
        .await;
        world.post(&second).await;
        eventually("the second is processed", async || {
            world.rows.by_sid(&second[0].message_sid).await
        })
        .await;
        assert!(world.rows.by_sid(&first[0].message_sid).await.is_none());
    };
    futures::join!(world.post(&first), overtake);
    world.rows.all_events_processed().await;
    assert_eq!(thread(&world, &agent, &organization).await, lines(2));
}

#[tokio::test]
async fn texts_of_one_post_stand_in_its_order() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let at = one_second();
    let texts: Vec<TwilioEvent> = lines(TEXTS)
        .iter()
        .map(|body| world.text(&organization, body).at(at))
        .collect();
    for post in texts.chunks(40) {
        world.post(post).await;
    }
    world.rows.all_events_processed().await;
    assert_eq!(thread(&world, &agent, &organization).await, lines(TEXTS));
}

#[tokio::test]
async fn a_reply_within_the_second_of_our_text_stands_below_it() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    // So that both are of one second, whatever the time.
    for round in 0..20 {
        let text = json!({
            "contact_id": contact, "body": format!("Ours {round}"),
            "phone_number_id": organization.number_id,
        });
        let ours = agent.post("/api/messages/send", &text).await.ok();
        let at = ours["created_at"].as_str().expect("a time");
        let at: DateTime<Utc> = at.parse().expect("a time");
        let second = DateTime::from_timestamp(at.timestamp(), 0).expect("a time");
        let reply = world.text(&organization, &format!("Theirs {round}"));
        world.post(&[reply.at(second)]).await;
    }
    world.rows.all_events_processed().await;
    let expected: Vec<String> = (0..20)
        .flat_map(|round| [format!("Ours {round}"), format!("Theirs {round}")])
        .collect();
    assert_eq!(thread(&world, &agent, &organization).await[1..], expected);
}

/// A world with pages of so many entries, and texts that are at Twilio; nothing was heard of them.
async fn with_unheard_texts(page_size: usize) -> (World, Organization, Vec<String>) {
    let pages = vec![("TWILIO_PAGE_SIZE", page_size.to_string())];
    let world = World::with_direct_twilio(pages).await;
    let organization = world.organization().await;
    let sids = lines(TEXTS)
        .iter()
        .map(|body| customer_texts(&world, CUSTOMER, MAIN_LINE, body))
        .collect();
    (world, organization, sids)
}

/// Posts the events of some of the texts.
async fn hear_of(world: &World, organization: &Organization, sids: &[String], which: &[usize]) {
    let dates: HashMap<String, DateTime<Utc>> = world
        .simulator()
        .messages(&world.account.sid)
        .into_iter()
        .map(|message| (message.sid.to_string(), message.date_created))
        .collect();
    for n in which {
        let sid = &sids[n - 1];
        let second = DateTime::from_timestamp(dates[sid].timestamp(), 0).expect("a time");
        let event = world.text(organization, &line(*n)).about(sid).at(second);
        world.post(&[event]).await;
    }
    world.rows.all_events_processed().await;
}

#[tokio::test]
async fn an_imported_history_stands_as_in_twilios_list() {
    let (world, organization, _) = with_unheard_texts(50).await;
    let admin = world.admin(&organization).await;
    world.sync(&admin, &organization).await;
    assert_eq!(thread(&world, &admin, &organization).await, lines(TEXTS));
    let page = admin.get("/api/conversations").await.ok();
    assert_eq!(
        page["conversations"][0]["last_message_preview"],
        line(TEXTS).as_str()
    );
}

#[tokio::test]
async fn what_was_missed_takes_its_place_between_what_was_heard_of() {
    // A page ends anywhere between what is known and what is not.
    for page_size in [7, 50] {
        let (world, organization, sids) = with_unheard_texts(page_size).await;
        let admin = world.admin(&organization).await;
        let known: Vec<usize> = (1..=TEXTS).filter(|n| n % 3 == 1 || n % 20 > 12).collect();
        hear_of(&world, &organization, &sids, &known).await;
        reconcile(&admin, &organization).await;
        assert_eq!(thread(&world, &admin, &organization).await, lines(TEXTS));
    }
}

#[tokio::test]
async fn a_history_that_is_imported_around_live_texts_takes_its_place() {
    let (world, organization, sids) = with_unheard_texts(30).await;
    let admin = world.admin(&organization).await;
    let known: Vec<usize> = (1..=TEXTS).filter(|n| n % 45 == 20).collect();
    hear_of(&world, &organization, &sids, &known).await;
    world.sync(&admin, &organization).await;
    assert_eq!(thread(&world, &admin, &organization).await, lines(TEXTS));
}

#[tokio::test]
async fn a_text_from_the_future_moves_nobody_down_and_shows_its_time() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let future: DateTime<Utc> = "2099-01-01T00:00:00Z".parse().expect("a time");
    world
        .post(&[world.text(&organization, "From 2099").at(future)])
        .await;
    world.rows.all_events_processed().await;
    let other = TwilioEvent::inbound(
        &organization.account.sid,
        "+14155550163",
        MAIN_LINE,
        "From today",
    );
    world.post(&[other]).await;
    world.rows.all_events_processed().await;

    let page = agent.get("/api/conversations").await.ok();
    let previews: Vec<&str> = page["conversations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["last_message_preview"].as_str())
        .collect();
    assert_eq!(previews, ["From today", "From 2099"]);
    let contact = page["conversations"][1]["contact"]["id"]
        .as_str()
        .expect("an id");
    let thread = agent
        .get(&format!("/api/messages?contact_id={contact}"))
        .await
        .ok();
    let message = &thread["messages"][0];
    assert_eq!(message["stated_at"], "2099-01-01T00:00:00Z");
    let at: DateTime<Utc> = message["created_at"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("a time");
    assert!(at <= Utc::now() + TimeDelta::seconds(5), "{at}");
}

#[tokio::test]
async fn a_page_of_a_long_thread_reads_no_more_than_it_shows() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let contact = world.contact(&organization, CUSTOMER).await;
    // Many in each second.
    world
        .rows
        .execute(
            "INSERT INTO message (id, organization_id, contact_id, phone_number_id, direction, body,
                                  from_address, to_address, status, external_id, created_at, position)
             SELECT gen_random_uuid(), c.organization_id, c.id, NULL, 'inbound', 'Line ' || n,
                    c.phone, '+14155550134', 'received', 'SM' || n,
                    '2026-01-01'::timestamptz + (n / 100) * interval '1 second', n
             FROM contact c CROSS JOIN generate_series(1, 20000) AS n",
        )
        .await;
    world.rows.execute("ANALYZE message").await;
    let read = "SELECT (idx_tup_read)::bigint FROM pg_stat_user_indexes
                WHERE indexrelname = 'message_org_contact_place'";
    // Rows, not scans: those of the empty table before may be counted only now.
    let scanned =
        "SELECT (seq_tup_read)::bigint FROM pg_stat_user_tables WHERE relname = 'message'";
    let read_before = world.rows.count(read).await;
    let scanned_before = world.rows.count(scanned).await;

    let place = format!("1767225700_9950_{}", Uuid::nil());
    let path = format!("/api/messages?contact_id={contact}&before={place}");
    let page = agent.get(&path).await.ok();
    assert_eq!(page["messages"].as_array().expect("messages").len(), 50);
    assert_eq!(body_of(&page["messages"][49]), "Line 9999");
    let read = eventually("the page is counted", async || {
        let read = world.rows.count(read).await - read_before;
        (read > 0).then_some(read)
    })
    .await;
    assert!(read < 200, "{read} rows for a page");
    let scanned = world.rows.count(scanned).await - scanned_before;
    assert!(scanned < 200, "{scanned} rows without an index");
}

#[tokio::test]
async fn messages_that_are_there_get_their_places_from_what_is_known_of_them() {
    let world = World::start().await;
    let organization = world.organization().await;
    let agent = world.agent(&organization).await;
    let at = one_second();
    let texts: Vec<TwilioEvent> = lines(60)
        .iter()
        .map(|body| world.text(&organization, body).about(&new_sid()).at(at))
        .collect();
    for text in &texts {
        world.post(std::slice::from_ref(text)).await;
    }
    world.rows.all_events_processed().await;
    // As before the migration: without places, and processed in any order. (Without the foreign keys,
    // which would not let the ids be changed.)
    sqlx::raw_sql(
        "SET session_replication_role = replica;
         UPDATE message SET position = 0, id = gen_random_uuid();
         UPDATE conversation SET last_message_position = 0, last_message_preview = 'wrong',
             last_message_id = (SELECT id FROM message ORDER BY id LIMIT 1);
         DELETE FROM seaql_migrations WHERE version LIKE '%message_position_fill';
         RESET session_replication_role",
    )
    .execute(&world.rows.0)
    .await
    .expect("it is as it was");
    world.server.run_command(&["migrate"], "");
    assert_eq!(thread(&world, &agent, &organization).await, lines(60));
    let page = agent.get("/api/conversations").await.ok();
    assert_eq!(
        page["conversations"][0]["last_message_preview"],
        line(60).as_str()
    );
}
