use std::{collections::BTreeMap, sync::Arc, time::Duration};

use loquent::entities::states::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use twilio_sim::{
    GeneratedHistory, GeneratedMessage, NewHistory, SeedAccount, Sid, Simulator, SimulatorConfig,
    Timing, TimingUpdate,
};
use uuid::Uuid;

use super::{
    Agent, Organization, Server, ServerSettings, TestDatabase, TwilioAccount, World,
    eventually_within,
};

/// Far more than any sync here takes on a busy machine.
const SYNC_LIMIT: Duration = Duration::from_secs(300);

/// The newest run of a number, as the API tells it.
#[derive(Debug, Clone)]
pub struct SyncRun(pub Value);

impl SyncRun {
    pub fn state(&self) -> &str {
        self.0["state"].as_str().expect("a state")
    }

    pub fn count(&self, name: &str) -> u64 {
        self.0[name].as_u64().expect("a number")
    }
}

/// A generated history, and what an import of it must give.
#[derive(Debug, Clone)]
pub struct History(pub Arc<GeneratedHistory>);

/// A message as the truth and as the database tell it, in the same words.
type Told = BTreeMap<&'static str, Value>;

/// A file as the database has it.
#[derive(Debug)]
struct StoredFile {
    state: String,
    content_type: Option<String>,
    sha256: Option<String>,
    object_key: Option<String>,
}

