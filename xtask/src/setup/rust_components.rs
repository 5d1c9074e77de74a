//! Parts of the Rust toolchain.

use std::path::Path;

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::path_lookup::find_on_path;
use crate::base::step::step;
use crate::base::tool_command::tool_command;

/// The browser's target.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that Rust can compile for the browser.
///
/// # Errors
/// When the target is missing and rustup cannot add it.
pub fn ensure_wasm_target(context: &Context) -> Result<()> {
    let output = tool_command("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(&context.root)
        .output()?;
    let directory = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && Path::new(&directory).is_dir() {
        return Ok(());
    }
    rustup_add(
        context,
        "target",
        WASM_TARGET,
        "the browser half is compiled to it",
    )
}

/// Makes sure that `cargo fmt` works.
///
/// # Errors
/// When rustfmt is missing and rustup cannot add it.
pub fn ensure_rustfmt(context: &Context) -> Result<()> {
    ensure_cargo_tool(context, "fmt", "rustfmt")
}

/// Makes sure that `cargo clippy` works.
///
/// # Errors
/// When clippy is missing and rustup cannot add it.
pub fn ensure_clippy(context: &Context) -> Result<()> {
    ensure_cargo_tool(context, "clippy", "clippy")
}

/// rustup leaves a proxy for a missing component: only running it tells.
fn ensure_cargo_tool(context: &Context, subcommand: &str, component: &str) -> Result<()> {
    let works = tool_command("cargo")
        .args([subcommand, "--version"])
        .current_dir(&context.root)
        .output()
        .is_ok_and(|output| output.status.success());
    if works {
        return Ok(());
    }
    rustup_add(context, "component", component, "the checks need it")
}

fn rustup_add(context: &Context, kind: &str, name: &str, why: &str) -> Result<()> {
    if find_on_path("rustup").is_none() {
        bail!(
            "the Rust {kind} {name} is missing ({why}) and there is no rustup to add it: install rustup, or add it the way this Rust was installed"
        );
    }
    step(&format!("Rust {kind} {name} ({why})"), || {
        let mut command = tool_command("rustup");
        run_logged(
            command.args([kind, "add", name]).current_dir(&context.root),
            &context.interrupt,
        )
        .map(drop)
    })
}
