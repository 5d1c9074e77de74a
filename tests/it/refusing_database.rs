//! Postgres answers, but cannot do what it is asked: its disk is full, it is read-only, or another
//! transaction is in the way. That is an outage like any other: 503, nothing counted, nothing
//! parked, and all goes on by itself.

use std::time::Duration;

use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{
    sending::{id_of, send, wait_for_status},
    support::{
        Agent, CUSTOMER, Cluster, Fault, Organization, SmallDisk, TestDatabase, TwilioEvent, World,
        eventually_within,
    },
};

/// How long the trouble lasts: several pauses of the queue and of events, as they would grow.
const TROUBLE: Duration = Duration::from_secs(20);
/// How long another transaction is in the way.
const LOCKED: Duration = Duration::from_secs(30);
/// All texts are out, and all events are messages, in this time after its end.
const ALL_AGAIN: Duration = Duration::from_secs(30);
/// A statement is given up before that, and its caller told.
const TOLD: Duration = Duration::from_secs(15);

struct Scene {
    world: World,
    organization: Organization,
    agent: Agent,
    /// Texts that Twilio has taken, whose answer comes during the trouble.
    held: Vec<String>,
}

impl Scene {
    /// A server that works, and texts on their way.
    async fn new(database: TestDatabase) -> Self {
        let world = World::with_twilio_on(database).await;
        let organization = world.organization().await;
        let agent = world.agent(&organization).await;
        world.post(&[world.text(&organization, "Before")]).await;
        world.rows.all_events_processed().await;
        Self {
            world,
            organization,
            agent,
            held: Vec::new(),
        }
    }

    /// Texts whose answer waits at Twilio until [`Self::release`].
    async fn hold_texts(&mut self) {
        self.world.front().on_create(Fault::HoldAnswer);
        let body = "Held";
        let held = send(&self.agent, &self.organization, CUSTOMER, body).await;
        self.held.push(id_of(&held.ok()));
        eventually_within(ALL_AGAIN, "Twilio has them", async || {
            let taken = self.world.simulator().messages(&self.world.account.sid);
            (taken.len() == self.held.len()).then_some(())
        })
        .await;
    }

    async fn ready(&self) -> (u16, String) {
        let answer = reqwest::get(format!("{}/readyz", self.world.server.url)).await;
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }

    /// The node says that it is not ready, and soon why: the first words may be those of the
    /// connections that were cut.
    async fn says_not_ready(&self, why: &str) {
        eventually_within(TOLD, "the node says why it is not ready", async || {
            let (status, words) = self.ready().await;
            (status == 503 && words.contains(why)).then_some(())
        })
        .await;
    }

    /// Nothing that was accepted is counted against itself.
    async fn assert_nothing_counted(&self) {
        let counted = "SELECT count(*) FROM twilio_event
             WHERE state = 'parked' OR (state = 'pending' AND attempts > 0)";
        assert_eq!(self.world.rows.count(counted).await, 0);
    }

    /// All is as if nothing had been.
    async fn assert_all_again(&self, texts: usize) {
        eventually_within(ALL_AGAIN, "all events are messages", async || {
            let states = self.world.rows.event_states().await;
            (!states.contains_key("pending")).then_some(())
        })
        .await;
        self.assert_nothing_counted().await;
        let inbound = "SELECT count(*) FROM message WHERE direction = 'inbound'";
        let inbound = self.world.rows.count(inbound).await;
        assert_eq!(usize::try_from(inbound).expect("a number"), texts);
        for id in &self.held {
            eventually_within(ALL_AGAIN, "a held text has its SID", async || {
                self.world.rows.by_id(id).await?.external_id
            })
            .await;
        }
        let after = send(&self.agent, &self.organization, CUSTOMER, "After").await;
        wait_for_status(&self.world, &id_of(&after.ok()), "delivered").await;
        let (status, words) = self.ready().await;
        assert_eq!(status, 200, "{words}");
        let sent = self.world.simulator().messages(&self.world.account.sid);
        assert_eq!(sent.len(), self.held.len() + 1, "none was sent twice");
    }

    async fn post_texts(&self, count: usize) {
        let text = |n: usize| self.world.text(&self.organization, &format!("Text {n}"));
        let texts: Vec<TwilioEvent> = (0..count).map(text).collect();
        for some in texts.chunks(20) {
            self.world.post(some).await;
        }
    }

