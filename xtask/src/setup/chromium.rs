//! The browser of the browser tests.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::setup::apt::Apt;

/// Names the browser to the tests, and to xtask.
pub const CHROMIUM_VARIABLE: &str = "CHROMIUM_BIN";
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// A Chromium: `CHROMIUM_BIN`, else one on `PATH`, else the Debian package
/// where that is allowed.
///
/// # Errors
/// One line that says how to get one.
pub fn ensure_chromium(context: &Context) -> Result<PathBuf> {
    if let Some(named) = env::var_os(CHROMIUM_VARIABLE).map(PathBuf::from) {
        if is_executable(&named) {
            return Ok(named);
        }
        bail!("{CHROMIUM_VARIABLE} names no program: {}", named.display());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if let Some(apt) = Apt::detect() {
        apt.install(context, "the browser tests", &["chromium"])?;
    }
    match find() {
        Some(found) => Ok(found),
        None => bail!(
            "Chromium is missing (the browser tests drive it): install the package chromium, or set {CHROMIUM_VARIABLE}"
        ),
    }
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| find_on_path(name))
}
