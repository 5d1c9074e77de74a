//! The numbers of a Twilio account: imported, searched, bought, routed, put back, released.

use serde_json::{Value, json};
use twilio_sim::{ChangedNumber, Fault, FaultRule, FaultTarget, PhoneNumber};

use crate::support::{Agent, MAIN_LINE, Organization, TwilioAccount, World, eventually};

const SECOND_LINE: &str = "+14155550187";
const THIRD_LINE: &str = "+14155550142";
const FOR_SALE: &str = "+14155550108";
const PBX: &str = "https://pbx.example/voice?line=1&who=o'neil";

/// A number that the account has at Twilio.
fn give(world: &World, account: &TwilioAccount, number: &str, settings: &Value) -> PhoneNumber {
    let new = json!({
        "account_sid": account.sid, "phone_number": number,
        "friendly_name": "Dispatch", "settings": settings,
    });
    let new = serde_json::from_value(new).expect("a number");
    world.simulator().add_phone_number(new).expect("it is free")
}

/// The number as Twilio has it.
fn at_twilio(world: &World, number: &str) -> Option<PhoneNumber> {
    let all = world.simulator().phone_numbers();
    all.into_iter().find(|one| one.phone_number == number)
}

/// What somebody does in Twilio's Console.
fn change_by_hand(world: &World, number: &str, settings: &Value) {
    let changed = json!({ "settings": settings });
    let changed: ChangedNumber = serde_json::from_value(changed).expect("settings");
    world
        .simulator()
        .change_phone_number(number, &changed)
        .expect("it is there");
}

/// Methods and paths of the requests that asked Twilio for a change.
fn changes(world: &World) -> Vec<String> {
    let requests = world.simulator().requests_after(0).into_iter();
    requests
        .filter(|request| request.method != "GET")
        .map(|request| format!("{} {}", request.method, request.path))
        .collect()
}

/// `previous_voice_url` and `previous_sms_url` of a number, while it is not released.
async fn previous(world: &World, number: &str) -> Option<(Option<String>, Option<String>)> {
    sqlx::query_as(
        "SELECT previous_voice_url, previous_sms_url FROM phone_number
         WHERE number = $1 AND released_at IS NULL",
    )
    .bind(number)
    .fetch_optional(&world.rows.0)
    .await
    .expect("a number")
}

#[track_caller]
fn said(reply: &crate::support::Reply, status: u16, words: &str) {
    assert_eq!(reply.status, status, "{}", reply.json);
    let message = reply.json["message"].as_str().unwrap_or_default();
    assert!(message.contains(words), "{words:?} is not in {message:?}");
}

async fn world() -> (World, Organization, Agent) {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    (world, organization, admin)
}

