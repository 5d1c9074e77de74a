use super::{
    Agent, Reply, Rows, Server, ServerSettings, TestDatabase, TwilioAccount, TwilioEvent,
    TwilioFront, eventually, server::MASTER_KEY,
};
use chrono::Utc;
use loquent::{
    bases::{
        clock::Clock,
        db::{self, Db},
        ids::OrganizationId,
        secrets::MasterKey,
    },
    entities::states::{Role, SharedTwilio},
    mods::{
        account::services::save_twilio_credentials_service,
        auth::services::{NewUser, create_organization_service, create_user_service},
    },
    twilio::TwilioCredentials,
};
use sea_orm::TransactionTrait;
use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use twilio_sim::{
    NewAccount, NewPhoneNumber, RunningSimulator, SeedAccount, Simulator, SimulatorConfig, Timing,
};
use uuid::Uuid;

/// A number of the organization that most tests have.
pub const MAIN_LINE: &str = "+14155550134";
/// A customer.
pub const CUSTOMER: &str = "+14155550162";
const PASSWORD: &str = "correct horse battery";
/// Connections of the test itself.
const CONNECTIONS: u32 = 5;

/// An organization with one number.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    pub number: String,
    pub number_id: Uuid,
    /// The account that the number is of.
    pub account: TwilioAccount,
}

/// A server with its database, and Twilio if it is needed.
///
/// The order of the fields is the order of their end: the database goes last.
#[derive(Debug)]
pub struct World {
    pub server: Server,
    /// The account of the server's environment.
    pub account: TwilioAccount,
    pub rows: Rows,
    pub db: Db,
    simulator: Option<RunningSimulator>,
    front: Option<TwilioFront>,
    pub database: TestDatabase,
}

impl World {
    /// Without Twilio: its events are posted by the test.
    pub async fn start() -> Self {
        Self::start_on(TestDatabase::create().await).await
    }

    /// The same on a given database.
    pub async fn start_on(database: TestDatabase) -> Self {
        let account = TwilioAccount::new();
        let settings = ServerSettings::new(Some(database.url.clone()), account);
        Self::start_with(database, settings, None).await
    }

    /// With a simulated Twilio in which nothing takes time.
    pub async fn with_twilio() -> Self {
        Self::with_twilio_on(TestDatabase::create().await).await
    }

    /// The same on a given database.
    pub async fn with_twilio_on(database: TestDatabase) -> Self {
        let url = database.url.clone();
        Self::with_twilio_and(database, url, Vec::new()).await
    }

