use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, Receiver, World, text};

fn form(receiver: &Receiver, n: usize) -> BTreeMap<String, String> {
    form_urlencoded::parse(&receiver.received()[n].body)
        .into_owned()
        .collect()
}

#[tokio::test]
async fn a_search_keeps_to_country_kind_area_pattern_and_capabilities() {
    let world = World::start().await;
    let search = async |rest: &str| {
        let url = world.account_url(&format!("/AvailablePhoneNumbers/{rest}"));
        world.get(&url).await
    };
    let (status, found) = search("US/Local.json?AreaCode=628&MmsEnabled=true&PageSize=5").await;
    assert_eq!(status, 200);
    let numbers = found["available_phone_numbers"].as_array().expect("a list");
    assert_eq!(numbers.len(), 5);
    for number in numbers {
        assert!(text(number, "phone_number").starts_with("+1628555"));
        assert_eq!(number["capabilities"]["MMS"], true, "{number}");
        assert_eq!(number["locality"], "San Francisco");
    }
    assert!(found.get("next_page_uri").is_none(), "there are no pages");
    let (_, found) = search("US/TollFree.json?Contains=83355501*7").await;
    let numbers = found["available_phone_numbers"].as_array().expect("a list");
    assert_eq!(numbers.len(), 10);
    assert_eq!(numbers[0]["capabilities"]["sms"], true);
    let (_, found) = search("US/Local.json?AreaCode=911").await;
    assert_eq!(found["available_phone_numbers"], json!([]));
    let (_, found) = search("GB/Mobile.json?PageSize=1").await;
    assert_eq!(found["available_phone_numbers"][0]["iso_country"], "GB");
    for (rest, code) in [
        ("US/Mobile.json", 20404),
        ("XX/Local.json", 20404),
        ("US/Local.json?AreaCode=abc", 20001),
        ("US/Local.json?Contains=4", 20001),
    ] {
        let (_, refused) = search(rest).await;
        assert_eq!(refused["code"], code, "{rest}");
    }
    let (_, taken) = search("US/Local.json?AreaCode=415&Contains=4155550134").await;
    assert_eq!(taken["available_phone_numbers"], json!([]), "it is sold");
}

