//! Faults while a message is created.

use std::time::Duration;

use twilio_sim::{Fault, FaultRule};

use crate::fault_support::{CREATE, arm};
use crate::harness::{ACCOUNT, CUSTOMER, MAIN_LINE, Receiver, TOKEN, World};

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
