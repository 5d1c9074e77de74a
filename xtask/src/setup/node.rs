//! Node and npm.

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::path_lookup::find_on_path;
use crate::base::tool_command::tool_command;
use crate::setup::apt::Apt;

/// esbuild, binaryen and Playwright need at least this.
const OLDEST_NODE: u32 = 18;

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

fn is_usable() -> bool {
    find_on_path("npm").is_some()
        && tool_command("node")
            .arg("--version")
            .output()
            .is_ok_and(|output| {
                major_version(&String::from_utf8_lossy(&output.stdout))
                    .is_some_and(|major| major >= OLDEST_NODE)
            })
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
