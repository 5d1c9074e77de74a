//! Printing what is being done, why, and how long it took.

use std::time::Instant;

use anyhow::Result;

use crate::base::duration_text::duration_text;

/// Says what begins, does it, and says how long it took.
///
/// # Errors
/// What `work` returned.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {what}");
    let start = Instant::now();
    let outcome = work();
    let time = duration_text(start.elapsed());
    match &outcome {
        Ok(_) => println!("  ✓ {time}"),
        Err(_) => println!("  ✗ after {time}"),
    }
    outcome
}
