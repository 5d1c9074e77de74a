//! Node and npm.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::path_lookup::find_on_path;
use crate::base::tool_command::tool_command;
use crate::setup::apt::Apt;
use crate::setup::npm_packages::ensure_single_package;

/// esbuild and binaryen need at least this.
const OLDEST_NODE: u32 = 18;
/// Playwright and Twilio's library need at least this; Debian 12 has 18.
const OLDEST_TEST_NODE: u32 = 20;
/// What npm carries, where the system's Node is older than that.
const NPM_NODE_VERSION: &str = "22.23.3";

/// Makes sure that `node` and `npm` work.
///
/// # Errors
/// One line that says what is missing and how to get it.
pub fn ensure_node(context: &Context) -> Result<()> {
    if is_usable() {
        return Ok(());
    }
    if let Some(apt) = Apt::detect() {
        apt.install(
            context,
            "esbuild and wasm-opt run on Node",
            &["nodejs", "npm"],
        )?;
    }
    if is_usable() {
        return Ok(());
    }
    bail!(
        "Node {OLDEST_NODE} or newer with npm is missing (esbuild and wasm-opt run on it): install the packages nodejs and npm"
    )
}

/// The directory of a `node` that is new enough for the tests, to put first on
/// `PATH`; none when the system's is.
///
/// # Errors
/// When there is none and npm has none for this machine.
pub fn ensure_test_node(context: &Context) -> Result<Option<PathBuf>> {
    ensure_node(context)?;
    if installed_version().is_some_and(|major| major >= OLDEST_TEST_NODE) {
        return Ok(None);
    }
    let machine = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("Node {OLDEST_TEST_NODE} or newer is missing, and npm has none for {other}"),
    };
    let package = format!("node-linux-{machine}");
    let why = "the system's Node is too old for Playwright";
    let package = ensure_single_package(context, &package, NPM_NODE_VERSION, why, |package| {
        let program = package.join("bin/node");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
            .with_context(|| program.display().to_string())
    })?;
    Ok(Some(package.join("bin")))
}

fn is_usable() -> bool {
    find_on_path("npm").is_some() && installed_version().is_some_and(|major| major >= OLDEST_NODE)
}

fn installed_version() -> Option<u32> {
    let output = tool_command("node").arg("--version").output().ok()?;
    major_version(&String::from_utf8_lossy(&output.stdout))
}

fn major_version(text: &str) -> Option<u32> {
    text.trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("nonsense"), None);
    }
}
