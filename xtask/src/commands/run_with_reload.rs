//! `cargo xtask run --dev`: hot reload with `dx`.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::base::context::Context;
use crate::base::duration_text::duration_text;
use crate::base::path_lookup::path_starting_with;
use crate::base::service::Service;
use crate::base::tool_command::tool_command;
use crate::base::wait_ready::answers;
use crate::bundle::client::copy_static_files;
use crate::bundle::programs::build_dev_programs;
use crate::bundle::stylesheet::write_stylesheet_entry;
use crate::database::cluster::{Cluster, Durability};
use crate::demo::announce::announce;
use crate::demo::beside_the_server::{seed, start_simulator};
use crate::demo::stage::Stage;
use crate::setup::dioxus_cli::ensure_dioxus_cli;
use crate::setup::node::ensure_node;
use crate::setup::npm_packages::ensure_build_tools;
use crate::setup::rust_components::ensure_wasm_target;
use crate::setup::wasm_bindgen::ensure_wasm_bindgen;

const TICK: Duration = Duration::from_millis(200);
/// dx says nothing while it builds.
const HEARTBEAT: Duration = Duration::from_secs(8);
/// dx stops its server in this time.
const STOP_GRACE: Duration = Duration::from_secs(20);

/// Starts the simulator and `dx serve`, which rebuilds what changes, and makes
/// the demo organization once the server is up.
///
/// # Errors
/// When a tool is missing, or dx ends by itself.
pub fn run_with_reload(context: &Context, mut stage: Stage) -> Result<()> {
    let start = Instant::now();
    ensure_wasm_target(context)?;
    ensure_node(context)?;
    let tools = ensure_build_tools(context)?;
    let wasm_bindgen = ensure_wasm_bindgen(context)?;
    let dx = ensure_dioxus_cli(context)?;
    let programs = build_dev_programs(context)?;

    // dx ends the server at once, which then cannot stop its database: we do that.
    let database = start_database(context, &stage, &programs.server)?;
    stage.database = database.as_ref().map(|cluster| cluster.url.clone());

    let public = context.data().join("dev-public");
    fs::create_dir_all(&public).context("cannot make the public directory")?;
    copy_static_files(&context.root.join("assets"), &public)?;
    let _style = watch_stylesheet(context, &tools, &public)?;
    let _simulator = start_simulator(context, &stage, &programs.simulator)?;

    let mut command = stage.server_command(context, &dx)?;
    command
        .args(["serve", "--web", "--package", "loquent", "--bin", "loquent"])
        .args(["--addr", "127.0.0.1", "--port", &stage.port.to_string()])
        .args(["--open", "false", "--interactive", "false"])
        // It must take the tools that are here and call nobody.
        .env("NO_DOWNLOADS", "1")
        .env("DX_TELEMETRY_ENABLED", "false")
        .env(
            "PATH",
            path_starting_with([
                tools.join("node_modules/.bin").as_path(),
                wasm_bindgen.parent().unwrap_or(Path::new("/")),
            ])?,
        );
    let mut dx = Dx::start(&mut command)?;
    println!("dx builds both halves now; what you save is rebuilt. Ctrl-C stops it.");
    let mut seeded = false;
    let mut shown = Instant::now();
    while !context.interrupt.is_set() {
        if let Some(status) = dx.0.try_wait()? {
            bail!("dx ended ({status})");
        }
        if !seeded && answers(stage.port, "/readyz") {
            let demo = seed(context, &stage, &programs.demo)?;
            announce(context, &stage, demo.as_ref(), start.elapsed());
            seeded = true;
        }
        if !seeded && shown.elapsed() >= HEARTBEAT {
            println!(
                "    … {} · waiting for dx's first build and the server",
                duration_text(start.elapsed())
            );
            shown = Instant::now();
        }
        thread::sleep(TICK);
    }
    Ok(())
}

/// The database in the data directory; none where one is configured.
fn start_database(context: &Context, stage: &Stage, server: &Path) -> Result<Option<Cluster>> {
    let Some(postgres) = stage.ensure_database(context)? else {
        return Ok(None);
    };
    let data = context.data();
    let (directory, log) = (data.join("postgres"), data.join("logs/postgres.log"));
    Cluster::start(
        context,
        server,
        &postgres,
        &directory,
        Durability::Durable,
        &log,
    )
    .map(Some)
}

/// esbuild writes the stylesheet again whenever a part of it changes. A new file is found at the
/// next start.
fn watch_stylesheet(context: &Context, tools: &Path, public: &Path) -> Result<Service> {
    let entry = write_stylesheet_entry(context)?;
    let mut command = tool_command(tools.join("node_modules/.bin/esbuild"));
    command
        .arg(&entry)
        .arg(format!(
            "--outfile={}",
            public.join("assets/main.css").display()
        ))
        .args([
            "--bundle",
            "--watch",
            "--loader:.svg=dataurl",
            "--loader:.woff2=file",
        ]);
    Service::start(
        "esbuild",
        &mut command,
        &context.data().join("logs/esbuild.log"),
    )
}

/// dx in the foreground of the terminal. It stops its server when it is
/// interrupted, not when it is terminated.
struct Dx(Child);

impl Dx {
    fn start(command: &mut Command) -> Result<Self> {
        command.spawn().map(Self).context("dx did not start")
    }
}

impl Drop for Dx {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            // Ctrl-C has reached it already; SIGTERM reached only us.
            let _ = kill_process(pid, Signal::INT);
        }
        let deadline = Instant::now() + STOP_GRACE;
        while Instant::now() < deadline {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(TICK);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
