//! Rules of faults over HTTP.

use serde_json::{Value, json};

use crate::harness::{MAIN_LINE, World};

/// Replaces all rules.
async fn put(world: &World, body: Value) -> (u16, Value) {
    let request = world.http.put(world.url("/sim/faults")).json(&body);
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json::<Value>().await.unwrap_or_default())
}

#[tokio::test]
async fn faults_are_read_replaced_added_and_removed_over_http() {
    let world = World::start().await;
    let url = world.url("/sim/faults");
    let (status, report) = put(
        &world,
        json!({
            "seed": 9,
            "rules": [
                { "on": "any", "fault": { "kind": "rate_limit", "retry_after_s": 1 }, "times": 1 },
                { "on": "event", "fault": { "kind": "drop" }, "probability": 0.5 },
            ],
        }),
    )
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
}

#[tokio::test]
async fn rules_that_make_no_sense_are_refused() {
    let world = World::start().await;
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
        let (got, answer) = put(&world, json!({ "rules": [rule] })).await;
        assert_eq!(got, status, "{answer}");
    }
    assert_eq!(
        put(
            &world,
            json!({ "rules": vec![json!({ "on": "any", "fault": { "kind": "cut" } }); 201] })
        )
        .await
        .0,
        400
    );
}
