//! Faults while lists are read.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use twilio_sim::{Fault, FaultRule};

use crate::fault_support::{CREATE, LIST, PATIENCE, arm, history, raw, walk};
use crate::harness::{ACCOUNT, DISPATCH, MAIN_LINE, TOKEN, World, text};

#[tokio::test]
async fn a_list_can_be_limited_with_and_without_a_time_to_retry_and_broken() {
    let world = World::start().await;
    let url = world.account_url("/Messages.json");
    let retry_after = |seconds| Fault::RateLimit {
        retry_after_s: seconds,
    };
    arm(
        &world,
        vec![
            FaultRule::next(1, LIST, retry_after(Some(7))),
            FaultRule::next(1, LIST, retry_after(None)),
            FaultRule::next(1, LIST, Fault::ServerError { status: 503 }),
            FaultRule::next(1, LIST, Fault::NotFound),
            FaultRule::next(1, LIST, Fault::Unauthorized),
        ],
    );
    let mut seen = Vec::new();
    for _ in 0..6 {
        let request = world.http.get(&url).basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.expect("an answer");
        let header = |name: &str| {
            let value = answer.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (wait, code) = (header("retry-after"), header("x-twilio-error-code"));
        seen.push((answer.status().as_u16(), wait, code));
    }
    let row = |status, wait: Option<&str>, code: Option<&str>| {
        (status, wait.map(str::to_owned), code.map(str::to_owned))
    };
    assert_eq!(
        seen,
        [
            row(429, Some("7"), Some("20429")),
            row(429, None, Some("20429")),
            row(503, None, Some("20500")),
            row(404, None, Some("20404")),
            row(401, None, Some("20003")),
            row(200, None, None),
        ]
    );
    let report = world.simulator.faults();
    assert_eq!(report.fired, 5);
    let requests = world.simulator.requests_after(0);
    let faults: Vec<Option<&str>> = requests.iter().map(|one| one.fault).collect();
    assert_eq!(faults[0], Some("rate_limit"));
    assert_eq!(faults[5], None);
}

#[tokio::test]
async fn an_answer_can_be_slow_cut_or_missing_and_the_request_is_logged_all_the_same() {
    let world = history(200, 0.0).await;
    let url = world.account_url("/Messages.json?PageSize=200");
    let latency = Fault::Latency {
        ms: 120,
        jitter_ms: 10,
    };
    arm(&world, vec![FaultRule::next(1, LIST, latency)]);
    let began = Instant::now();
    assert_eq!(raw(&world, &url, PATIENCE).await.map(|one| one.0), Ok(200));
    assert!(began.elapsed() >= Duration::from_millis(120));

    arm(&world, vec![FaultRule::next(1, LIST, Fault::Cut)]);
    assert_eq!(
        raw(&world, &url, PATIENCE).await,
        Err("body cut".to_owned())
    );
    assert_eq!(raw(&world, &url, PATIENCE).await.map(|one| one.0), Ok(200));

    let hang = Fault::Hang { ms: 60_000 };
    arm(&world, vec![FaultRule::next(1, LIST, hang)]);
    let patience = Duration::from_secs(2);
    assert!(raw(&world, &url, patience).await.is_err());
    crate::harness::eventually("the request without an answer is logged", || {
        let requests = world.simulator.requests_after(0);
        let last = requests.last().expect("requests");
        (requests.len(), last.status, last.fault) == (4, 0, Some("hang"))
    })
    .await;
}

#[tokio::test]
async fn one_number_can_be_refused_while_the_others_are_read() {
    let world = history(50, 0.0).await;
    let rule = FaultRule {
        number: Some(DISPATCH.to_owned()),
        ..FaultRule::always(LIST, Fault::Unauthorized)
    };
    arm(&world, vec![rule]);
    let status = async |query: String| {
        let url = world.account_url(&format!("/Messages.json?{query}"));
        world.get(&url).await.0
    };
    let encoded = |number: &str| number.replace('+', "%2B");
    for _ in 0..2 {
        assert_eq!(status(format!("To={}", encoded(DISPATCH))).await, 401);
        assert_eq!(status(format!("From={}", encoded(DISPATCH))).await, 401);
        assert_eq!(status(format!("To={}", encoded(MAIN_LINE))).await, 200);
    }
    world.simulator.clear_faults();
    assert_eq!(status(format!("To={}", encoded(DISPATCH))).await, 200);
}

/// Reads every page, and gives the SIDs in the order seen.
#[tokio::test]
async fn a_page_can_come_twice_and_then_the_list_goes_on() {
    let world = history(95, 0.0).await;
    arm(&world, vec![FaultRule::next(3, LIST, Fault::RepeatPage)]);
    let seen = walk(&world, "PageSize=10").await;
    assert_eq!(seen.len(), 95 + 30);
    let different: HashSet<&String> = seen.iter().collect();
    assert_eq!(different.len(), 95);
    assert_eq!(seen[..10], seen[10..20]);
}

#[tokio::test]
async fn messages_that_arrive_during_the_listing_shift_the_pages_and_none_is_missed() {
    for ours in ["To", "From"] {
        let world = history(1_000, 0.0).await;
        let arrivals = Fault::Arrivals { count: 2 };
        arm(&world, vec![FaultRule::next(5, LIST, arrivals)]);
        let seen = walk(&world, &format!("{ours}=%2B14155550134&PageSize=20")).await;
        let different: HashSet<&String> = seen.iter().collect();
        assert_eq!(seen.len(), different.len() + 10, "ten are seen twice");
        let history = &world.simulator.histories(ACCOUNT)[0];
        let inbound = ours == "To";
        let expected: Vec<String> = history
            .messages()
            .filter(|one| one.number == MAIN_LINE && one.direction.is_inbound() == inbound)
            .map(|one| one.sid.to_string())
            .collect();
        assert!(expected.iter().all(|sid| different.contains(sid)));
        assert_eq!(expected.len(), different.len());
        let arrived = world.simulator.messages(ACCOUNT);
        assert_eq!(arrived.len(), 10);
        assert!(
            arrived
                .iter()
                .all(|one| one.direction.is_inbound() == inbound)
        );
    }
}

#[tokio::test]
async fn the_newest_messages_can_be_missing_from_the_list_for_a_while() {
    let world = history(10, 0.0).await;
    let lag = Fault::ListLag { ms: 60_000 };
    arm(&world, vec![FaultRule::next(1, LIST, lag)]);
    let (_, message) = world.send(&[]).await;
    assert_eq!(walk(&world, "").await.len(), 10);
    let seen = walk(&world, "").await;
    assert_eq!((seen.len(), &seen[0]), (11, &text(&message, "sid")));
    let fetch = world.account_url(&format!("/Messages/{}.json", seen[0]));
    assert_eq!(world.get(&fetch).await.0, 200);
}

#[tokio::test]
async fn a_patient_reader_gets_the_whole_truth_through_every_fault_at_once() {
    let world = history(3_000, 0.0).await;
    let some = |probability, fault| FaultRule::sometimes(probability, LIST, fault);
    let latency = Fault::Latency {
        ms: 1,
        jitter_ms: 5,
    };
    let limited = Fault::RateLimit {
        retry_after_s: None,
    };
    arm(
        &world,
        vec![
            FaultRule::always(LIST, latency),
            some(0.1, limited),
            some(0.1, Fault::ServerError { status: 503 }),
            some(0.05, Fault::Hang { ms: 60_000 }),
            some(0.1, Fault::Cut),
            some(0.05, Fault::Unauthorized),
            some(0.05, Fault::NotFound),
            some(0.2, Fault::RepeatPage),
            some(0.2, Fault::Arrivals { count: 3 }),
        ],
    );
    let mut seen = HashSet::new();
    let mut next = Some(format!(
        "/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=30"
    ));
    let mut requests = 0;
    while let Some(path) = &next {
        requests += 1;
        assert!(requests < 2_000, "the list does not end");
        let patience = Duration::from_millis(700);
        let Ok((200, body)) = raw(&world, &world.url(path), patience).await else {
            continue;
        };
        let page: Value = serde_json::from_str(&body).expect("a whole page");
        let rows = page["messages"].as_array().expect("messages");
        seen.extend(rows.iter().map(|row| text(row, "sid")));
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    let history = &world.simulator.histories(ACCOUNT)[0];
    assert!(
        history
            .messages()
            .all(|one| seen.contains(one.sid.as_str()))
    );
    let arrived = world.simulator.messages(ACCOUNT);
    assert!(seen.len() <= 3_000 + arrived.len());
    for armed in world.simulator.faults().rules {
        assert!(armed.fired > 0, "{armed:?}");
    }
}

#[tokio::test]
async fn a_reader_that_only_reads_leaves_no_mutating_request() {
    let world = history(20, 0.5).await;
    walk(&world, "PageSize=5").await;
    let mutating = async || {
        let url = world.url("/sim/requests?mutating=true");
        world.get(&url).await.1["requests"].clone()
    };
    assert_eq!(mutating().await, json!([]));
    assert!(world.simulator.mutating_requests_after(0).is_empty());
    // One that is refused before it is done counts as well: it was asked for.
    arm(
        &world,
        vec![FaultRule::next(
            1,
            CREATE,
            Fault::ServerError { status: 500 },
        )],
    );
    world.send(&[]).await;
    world.send(&[]).await;
    let seen = mutating().await;
    assert_eq!(seen.as_array().map(Vec::len), Some(2));
    assert_eq!(seen[0]["method"], "POST");
    let newest = world.url("/sim/requests?mutating=true&newest=1");
    let (_, newest) = world.get(&newest).await;
    assert_eq!(newest["requests"][0], seen[1]);
    assert_eq!(world.simulator.mutating_requests_after(0).len(), 2);
}
