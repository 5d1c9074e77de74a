use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use twilio_sim::{Fault, FaultPlan, FaultRule, FaultTarget, NewHistory, Sid};

use crate::harness::{ACCOUNT, CUSTOMER, DISPATCH, MAIN_LINE, Receiver, TOKEN, World, text};

const LIST: FaultTarget = FaultTarget::ListMessages;
const CREATE: FaultTarget = FaultTarget::CreateMessage;

fn arm(world: &World, rules: Vec<FaultRule>) {
    let plan = FaultPlan { seed: 1, rules };
    world.simulator.set_faults(plan).expect("valid faults");
}

async fn history(messages: u64, media_share: f64) -> World {
    let world = World::start().await;
    let mut history = NewHistory::new(Sid::parse(ACCOUNT).expect("a SID"), messages, 2);
    history.media_share = media_share;
    world.simulator.add_history(history).expect("it is valid");
    world
}

/// The answer with its headers and what went wrong while its body was read.
async fn raw(world: &World, url: &str, patience: Duration) -> Result<(u16, String), String> {
    let request = world.http.get(url).basic_auth(ACCOUNT, Some(TOKEN));
    let answer = request
        .timeout(patience)
        .send()
        .await
        .map_err(|error| format!("no answer: {error}"))?;
    let status = answer.status().as_u16();
    let body = answer.text().await.map_err(|_| "body cut".to_owned())?;
    Ok((status, body))
}

const PATIENCE: Duration = Duration::from_secs(10);

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
async fn walk(world: &World, query: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut next = Some(format!(
        "/2010-04-01/Accounts/{ACCOUNT}/Messages.json?{query}"
    ));
    for _ in 0..200 {
        let Some(path) = next else {
            return seen;
        };
        let (status, page) = world.get(&world.url(&path)).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["messages"].as_array().expect("messages");
        seen.extend(rows.iter().map(|row| text(row, "sid")));
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    panic!("the list does not end");
}

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
async fn a_message_can_be_created_although_the_caller_does_not_learn_of_it() {
    let world = World::start().await;
    arm(
        &world,
        vec![
            FaultRule::next(1, CREATE, Fault::ProcessedThenError { status: 500 }),
            FaultRule::next(1, CREATE, Fault::ProcessedThenHang { ms: 60_000 }),
            FaultRule::next(1, CREATE, Fault::Cut),
            FaultRule::next(1, CREATE, Fault::ServerError { status: 502 }),
        ],
    );
    let send = async |body: &str| {
        let form = [("To", CUSTOMER), ("From", MAIN_LINE), ("Body", body)];
        let request = world
            .http
            .post(world.account_url("/Messages.json"))
            .basic_auth(ACCOUNT, Some(TOKEN))
            // Only the one that hangs waits so long.
            .timeout(Duration::from_secs(5))
            .form(&form);
        let answer = request.send().await.map_err(|_| "no answer")?;
        let status = answer.status().as_u16();
        answer.text().await.map_err(|_| "body cut")?;
        Ok::<u16, &str>(status)
    };
    assert_eq!(send("error").await, Ok(500));
    assert_eq!(send("hang").await, Err("no answer"));
    assert_eq!(send("cut").await, Err("body cut"));
    assert_eq!(send("refused").await, Ok(502));
    assert_eq!(send("plain").await, Ok(201));
    world.settle().await;
    let messages = world.simulator.messages(ACCOUNT);
    let made: Vec<&str> = messages.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(made, ["error", "hang", "cut", "plain"]);
    assert!(
        messages
            .iter()
            .all(|one| one.status.as_str() == "delivered")
    );
}

#[tokio::test]
async fn the_answer_can_wait_until_every_callback_and_event_has_gone_out() {
    let world = World::start_with(twilio_sim::Timing {
        sent_after_ms: 30,
        delivered_after_ms: 60,
        ..twilio_sim::Timing::instant()
    })
    .await;
    let receiver = Receiver::start().await;
    let hook = format!("{}/hook", receiver.base_url);
    world.subscribe(&hook, false).await;
    let rule = FaultRule::next(
        1,
        CREATE,
        Fault::AnswerAfterEvents {
            max_wait_ms: 10_000,
        },
    );
    arm(&world, vec![rule]);
    let callback = format!("{}/status", receiver.base_url);
    let (status, message) = world.send(&[("StatusCallback", &callback)]).await;
    assert_eq!(status, 201);
    assert_eq!(message["status"], "queued");
    // Two events and two callbacks, before the caller knows the SID.
    assert_eq!(receiver.received().len(), 4);
    world.settle().await;
    assert_eq!(receiver.received().len(), 4);
}

#[tokio::test]
async fn fresh_media_can_be_missing_at_first_and_the_bytes_can_fail_at_the_other_host() {
    let world = history(40, 1.0).await;
    let rule = |on, fault| FaultRule {
        first_per_path: Some(2),
        ..FaultRule::always(on, fault)
    };
    arm(
        &world,
        vec![
            rule(FaultTarget::MediaBytes, Fault::NotFound),
            FaultRule::next(1, FaultTarget::Cdn, Fault::ServerError { status: 503 }),
            FaultRule::next(1, FaultTarget::Cdn, Fault::Cut),
            FaultRule::next(
                1,
                FaultTarget::ListMedia,
                Fault::ServerError { status: 500 },
            ),
        ],
    );
    let history = world.simulator.histories(ACCOUNT)[0].clone();
    let message = history.message(5).expect("it exists");
    let list = world.account_url(&format!("/Messages/{}/Media.json", message.sid));
    assert_eq!(world.get(&list).await.0, 500);
    assert_eq!(world.get(&list).await.0, 200);
    let file = &message.media[0].sid;
    let bytes = world.account_url(&format!("/Messages/{}/Media/{file}", message.sid));
    assert_eq!(world.get(&format!("{bytes}.json")).await.0, 200);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let request = world.http.get(&bytes).basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        seen.push(match answer.bytes().await {
            Ok(bytes) if status == 200 => format!("{} bytes", bytes.len()),
            Ok(_) => status.to_string(),
            Err(_) => "cut".to_owned(),
        });
    }
    let (expected, _) = history
        .file_bytes(message.sid.as_str(), file.as_str())
        .expect("it exists");
    let whole = format!("{} bytes", expected.len());
    assert_eq!(seen, ["404", "404", "503", "cut", &whole]);
    let requests = world.simulator.cdn_requests_after(0);
    let faults: Vec<Option<&str>> = requests.iter().map(|one| one.fault).collect();
    assert_eq!(faults, [Some("server_error"), Some("cut"), None]);
    let fired = world.simulator.fired_faults_after(0);
    assert_eq!(fired.len(), 5);
    assert!(fired.iter().any(|one| one.subject.ends_with(file.as_str())));
}