#[tokio::test]
async fn a_number_is_bought_once_changed_and_released() {
    let world = World::start().await;
    let list = world.account_url("/IncomingPhoneNumbers.json");
    let wish = [
        ("PhoneNumber", "+14155550108"),
        ("VoiceUrl", "https://sms.example.com/twilio/voice"),
        ("FriendlyName", "West Bay"),
    ];
    let (status, bought) = world.post(&list, &wish).await;
    assert_eq!(status, 201, "{bought}");
    assert_eq!(bought["voice_url"], "https://sms.example.com/twilio/voice");
    assert_eq!(bought["voice_method"], "POST");
    assert_eq!(bought["sms_url"], "");
    let (_, again) = world.post(&list, &wish).await;
    assert_eq!(again["code"], 21422);
    let one = world.account_url(&format!(
        "/IncomingPhoneNumbers/{}.json",
        text(&bought, "sid")
    ));
    let change = [
        ("VoiceUrl", ""),
        ("SmsUrl", "https://a.example/sms?x=1"),
        ("SmsMethod", "get"),
    ];
    let (status, changed) = world.post(&one, &change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(changed["voice_url"], "");
    assert_eq!(changed["sms_url"], "https://a.example/sms?x=1");
    assert_eq!(changed["sms_method"], "GET");
    assert_eq!(
        changed["friendly_name"], "West Bay",
        "what is not given stays"
    );
    for (name, value) in [
        ("VoiceUrl", "nonsense"),
        ("VoiceMethod", "PUT"),
        ("TrunkSid", "AP0"),
    ] {
        let (status, refused) = world.post(&one, &[(name, value)]).await;
        assert_eq!(status, 400, "{name}: {refused}");
    }
    assert_eq!(world.delete(&one).await, 204);
    assert_eq!(world.get(&one).await.0, 404);
    assert_eq!(world.delete(&one).await, 404);
    assert_eq!(
        world.post(&list, &wish).await.0,
        201,
        "it is for sale again"
    );
    for (wish, code) in [
        (("PhoneNumber", "+14152345678"), 21422),
        (("PhoneNumber", "hello"), 21421),
        (("PhoneNumber", "+442079460018"), 21631),
        (("AreaCode", "911"), 21452),
        (("FriendlyName", "x"), 21450),
    ] {
        let (_, refused) = world.post(&list, &[wish]).await;
        assert_eq!(refused["code"], code, "{wish:?}");
    }
}

#[tokio::test]
async fn a_purchase_whose_answer_is_lost_is_done_all_the_same() {
    let world = World::start().await;
    let rule =
        json!({ "on": "buy_number", "times": 1, "fault": { "kind": "processed_then_error" } });
    assert_eq!(world.control("faults", rule).await.0, 200);
    let list = world.account_url("/IncomingPhoneNumbers.json");
    let (status, _) = world.post(&list, &[("PhoneNumber", "+14155550108")]).await;
    assert_eq!(status, 500);
    let (_, found) = world
        .get(&format!("{list}?PhoneNumber=%2B14155550108"))
        .await;
    assert_eq!(
        found["incoming_phone_numbers"].as_array().map(Vec::len),
        Some(1)
    );
}

/// Changes the main line by hand; the status of the answer.
async fn change(world: &World, settings: Value) -> u16 {
    let path = world.url(&format!("/sim/numbers/{MAIN_LINE}"));
    let request = world.http.put(path).json(&json!({ "settings": settings }));
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn a_text_goes_to_the_numbers_webhook() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    let url = format!("{}/sms?from=sim", receiver.base_url);
    assert_eq!(change(&world, json!({ "sms_url": url })).await, 200);
    let message = json!({
        "from": CUSTOMER, "to": MAIN_LINE, "body": "Hi & 👋",
        "media_urls": ["https://example.com/a.jpg", "https://example.com/b.png"],
    });
    world.control("customer-messages", message).await;
    world.settle().await;
    let text = form(&receiver, 0);
    assert_eq!(text["Body"], "Hi & 👋");
    assert_eq!(text["AccountSid"], ACCOUNT);
    assert_eq!(text["NumMedia"], "2");
    assert_eq!(text["MediaContentType1"], "image/png");
    assert!(text["MediaUrl1"].contains("/Media/ME"), "{text:?}");
}

#[tokio::test]
async fn a_call_goes_to_the_numbers_voice_url_unless_it_has_a_trunk() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    let url = format!("{}/voice", receiver.base_url);
    assert_eq!(change(&world, json!({ "voice_url": url })).await, 200);
    let call = json!({ "from": CUSTOMER, "to": MAIN_LINE });
    let (_, met) = world.control("calls", call.clone()).await;
    assert_eq!(met["received_by"], "webhook");
    assert_eq!(met["http_status"], 200);
    assert_eq!(form(&receiver, 0)["CallStatus"], "ringing");
    let trunk = json!({ "trunk_sid": format!("TK{}", "0".repeat(32)) });
    assert_eq!(change(&world, trunk).await, 200);
    assert_eq!(world.control("calls", call).await.1["received_by"], "trunk");
}

#[tokio::test]
async fn a_number_is_changed_and_removed_by_hand_without_a_request() {
    let world = World::start().await;
    // The plus sign of a number may be escaped.
    let path = world.url(&format!("/sim/numbers/{}", MAIN_LINE.replace('+', "%2B")));
    assert_eq!(change(&world, json!({ "sms_url": "" })).await, 200);
    assert_eq!(world.delete(&path).await, 204);
    assert_eq!(world.delete(&path).await, 404);
    let (_, log) = world.get(&world.url("/sim/requests?mutating=true")).await;
    assert_eq!(log["requests"], json!([]));
}
