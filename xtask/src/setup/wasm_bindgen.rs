//! `wasm-bindgen`, which must be exactly as old as the library in `Cargo.lock`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::base::step::step;
use crate::base::tool_command::tool_command;

/// The wasm-bindgen program of the version in `Cargo.lock`: from `PATH`, from
/// the tools directory, or built with cargo.
///
/// # Errors
/// When it cannot be built.
pub fn ensure_wasm_bindgen(context: &Context) -> Result<PathBuf> {
    let lock = fs::read_to_string(context.root.join("Cargo.lock")).context("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock has no wasm-bindgen: is the browser half gone?")?;
    if let Some(found) = find_on_path("wasm-bindgen").filter(|path| has_version(path, version)) {
        return Ok(found);
    }
    let directory = context.tools.join(format!("wasm-bindgen-{version}"));
    let program = directory.join("bin/wasm-bindgen");
    if is_executable(&program) {
        return Ok(program);
    }
    step(
        &format!("wasm-bindgen {version} (joins Rust and browser; built once per machine, about 2 minutes)"),
        || {
            run_logged(&mut install(version, &directory), &context.interrupt).map(drop)
        },
    )
    .with_context(|| {
        format!(
            "wasm-bindgen {version} is missing; get it with: cargo install wasm-bindgen-cli@{version} --locked"
        )
    })?;
    Ok(program)
}

fn install(version: &str, directory: &Path) -> Command {
    let mut command = tool_command("cargo");
    command
        .args(["install", "--locked", "--bin", "wasm-bindgen", "--root"])
        .arg(directory);
    command.arg(format!("wasm-bindgen-cli@{version}"));
    // It would otherwise wait for, and fill, the target directory of the checkout.
    command.env_remove("CARGO_TARGET_DIR").current_dir("/");
    command
}

fn has_version(program: &Path, version: &str) -> bool {
    tool_command(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout)
                .split_whitespace()
                .nth(1)
                == Some(version)
        })
}

/// The version of a package that `Cargo.lock` has once.
fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package_with_exactly_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
