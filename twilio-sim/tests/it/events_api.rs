use serde_json::{Value, json};

use crate::harness::{World, text};

const SENT: &str = r#"{"type":"com.twilio.messaging.message.sent"}"#;
const DELIVERED: &str = r#"{"type":"com.twilio.messaging.message.delivered","schema_version":7}"#;

async fn create_sink(world: &World, description: &str) -> Value {
    let configuration = json!({ "destination": "https://example.com/twilio/events" }).to_string();
    let form = [
        ("Description", description),
        ("SinkConfiguration", configuration.as_str()),
        ("SinkType", "webhook"),
    ];
    let (status, sink) = world.post(&world.url("/v1/Sinks"), &form).await;
    assert_eq!(status, 201, "{sink}");
    sink
}

#[tokio::test]
async fn a_webhook_sink_is_active_at_once_and_only_its_description_can_change() {
    let world = World::start().await;
    let sink = create_sink(&world, "first").await;
    assert_eq!(sink["status"], "active");
    assert_eq!(sink["sink_type"], "webhook");
    assert_eq!(
        sink["sink_configuration"]["destination"],
        "https://example.com/twilio/events"
    );
    assert!(sink.get("account_sid").is_none());
    let url = world.url(&format!("/v1/Sinks/{}", text(&sink, "sid")));
    assert_eq!(sink["url"], url);
    let (_, updated) = world.post(&url, &[("Description", "second")]).await;
    assert_eq!(updated["description"], "second");
    assert_eq!(world.get(&url).await.1["description"], "second");
    assert_eq!(world.delete(&url).await, 204);
    assert_eq!(world.get(&url).await.0, 404);
}

#[tokio::test]
async fn sinks_are_paged_by_absolute_links_and_filtered_by_use() {
    let world = World::start().await;
    for number in 0..5 {
        create_sink(&world, &number.to_string()).await;
    }
    let mut seen = Vec::new();
    let mut next = Some(world.url("/v1/Sinks?PageSize=2"));
    while let Some(url) = next {
        let (_, page) = world.get(&url).await;
        assert_eq!(page["meta"]["key"], "sinks");
        let rows = page["sinks"].as_array().expect("sinks");
        seen.extend(rows.iter().map(|row| text(row, "description")));
        next = page["meta"]["next_page_url"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);

    world.subscribe("https://example.com/used", false).await;
    let count = async |query: &str| {
        let (_, page) = world.get(&world.url(&format!("/v1/Sinks?{query}"))).await;
        page["sinks"].as_array().map(Vec::len)
    };
    assert_eq!(count("InUse=true").await, Some(1));
    assert_eq!(count("InUse=false").await, Some(5));
    assert_eq!(count("Status=active").await, Some(6));
    assert_eq!(count("Status=failed").await, Some(0));
}

#[tokio::test]
async fn a_sink_has_one_subscription_at_most_and_stays_when_it_is_deleted() {
    let world = World::start().await;
    let sink = text(&create_sink(&world, "one").await, "sid");
    let form = [
        ("Description", "s"),
        ("SinkSid", sink.as_str()),
        ("Types", SENT),
        ("Types", DELIVERED),
    ];
    let (status, subscription) = world.post(&world.url("/v1/Subscriptions"), &form).await;
    assert_eq!(status, 201, "{subscription}");
    assert!(subscription.get("types").is_none());
    let (status, error) = world.post(&world.url("/v1/Subscriptions"), &form).await;
    assert_eq!(status, 400);
    assert_eq!(
        text(&error, "message"),
        format!("Sink with SID {sink} is in use")
    );
    assert_eq!(
        world.delete(&world.url(&format!("/v1/Sinks/{sink}"))).await,
        400
    );

    let url = world.url(&format!("/v1/Subscriptions/{}", text(&subscription, "sid")));
    let (_, events) = world.get(&format!("{url}/SubscribedEvents")).await;
    assert_eq!(events["meta"]["key"], "types");
    let versions: Vec<&Value> = events["types"]
        .as_array()
        .expect("types")
        .iter()
        .map(|one| &one["schema_version"])
        .collect();
    assert_eq!(versions, [&json!(8), &json!(7)]);

    assert_eq!(world.delete(&url).await, 204);
    let (_, left) = world.get(&world.url(&format!("/v1/Sinks/{sink}"))).await;
    assert_eq!(left["status"], "active");
}

#[tokio::test]
async fn subscribed_events_can_be_added_pinned_and_removed() {
    let world = World::start().await;
    let sink = text(&create_sink(&world, "one").await, "sid");
    let form = [
        ("Description", "s"),
        ("SinkSid", sink.as_str()),
        ("Types", SENT),
    ];
    let (_, subscription) = world.post(&world.url("/v1/Subscriptions"), &form).await;
    let url = text(&subscription["links"], "subscribed_events");
    let failed = "com.twilio.messaging.message.failed";
    let (status, added) = world.post(&url, &[("Type", failed)]).await;
    assert_eq!((status, &added["schema_version"]), (201, &json!(8)));
    let one = format!("{url}/{failed}");
    let (_, pinned) = world.post(&one, &[("SchemaVersion", "4")]).await;
    assert_eq!(pinned["schema_version"], 4);
    assert_eq!(world.get(&one).await.1["schema_version"], 4);
    assert_eq!(world.delete(&one).await, 204);
    assert_eq!(world.get(&one).await.0, 404);
}

#[tokio::test]
async fn types_in_one_array_or_in_a_json_body_are_refused() {
    let world = World::start().await;
    let sink = text(&create_sink(&world, "one").await, "sid");
    let array = format!("[{SENT},{DELIVERED}]");
    let form = [
        ("Description", "s"),
        ("SinkSid", sink.as_str()),
        ("Types", &array),
    ];
    let (status, error) = world.post(&world.url("/v1/Subscriptions"), &form).await;
    assert_eq!(status, 400);
    assert_eq!(
        text(&error, "message"),
        "Missing required input parameter event_types[0].type"
    );
    let (status, error) = world
        .post(&world.url("/v1/Sinks"), &[("Description", "x")])
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        text(&error, "message"),
        "Missing required parameter SinkConfiguration in the post body"
    );
}
