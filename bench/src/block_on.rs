//! The way from blocking measurements to asynchronous clients.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;
use xtask::base::interrupt::Interrupt;

/// How often the interrupt flag is looked at.
const TICK: Duration = Duration::from_millis(200);

/// Runs a future to its end, unless the user interrupts.
///
/// # Errors
/// When it fails, or the user interrupts.
pub fn block_on<T>(interrupt: &Interrupt, work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = Runtime::new().context("no asynchronous runtime")?;
    runtime.block_on(async {
        tokio::select! {
            outcome = work => outcome,
            interrupted = until_interrupted(interrupt) => interrupted.map(|never| match never {}),
        }
    })
}

async fn until_interrupted(interrupt: &Interrupt) -> Result<Infallible> {
    loop {
        interrupt.check()?;
        tokio::time::sleep(TICK).await;
    }
}
