use std::time::Duration;

use futures::StreamExt;
use serde_json::json;

use crate::harness::{CUSTOMER, MAIN_LINE, World};

#[tokio::test]
async fn the_page_and_every_file_it_names_are_served_and_nothing_comes_from_elsewhere() {
    let world = World::start().await;
    let page = world
        .http
        .get(world.url("/"))
        .send()
        .await
        .expect("the page");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("ASCII")
        .to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let html = page.text().await.expect("text");
    assert!(!html.contains("http://") && !html.contains("https://"));
    let mut files: Vec<String> = html
        .split('"')
        .filter(|part| part.starts_with("/handset/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(files.len(), 4);
    let mut served = Vec::new();
    while let Some(file) = files.pop() {
        if served.contains(&file) {
            continue;
        }
        let response = world
            .http
            .get(world.url(&file))
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), 200, "{file}");
        // Modules name others.
        let text = response.text().await.expect("text");
        let imported = text.split("from \"./").skip(1);
        files.extend(
            imported.filter_map(|rest| Some(format!("/handset/{}", rest.split('"').next()?))),
        );
        served.push(file);
    }
    assert_eq!(served.len(), 9, "{served:?}");
}

#[tokio::test]
async fn the_stream_tells_what_happens_and_ends_when_the_simulator_stops() {
    let world = World::start().await;
    let response = world
        .http
        .get(world.url("/sim/stream"))
        .send()
        .await
        .expect("the stream");
    let mut stream = response.bytes_stream();
    let message = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": "live" });
    assert_eq!(world.control("customer-messages", message).await.0, 200);
    let mut text = String::new();
    while !text.contains("\n\n") {
        let chunk = tokio::time::timeout(Duration::from_secs(30), stream.next())
            .await
            .expect("an event within thirty seconds")
            .expect("the stream is open")
            .expect("no error");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(text.starts_with("data: {\"kind\":\"message\""), "{text}");
    assert!(text.contains("\"body\":\"live\""));

    let stopped = tokio::time::timeout(Duration::from_secs(2), world.simulator.stop()).await;
    assert!(stopped.is_ok(), "an open stream must not hold up a stop");
    let rest: Vec<_> = stream.collect().await;
    assert!(rest.len() < 10);
}

#[tokio::test]
async fn phones_are_offered_by_name_and_from_messages() {
    let world = World::start().await;
    let name = json!({ "phone": "(510) 555-0148", "name": "Luis" });
    assert_eq!(world.control("handsets", name).await.0, 204);
    world.send(&[]).await;
    let (_, answer) = world.get(&world.url("/sim/handsets")).await;
    assert_eq!(
        answer["handsets"],
        json!([
            { "phone": "+15105550148", "name": "Luis" },
            { "phone": CUSTOMER, "name": null },
        ])
    );
}
