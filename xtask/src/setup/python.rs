//! Python packages, exactly as a requirements file pins them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::content_hash::ContentHash;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::path_lookup::is_executable;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::setup::apt::Apt;

/// CloudEvents' library needs at least this; Debian 12 has 3.11.
const OLDEST_PYTHON: (u32, u32) = (3, 10);
/// Prints its version where it can make environments with pip: Debian leaves that out of `python3`.
const PROBE: &str = "import ensurepip, sys, venv; print(sys.version.split()[0])";

/// A Python with these packages, in an environment of its own in the tools directory.
///
/// # Errors
/// When there is no Python that can make environments, or pip cannot install the packages.
pub fn ensure_python_packages(
    context: &Context,
    requirements: &Path,
    why: &str,
) -> Result<PathBuf> {
    let version = ensure_python(context, why)?;
    let key = {
        let mut hash = ContentHash::new();
        hash.add(version.as_bytes());
        hash.add_file(requirements)?;
        hash.finish()
    };
    let directory = context.tools.join(format!("python-{key}"));
    let (python, ready) = (directory.join("bin/python"), directory.join(".ready"));
    if ready.is_file() && is_executable(&python) {
        return Ok(python);
    }
    step(&format!("Python packages ({why})"), || {
        let mut environment = tool_command("python3");
        environment.args(["-m", "venv", "--clear"]).arg(&directory);
        run_logged(&mut environment, &context.interrupt)?;
        let mut install = tool_command(&python);
        // Wheels only, so that no code of a package runs here; each is pinned by its hash.
        install
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-deps", "--only-binary", ":all:", "--require-hashes"])
            .arg("--requirement")
            .arg(requirements);
        run_logged(&mut install, &context.interrupt)?;
        fs::write(&ready, "").context("cannot note that it is ready")
    })?;
    Ok(python)
}

/// Makes sure that `python3` can make environments; gives its version.
fn ensure_python(context: &Context, why: &str) -> Result<String> {
    if let Some(version) = usable_version() {
        return Ok(version);
    }
    if let Some(apt) = Apt::detect() {
        apt.install(context, why, &["python3", "python3-venv"])?;
    }
    let (major, minor) = OLDEST_PYTHON;
    match usable_version() {
        Some(version) => Ok(version),
        None => bail!(
            "Python {major}.{minor} or newer with venv is missing ({why}): install the packages python3 and python3-venv"
        ),
    }
}

fn usable_version() -> Option<String> {
    let output = tool_command("python3").args(["-c", PROBE]).output().ok()?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && is_new_enough(&version)).then_some(version)
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST_PYTHON,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_new_enough("3.11.2"));
        assert!(is_new_enough("4.0.0rc1"));
        assert!(!is_new_enough("3.9.19"));
        assert!(!is_new_enough(""));
    }
}
