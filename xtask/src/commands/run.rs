//! `cargo xtask run`: from nothing to a running demo.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::base::context::Context;
use crate::base::duration_text::duration_text;
use crate::base::port::ensure_port_is_free;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::wait_ready::wait_for_http;
use crate::bundle::client::build_client;
use crate::bundle::programs::build_release_programs;
use crate::cli::RunOptions;
use crate::commands::run_mark::RunMark;
use crate::commands::run_with_reload::run_with_reload;
use crate::demo::stage::Stage;

/// A first start makes a database cluster and all tables.
pub const START_LIMIT: Duration = Duration::from_secs(120);
const TICK: Duration = Duration::from_millis(200);
const TAIL_LINES: usize = 40;

/// Builds what changed, starts everything, and stops it all on Ctrl-C.
///
/// # Errors
/// When something is missing, does not build, or ends by itself.
pub fn run(context: &Context, options: &RunOptions) -> Result<()> {
    let start = Instant::now();
    let stage = Stage::new(context, options.port, options.simulator_port);
    let _mark = RunMark::set(&context.data())?;
    ensure_ports_are_free(&stage)?;
    if options.dev {
        return run_with_reload(context, stage);
    }

    // What may be impossible here is tried before builds that take minutes.
    stage.ensure_database(context)?;
    let public = build_client(context)?;
    let programs = build_release_programs(context)?;
    context.interrupt.check()?;

    // Minutes may have passed, and somebody else's server would answer in place of ours.
    ensure_ports_are_free(&stage)?;
    let mut services = Vec::new();
    if let Some(simulator) = start_simulator(context, &stage, &programs.simulator)? {
        services.push(simulator);
    }
    let mut command = stage.server_command(context, &programs.server)?;
    command.arg("serve").env("DIOXUS_PUBLIC_PATH", &public);
    let mut server = Service::start(
        "the server",
        &mut command,
        &context.data().join("logs/server.log"),
    )?;
    step("starting database and server", || {
        wait_for_http(
            &mut server,
            stage.port,
            "/readyz",
            START_LIMIT,
            &context.interrupt,
        )
    })?;
    // Stopped in this order: the server first, while the simulator still answers.
    services.insert(0, server);

    let demo = seed(context, &stage, &programs.server)?;
    print_addresses(context, &stage, demo.as_ref(), start.elapsed());
    let outcome = watch(context, &mut services);
    println!("\nStopping …");
    for service in &mut services {
        service.stop();
    }
    println!("Stopped.");
    outcome
}

fn ensure_ports_are_free(stage: &Stage) -> Result<()> {
    ensure_port_is_free(stage.port, "the server", "--port")?;
    match stage.simulator_port {
        Some(port) => ensure_port_is_free(port, "the Twilio simulator", "--simulator-port"),
        None => Ok(()),
    }
}

/// Starts the simulator and waits until it answers; nothing when a Twilio
/// account is configured.
///
/// # Errors
/// When it does not start.
pub fn start_simulator(
    context: &Context,
    stage: &Stage,
    program: &std::path::Path,
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
pub fn seed(context: &Context, stage: &Stage, server: &std::path::Path) -> Result<Option<Value>> {
    if stage.simulator_port.is_none() {
        return Ok(None);
    }
    step(
        "demo organization: numbers, contacts, messages (where missing)",
        || stage.seed_demo(context, server).map(Some),
    )
}

/// Prints where to look and how to log in.
pub fn print_addresses(context: &Context, stage: &Stage, demo: Option<&Value>, took: Duration) {
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
            context.bundle("release").join("loquent").display()
        ),
    }
    println!();
    println!("  Logs   {}", context.data().join("logs").display());
    println!("  Stop   Ctrl-C");
    println!("{rule}");
}

/// Waits for Ctrl-C, or for a service that ends by itself.
fn watch(context: &Context, services: &mut [Service]) -> Result<()> {
    while !context.interrupt.is_set() {
        for service in services.iter_mut() {
            if let Some(status) = service.exited() {
                bail!(
                    "{} ended ({status}):\n{}",
                    service.name(),
                    service.log_tail(TAIL_LINES)
                );
            }
        }
        thread::sleep(TICK);
    }
    Ok(())
}