    /// The same; the server has another way to the database than the test, or more settings.
    pub async fn with_twilio_and(
        database: TestDatabase,
        database_url: String,
        environment: Vec<(&'static str, String)>,
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
        let front = TwilioFront::start(simulator.base_url()).await;
        let mut settings = ServerSettings::new(Some(database_url), account);
        settings.twilio_url = front.url.clone();
        settings.environment = environment;
        Self::start_with(database, settings, Some((simulator, front))).await
    }

    pub(super) async fn start_with(
        database: TestDatabase,
        settings: ServerSettings,
        twilio: Option<(RunningSimulator, TwilioFront)>,
    ) -> Self {
        let account = settings.account.clone();
        let server = Server::start(settings).await;
        let url = database.url.clone().into();
        let db = db::connect(&url, CONNECTIONS)
            .await
            .expect("the database answers");
        // Without the settings of the server's connections: a test may hold a lock for long.
        let rows = PgPoolOptions::new().max_connections(CONNECTIONS);
        let rows = rows.connect(&database.url).await.expect("it answers");
        let (simulator, front) = twilio.unzip();
        let world = Self {
            server,
            account,
            rows: Rows(rows),
            db,
            simulator,
            front,
            database,
        };
        world.listeners(1).await;
        world
    }

    /// The SID of the newest message that Twilio has of the account, as soon as there is one.
    pub async fn sid_at_twilio(&self) -> String {
        eventually("Twilio has it", async || {
            let newest = self.simulator().messages(&self.account.sid).pop()?;
            Some(newest.sid.to_string())
        })
        .await
    }

    /// Waits until so many servers hear of news: one that serves may not listen yet.
    pub async fn listeners(&self, servers: i64) {
        // What a connection that waits did last.
        let listening = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND state = 'idle'
               AND (query ILIKE 'LISTEN%loquent_realtime%' OR query ILIKE '%loquent_realtime heartbeat%')";
        eventually("the servers listen", async || {
            (self.rows.count(listening).await >= servers).then_some(())
        })
        .await;
    }

    /// The simulated Twilio.
    pub fn simulator(&self) -> &RunningSimulator {
        self.simulator.as_ref().expect("the world has a Twilio")
    }

    /// The server, to be killed, and the simulated Twilio, to be used meanwhile.
    pub fn server_and_simulator(&mut self) -> (&mut Server, &RunningSimulator) {
        let simulator = self.simulator.as_ref().expect("the world has a Twilio");
        (&mut self.server, simulator)
    }

    /// The line to it.
    pub fn front(&self) -> &TwilioFront {
        self.front.as_ref().expect("the world has a Twilio")
    }

    /// An organization on the shared account, with [`MAIN_LINE`].
    pub async fn organization(&self) -> Organization {
        self.organization_of(&self.account, MAIN_LINE, false).await
    }

    /// An organization without a number, and without any part of the shared account.
    pub async fn newcomer(&self) -> Organization {
        let none = Some(SharedTwilio::None);
        let id = create_organization_service(&self.db, "Birch Home", none, Utc::now())
            .await
            .expect("an organization");
        Organization {
            id,
            number: MAIN_LINE.to_owned(),
            number_id: Uuid::nil(),
            account: TwilioAccount::new(),
        }
    }

    /// An organization with a number of an account, which is its own if it brings it.
    pub async fn organization_of(
        &self,
        account: &TwilioAccount,
        number: &str,
        brings_account: bool,
    ) -> Organization {
        let id = create_organization_service(
            &self.db,
            "Alder Home",
            Some(SharedTwilio::Whole),
            Utc::now(),
        )
        .await
        .expect("an organization");
        let organization = Organization {
            id,
            number: number.to_owned(),
            number_id: Uuid::now_v7(),
            account: account.clone(),
        };
        sqlx::query(
            "INSERT INTO phone_number
                 (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
             VALUES ($1, $2, $3, $4, $5, 'Main line')",
        )
        .bind(organization.number_id)
        .bind(id.0)
        .bind(&account.sid)
        .bind(format!("PN{}", organization.number_id.simple()))
        .bind(number)
        .execute(&self.rows.0)
        .await
        .expect("a number");
        if brings_account {
            self.connect_account(&organization, account).await;
        }
        if let Some(simulator) = &self.simulator {
            let known = json!({ "sid": account.sid, "auth_token": account.token });
            let known: NewAccount = serde_json::from_value(known).expect("an account");
            simulator.add_account(known).expect("there is room");
            let number = json!({
                "account_sid": account.sid, "phone_number": number,
                "sid": format!("PN{}", organization.number_id.simple()),
            });
            let number: NewPhoneNumber = serde_json::from_value(number).expect("a number");
            simulator
                .add_phone_number(number)
                .expect("the number is free");
        }
        organization
    }

    /// Gives an organization its own account, or a new token of it.
    pub async fn connect_account(&self, organization: &Organization, account: &TwilioAccount) {
        let directory = std::env::temp_dir();
        let key = MasterKey::load(Some(MASTER_KEY.to_owned()), None, &directory).expect("a key");
        let credentials = TwilioCredentials {
            account_sid: account.sid.clone(),
            auth_token: account.token.clone().into(),
        };
        save_twilio_credentials_service(&self.db, &key, organization.id, &credentials)
            .await
            .expect("the credentials are saved");
    }

    /// Makes the organization bring the account of its number, with a token that cannot be opened:
    /// whatever it sends fails before Twilio is asked.
    pub async fn break_token(&self, organization: &Organization) {
        sqlx::query(
            "UPDATE organization
             SET byo_twilio = true, twilio_account_sid = $2, twilio_auth_token = '\\x00112233'
             WHERE id = $1",
        )
        .bind(organization.id.0)
        .bind(&organization.account.sid)
        .execute(&self.rows.0)
        .await
        .expect("the organization");
    }

    /// A user, not signed in; gives e-mail and password.
    pub async fn user(&self, organization: &Organization, role: Role) -> (String, String) {
        self.user_of(organization.id, role).await
    }

    /// The same in an organization that was made elsewhere.
    pub async fn user_of(&self, organization: OrganizationId, role: Role) -> (String, String) {
        let email = format!("{role}.{}@example.com", Uuid::new_v4().simple());
        let user = NewUser {
            organization,
            email: email.clone(),
            name: "Dana Whitfield".to_owned(),
            role,
            password: PASSWORD.to_owned(),
        };
        let transaction = self.db.begin().await.expect("a transaction");
        create_user_service(&transaction, user, &Clock::system())
            .await
            .expect("a user");
        transaction.commit().await.expect("a commit");
        (email, PASSWORD.to_owned())
    }

    /// An agent who is signed in.
    pub async fn agent(&self, organization: &Organization) -> Agent {
        let (email, password) = self.user(organization, Role::Agent).await;
        let mut agent = Agent::signed_out(&self.server.url);
        agent.log_in(&email, &password).await.ok();
        agent
    }

    /// Lets the simulator post the account's events to the server, one or several in a post.
    pub async fn subscribe(&self) {
        let base = format!("{}/v1", self.simulator().base_url());
        let post = async |path: &str, form: Vec<(&str, String)>| {
            let request = reqwest::Client::new()
                .post(format!("{base}/{path}"))
                .basic_auth(&self.account.sid, Some(&self.account.token))
                .form(&form);
            let reply = Reply::of(request).await;
            assert_eq!(reply.status, 201, "{}", reply.json);
            reply.json
        };
        let destination = format!("{}/twilio/events", self.server.url);
        let configuration = json!({
            "destination": destination, "method": "POST", "batch_events": true,
        });
        let sink = vec![
            ("Description", "test".to_owned()),
            ("SinkConfiguration", configuration.to_string()),
            ("SinkType", "webhook".to_owned()),
        ];
        let sink = post("Sinks", sink).await;
        let sid = sink["sid"].as_str().expect("a SID").to_owned();
        let mut subscription = vec![("Description", "test".to_owned()), ("SinkSid", sid)];
        for name in [
            "inbound-message.received",
            "message.sent",
            "message.delivered",
            "message.failed",
            "message.undelivered",
        ] {
            let event_type = json!({ "type": format!("com.twilio.messaging.{name}") });
            subscription.push(("Types", event_type.to_string()));
        }
        post("Subscriptions", subscription).await;
    }

    /// A customer's text to the organization, as an event.
    pub fn text(&self, organization: &Organization, body: &str) -> TwilioEvent {
        TwilioEvent::inbound(
            &organization.account.sid,
            CUSTOMER,
            &organization.number,
            body,
        )
    }

    /// Posts events of the shared account, which have to be taken.
    #[track_caller]
    pub fn post<'a>(&'a self, events: &'a [TwilioEvent]) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let events: Vec<Value> = events.iter().map(TwilioEvent::json).collect();
            let status = self.account.post(&self.server.url, &json!(events)).await;
            assert_eq!(status, 200, "{caller}");
        }
    }

    /// A contact of the organization, made by a text of theirs; gives its id.
    pub async fn contact(&self, organization: &Organization, phone: &str) -> String {
        let text =
            TwilioEvent::inbound(&organization.account.sid, phone, &organization.number, "Hi");
        let event = json!([text.json()]);
        let status = organization.account.post(&self.server.url, &event).await;
        assert_eq!(status, 200);
        let id: Uuid = eventually("the contact is made", async || {
            sqlx::query_scalar("SELECT id FROM contact WHERE organization_id = $1 AND phone = $2")
                .bind(organization.id.0)
                .bind(phone)
                .fetch_optional(&self.rows.0)
                .await
                .expect("a contact")
        })
        .await;
        id.to_string()
    }
}