    async fn send_is_refused(&self) {
        let refused = send(&self.agent, &self.organization, CUSTOMER, "Refused").await;
        assert_eq!(refused.status, 503, "{}", refused.json);
        let words = refused.json["message"].as_str().unwrap_or_default();
        assert!(words.contains("Try again"), "{words}");
    }
}

#[tokio::test]
async fn with_messages_on_a_full_disk_events_wait_and_texts_go_out_when_there_is_room() {
    let cluster = Cluster::start();
    let Some(disk) = SmallDisk::mount(&cluster.data_dir()) else {
        // The next test does the same without a disk.
        eprintln!("no right to mount a small disk: this test did nothing");
        return;
    };
    let database = TestDatabase::create_in(&cluster.url).await;
    let mut scene = Scene::new(database).await;
    let small = format!(
        "CREATE TABLESPACE small LOCATION '{}'",
        disk.path().display()
    );
    let rows = &scene.world.rows;
    sqlx::query(AssertSqlSafe(small))
        .execute(&rows.0)
        .await
        .expect("a tablespace");
    rows.execute("ALTER TABLE message SET TABLESPACE small")
        .await;
    scene.hold_texts().await;
    disk.fill();
    // More than fit on the pages that the table has.
    scene.post_texts(300).await;
    scene.world.front().release();
    scene.says_not_ready("disk is full").await;
    // The last page may have room for one or two.
    let mut accepted = Vec::new();
    eventually_within(TOLD, "a text is refused", async || {
        let reply = send(&scene.agent, &scene.organization, CUSTOMER, "Full").await;
        if reply.status == 200 {
            accepted.push(id_of(&reply.json));
        }
        (reply.status == 503).then_some(())
    })
    .await;
    scene.held.extend(accepted);
    tokio::time::sleep(TROUBLE).await;
    scene.assert_nothing_counted().await;
    disk.free();
    scene.assert_all_again(301).await;
}

// What the server hears is the same as on a full disk; Postgres is told to say it.
const FULL: &str = "
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$";

#[tokio::test]
async fn a_refusal_for_want_of_disk_is_an_outage() {
    let mut scene = Scene::new(TestDatabase::create().await).await;
    scene.hold_texts().await;
    let rows = &scene.world.rows;
    rows.execute(FULL).await;
    rows.execute(
        "CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON message
         FOR EACH ROW EXECUTE FUNCTION disk_is_full()",
    )
    .await;
    scene.post_texts(40).await;
    scene.world.front().release();
    scene.send_is_refused().await;
    scene.says_not_ready("disk is full").await;
    tokio::time::sleep(TROUBLE).await;
    scene.assert_nothing_counted().await;
    scene
        .world
        .rows
        .execute("DROP TRIGGER disk_is_full ON message")
        .await;
    scene.assert_all_again(41).await;
}

#[tokio::test]
async fn a_read_only_database_is_an_outage() {
    let mut scene = Scene::new(TestDatabase::create().await).await;
    scene.hold_texts().await;
    set_read_only(&scene.world, true).await;
    scene.world.front().release();
    scene.says_not_ready("read-only").await;
    scene.send_is_refused().await;
    let text = scene.world.text(&scene.organization, "During");
    let during = json!([text.json()]);
    let account = &scene.world.account;
    assert_eq!(account.post(&scene.world.server.url, &during).await, 503);
    assert_eq!(scene.agent.get("/api/conversations").await.status, 200);
    tokio::time::sleep(TROUBLE / 2).await;
    set_read_only(&scene.world, false).await;
    eventually_within(TOLD, "Twilio's repetition is taken", async || {
        let taken = account.post(&scene.world.server.url, &during).await;
        (taken == 200).then_some(())
    })
    .await;
    scene.assert_all_again(2).await;
}

/// As a fail-over to a standby does: every connection is cut, and new ones can only read.
async fn set_read_only(world: &World, is_on: bool) {
    let name: String = sqlx::query_scalar("SELECT current_database()::text")
        .fetch_one(&world.rows.0)
        .await
        .expect("a name");
    let mut connection = world.rows.0.acquire().await.expect("a connection");
    for statement in [
        "SET default_transaction_read_only = off".to_owned(),
        format!("ALTER DATABASE {name} SET default_transaction_read_only = {is_on}"),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'loquent'"
            .to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut *connection)
            .await
            .expect("it is set");
    }
}

