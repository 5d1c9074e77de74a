//! A token that is void at Twilio signs nothing here, whoever holds it.

use serde_json::{Value, json};

use crate::{
    support::{CUSTOMER, MAIN_LINE, TwilioAccount, TwilioEvent, World, eventually},
    whose_number::{connect, give, import, inbox, newcomer, number, text},
};

const NEW_TOKEN: &str = "11112222333344445555666677778888";

#[tokio::test]
async fn a_newer_token_ends_the_older_ones_of_all_organizations_on_all_nodes() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let leaked = TwilioAccount::new();
    world.make_account(&leaked, &json!({}));
    let sid = give(&world, &leaked, MAIN_LINE);
    let (_, attacker) = newcomer(&world).await;
    connect(&attacker, &leaked).await.ok();
    import(&attacker, &sid).await.ok();
    let second = world.second_server(Vec::new()).await;

    let fresh = leaked.with_token(NEW_TOKEN);
    world.make_account(&fresh, &json!({}));
    let (_, owner) = newcomer(&world).await;
    connect(&owner, &fresh).await.ok();
    let done = import(&owner, &sid).await.ok();
    assert_eq!(
        done["imported"].as_array().expect("a list").len(),
        1,
        "{done}"
    );
    for server in [&world.server.url, &second.url] {
        eventually("the old token is refused", async || {
            let words = "Forged: please wire the deposit";
            let event = TwilioEvent::inbound(&leaked.sid, CUSTOMER, MAIN_LINE, words);
            let status = leaked.post(server, &json!([event.json()])).await;
            (status == 403).then_some(())
        })
        .await;
    }
    assert_eq!(text(&world, &fresh, "Real").await, 200);
    eventually("the real one is there", async || {
        inbox(&owner)
            .await
            .contains(&"Real".to_owned())
            .then_some(())
    })
    .await;
    assert_eq!(number(&attacker).await, None);
    assert_eq!(inbox(&attacker).await, [""; 0]);
}

#[tokio::test]
async fn a_check_that_twilio_refuses_suspends_the_number_until_twilio_accepts_the_token_again() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let account = TwilioAccount::new();
    let organization = world.organization_of(&account, MAIN_LINE, true).await;
    let admin = world.admin(&organization).await;
    assert_eq!(text(&world, &account, "1").await, 200);

    world.make_account(&account.with_token(NEW_TOKEN), &json!({}));
    admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(
        number(&admin).await.expect("it")["suspended"],
        "token_refused"
    );
    eventually("its token signs nothing", async || {
        (text(&world, &account, "2").await != 200).then_some(())
    })
    .await;
    // Twilio was wrong, or the token is back.
    world.make_account(&account, &json!({}));
    admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(number(&admin).await.expect("it")["suspended"], Value::Null);
    assert_eq!(text(&world, &account, "3").await, 200);
}

#[tokio::test]
async fn a_token_of_the_environment_that_twilio_refuses_signs_nothing() {
    let world = World::with_direct_twilio(Vec::new()).await;
    let organization = world.organization().await;
    let admin = world.admin(&organization).await;
    assert_eq!(text(&world, &world.account, "1").await, 200);
    let fresh = world.account.with_token(NEW_TOKEN);
    world.make_account(&fresh, &json!({}));
    admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    eventually("it signs nothing", async || {
        (text(&world, &world.account, "2").await != 200).then_some(())
    })
    .await;
    world.make_account(&world.account, &json!({}));
    admin
        .post("/api/twilio/check-health", &json!({}))
        .await
        .ok();
    assert_eq!(text(&world, &world.account, "3").await, 200);
    // The same if another organization brings a newer one of that account.
    world.make_account(&fresh, &json!({}));
    let (_, owner) = newcomer(&world).await;
    connect(&owner, &fresh).await.ok();
    eventually("it signs nothing", async || {
        (text(&world, &world.account, "4").await == 403).then_some(())
    })
    .await;
}
