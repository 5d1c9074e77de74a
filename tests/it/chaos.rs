//! Everything goes wrong at once, and in the end every message is here exactly once.
//!
//! Short by default; `cargo xtask chaos --minutes 30 --seed 7` makes it long. The plan (who texts
//! whom when, what Twilio does wrong, when what is killed) follows from the seed.

use std::{
    collections::BTreeMap,
    env,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures::{StreamExt, stream};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};
use twilio_sim::{FaultPlan, MessageOrigin, RunningSimulator, Timing};
use uuid::Uuid;

use crate::{
    reconciliation::reconcile,
    support::{
        Agent, Cluster, MAIN_LINE, Organization, Server, TestDatabase, World, eventually_within,
    },
};

/// Texts of a short run.
const TEXTS: usize = 2_000;
/// Texts for each minute of a long one.
const TEXTS_A_MINUTE: usize = 2_400;
/// Texts a second.
const RATE: f64 = 40.0;
/// Customers with a phone.
const CUSTOMERS: usize = 60;
/// So many texts lie between two kills of the server, and between two restarts of Postgres.
const TEXTS_A_KILL: usize = 400;
const TEXTS_A_RESTART: usize = 1_000;
/// The share of texts with the same words.
const REPEATED: f64 = 0.03;
/// Texts that are being sent at once.
const AT_ONCE: usize = 24;
/// A text that Twilio may or may not have is sent again after a minute at the earliest.
const SETTLED: Duration = Duration::from_secs(240);

