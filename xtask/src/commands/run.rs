//! `cargo xtask run`: from nothing to a running demo.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::port::ensure_port_is_free;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::wait_ready::{START_LIMIT, wait_for_http};
use crate::bundle::client::build_client;
use crate::bundle::programs::build_demo_programs;
use crate::cli::RunOptions;
use crate::commands::run_mark::RunMark;
use crate::commands::run_with_reload::run_with_reload;
use crate::demo::announce::announce;
use crate::demo::beside_the_server::{seed, start_simulator};
use crate::demo::stage::Stage;

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
    let programs = build_demo_programs(context)?;
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

    let demo = seed(context, &stage, &programs.demo)?;
    announce(context, &stage, demo.as_ref(), start.elapsed());
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
