//! What is shown when everything runs.

use std::time::Duration;

use serde_json::Value;

use crate::base::context::Context;
use crate::base::duration_text::duration_text;
use crate::demo::stage::Stage;

/// Prints where to look and how to log in.
pub fn announce(context: &Context, stage: &Stage, demo: Option<&Value>, took: Duration) {
    let rule = "─".repeat(64);
    println!("\n{rule}");
    println!("  Loquent is up ({})", duration_text(took));
    println!();
    println!("  Agent's inbox      {}/messaging", stage.address());
    if let Some(simulator) = stage.simulator_address() {
        println!("  Customer's phone   {simulator}/");
    }
    println!();
    match demo {
        Some(demo) => {
            for login in demo["logins"].as_array().into_iter().flatten() {
                let text = |key: &str| login[key].as_str().unwrap_or("?").to_owned();
                println!(
                    "  Login  {:<7} {}   {}",
                    text("role"),
                    text("email"),
                    text("password")
                );
            }
        }
        None => println!(
            "  Your own Twilio account is used, so there is no demo organization.\n  \
             Make yours with: {} org create --help",
            context.bundle("demo").join("loquent").display()
        ),
    }
    println!();
    println!("  Logs   {}", context.data().join("logs").display());
    println!("  Stop   Ctrl-C");
    println!("{rule}");
}
