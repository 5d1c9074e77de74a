//! What a generated history may be, and what it costs.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use twilio_sim::{NewHistory, Sid};

use crate::harness::{ACCOUNT, MAIN_LINE, World};

#[tokio::test]
async fn a_history_that_cannot_be_is_refused_with_the_reason() {
    let world = World::start().await;
    let with = |extra: Value| {
        let mut history = json!({ "account_sid": ACCOUNT, "messages": 10, "seed": 1 });
        for (name, value) in extra.as_object().expect("an object") {
            history[name] = value.clone();
        }
        history
    };
    for (history, status) in [
        (
            with(json!({ "account_sid": "AC00000000000000000000000000000009" })),
            400,
        ),
        (with(json!({ "messages": 0 })), 400),
        (with(json!({ "media_share": 1.5 })), 400),
        (with(json!({ "numbers": ["12"] })), 400),
        (with(json!({ "numbers": [MAIN_LINE, MAIN_LINE] })), 400),
        (with(json!({ "contacts": 0 })), 400),
        (
            with(json!({ "from": "2024-01-01T00:00:00Z", "to": "2024-01-01T00:00:09Z" })),
            400,
        ),
        (with(json!({ "numbers": ["+12015550000"] })), 409),
        (with(json!({ "nonsense": 1 })), 422),
    ] {
        let (got, answer) = world.control("history", history).await;
        assert_eq!(got, status, "{answer}");
    }
    let simple = || with(json!({ "numbers": [MAIN_LINE] }));
    world.simulator.reset();
    assert_eq!(world.control("history", simple()).await.0, 200);
    assert_eq!(
        world.control("history", simple()).await.0,
        409,
        "the same seed again"
    );
    assert_eq!(
        world
            .get(&world.url("/sim/history/truth?account_sid=AC1"))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn a_page_of_a_million_messages_is_as_quick_as_one_of_a_thousand() {
    let world = World::start().await;
    let page_time = async |messages: u64| {
        world.simulator.reset();
        let number = json!({ "account_sid": ACCOUNT, "phone_number": MAIN_LINE });
        world.control("numbers", number).await;
        let history = NewHistory::new(Sid::parse(ACCOUNT).expect("a SID"), messages, 3);
        world.simulator.add_history(history).expect("it is valid");
        let query = "To=%2B14155550134&DateSent%3E=2024-01-01&DateSent%3C=2024-12-31&PageSize=100";
        let url = world.account_url(&format!("/Messages.json?{query}"));
        let mut quickest = Duration::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            assert_eq!(world.get(&url).await.0, 200);
            quickest = quickest.min(began.elapsed());
        }
        quickest
    };
    let small = page_time(1_000).await;
    let large = page_time(1_000_000).await;
    // Ten times is far from the thousand times that looking at all of them would take.
    assert!(
        large < small * 10 + Duration::from_millis(20),
        "{small:?} and {large:?}"
    );
}
