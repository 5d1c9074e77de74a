//! Calls to a number that points to Loquent never meet silence.

use reqwest::StatusCode;
use serde_json::json;
use twilio_sim::{CallReceiver, CustomerCall};

use crate::support::{CUSTOMER, MAIN_LINE, World};

const FORM: [(&str, &str); 5] = [
    ("CallSid", "CA00000000000000000000000000000001"),
    ("From", CUSTOMER),
    ("To", MAIN_LINE),
    ("CallStatus", "ringing"),
    ("CallerName", ""),
];

fn form(world: &World) -> Vec<(&str, &str)> {
    let mut form = FORM.to_vec();
    form.push(("AccountSid", &world.account.sid));
    form
}

fn call() -> CustomerCall {
    CustomerCall {
        from: CUSTOMER.to_owned(),
        to: MAIN_LINE.to_owned(),
    }
}

#[tokio::test]
async fn a_call_hears_the_sentence_or_reaches_the_phone_that_was_chosen() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    let met = world
        .simulator()
        .call_as_customer(call())
        .await
        .expect("a call");
    assert_eq!(met.received_by, CallReceiver::Nobody);
    let id = json!({ "phone_number_id": organization.number_id });
    admin
        .post("/api/twilio/configure-phone-voice", &id)
        .await
        .ok();
    let twiml = async || {
        let met = world
            .simulator()
            .call_as_customer(call())
            .await
            .expect("a call");
        assert_eq!(
            (met.received_by, met.http_status),
            (CallReceiver::Webhook, Some(200))
        );
        met.twiml
    };
    assert!(twiml().await.contains("<Say>Thank you for calling."));

    let sentence = "Tom & Jerry's <b>\"shop\"</b> 👋";
    let say = json!({ "kind": "say", "sentence": sentence });
    let agent = world.agent(&organization).await;
    assert_eq!(
        agent.put("/api/twilio/voice-answer", &say).await.status,
        403
    );
    assert_eq!(admin.put("/api/twilio/voice-answer", &say).await.ok(), say);
    assert_eq!(agent.get("/api/twilio/voice-answer").await.ok(), say);
    assert!(twiml().await.contains(
        "<Response><Say>Tom &amp; Jerry&apos;s &lt;b&gt;&quot;shop&quot;&lt;/b&gt; 👋</Say>"
    ));
    let own = json!({ "voice_answer": { "kind": "forward", "to": "+14155550199" } });
    let path = format!("/api/phones/{}", organization.number_id);
    admin.put(&path, &own).await.ok();
    assert!(
        twiml()
            .await
            .contains("<Number>+14155550199</Number></Dial>")
    );
    assert!(
        !twiml().await.contains("Tom"),
        "the number's own answer wins"
    );
}

#[tokio::test]
async fn only_a_call_that_the_account_signed_is_answered() {
    let world = World::start().await;
    world.organization().await;
    let url = format!("{}/twilio/voice", world.server.url);
    assert_eq!(world.account.post_form(&url, &form(&world)).await, 200);
    let with_query = format!("{url}?a=1&who=o%27neil");
    assert_eq!(
        world.account.post_form(&with_query, &form(&world)).await,
        200
    );

    let stranger = world.account.with_token("not the token");
    assert_eq!(stranger.post_form(&url, &form(&world)).await, 403);
    assert_eq!(
        world.account.post_form_as("", &url, &form(&world)).await,
        403
    );
    let unsigned = reqwest::Client::new().post(&url).form(&form(&world));
    let answer = unsigned.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(answer.text().await.expect("text"), "", "nothing is said");

    for missing in ["CallSid", "To", "AccountSid"] {
        let mut form = form(&world);
        form.retain(|(name, _)| *name != missing);
        assert_eq!(world.account.post_form(&url, &form).await, 400, "{missing}");
    }
    let no_text = reqwest::Client::new().post(&url).body(vec![0xff, 0xfe]);
    assert_eq!(no_text.send().await.expect("an answer").status(), 400);
    let get = reqwest::get(&url).await.expect("an answer");
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
}