/// What Twilio does wrong, how often, and how.
const FAULTS: [(&str, f64, &str); 19] = [
    ("create_message", 0.05, r#"{"kind":"rate_limit"}"#),
    ("create_message", 0.02, r#"{"kind":"server_error"}"#),
    ("create_message", 0.02, r#"{"kind":"processed_then_error"}"#),
    (
        "create_message",
        0.02,
        r#"{"kind":"processed_then_hang","ms":4000}"#,
    ),
    ("create_message", 0.02, r#"{"kind":"cut"}"#),
    (
        "create_message",
        0.10,
        r#"{"kind":"answer_after_events","max_wait_ms":1500}"#,
    ),
    (
        "create_message",
        0.20,
        r#"{"kind":"latency","ms":50,"jitter_ms":400}"#,
    ),
    ("list_messages", 0.05, r#"{"kind":"rate_limit"}"#),
    ("list_messages", 0.05, r#"{"kind":"server_error"}"#),
    ("list_messages", 0.30, r#"{"kind":"list_lag","ms":3000}"#),
    ("fetch_message", 0.10, r#"{"kind":"not_found"}"#),
    ("fetch_message", 0.05, r#"{"kind":"server_error"}"#),
    ("event", 0.05, r#"{"kind":"drop"}"#),
    (
        "event",
        0.15,
        r#"{"kind":"duplicate","copies":2,"within_ms":800}"#,
    ),
    (
        "event",
        0.20,
        r#"{"kind":"delay","ms":300,"jitter_ms":2000}"#,
    ),
    ("event", 0.40, r#"{"kind":"reorder","within_ms":1500}"#),
    ("status_callback", 0.10, r#"{"kind":"drop"}"#),
    (
        "status_callback",
        0.15,
        r#"{"kind":"duplicate","within_ms":800}"#,
    ),
    (
        "status_callback",
        0.40,
        r#"{"kind":"reorder","within_ms":1500}"#,
    ),
];

/// Who sends a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    Customer,
    Loquent,
    OtherPlatform,
}

#[derive(Debug, Clone)]
struct Text {
    sender: Sender,
    customer: String,
    body: String,
    /// The browser's own id of the send: it repeats a send that was not answered.
    key: Uuid,
    /// What becomes of it at the carrier, if not delivered.
    outcome: Option<Value>,
}

/// What goes wrong with the programs, and before which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    KillServer,
    RestartPostgres,
}

struct Plan {
    seed: u64,
    texts: Vec<Text>,
    blows: BTreeMap<usize, Blow>,
}

impl Plan {
    fn from_environment() -> Self {
        let number = |name: &str| env::var(name).ok().and_then(|raw| raw.parse::<u64>().ok());
        let seed = number("CHAOS_SEED").unwrap_or(20_261_120);
        let texts = number("CHAOS_MINUTES").map_or(TEXTS, |minutes| {
            usize::try_from(minutes).unwrap_or(1).max(1) * TEXTS_A_MINUTE
        });
        Self::new(seed, texts)
    }

    fn new(seed: u64, count: usize) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let texts = (0..count).map(|n| text(&mut chance, n)).collect();
        let mut blows = BTreeMap::new();
        let mut strike = |every: usize, blow: Blow| {
            for n in 0..count / every {
                let mut at = n * every + chance.random_range(every / 4..every);
                while blows.contains_key(&at) {
                    at += 1;
                }
                blows.insert(at, blow);
            }
        };
        strike(TEXTS_A_KILL, Blow::KillServer);
        strike(TEXTS_A_RESTART, Blow::RestartPostgres);
        Self { seed, texts, blows }
    }

    /// What takes longer hangs: a text may wait for each blow.
    fn longest(&self) -> Duration {
        Duration::from_secs_f64(2.0 * self.texts.len() as f64 / RATE) + SETTLED
    }

    fn count(&self, sender: Sender) -> usize {
        self.texts
            .iter()
            .filter(|text| text.sender == sender)
            .count()
    }

    fn faults(&self) -> FaultPlan {
        let rules = FAULTS.map(|(on, probability, fault)| {
            let fault: Value = serde_json::from_str(fault).expect("a fault");
            json!({ "on": on, "probability": probability, "fault": fault })
        });
        serde_json::from_value(json!({ "seed": self.seed, "rules": rules })).expect("a plan")
    }
}

fn text(chance: &mut StdRng, n: usize) -> Text {
    let sender = match chance.random_range(0..10) {
        0..4 => Sender::Customer,
        4..8 => Sender::Loquent,
        _ => Sender::OtherPlatform,
    };
    let customer = chance.random_range(0..CUSTOMERS);
    // Some say the same to the same person again and again: each is a text of its own. Not many do:
    // if Twilio never had a text of ours, and its answer is lost, and another platform says the same
    // to the same customer meanwhile, and no event tells of that, nobody can know.
    let body = if chance.random_bool(REPEATED) {
        "Thank you!".to_owned()
    } else {
        format!("Text {n}")
    };
    let outcome = match chance.random_range(0..100) {
        0..4 => Some(json!({ "status": "undelivered", "error_code": 30003 })),
        4..7 => Some(json!({ "status": "failed", "error_code": 30006 })),
        _ => None,
    };
    Text {
        sender,
        customer: format!("+1415555{:04}", 2_000 + customer),
        body,
        key: Uuid::from_u128(chance.random()),
        outcome,
    }
}

/// What the texts go through.
struct Stage<'a> {
    simulator: &'a RunningSimulator,
    account_sid: &'a str,
    agent: &'a Agent,
    organization: &'a Organization,
    begun: AtomicUsize,
}

impl Stage<'_> {
    /// All texts of the plan, each at its time, many at once.
    async fn send_all(&self, plan: &Plan) {
        let start = Instant::now();
        stream::iter(plan.texts.iter().enumerate())
            .map(|(n, text)| async move {
                sleep_until(start + Duration::from_secs_f64(n as f64 / RATE)).await;
                self.begun.fetch_max(n, Ordering::Relaxed);
                if n % TEXTS_A_MINUTE == 0 && n > 0 {
                    println!("  {n} of {} texts", plan.texts.len());
                }
                self.send(text).await;
            })
            .buffer_unordered(AT_ONCE)
            .for_each(async |()| {})
            .await;
    }

    /// Sends a text as its sender does. An agent's browser repeats a send until it is answered.
    async fn send(&self, text: &Text) {
        let (simulator, line) = (self.simulator, MAIN_LINE);
        if text.sender == Sender::Loquent
            && let Some(mut outcome) = text.outcome.clone()
        {
            outcome["to"] = json!(text.customer);
            let outcome = serde_json::from_value(outcome).expect("an outcome");
            simulator.arm_outcome(outcome).expect("it is armed");
        }
        match text.sender {
            Sender::Customer => {
                let said = json!({ "from": text.customer, "to": line, "body": text.body });
                let said = serde_json::from_value(said).expect("a text");
                simulator.send_as_customer(said).expect("it is sent");
            }
            Sender::OtherPlatform => {
                let sent = json!({
                    "account_sid": self.account_sid, "from": line, "to": text.customer,
                    "body": text.body,
                });
                let sent = serde_json::from_value(sent).expect("a text");
                simulator.send_externally(sent).expect("it is sent");
            }
            Sender::Loquent => self.send_here(text).await,
        }
    }

    async fn send_here(&self, text: &Text) {
        let body = json!({
            "to": text.customer, "body": text.body, "client_key": text.key,
            "phone_number_id": self.organization.number_id,
        });
        eventually_within(SETTLED, "the send is answered", async || {
            match self.agent.try_post("/api/messages/send", &body).await {
                Some(200) => Some(()),
                None | Some(500..) => None,
                Some(other) => panic!("a send was refused: {other}"),
            }
        })
        .await;
    }

    /// Kills the server and restarts Postgres when the plan says so, beside the texts.
    async fn strike(&self, plan: &Plan, server: &mut Server, cluster: &mut Cluster) {
        for (at, blow) in &plan.blows {
            eventually_within(plan.longest(), "the texts go on", async || {
                (self.begun.load(Ordering::Relaxed) >= *at).then_some(())
            })
            .await;
            match blow {
                Blow::KillServer => {
                    server.kill();
                    server.start_again().await;
                }
                Blow::RestartPostgres => {
                    cluster.stop().await;
                    cluster.start_again();
                }
            }
        }
    }
}

/// Waits until nothing moves any more: at Twilio, on the way, and here. A server that could not keep
/// up, on a machine that does much else, may take as long again as the texts took.
async fn all_is_quiet(world: &World, plan: &Plan) {
    let unfinished = "SELECT (SELECT count(*) FROM message WHERE external_id IS NULL)
                           + (SELECT count(*) FROM twilio_event WHERE state = 'pending')
                           + (SELECT count(*) FROM message_fetch WHERE state = 'pending')";
    let sent = |origin: MessageOrigin| {
        let all = world.simulator().messages(&world.account.sid);
        all.iter().filter(|one| one.origin == origin).count()
    };
    let mut looked_at = Instant::now();
    eventually_within(plan.longest(), "all is quiet", async || {
        if looked_at.elapsed() > Duration::from_secs(30) {
            looked_at = Instant::now();
            println!(
                "  waiting: {} unfinished rows, Twilio is quiet: {}, {} texts of Loquent there",
                world.rows.count(unfinished).await,
                world.simulator().is_quiet(),
                sent(MessageOrigin::Rest),
            );
        }
        let at_the_end =
            |status: &str| ["delivered", "undelivered", "failed", "received"].contains(&status);
        let sent = world.simulator().messages(&world.account.sid);
        let is_quiet = world.simulator().is_quiet()
            && sent.iter().all(|one| at_the_end(one.status.as_str()))
            && world.rows.count(unfinished).await == 0;
        if !is_quiet {
            sleep(Duration::from_millis(400)).await;
        }
        is_quiet.then_some(())
    })
    .await;
}

/// A message as both sides tell it: direction, from, to, body, status, error.
type Told = (String, String, String, Option<String>, String, Option<i32>);

fn truth(world: &World) -> BTreeMap<String, Told> {
    let all = world.simulator().messages(&world.account.sid);
    all.into_iter()
        .map(|message| {
            let from = message.from.unwrap_or_default();
            let direction = if from == MAIN_LINE {
                "outbound"
            } else {
                "inbound"
            };
            let told = (
                direction.to_owned(),
                from,
                message.to,
                Some(message.body),
                message.status.as_str().to_owned(),
                message.error_code.and_then(|code| i32::try_from(code).ok()),
            );
            (message.sid.to_string(), told)
        })
        .collect()
}

/// Everything that is here, as often as it is here.
async fn stored(world: &World) -> Vec<(Option<String>, Told)> {
    type Row = (
        Option<String>,
        String,
        String,
        String,
        Option<String>,
        String,
        Option<i32>,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT external_id, direction, from_address, to_address, body, status, error_code
         FROM message ORDER BY id",
    )
    .fetch_all(&world.rows.0)
    .await
    .expect("messages");
    rows.into_iter()
        .map(|row| (row.0, (row.1, row.2, row.3, row.4, row.5, row.6)))
        .collect()
}

/// How often each handset got each reply, by what was wanted and by what Twilio has.
fn replies(plan: &Plan, world: &World) -> BTreeMap<(String, String), (usize, usize)> {
    let mut counts: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for text in plan
        .texts
        .iter()
        .filter(|text| text.sender == Sender::Loquent)
    {
        counts
            .entry((text.customer.clone(), text.body.clone()))
            .or_default()
            .0 += 1;
    }
    let sent = world.simulator().messages(&world.account.sid);
    for message in sent
        .into_iter()
        .filter(|one| one.origin == MessageOrigin::Rest)
    {
        counts.entry((message.to, message.body)).or_default().1 += 1;
    }
    counts
}

fn faults_that_happened(world: &World) -> BTreeMap<String, usize> {
    let mut fired = BTreeMap::new();
    for rule in &world.simulator().faults().rules {
        let rule = serde_json::to_value(rule).expect("a rule is JSON");
        let name = format!("{} {}", rule["on"], rule["fault"]["kind"]).replace('"', "");
        let count = rule["fired"].as_u64().and_then(|n| usize::try_from(n).ok());
        *fired.entry(name).or_default() += count.unwrap_or_default();
    }
    fired
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_chaos_and_one_reconciliation_every_message_is_here_exactly_once() {
    let plan = Plan::from_environment();
    let begin = Instant::now();
    let mut cluster = Cluster::start();
    let timing = Timing {
        sent_after_ms: 50,
        delivered_after_ms: 150,
        retry_base_ms: 100,
        retry_max_ms: 1_000,
        ..Timing::default()
    };
    let database = TestDatabase::create_in(&cluster.url).await;
    let environment = vec![("RECONCILE_EVERY_MINUTES", "0".to_owned())];
    let mut world = World::with_slow_twilio_on(database, timing, environment).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    world.subscribe().await;
    world
        .simulator()
        .set_faults(plan.faults())
        .expect("they are armed");

    let account_sid = world.account.sid.clone();
    let (server, simulator) = world.server_and_simulator();
    let stage = Stage {
        simulator,
        account_sid: &account_sid,
        agent: &admin,
        organization: &organization,
        begun: AtomicUsize::new(0),
    };
    futures::join!(
        stage.send_all(&plan),
        stage.strike(&plan, server, &mut cluster)
    );
    let sent_after = begin.elapsed();
    all_is_quiet(&world, &plan).await;
    let quiet_after = begin.elapsed();
    let before = differences(&truth(&world), &stored(&world).await);
    let check = reconcile(&admin, &organization).await;
    let after = differences(&truth(&world), &stored(&world).await);

    let replies = replies(&plan, &world);
    let doubled = replies
        .values()
        .filter(|(wanted, sent)| sent > wanted)
        .count();
    let unsent = replies
        .values()
        .filter(|(wanted, sent)| sent < wanted)
        .count();
    let blows = |blow| plan.blows.values().filter(|one| **one == blow).count();
    println!(
        "chaos: seed {}, {} texts: {} of customers, {} of Loquent, {} of another platform",
        plan.seed,
        plan.texts.len(),
        plan.count(Sender::Customer),
        plan.count(Sender::Loquent),
        plan.count(Sender::OtherPlatform),
    );
    println!(
        "  server killed {} times, Postgres restarted {} times; faults {:?}",
        blows(Blow::KillServer),
        blows(Blow::RestartPostgres),
        faults_that_happened(&world),
    );
    println!("  before the reconciliation: {}", before.counts());
    println!(
        "  reconciliation: checked {}, missing {}, repaired {}",
        check["checked"], check["missing"], check["repaired"]
    );
    println!("  after it: {}", after.counts());
    println!("  replies that a handset got more often than sent: {doubled}; less often: {unsent}");
    let deadlocks = world.server.log().matches("deadlock detected").count();
    println!("  deadlocks: {deadlocks}");
    println!(
        "  took {:.0} s: sent after {:.0} s, quiet after {:.0} s",
        begin.elapsed().as_secs_f64(),
        sent_after.as_secs_f64(),
        quiet_after.as_secs_f64()
    );
    assert_eq!(after, Differences::default());
    assert_eq!((doubled, unsent), (0, 0), "{replies:?}");
    let found = |name: &str| check[name].as_u64().expect("a number");
    assert!(
        found("missing") + found("repaired") > 0,
        "nothing was lost on the way: no chaos"
    );
    let unread = "SELECT coalesce(sum(unread_count), 0)::bigint FROM conversation";
    assert_eq!(
        usize::try_from(world.rows.count(unread).await),
        Ok(plan.count(Sender::Customer)),
        "each text of a customer is news once"
    );
    let ours = "SELECT count(DISTINCT client_key) FROM message WHERE source = 'loquent'";
    assert_eq!(
        usize::try_from(world.rows.count(ours).await),
        Ok(plan.count(Sender::Loquent))
    );
    let parked = "SELECT count(*) FROM twilio_event WHERE state IN ('parked', 'pending')";
    assert_eq!(world.rows.count(parked).await, 0);
}

/// How what is here differs from the truth.
#[derive(Debug, Default, PartialEq, Eq)]
struct Differences {
    missing: Vec<String>,
    /// Without a SID, with one that Twilio does not have, or with one that is here twice.
    too_many: Vec<String>,
    /// Here and at Twilio.
    different: Vec<String>,
}

impl Differences {
    fn counts(&self) -> String {
        format!(
            "{} missing, {} too many, {} different",
            self.missing.len(),
            self.too_many.len(),
            self.different.len()
        )
    }
}

fn differences(truth: &BTreeMap<String, Told>, stored: &[(Option<String>, Told)]) -> Differences {
    let mut found = Differences::default();
    let mut here: BTreeMap<&str, &Told> = BTreeMap::new();
    for (sid, told) in stored {
        match sid.as_deref() {
            Some(sid) if truth.contains_key(sid) => {
                if here.insert(sid, told).is_some() {
                    found.too_many.push(sid.to_owned());
                }
            }
            _ => found.too_many.push(format!("{sid:?} {told:?}")),
        }
    }
    for (sid, at_twilio) in truth {
        match here.get(sid.as_str()) {
            None => found.missing.push(format!("{sid} {at_twilio:?}")),
            Some(told) if *told != at_twilio => {
                found
                    .different
                    .push(format!("{sid}: {told:?} instead of {at_twilio:?}"));
            }
            Some(_) => {}
        }
    }
    found
}
