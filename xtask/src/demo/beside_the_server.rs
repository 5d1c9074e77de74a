//! What a demo has beside the server: the simulator, and the demo organization.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use crate::base::context::Context;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::wait_ready::{START_LIMIT, wait_for_http};
use crate::demo::stage::Stage;

/// Starts the simulator and waits until it answers; nothing when a Twilio
/// account is configured.
///
/// # Errors
/// When it does not start.
pub fn start_simulator(
    context: &Context,
    stage: &Stage,
    program: &Path,
) -> Result<Option<Service>> {
    let (Some(mut command), Some(port)) = (stage.simulator_command(program), stage.simulator_port)
    else {
        return Ok(None);
    };
    let log = context.data().join("logs/simulator.log");
    let mut simulator = Service::start("the Twilio simulator", &mut command, &log)?;
    step(
        "starting the Twilio simulator (no TWILIO_ACCOUNT_SID is set)",
        || wait_for_http(&mut simulator, port, "/", START_LIMIT, &context.interrupt),
    )?;
    Ok(Some(simulator))
}

/// The demo organization belongs to the simulator: it would make no sense
/// with a real Twilio account.
///
/// # Errors
/// When it cannot be made.
pub fn seed(context: &Context, stage: &Stage, demo: &Path) -> Result<Option<Value>> {
    if stage.simulator_port.is_none() {
        return Ok(None);
    }
    step(
        "demo organization: numbers, contacts, messages (where missing)",
        || stage.seed_demo(context, demo).map(Some),
    )
}
