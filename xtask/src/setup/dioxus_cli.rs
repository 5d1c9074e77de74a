//! `dx`, for hot reload only: the release bundle is built without it, because
//! compiling it takes longer than compiling Loquent.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_logged, run_watched};
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::base::step::step;
use crate::base::tool_command::tool_command;

/// The same version as the library in `Cargo.toml`.
const VERSION: &str = "0.7.10";

/// A `dx` of exactly this version: from `PATH`, from the tools directory,
/// prebuilt with `cargo binstall`, or built.
///
/// # Errors
/// When it cannot be built.
pub fn ensure_dioxus_cli(context: &Context) -> Result<PathBuf> {
    if let Some(found) = find_on_path("dx").filter(|path| has_version(path)) {
        return Ok(found);
    }
    let directory = context.tools.join(format!("dx-{VERSION}"));
    let program = directory.join("bin/dx");
    if is_executable(&program) {
        return Ok(program);
    }
    if find_on_path("cargo-binstall").is_some() {
        let prebuilt = step(&format!("dx {VERSION}, prebuilt (hot reload)"), || {
            let mut command = tool_command("cargo");
            command.args([
                "binstall",
                "--no-confirm",
                "--disable-strategies",
                "compile",
                "--root",
            ]);
            command.arg(&directory).arg(format!("dioxus-cli@{VERSION}"));
            run_watched(&mut command, &context.interrupt, Echo::OnFailure)
        })?;
        if prebuilt.status.success() && is_executable(&program) {
            return Ok(program);
        }
    }
    step(
        &format!("dx {VERSION} (hot reload; built once per machine, about 15 minutes)"),
        || {
            let mut command = tool_command("cargo");
            command
                .args(["install", "--locked", "--root"])
                .arg(&directory);
            command.arg(format!("dioxus-cli@{VERSION}"));
            command.env_remove("CARGO_TARGET_DIR").current_dir("/");
            run_logged(&mut command, &context.interrupt)
        },
    )
    .with_context(|| {
        format!("dx {VERSION} is missing; get it with: cargo install dioxus-cli@{VERSION} --locked")
    })?;
    Ok(program)
}

fn has_version(program: &Path) -> bool {
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
