//! What has no date of sending falls through every filter by date, and is imported all the same.

use std::time::Duration;

use serde_json::json;
use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget::ListMessages, NewHistory};

use crate::support::{
    Agent, History, Organization, StrangeTwilio, Strangeness, SyncRun, TestDatabase, World,
    eventually_within,
};

const MESSAGES: u64 = 3_000;
const PAGE: u64 = 20;
const LIMIT: Duration = Duration::from_secs(120);

fn small_pages() -> Vec<(&'static str, String)> {
    vec![("TWILIO_PAGE_SIZE", PAGE.to_string())]
}

/// Every fifth text that was sent has no date, and some have one that cannot be read.
fn many_undated(new: &mut NewHistory) {
    new.never_sent_share = 0.2;
    new.bad_date_share = 0.03;
    new.unknown_status_share = 0.02;
    new.media_share = 0.0;
}

fn sent(history: &History) -> u64 {
    let sent = history
        .0
        .messages()
        .filter(|message| message.from != message.customer);
    sent.count() as u64
}

fn never_sent(history: &History) -> usize {
    let never = history
        .0
        .messages()
        .filter(|message| message.date_sent.is_none());
    never.count()
}

/// Pages of lists of what was sent that were asked for with this many messages a page.
fn pages_of_sent(world: &World, page_size: u64) -> u64 {
    let size = page_size.to_string();
    let requests = world.simulator().requests_after(0);
    let pages = requests.iter().filter(|request| {
        let has = |name: &str, value: Option<&str>| {
            let given = request.query.get(name);
            given.is_some_and(|given| value.is_none_or(|value| given.iter().any(|v| v == value)))
        };
        has("From", None) && has("PageSize", Some(&size))
    });
    pages.count() as u64
}

async fn start(admin: &Agent, organization: &Organization) {
    let body = json!({ "phone_number_id": organization.number_id, "wait": false });
    let reply = admin.post("/api/twilio/sync-message-history", &body).await;
    assert_eq!(reply.status, 202, "{}", reply.json);
}

/// Kills the server whenever some more is done, and lets it go on.
async fn sync_with_kills(
    world: &mut World,
    admin: &Agent,
    organization: &Organization,
    kills: i64,
) -> SyncRun {
    start(admin, organization).await;
    let step = i64::try_from(MESSAGES).expect("small") / (kills + 1);
    let fetched = "SELECT fetched FROM sms_sync_run ORDER BY started_at DESC LIMIT 1";
    for round in 1..=kills {
        eventually_within(LIMIT, "more is done", async || {
            (world.rows.count(fetched).await >= round * step).then_some(())
        })
        .await;
        world.server.kill();
        // What the lease of the dead server would do in 15 s.
        let free = "UPDATE sms_sync_run SET lease_until = now() WHERE state = 'running'";
        world.rows.execute(free).await;
        world.server.start_again().await;
    }
    let run = world.sync_ended(admin, organization).await;
    assert_eq!(run.state(), "done", "{}", run.0);
    assert_eq!(
        run.count("parts_done"),
        run.count("parts_total"),
        "{}",
        run.0
    );
    run
}

fn bad_days(seed: u64) -> FaultPlan {
    let latency = Fault::Latency {
        ms: 20,
        jitter_ms: 40,
    };
    let rate_limit = Fault::RateLimit {
        retry_after_s: None,
    };
    let rules = vec![
        FaultRule::always(ListMessages, latency),
        FaultRule::sometimes(0.03, ListMessages, rate_limit),
        FaultRule::sometimes(0.04, ListMessages, Fault::ServerError { status: 500 }),
        FaultRule::sometimes(0.04, ListMessages, Fault::Cut),
        FaultRule::sometimes(0.04, ListMessages, Fault::RepeatPage),
    ];
    FaultPlan { seed, rules }
}

#[tokio::test]
async fn what_was_never_sent_is_found_in_parallel_reading_each_page_once() {
    let world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, many_undated);
    assert!(never_sent(&history) > 200);

    let run = world.sync(&admin, &organization).await;
    assert_eq!(run.count("new_count"), MESSAGES);
    assert_eq!(run.count("fetched"), MESSAGES);
    assert_eq!(run.count("skipped"), 0);
    assert_eq!(run.count("parts_done"), run.count("parts_total"));
    world.assert_history(&organization, &history).await;
    let begun = "SELECT count(*) FROM sms_sync_window WHERE entry_after IS NOT NULL AND first_sid IS NOT NULL";
    let begun = u64::try_from(world.rows.count(begun).await).expect("a count");
    assert!(begun > 15, "the list was entered at {begun} places");
    let pages = pages_of_sent(&world, PAGE);
    // Each place costs at most one page that is read in part, and the first page is read twice.
    let most = sent(&history) / PAGE + begun + 10;
    assert!(pages <= most, "{pages} pages, {most} at most");

    let again = world.sync(&admin, &organization).await;
    assert_eq!(again.count("new_count"), 0);
    assert_eq!(again.count("skipped"), MESSAGES, "each is counted once");
    world.assert_history(&organization, &history).await;
    world.assert_only_read();
}

