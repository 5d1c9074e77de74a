//! What tests of faults share.

use std::time::Duration;

use twilio_sim::{FaultPlan, FaultRule, FaultTarget, NewHistory, Sid};

use crate::harness::{ACCOUNT, TOKEN, World, text};

pub const LIST: FaultTarget = FaultTarget::ListMessages;
pub const CREATE: FaultTarget = FaultTarget::CreateMessage;

pub fn arm(world: &World, rules: Vec<FaultRule>) {
    let plan = FaultPlan { seed: 1, rules };
    world.simulator.set_faults(plan).expect("valid faults");
}

pub async fn history(messages: u64, media_share: f64) -> World {
    let world = World::start().await;
    let mut history = NewHistory::new(Sid::parse(ACCOUNT).expect("a SID"), messages, 2);
    history.media_share = media_share;
    world.simulator.add_history(history).expect("it is valid");
    world
}

/// The answer with its headers and what went wrong while its body was read.
pub async fn raw(world: &World, url: &str, patience: Duration) -> Result<(u16, String), String> {
    let request = world.http.get(url).basic_auth(ACCOUNT, Some(TOKEN));
    let answer = request
        .timeout(patience)
        .send()
        .await
        .map_err(|error| format!("no answer: {error}"))?;
    let status = answer.status().as_u16();
    let body = answer.text().await.map_err(|_| "body cut".to_owned())?;
    Ok((status, body))
}

pub const PATIENCE: Duration = Duration::from_secs(10);

/// SIDs of all messages of a list, page by page.
pub async fn walk(world: &World, query: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut next = Some(format!(
        "/2010-04-01/Accounts/{ACCOUNT}/Messages.json?{query}"
    ));
    for _ in 0..200 {
        let Some(path) = next else {
            return seen;
        };
        let (status, page) = world.get(&world.url(&path)).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["messages"].as_array().expect("messages");
        seen.extend(rows.iter().map(|row| text(row, "sid")));
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    panic!("the list does not end");
}
