//! The main job: a customer's text reaches the agent, and the answer goes back.

use serde_json::json;
use twilio_sim::{CustomerMessage, ExternalMessage, Sid};

use crate::{
    sending::{id_of, wait_for_status},
    support::{CUSTOMER, MAIN_LINE, Socket, World, eventually},
};

fn customer_says(world: &World, body: &str) -> Sid {
    let text = CustomerMessage {
        from: CUSTOMER.to_owned(),
        to: MAIN_LINE.to_owned(),
        body: body.to_owned(),
        media_urls: Vec::new(),
    };
    world
        .simulator()
        .send_as_customer(text)
        .expect("the phone sends it")
}

#[tokio::test]
async fn a_text_comes_in_and_the_answer_goes_out() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    world.subscribe().await;
    let (dana, marcus) = (
        world.agent(&organization).await,
        world.agent(&organization).await,
    );
    let (mut danas, mut marcuss) = (Socket::open(&dana).await, Socket::open(&marcus).await);

    customer_says(&world, "Is my table ready?");
    let news = danas.wait_for("messaging.message.new").await;
    assert_eq!(news["message"]["body"], "Is my table ready?");
    marcuss.wait_for("messaging.message.new").await;

    let answer = json!({
        "contact_id": news["message"]["contact_id"], "body": "Yes, come in",
        "phone_number_id": news["conversation"]["phone_number_id"],
    });
    let sent = dana.post("/api/messages/send", &answer).await.ok();
    let id = id_of(&sent);
    marcuss
        .wait_until("messaging.message.new", |news| {
            news["message"]["id"] == json!(id)
        })
        .await;
    wait_for_status(&world, &id, "delivered").await;
    for socket in [&mut danas, &mut marcuss] {
        socket
            .wait_until("messaging.message.status", |news| {
                news["message"]["id"] == json!(id) && news["message"]["status"] == "delivered"
            })
            .await;
    }

    // Twilio told of it twice, by callback and by event: it is one message.
    eventually("Twilio has nothing left to tell", async || {
        world.simulator().is_quiet().then_some(())
    })
    .await;
    world.rows.all_events_processed().await;
    assert_eq!(world.rows.messages().await.len(), 2);
    let stored = world.rows.by_id(&id).await.expect("the message");
    let audit = world.rows.audit(stored.id).await;
    for source in ["callback", "event_stream"] {
        let told = ("delivered".to_owned(), source.to_owned());
        assert!(audit.contains(&told), "{audit:?}");
    }
    let undelivered = world
        .simulator()
        .deliveries_after(0)
        .into_iter()
        .filter(|attempt| attempt.http_status != Some(200))
        .count();
    assert_eq!(undelivered, 0, "every post was taken at once");
}

#[tokio::test]
async fn texts_that_arrive_while_the_server_is_down_come_when_it_is_back() {
    let mut world = World::with_twilio().await;
    let organization = world.organization().await;
    world.subscribe().await;
    world.server.kill();
    let texts: Vec<Sid> = (0..10)
        .map(|n| customer_says(&world, &format!("Text {n}")))
        .collect();
    eventually("Twilio has tried", async || {
        let attempts = world.simulator().deliveries_after(0);
        (attempts.len() >= 10).then_some(())
    })
    .await;

    world.server.start_again().await;
    for sid in &texts {
        eventually("it comes", async || world.rows.by_sid(sid.as_str()).await).await;
    }
    let agent = world.agent(&organization).await;
    let list = agent.get("/api/conversations").await.ok();
    assert_eq!(list["conversations"][0]["unread_count"], 10);
}

#[tokio::test]
async fn what_another_platform_sends_is_in_the_thread() {
    let world = World::with_twilio().await;
    let organization = world.organization().await;
    world.subscribe().await;
    let agent = world.agent(&organization).await;
    let mut socket = Socket::open(&agent).await;
    let elsewhere = ExternalMessage {
        account_sid: Sid::parse(&world.account.sid).expect("a SID"),
        from: MAIN_LINE.to_owned(),
        to: CUSTOMER.to_owned(),
        body: "Your appointment is tomorrow".to_owned(),
    };
    let sid = world
        .simulator()
        .send_externally(elsewhere)
        .expect("it is sent");
    let news = socket.wait_for("messaging.message.new").await;
    assert_eq!(news["message"]["external_id"], sid.as_str());
    assert_eq!(news["message"]["source"], "external");
    assert_eq!(news["message"]["can_retry"], false);
    let stored = eventually("it is delivered", async || {
        world
            .rows
            .by_sid(sid.as_str())
            .await
            .filter(|message| message.status == "delivered")
    })
    .await;
    assert_eq!(stored.body.as_deref(), Some("Your appointment is tomorrow"));
    assert_eq!(world.rows.messages().await.len(), 1);
}