#[tokio::test]
async fn counts_are_exact_over_faults_and_kills_in_the_first_run_and_in_the_second() {
    let mut world = World::with_direct_twilio(small_pages()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES, many_undated);
    let set = |seed| bad_days(seed);
    world.simulator().set_faults(set(11)).expect("faults");
    let run = sync_with_kills(&mut world, &admin, &organization, 4).await;
    assert_eq!(run.count("new_count"), MESSAGES);
    assert_eq!(run.count("fetched"), MESSAGES);
    assert_eq!(run.count("skipped"), 0);
    world.assert_history(&organization, &history).await;

    world.simulator().set_faults(set(12)).expect("faults");
    let again = sync_with_kills(&mut world, &admin, &organization, 4).await;
    assert_ne!(again.0["run_id"], run.0["run_id"]);
    assert_eq!(again.count("new_count"), 0);
    assert_eq!(again.count("skipped"), MESSAGES, "each is counted once");
    assert_eq!(again.count("fetched"), MESSAGES);
    world.assert_history(&organization, &history).await;
    world.assert_only_read();
}

async fn a_strange_twilio_only_costs_time(strangeness: Strangeness) {
    let mut strange = None;
    let world = World::with_twilio_at(TestDatabase::create().await, small_pages(), |url| {
        let started = strange.insert(StrangeTwilio::start(url, strangeness));
        started.url.clone()
    })
    .await;
    let strange = strange.expect("it was started");
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let history = world.history(&organization, MESSAGES / 2, many_undated);
    let run = world.sync(&admin, &organization).await;
    assert!(strange.met() > 3, "it was strange {} times", strange.met());
    assert_eq!(run.count("new_count"), MESSAGES / 2);
    assert_eq!(run.count("fetched"), MESSAGES / 2);
    assert_eq!(run.count("parts_done"), run.count("parts_total"));
    world.assert_history(&organization, &history).await;
    let again = world.sync(&admin, &organization).await;
    assert_eq!(again.count("new_count"), 0);
    assert_eq!(again.count("skipped"), MESSAGES / 2, "each is counted once");
}

/// Parts that begin where the list does, pages that are given again, and messages that arrive
/// meanwhile: each part that sees a neighbour's first message may think that the neighbour reads
/// on from there.
#[tokio::test]
async fn parts_that_begin_again_while_messages_arrive_do_not_rely_on_each_other() {
    let mut strange = None;
    let world = World::with_twilio_at(TestDatabase::create().await, small_pages(), |url| {
        let started = strange.insert(StrangeTwilio::start(url, Strangeness::BeginsAgain));
        started.url.clone()
    })
    .await;
    let admin_of = async |number: &str| {
        let organization = world.other_organization(number).await;
        let admin = world.admin(&organization).await;
        (organization, admin)
    };
    for seed in 0..8 {
        let (organization, admin) = admin_of(&format!("+141555501{seed:02}")).await;
        let history = world.history(&organization, MESSAGES / 10, many_undated);
        let jitter = Fault::Latency {
            ms: 1,
            jitter_ms: 60,
        };
        let rules = vec![
            FaultRule::always(ListMessages, jitter),
            FaultRule::sometimes(0.4, ListMessages, Fault::Arrivals { count: 2 }),
            FaultRule::sometimes(0.4, ListMessages, Fault::RepeatPage),
        ];
        let plan = FaultPlan { seed, rules };
        world.simulator().set_faults(plan).expect("faults");
        world.sync(&admin, &organization).await;
        world.assert_history(&organization, &history).await;
    }
}

#[tokio::test]
async fn a_twilio_that_refuses_to_enter_a_list_in_its_middle_only_costs_time() {
    a_strange_twilio_only_costs_time(Strangeness::Refuses).await;
}

#[tokio::test]
async fn a_twilio_that_begins_a_list_again_instead_only_costs_time() {
    a_strange_twilio_only_costs_time(Strangeness::BeginsAgain).await;
}

#[tokio::test]
async fn a_twilio_that_keeps_the_filter_of_a_token_only_costs_time() {
    a_strange_twilio_only_costs_time(Strangeness::KeepsTheFilter).await;
}