type FileRow = (
    String,
    i32,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

type Row = (
    String,
    String,
    String,
    String,
    Option<String>,
    String,
    Option<i32>,
    Option<String>,
    i32,
    Option<i32>,
    Option<String>,
    Option<f64>,
    Option<f64>,
);

impl World {
    /// With a simulated Twilio that the server reaches without anything between them, and with
    /// more of an environment.
    pub async fn with_direct_twilio(environment: Vec<(&'static str, String)>) -> Self {
        Self::with_direct_twilio_on(TestDatabase::create().await, environment).await
    }

    /// The same on a given database.
    pub async fn with_direct_twilio_on(
        database: TestDatabase,
        environment: Vec<(&'static str, String)>,
    ) -> Self {
        Self::with_twilio_at(database, environment, str::to_owned).await
    }

    /// The same with a Twilio that takes its time.
    pub async fn with_slow_twilio_on(
        database: TestDatabase,
        timing: Timing,
        environment: Vec<(&'static str, String)>,
    ) -> Self {
        let world = Self::with_direct_twilio_on(database, environment).await;
        world.simulator().update_timing(TimingUpdate {
            sent_after_ms: Some(timing.sent_after_ms),
            delivered_after_ms: Some(timing.delivered_after_ms),
            retry_base_ms: Some(timing.retry_base_ms),
            retry_max_ms: Some(timing.retry_max_ms),
            ..TimingUpdate::default()
        });
        world
    }

    /// The same, where something is between them: `url_of` gives its URL for the simulator's.
    pub async fn with_twilio_at(
        database: TestDatabase,
        environment: Vec<(&'static str, String)>,
        url_of: impl FnOnce(&str) -> String,
    ) -> Self {
        let account = TwilioAccount::new();
        let seed = SeedAccount {
            sid: account.sid.clone(),
            auth_token: account.token.clone(),
            friendly_name: "Alder Home".to_owned(),
        };
        let config = SimulatorConfig {
            port: 0,
            account: Some(seed),
            timing: Timing::instant(),
        };
        let simulator = Simulator::spawn(config)
            .await
            .expect("the simulator starts");
        let mut settings = ServerSettings::new(Some(database.url.clone()), account);
        settings.twilio_url = url_of(simulator.base_url());
        settings.environment = environment;
        let front = super::TwilioFront::start(simulator.base_url()).await;
        Self::start_with(database, settings, Some((simulator, front))).await
    }

    /// An organization with an account of its own, which the simulator knows.
    pub async fn other_organization(&self, number: &str) -> Organization {
        let account = TwilioAccount::new();
        let new = json!({ "sid": account.sid, "auth_token": account.token });
        let new = serde_json::from_value(new).expect("an account");
        self.simulator().add_account(new).expect("it is new");
        self.organization_of(&account, number, true).await
    }

    /// An admin who is signed in.
    pub async fn admin(&self, organization: &Organization) -> Agent {
        let (email, password) = self.user(organization, Role::Admin).await;
        let mut admin = Agent::signed_out(&self.server.url);
        admin.log_in(&email, &password).await.ok();
        admin
    }

    /// A generated history of the organization's number; `change` can make it odd.
    pub fn history(
        &self,
        organization: &Organization,
        messages: u64,
        change: impl FnOnce(&mut NewHistory),
    ) -> History {
        let sid = Sid::parse(&organization.account.sid).expect("a SID");
        let mut new = NewHistory::new(sid, messages, messages);
        new.numbers = vec![organization.number.clone()];
        change(&mut new);
        self.simulator().add_history(new).expect("a history");
        let histories = self.simulator().histories(&organization.account.sid);
        History(histories.last().expect("it is there").clone())
    }

    /// The newest run of the number.
    pub async fn sync_run(&self, admin: &Agent, organization: &Organization) -> Option<SyncRun> {
        let numbers = admin.get("/api/twilio/imported-numbers").await.ok();
        let number = numbers
            .as_array()
            .expect("a list")
            .iter()
            .find(|number| number["id"] == organization.number_id.to_string())
            .expect("the number")
            .clone();
        (!number["last_sync"].is_null()).then(|| SyncRun(number["last_sync"].clone()))
    }

    /// Waits until the newest run of the number has ended.
    pub async fn sync_ended(&self, admin: &Agent, organization: &Organization) -> SyncRun {
        eventually_within(SYNC_LIMIT, "the sync ends", async || {
            let run = self.sync_run(admin, organization).await?;
            (run.state() != "running").then_some(run)
        })
        .await
    }

    /// Syncs the number to the end.
    pub async fn sync(&self, admin: &Agent, organization: &Organization) -> SyncRun {
        let body = json!({ "phone_number_id": organization.number_id });
        let reply = admin.post("/api/twilio/sync-message-history", &body).await;
        assert!([200, 202].contains(&reply.status), "{}", reply.json);
        let run = self.sync_ended(admin, organization).await;
        assert_eq!(run.state(), "done", "{}", run.0);
        run
    }

    /// What is stored of an organization, by SID.
    pub async fn stored_history(&self, organization: &Organization) -> BTreeMap<String, Told> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT external_id, direction, from_address, to_address, body, status, error_code,
                    error_message, num_media, num_segments, price,
                    extract(epoch FROM created_at)::float8, extract(epoch FROM sent_at)::float8
             FROM message WHERE organization_id = $1 AND source = 'import'",
        )
        .bind(organization.id.0)
        .fetch_all(&self.rows.0)
        .await
        .expect("messages");
        rows.into_iter()
            .map(|row| {
                let told = BTreeMap::from([
                    ("direction", json!(row.1)),
                    ("from", json!(row.2)),
                    ("to", json!(row.3)),
                    ("body", json!(row.4)),
                    ("status", json!(row.5)),
                    ("error_code", json!(row.6)),
                    ("error_message", json!(row.7)),
                    ("num_media", json!(row.8)),
                    ("num_segments", json!(row.9)),
                    ("price", json!(row.10)),
                    ("created_at", json!(row.11.map(|at| at as i64))),
                    ("sent_at", json!(row.12.map(|at| at as i64))),
                ]);
                (row.0, told)
            })
            .collect()
    }

    /// Fails unless what is stored of the organization is the history, field by field.
    pub async fn assert_history(&self, organization: &Organization, history: &History) {
        let stored = self.stored_history(organization).await;
        let mut expected = 0;
        for message in history.0.messages() {
            if message.number != organization.number {
                continue;
            }
            expected += 1;
            let sid = message.sid.to_string();
            let Some(told) = stored.get(&sid) else {
                panic!("{sid} is missing: {message:?}")
            };
            let mut truth = truth_of(&message);
            if truth["created_at"].is_null() {
                // Nothing tells its time; it must only have one.
                truth.insert("created_at", told["created_at"].clone());
                assert!(!told["created_at"].is_null());
            }
            assert_eq!(*told, truth, "{message:?}");
        }
        // What arrived while it was listed may be there, too, as it is.
        for message in self.simulator().messages(&organization.account.sid) {
            let Some(told) = stored.get(message.sid.as_str()) else {
                continue;
            };
            expected += 1;
            assert_eq!(told["from"], json!(message.from));
            assert_eq!(told["to"], json!(message.to));
            assert_eq!(told["body"], json!(message.body));
            assert_eq!(told["num_media"], json!(message.num_media));
        }
        assert_eq!(stored.len(), expected, "no more than the truth");
        let audits = "SELECT count(*) FROM (
             SELECT m.id FROM message m
             LEFT JOIN message_event e ON e.message_id = m.id AND e.source = 'import'
             WHERE m.source = 'import' GROUP BY m.id HAVING count(e.id) <> 1) AS wrong";
        assert_eq!(
            self.rows.count(audits).await,
            0,
            "one import row of audit each"
        );
        self.assert_conversations(organization).await;
    }

    /// Fails unless every file of the history is on disk as it is; gives their number.
    pub async fn assert_files(&self, history: &History) -> u64 {
        let stored = self.stored_files().await;
        let mut expected = 0;
        for mut message in history.0.messages().filter(|message| message.num_media > 0) {
            history.0.add_digests(&mut message);
            for (position, truth) in message.media.iter().enumerate() {
                expected += 1;
                let position = i32::try_from(position).expect("small");
                let place = (message.sid.to_string(), position);
                let file = stored
                    .get(&place)
                    .unwrap_or_else(|| panic!("{place:?} is missing"));
                assert_eq!(file.state, "stored", "{place:?}");
                assert_eq!(file.content_type.as_deref(), Some(truth.content_type));
                assert_eq!(file.sha256, truth.sha256);
                let key = file.object_key.as_deref().expect("a key");
                let path = self.server.data_dir().join("media").join(key);
                let bytes = std::fs::read(path).expect("it is on disk");
                let digest = hex::encode(Sha256::digest(bytes));
                assert_eq!(Some(digest), truth.sha256, "{place:?}");
            }
        }
        assert_eq!(stored.len(), expected, "no more than the truth");
        expected as u64
    }

    /// All files by SID and place.
    async fn stored_files(&self) -> BTreeMap<(String, i32), StoredFile> {
        let rows: Vec<FileRow> = sqlx::query_as(
            "SELECT m.external_id, a.position, a.state, a.content_type, a.sha256, a.object_key
             FROM message_attachment a JOIN message m ON m.id = a.message_id",
        )
        .fetch_all(&self.rows.0)
        .await
        .expect("files");
        rows.into_iter()
            .map(|row| {
                let file = StoredFile {
                    state: row.2,
                    content_type: row.3,
                    sha256: row.4,
                    object_key: row.5,
                };
                ((row.0, row.1), file)
            })
            .collect()
    }

    /// Conversations and contacts follow from the messages, and nothing imported is unread.
    async fn assert_conversations(&self, organization: &Organization) {
        let wrong: Vec<(Uuid,)> = sqlx::query_as(
            "SELECT c.id FROM contact c
             LEFT JOIN conversation v ON v.contact_id = c.id
             WHERE c.organization_id = $1 AND (
                 v.unread_count <> 0
                 OR v.last_message_at IS DISTINCT FROM
                    (SELECT max(created_at) FROM message m
                     WHERE m.organization_id = c.organization_id AND m.contact_id = c.id)
                 OR c.last_contacted_at IS DISTINCT FROM v.last_message_at
                 OR (SELECT m.created_at FROM message m WHERE m.id = v.last_message_id)
                    IS DISTINCT FROM v.last_message_at)",
        )
        .bind(organization.id.0)
        .fetch_all(&self.rows.0)
        .await
        .expect("conversations");
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    /// Fails if anything in the account was to be changed.
    pub fn assert_only_read(&self) {
        let requests = self.simulator().requests_after(0);
        assert!(!requests.is_empty());
        for request in requests {
            assert_eq!(request.method, "GET", "{request:?}");
        }
    }

    /// The settings of the server, for another one on the same database.
    pub async fn second_server(&self, environment: Vec<(&'static str, String)>) -> Server {
        let mut settings =
            ServerSettings::new(Some(self.database.url.clone()), self.account.clone());
        settings.twilio_url = self.simulator().base_url().to_owned();
        settings.environment = environment;
        Server::start(settings).await
    }
}

/// What Twilio shows of a message, in the words of our table; `created_at` is null if no date
/// that it shows can be read.
fn truth_of(message: &GeneratedMessage) -> Told {
    let read = |shown: &Option<String>| {
        chrono::DateTime::parse_from_rfc2822(shown.as_deref()?)
            .ok()
            .map(|date| date.timestamp())
    };
    let (sent, created, updated) = match &message.shown_dates {
        Some(shown) => (
            read(&shown.date_sent),
            read(&shown.date_created),
            read(&shown.date_updated),
        ),
        None => (
            message.date_sent.map(|date| date.timestamp()),
            Some(message.date_created.timestamp()),
            Some(message.date_updated.timestamp()),
        ),
    };
    let inbound = message.from == message.customer;
    let status = match (inbound, message.status) {
        (true, _) => "received",
        (_, "accepted" | "scheduled" | "queued") => "queued",
        (_, "canceled" | "failed") => "failed",
        (_, known @ ("sending" | "sent" | "delivered" | "undelivered" | "read")) => known,
        (_, _) if message.error_code.is_some() => "failed",
        (_, _) if sent.is_some() => "sent",
        _ => "queued",
    };
    BTreeMap::from([
        (
            "direction",
            json!(if inbound { "inbound" } else { "outbound" }),
        ),
        ("from", json!(message.from)),
        ("to", json!(message.to)),
        ("body", json!(message.body)),
        ("status", json!(status)),
        ("error_code", json!(message.error_code)),
        ("error_message", json!(message.error_message)),
        ("num_media", json!(message.num_media)),
        ("num_segments", json!(message.num_segments)),
        ("price", json!(message.price)),
        ("created_at", json!(sent.or(created).or(updated))),
        ("sent_at", json!(sent)),
    ])
}
