//! `cargo-deny`, which looks at the dependencies.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::base::step::step;
use crate::base::tool_command::tool_command;

const VERSION: &str = "0.20.2";
/// It runs for seconds: its own release profile (whole-program optimization) costs minutes.
const QUICK_TO_BUILD: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// A `cargo-deny` of exactly this version: from `PATH`, from the tools directory, or built with cargo.
///
/// # Errors
/// When it cannot be built.
pub fn ensure_cargo_deny(context: &Context) -> Result<PathBuf> {
    if let Some(found) = find_on_path("cargo-deny").filter(|path| has_version(path)) {
        return Ok(found);
    }
    let directory = context.tools.join(format!("cargo-deny-{VERSION}"));
    let program = directory.join("bin/cargo-deny");
    if is_executable(&program) {
        return Ok(program);
    }
    step(
        &format!("cargo-deny {VERSION} (looks at dependencies; built once per machine, about 2 minutes)"),
        || {
            let mut command = tool_command("cargo");
            command
                .args(["install", "--locked", "--root"])
                .arg(&directory)
                .arg(format!("cargo-deny@{VERSION}"))
                .envs(QUICK_TO_BUILD);
            // It would otherwise wait for, and fill, the target directory of the checkout.
            command.env_remove("CARGO_TARGET_DIR").current_dir("/");
            run_logged(&mut command, &context.interrupt).map(drop)
        },
    )
    .with_context(|| {
        format!("cargo-deny {VERSION} is missing; get it with: cargo install cargo-deny@{VERSION} --locked")
    })?;
    Ok(program)
}

fn has_version(program: &std::path::Path) -> bool {
    tool_command(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout)
                .split_whitespace()
                .nth(1)
                == Some(VERSION)
        })
}