#[tokio::test]
async fn a_file_can_turn_out_to_be_a_page_and_a_redirect_can_lead_astray() {
    let world = history(20, 1.0).await;
    arm(
        &world,
        vec![
            FaultRule::next(1, FaultTarget::Cdn, Fault::WrongType),
            FaultRule::next(1, FaultTarget::MediaBytes, Fault::ForeignRedirect),
        ],
    );
    let history = world.simulator.histories(ACCOUNT)[0].clone();
    let message = history.message(0).expect("it exists");
    let file = &message.media[0].sid;
    let bytes = world.account_url(&format!("/Messages/{}/Media/{file}", message.sid));
    let careful = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let redirect = careful.get(&bytes).basic_auth(ACCOUNT, Some(TOKEN));
    let redirect = redirect.send().await.expect("an answer");
    assert_eq!(redirect.status(), 307);
    let location = redirect.headers()["location"].to_str().expect("ASCII");
    assert!(location.starts_with("http://localhost:"), "{location}");
    let read = async || {
        let request = world.http.get(&bytes).basic_auth(ACCOUNT, Some(TOKEN));
        let answer = request.send().await.expect("an answer");
        answer.headers()["content-type"]
            .to_str()
            .expect("ASCII")
            .to_owned()
    };
    assert_eq!(read().await, "text/html; charset=utf-8");
    assert_eq!(read().await, message.media[0].content_type);
    let requests = world.simulator.cdn_requests_after(0);
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .all(|one| one.host.starts_with("127.0.0.1:"))
    );
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
async fn faults_are_read_replaced_added_and_removed_over_http() {
    let world = World::start().await;
    let url = world.url("/sim/faults");
    let put = async |body: Value| {
        let answer = world.http.put(&url).json(&body).send().await;
        let answer = answer.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap_or_default())
    };
    let (status, report) = put(json!({
        "seed": 9,
        "rules": [
            { "on": "any", "fault": { "kind": "rate_limit", "retry_after_s": 1 }, "times": 1 },
            { "on": "event", "fault": { "kind": "drop" }, "probability": 0.5 },
        ],
    }))
    .await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(world.get(&world.account_url(".json")).await.0, 429);
    assert_eq!(world.get(&world.account_url(".json")).await.0, 200);
    let (_, report) = world.get(&url).await;
    assert_eq!(report["seed"], 9);
    assert_eq!(report["rules"][0]["fired"], 1);
    assert_eq!(report["rules"][0]["matched"], 2);
    assert_eq!(report["rules"][0]["fault"]["kind"], "rate_limit");
    let more = json!({ "on": "cdn", "fault": { "kind": "hang" } });
    let (_, report) = world.control("faults", more).await;
    assert_eq!(report["rules"].as_array().map(Vec::len), Some(3));
    let (_, log) = world.get(&world.url("/sim/faults/log")).await;
    assert_eq!(log["fired"][0]["kind"], "rate_limit");
    assert_eq!(world.delete(&url).await, 204);
    assert_eq!(world.get(&url).await.1["rules"], json!([]));

    for (rule, status) in [
        (json!({ "on": "event", "fault": { "kind": "hang" } }), 400),
        (
            json!({ "on": "cdn", "fault": { "kind": "repeat_page" } }),
            400,
        ),
        (
            json!({ "on": "any", "fault": { "kind": "cut" }, "probability": 2 }),
            400,
        ),
        (
            json!({ "on": "any", "fault": { "kind": "server_error", "status": 404 } }),
            400,
        ),
        (
            json!({ "on": "any", "fault": { "kind": "cut" }, "number": MAIN_LINE }),
            400,
        ),
        (json!({ "on": "any", "fault": { "kind": "nonsense" } }), 422),
        (
            json!({ "on": "any", "fault": { "kind": "latency", "ms": 99_000_000 } }),
            400,
        ),
    ] {
        let (got, answer) = put(json!({ "rules": [rule] })).await;
        assert_eq!(got, status, "{answer}");
    }
    assert_eq!(
        put(json!({ "rules": vec![json!({ "on": "any", "fault": { "kind": "cut" } }); 201] }))
            .await
            .0,
        400
    );
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
