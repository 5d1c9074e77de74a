use std::time::Duration;

use tokio::time::Instant;

use crate::model::Sid;
use crate::simulation::Simulation;

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The message that a create call made, beside its answer.
#[derive(Debug, Clone)]
pub(crate) struct CreatedMessage {
    pub account_sid: Sid,
    pub sid: Sid,
}

/// Waits until a message has its last status and every event and callback of it was sent once, or
/// the time is up.
pub(crate) async fn wait_for_events(
    simulation: &Simulation,
    created: &CreatedMessage,
    longest: Duration,
) {
    let until = Instant::now() + longest;
    while Instant::now() < until && !is_settled(simulation, created) {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn is_settled(simulation: &Simulation, created: &CreatedMessage) -> bool {
    let state = simulation.state();
    let message = state
        .accounts
        .get(&created.account_sid)
        .and_then(|account| account.messages.get(created.sid.as_str()));
    message.is_none_or(|message| message.status.is_final())
        && !state.first_attempts.is_open(&created.sid)
}