#[tokio::test]
async fn a_table_that_is_locked_for_long_is_an_outage() {
    let mut scene = Scene::new(TestDatabase::create().await).await;
    scene.hold_texts().await;
    let lock = scene
        .world
        .rows
        .lock("LOCK TABLE message IN ACCESS EXCLUSIVE MODE")
        .await;
    let locked = tokio::time::Instant::now();
    scene.post_texts(40).await;
    scene.world.front().release();
    scene.send_is_refused().await;
    tokio::time::sleep_until(locked + LOCKED).await;
    lock.rollback().await.expect("a rollback");
    scene.assert_all_again(41).await;
}

#[tokio::test]
async fn a_database_that_is_too_slow_for_a_batch_gets_smaller_ones() {
    let world = World::start().await;
    let organization = world.organization().await;
    let lock = world
        .rows
        .lock("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
        .await;
    let texts: Vec<TwilioEvent> = (0..120)
        .map(|n| world.text(&organization, &format!("Slow {n}")))
        .collect();
    world.post(&texts).await;
    // 12 s for all together: no statement may take that long.
    world
        .rows
        .execute(
            "CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$",
        )
        .await;
    world
        .rows
        .execute(
            "CREATE TRIGGER be_slow BEFORE INSERT ON message
             FOR EACH ROW EXECUTE FUNCTION be_slow()",
        )
        .await;
    lock.rollback().await.expect("a rollback");
    eventually_within(Duration::from_secs(90), "all are processed", async || {
        let states = world.rows.event_states().await;
        (states.get("processed") == Some(&120)).then_some(())
    })
    .await;
    let counted = "SELECT count(*) FROM twilio_event WHERE state = 'parked' OR attempts > 1";
    assert_eq!(world.rows.count(counted).await, 0);
}

/// Statements to do one after the other, and each by itself.
/// On one connection, which stays where no other one can be made.
async fn execute_all(connection: &mut PgConnection, statements: &[&'static str]) {
    for statement in statements {
        sqlx::query(*statement)
            .execute(&mut *connection)
            .await
            .expect("it is executed");
    }
}

#[tokio::test]
async fn a_node_whose_writers_cannot_connect_is_not_ready_until_they_can() {
    let scene = Scene::new(TestDatabase::create().await).await;
    // So that both writers have stored last.
    for n in 0..20 {
        let text = scene.world.text(&scene.organization, &format!("Text {n}"));
        scene.world.post(&[text]).await;
    }
    let mut connection = scene.world.rows.0.acquire().await.expect("a connection");
    execute_all(
        &mut connection,
        &[
            "UPDATE pg_database SET datallowconn = false WHERE datname = current_database()",
            // Only theirs: the pool's connections stay as they are.
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'loquent'
               AND query LIKE '%INSERT INTO twilio_event (account_sid%'",
        ],
    )
    .await;
    let text = json!([scene.world.text(&scene.organization, "During").json()]);
    let post = async || {
        let account = &scene.world.account;
        account.post(&scene.world.server.url, &text).await
    };
    assert_eq!(post().await, 503);
    for _ in 0..4 {
        let (status, words) = scene.ready().await;
        assert_eq!(status, 503, "{words}");
        assert!(words.contains("events are not being stored"), "{words}");
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    execute_all(
        &mut connection,
        &["UPDATE pg_database SET datallowconn = true WHERE datname = current_database()"],
    )
    .await;
    // Without any post: a node that is not ready gets none.
    eventually_within(TOLD, "the node is ready", async || {
        (scene.ready().await.0 == 200).then_some(())
    })
    .await;
    assert_eq!(post().await, 200);
}

#[tokio::test]
async fn events_that_postgres_gave_up_for_a_deadlock_are_stored_at_the_second_try() {
    let world = World::start().await;
    let organization = world.organization().await;
    let mut connection = world.rows.0.acquire().await.expect("a connection");
    execute_all(
        &mut connection,
        &[
            "CREATE SEQUENCE tries",
            "CREATE FUNCTION deadlock_once() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF nextval('tries') = 1 THEN
                     RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected';
                 END IF;
                 RETURN NEW;
             END $$",
            "CREATE TRIGGER deadlock_once BEFORE INSERT ON twilio_event
             FOR EACH ROW EXECUTE FUNCTION deadlock_once()",
        ],
    )
    .await;
    world.post(&[world.text(&organization, "Hello")]).await;
    assert_eq!(world.rows.count("SELECT last_value FROM tries").await, 2);
}