#[tokio::test]
async fn an_import_reads_only_and_says_what_is_new_there_already_and_somebody_elses() {
    let (world, ours, admin) = world().await;
    let second = give(
        &world,
        &world.account,
        SECOND_LINE,
        &json!({ "voice_url": PBX }),
    );
    let third = give(&world, &world.account, THIRD_LINE, &json!({}));
    let theirs = world
        .organization_of(&world.account, "+14155550116", false)
        .await;

    let found = admin
        .post("/api/twilio/get-unsynced-numbers", &json!({}))
        .await
        .ok();
    let find = |number: &str| {
        let all = found.as_array().expect("a list");
        all.iter().find(|one| one["number"] == number).cloned()
    };
    assert_eq!(find(MAIN_LINE), None, "it is in Loquent already");
    let listed = find(SECOND_LINE).expect("the second line");
    assert_eq!(listed["friendly_name"], "Dispatch");
    assert_eq!(
        listed["capabilities"],
        json!({ "sms": true, "mms": true, "voice": true })
    );
    assert_eq!(listed["refusal"], Value::Null);
    let taken = find("+14155550116").expect("it is in the account");
    assert!(
        taken["refusal"]
            .as_str()
            .expect("words")
            .contains("Another organization")
    );

    let wish = json!({ "twilio_sids": [second.sid, third.sid, taken["twilio_sid"], "PN404"] });
    let done = admin.post("/api/twilio/sync-numbers", &wish).await.ok();
    let count = |done: &Value, key: &str| done[key].as_array().map_or(0, Vec::len);
    assert_eq!(
        (count(&done, "imported"), count(&done, "already_there")),
        (2, 0),
        "{done}"
    );
    let refused = done["refused"].as_array().expect("a list");
    let reason = |sid: &Value| {
        let one = refused.iter().find(|one| one["twilio_sid"] == *sid);
        one.and_then(|one| one["reason"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        reason(&taken["twilio_sid"]).contains("Another organization"),
        "{done}"
    );
    assert!(reason(&json!("PN404")).contains("no such number"), "{done}");
    let again = admin.post("/api/twilio/sync-numbers", &wish).await.ok();
    assert_eq!(
        (count(&again, "imported"), count(&again, "already_there")),
        (0, 2),
        "{again}"
    );

    let numbers = admin.get("/api/twilio/imported-numbers").await.ok();
    let numbers = numbers.as_array().expect("a list");
    assert_eq!(numbers.len(), 3);
    let second = numbers.iter().find(|one| one["number"] == SECOND_LINE);
    assert_eq!(
        second.expect("it is there")["voice"],
        json!({ "state": "untouched" })
    );
    let their_admin = world.admin(&theirs).await;
    let wish = json!({ "twilio_sids": [third.sid] });
    let refused = their_admin
        .post("/api/twilio/sync-numbers", &wish)
        .await
        .ok();
    assert_eq!(
        (count(&refused, "imported"), count(&refused, "refused")),
        (0, 1),
        "{refused}"
    );
    assert_eq!(
        changes(&world),
        Vec::<String>::new(),
        "importing only reads"
    );
    assert_eq!(
        at_twilio(&world, SECOND_LINE)
            .expect("it")
            .settings
            .get("voice_url"),
        PBX
    );

    let agent = world.agent(&ours).await;
    for call in [
        "get-unsynced-numbers",
        "sync-numbers",
        "search-available-numbers",
    ] {
        let reply = agent.post(&format!("/api/twilio/{call}"), &wish).await;
        assert_eq!(reply.status, 403, "{call}");
    }
}

#[tokio::test]
async fn a_search_understands_both_spellings_of_capabilities_and_changes_nothing() {
    let (world, _, admin) = world().await;
    let search = async |wish: Value| {
        admin
            .post("/api/twilio/search-available-numbers", &wish)
            .await
    };
    let found = search(json!({ "area_code": "628" })).await.ok();
    let numbers = found["numbers"].as_array().expect("a list");
    assert_eq!(numbers.len(), 30);
    assert!(
        numbers
            .iter()
            .all(|one| one["number"].as_str().expect("text").starts_with("+1628"))
    );
    assert!(numbers.iter().any(|one| one["capabilities"]["mms"] == true));
    assert!(
        numbers
            .iter()
            .any(|one| one["capabilities"]["mms"] == false)
    );
    assert_eq!(numbers[0]["locality"], "San Francisco");
    assert_eq!(
        found["monthly_price"],
        json!({ "amount": "1.15", "currency": "USD" })
    );
    let wish = json!({ "country": "us", "kind": "toll_free", "contains": "83355501*7" });
    let found = search(wish).await.ok();
    assert_eq!(found["numbers"].as_array().map(Vec::len), Some(10));
    assert_eq!(found["numbers"][0]["capabilities"]["sms"], true);
    assert_eq!(found["monthly_price"]["amount"], "2.15");
    let wish = json!({ "country": "GB", "kind": "mobile", "needs": { "sms": true } });
    assert!(
        !search(wish).await.ok()["numbers"]
            .as_array()
            .expect("a list")
            .is_empty()
    );
    let nothing = search(json!({ "country": "US", "kind": "mobile" }))
        .await
        .ok();
    assert_eq!(
        nothing["numbers"],
        json!([]),
        "a kind that the country does not have"
    );
    for (wish, words) in [
        (json!({ "country": "USA" }), "two letters"),
        (json!({ "area_code": "41" }), "three digits"),
        (json!({ "contains": "4&PageSize=1" }), "2 to 16"),
    ] {
        said(&search(wish).await, 400, words);
    }
    let rule = FaultRule::next(
        1,
        FaultTarget::SearchNumbers,
        Fault::RateLimit {
            retry_after_s: None,
        },
    );
    world.simulator().add_fault(rule).expect("a fault");
    assert_eq!(search(json!({})).await.status, 429);
    assert_eq!(changes(&world), Vec::<String>::new());
}

#[tokio::test]
async fn a_number_is_bought_once_even_if_two_ask_at_once_and_after_a_look_at_the_plan() {
    let (world, _, admin) = world().await;
    let wish = json!({ "phone_number": FOR_SALE, "friendly_name": "West Bay" });
    let buy = async |wish: &Value| admin.post("/api/twilio/buy-phone-number", wish).await;
    let mut look = wish.clone();
    look["dry_run"] = json!(true);
    let plan = buy(&look).await.ok();
    assert_eq!(plan["plan"]["changes"][0]["kind"], "number_bought");
    assert_eq!(plan["monthly_price"]["amount"], "1.15");
    assert!(
        plan["plan"]["warnings"]
            .to_string()
            .contains("$1.15 a month"),
        "{plan}"
    );
    assert_eq!(plan["number"], Value::Null);
    assert_eq!(changes(&world), Vec::<String>::new());
    assert!(at_twilio(&world, FOR_SALE).is_none());

    let mut act = wish.clone();
    act["expected"] = plan["plan"]["fingerprint"].clone();
    let (one, other) = futures::join!(buy(&act), buy(&wish));
    let (one, other) = (one.ok(), other.ok());
    let bought: Vec<bool> = [&one, &other]
        .iter()
        .map(|reply| reply["already_bought"] == false)
        .collect();
    assert_eq!(
        bought.iter().filter(|bought| **bought).count(),
        1,
        "{one} {other}"
    );
    assert_eq!(one["number"]["id"], other["number"]["id"]);
    assert_eq!(one["number"]["friendly_name"], "West Bay");
    assert_eq!(
        one["number"]["voice"],
        json!({ "state": "configured", "previous_url": null })
    );
    assert_eq!(changes(&world).len(), 1, "one request to buy");
    let there = at_twilio(&world, FOR_SALE).expect("it is bought");
    let voice_url = format!("{}/twilio/voice", world.server.url);
    assert_eq!(there.settings.get("voice_url"), voice_url);
    assert_eq!(there.friendly_name, "West Bay");
    assert_eq!(
        there.settings.get("sms_url"),
        "",
        "texts come by event forwarding"
    );
    assert_eq!(
        previous(&world, FOR_SALE).await,
        Some((Some(String::new()), None))
    );

    for (wish, status, words) in [
        (json!({ "phone_number": "4155550108" }), 400, "+14155550123"),
        (json!({ "phone_number": "+14152345678" }), 409, "21422"),
        (json!({ "phone_number": "+442079460018" }), 409, "21631"),
        (
            json!({ "phone_number": MAIN_LINE }),
            409,
            "has this number already",
        ),
    ] {
        said(&buy(&wish).await, status, words);
    }
    give(&world, &world.account, SECOND_LINE, &json!({}));
    said(
        &buy(&json!({ "phone_number": SECOND_LINE })).await,
        409,
        "Import it",
    );
}

#[tokio::test]
async fn a_purchase_whose_answer_is_lost_is_found_and_not_made_again() {
    let (world, _, admin) = world().await;
    let lost = Fault::ProcessedThenError { status: 500 };
    let rule = FaultRule::next(1, FaultTarget::BuyNumber, lost);
    world.simulator().add_fault(rule).expect("a fault");
    let wish = json!({ "phone_number": FOR_SALE });
    let bought = admin.post("/api/twilio/buy-phone-number", &wish).await.ok();
    assert_eq!(
        bought["number"]["number"], FOR_SALE,
        "it looked before it said so"
    );
    let again = admin.post("/api/twilio/buy-phone-number", &wish).await.ok();
    assert_eq!(again["already_bought"], true);
    assert_eq!(changes(&world).len(), 1, "one request to buy");
}

#[tokio::test]
async fn a_purchase_whose_server_died_is_found_and_not_made_again() {
    let (mut world, _, admin) = world().await;
    let hangs = Fault::ProcessedThenHang { ms: 600_000 };
    let rule = FaultRule::next(1, FaultTarget::BuyNumber, hangs);
    world.simulator().add_fault(rule).expect("a fault");
    let key = uuid::Uuid::new_v4();
    let wish = json!({ "phone_number": FOR_SALE, "client_key": key });
    let asking = tokio::spawn({
        let (admin, wish) = (admin.clone(), wish.clone());
        async move {
            let request = admin.request("/api/twilio/buy-phone-number", Some(&admin.server));
            request.json(&wish).send().await.is_err()
        }
    });
    eventually("Twilio has sold it", async || at_twilio(&world, FOR_SALE)).await;
    assert_eq!(previous(&world, FOR_SALE).await, None);
    world.server.kill();
    assert!(asking.await.expect("it ends"), "the answer is lost");
    world.server.start_again().await;
    let again = admin.post("/api/twilio/buy-phone-number", &wish).await.ok();
    assert_eq!(again["already_bought"], true, "{again}");
    assert_eq!(again["number"]["number"], FOR_SALE);
    assert_eq!(again["number"]["sms_enabled"], true);
    assert_eq!(changes(&world).len(), 1, "one request to buy");

    let id = again["number"]["id"].clone();
    let release = json!({ "phone_number_id": id, "confirm_number": FOR_SALE });
    admin
        .post("/api/twilio/release-phone-number", &release)
        .await
        .ok();
    let late = admin.post("/api/twilio/buy-phone-number", &wish).await;
    said(&late, 409, "released since");
}

#[tokio::test]
async fn a_voice_url_is_saved_set_and_written_back_with_its_method() {
    let (world, ours, admin) = world().await;
    let url = format!("{}/twilio/voice", world.server.url);
    change_by_hand(
        &world,
        MAIN_LINE,
        &json!({ "voice_url": PBX, "voice_method": "GET" }),
    );
    let call = async |what: &str, more: Value| {
        let mut body = json!({ "phone_number_id": ours.number_id });
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        admin.post(&format!("/api/twilio/{what}"), &body).await
    };
    let nothing = call("restore-phone-voice", json!({})).await;
    said(&nothing, 409, "nothing to put back");
    let plan = call("configure-phone-voice", json!({ "dry_run": true }))
        .await
        .ok();
    let values = &plan["plan"]["changes"][0]["values"];
    let expected = json!([
        { "name": "voice_method", "before": "GET", "after": "POST" },
        { "name": "voice_url", "before": PBX, "after": url },
    ]);
    assert_eq!(*values, expected, "{plan}");
    assert_eq!(
        changes(&world),
        Vec::<String>::new(),
        "looking changes nothing"
    );

    let done = call("configure-phone-voice", json!({})).await.ok();
    assert_eq!(done["previous_voice_url"], PBX);
    let there = at_twilio(&world, MAIN_LINE).expect("it is there");
    assert_eq!(there.settings.get("voice_url"), url);
    assert_eq!(
        previous(&world, MAIN_LINE).await,
        Some((Some(PBX.to_owned()), None))
    );
    let again = call("configure-phone-voice", json!({})).await.ok();
    assert_eq!(again["plan"]["changes"], json!([]), "it is as it should be");
    assert_eq!(
        again["previous_voice_url"], PBX,
        "what was saved stays saved"
    );
    assert_eq!(changes(&world).len(), 1);

    change_by_hand(
        &world,
        MAIN_LINE,
        &json!({ "voice_url": "https://other.example/" }),
    );
    said(
        &call("restore-phone-voice", json!({})).await,
        409,
        "other.example",
    );
    assert_eq!(changes(&world).len(), 1, "it is not ours to change");
    change_by_hand(&world, MAIN_LINE, &json!({ "voice_url": url }));
    let back = call("restore-phone-voice", json!({})).await.ok();
    assert_eq!(back["previous_voice_url"], PBX);
    let there = at_twilio(&world, MAIN_LINE).expect("it is there");
    assert_eq!(there.settings.get("voice_url"), PBX);
    assert!(there.settings.is_get("voice_method"), "and its method");
    assert_eq!(previous(&world, MAIN_LINE).await, Some((None, None)));
}

#[tokio::test]
async fn a_number_without_urls_is_remembered_as_such_for_calls_and_for_texts() {
    let (world, ours, admin) = world().await;
    let body = json!({ "phone_number_id": ours.number_id });
    for (what, name) in [("voice", "voice_url"), ("sms", "sms_url")] {
        let configure = format!("/api/twilio/configure-phone-{what}");
        let done = admin.post(&configure, &body).await.ok();
        assert_eq!(done[format!("previous_{name}")], Value::Null, "{done}");
        let numbers = admin.get("/api/twilio/imported-numbers").await.ok();
        let configured = json!({ "state": "configured", "previous_url": null });
        assert_eq!(numbers[0][what], configured, "{numbers}");
    }
    let empty = Some(String::new());
    assert_eq!(
        previous(&world, MAIN_LINE).await,
        Some((empty.clone(), empty))
    );
    let there = at_twilio(&world, MAIN_LINE).expect("it is there");
    let sms_url = format!("{}/api/twilio/sms-incoming", world.server.url);
    assert_eq!(there.settings.get("sms_url"), sms_url);
    for what in ["voice", "sms"] {
        let restore = format!("/api/twilio/restore-phone-{what}");
        admin.post(&restore, &body).await.ok();
    }
    assert_eq!(previous(&world, MAIN_LINE).await, Some((None, None)));
    let there = at_twilio(&world, MAIN_LINE).expect("it is there");
    assert_eq!(
        (
            there.settings.get("voice_url"),
            there.settings.get("sms_url")
        ),
        ("", "")
    );
    change_by_hand(
        &world,
        MAIN_LINE,
        &json!({ "trunk_sid": format!("TK{}", "0".repeat(32)) }),
    );
    let look = json!({ "phone_number_id": ours.number_id, "dry_run": true });
    let plan = admin
        .post("/api/twilio/configure-phone-voice", &look)
        .await
        .ok();
    assert!(
        plan["plan"]["warnings"].to_string().contains("SIP trunk"),
        "{plan}"
    );
    world
        .simulator()
        .remove_phone_number(MAIN_LINE)
        .expect("it was there");
    let gone = admin.post("/api/twilio/configure-phone-voice", &body).await;
    said(&gone, 409, "does not have this number any more");
}

#[tokio::test]
async fn a_number_is_released_only_when_it_was_typed_and_can_be_bought_again() {
    let (world, ours, admin) = world().await;
    let sid = at_twilio(&world, MAIN_LINE).expect("it is there").sid;
    let release = async |more: Value| {
        let mut body = json!({ "phone_number_id": ours.number_id });
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().unwrap_or_default());
        admin.post("/api/twilio/release-phone-number", &body).await
    };
    for typed in [
        json!({}),
        json!({ "confirm_number": SECOND_LINE }),
        json!({ "confirm_number": "yes" }),
    ] {
        said(&release(typed).await, 400, "(415) 555-0134");
    }
    let plan = release(json!({ "dry_run": true })).await.ok();
    assert_eq!(plan["plan"]["changes"][0]["verb"], "remove");
    assert_eq!(changes(&world), Vec::<String>::new());
    assert!(at_twilio(&world, MAIN_LINE).is_some());
    release(json!({ "confirm_number": "(415) 555-0134" }))
        .await
        .ok();
    assert!(at_twilio(&world, MAIN_LINE).is_none());
    let path = format!(
        "DELETE /2010-04-01/Accounts/{}/IncomingPhoneNumbers/{sid}.json",
        world.account.sid
    );
    assert_eq!(changes(&world), [path]);
    assert_eq!(
        admin.get("/api/twilio/imported-numbers").await.ok(),
        json!([])
    );
    assert_eq!(
        release(json!({ "confirm_number": MAIN_LINE })).await.status,
        404
    );
    let bought = admin
        .post(
            "/api/twilio/buy-phone-number",
            &json!({ "phone_number": MAIN_LINE }),
        )
        .await
        .ok();
    assert_eq!(
        bought["number"]["id"],
        json!(ours.number_id),
        "it keeps its row and its threads"
    );
}

#[tokio::test]
async fn names_and_voice_answers_are_settings_of_loquent_and_touch_nothing_at_twilio() {
    let (world, ours, admin) = world().await;
    let path = format!("/api/phones/{}", ours.number_id);
    let named = admin
        .put(&path, &json!({ "friendly_name": " Front desk " }))
        .await
        .ok();
    assert_eq!(named["friendly_name"], "Front desk");
    let forward = json!({ "voice_answer": { "kind": "forward", "to": "+14155550199" } });
    let set = admin.put(&path, &forward).await.ok();
    assert_eq!(set["voice_answer"], forward["voice_answer"]);
    assert_eq!(set["friendly_name"], "Front desk", "what is left out stays");
    for (wrong, words) in [
        (json!({ "friendly_name": " " }), "1 to 64"),
        (
            json!({ "voice_answer": { "kind": "forward", "to": MAIN_LINE } }),
            "to itself",
        ),
        (
            json!({ "voice_answer": { "kind": "say", "sentence": "" } }),
            "1 to 600",
        ),
        (json!({ "voice_answer": { "kind": "sing" } }), "sing"),
    ] {
        said(&admin.put(&path, &wrong).await, 400, words);
    }
    let back = json!({ "voice_answer": { "kind": "organization" } });
    assert_eq!(
        admin.put(&path, &back).await.ok()["voice_answer"],
        Value::Null
    );
    assert_eq!(changes(&world), Vec::<String>::new());
}

#[tokio::test]
async fn nobody_else_can_touch_a_number_and_a_missing_account_is_never_replaced_by_the_shared_one()
{
    let (world, ours, _) = world().await;
    let theirs = world
        .organization_of(&world.account, SECOND_LINE, false)
        .await;
    let intruder = world.admin(&theirs).await;
    let agent = world.agent(&ours).await;
    let body = json!({ "phone_number_id": ours.number_id, "confirm_number": MAIN_LINE });
    for call in [
        "configure-phone-voice",
        "restore-phone-voice",
        "configure-phone-sms",
        "restore-phone-sms",
        "release-phone-number",
    ] {
        let path = format!("/api/twilio/{call}");
        assert_eq!(intruder.post(&path, &body).await.status, 404, "{call}");
        assert_eq!(agent.post(&path, &body).await.status, 403, "{call}");
    }
    let path = format!("/api/phones/{}", ours.number_id);
    assert_eq!(
        intruder
            .put(&path, &json!({ "friendly_name": "x" }))
            .await
            .status,
        404
    );
    assert_eq!(
        agent
            .put(&path, &json!({ "friendly_name": "x" }))
            .await
            .status,
        403
    );
    let buy = json!({ "phone_number": FOR_SALE });
    assert_eq!(
        agent
            .post("/api/twilio/buy-phone-number", &buy)
            .await
            .status,
        403
    );

    let admin = world.admin(&ours).await;
    world
        .rows
        .execute("UPDATE organization SET byo_twilio = true")
        .await;
    let seen = world.simulator().requests_after(0).len();
    for (call, body) in [
        ("get-unsynced-numbers", json!({})),
        ("sync-numbers", json!({ "twilio_sids": ["PN1"] })),
        ("search-available-numbers", json!({})),
        ("buy-phone-number", buy),
        ("configure-phone-voice", body.clone()),
        ("restore-phone-voice", body.clone()),
        ("configure-phone-sms", body.clone()),
        ("release-phone-number", body),
    ] {
        let reply = admin.post(&format!("/api/twilio/{call}"), &body).await;
        said(&reply, 409, "credentials are missing");
    }
    let requests = world.simulator().requests_after(0);
    assert_eq!(requests.len(), seen, "the shared account saw nothing");
}

#[tokio::test]
async fn undo_writes_a_voice_url_back_unless_somebody_has_changed_it_since() {
    let (world, ours, admin) = world().await;
    let before = json!({ "voice_url": PBX, "voice_method": "GET" });
    change_by_hand(&world, MAIN_LINE, &before);
    let body = json!({ "phone_number_id": ours.number_id });
    let done = admin
        .post("/api/twilio/configure-phone-voice", &body)
        .await
        .ok();
    let change = json!({ "change_id": done["changes"][0]["id"] });
    let undo = async || admin.post("/api/twilio/undo-account-change", &change).await;
    change_by_hand(
        &world,
        MAIN_LINE,
        &json!({ "voice_url": "https://other.example/" }),
    );
    said(&undo().await, 409, "other.example");
    assert_eq!(changes(&world).len(), 1, "it is not ours to change");
    let ours_again = format!("{}/twilio/voice", world.server.url);
    change_by_hand(&world, MAIN_LINE, &json!({ "voice_url": ours_again }));
    undo().await.ok();
    let there = at_twilio(&world, MAIN_LINE).expect("it is there");
    assert_eq!(there.settings.get("voice_url"), PBX);
    assert!(there.settings.is_get("voice_method"), "and its method");
    assert_eq!(previous(&world, MAIN_LINE).await, Some((None, None)));
    said(&undo().await, 409, "undone already");

    let wish = json!({ "phone_number": FOR_SALE });
    let bought = admin.post("/api/twilio/buy-phone-number", &wish).await.ok();
    let line = &bought["changes"][0];
    assert_eq!(line["summary"], "Bought (415) 555-0108 for $1.15 a month");
    assert_eq!(line["can_undo"], false, "a number is released by typing it");
}
