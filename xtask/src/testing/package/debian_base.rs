//! A minimal Debian, made once per machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::setup::debootstrap::ensure_debootstrap;
use crate::testing::package::superuser::{Scratch, Superuser};

/// Elsewhere than on Debian: its C library is newer than that of what is built here, mostly.
const DEFAULT_SUITE: &str = "trixie";

/// A tar file of a minimal Debian, of this machine's release: the program is linked to its C
/// library.
///
/// # Errors
/// When it cannot be made.
pub fn debian_base(context: &Context, superuser: Superuser) -> Result<PathBuf> {
    let suite = suite(&fs::read_to_string("/etc/os-release").unwrap_or_default());
    let name = format!("debian-{suite}-{}.tar", env::consts::ARCH);
    let archive = context.tools.join(name);
    if archive.is_file() {
        return Ok(archive);
    }
    ensure_debootstrap(context)?;
    let what = format!("a minimal Debian {suite} (debootstrap; once per machine)");
    step(&what, || make(context, superuser, &suite, &archive))?;
    Ok(archive)
}

fn make(context: &Context, superuser: Superuser, suite: &str, archive: &Path) -> Result<()> {
    let scratch = Scratch::make(superuser, "debian-base")?;
    let mut debootstrap = superuser.command("debootstrap");
    debootstrap
        .args(["--variant=minbase", suite])
        .arg(&scratch.path)
        .args(mirror(suite));
    run_logged(&mut debootstrap, &context.interrupt)?;

    fs::create_dir_all(&context.tools)?;
    let unfinished = archive.with_extension("unfinished");
    run_logged(
        &mut tar(superuser, &scratch.path, &unfinished),
        &context.interrupt,
    )?;
    fs::rename(&unfinished, archive).context("cannot keep the Debian root")
}

fn tar(superuser: Superuser, root: &Path, archive: &Path) -> Command {
    let mut command = superuser.command("tar");
    command
        .args(["--create", "--numeric-owner"])
        .args(
            ["./dev/*", "./proc/*", "./var/cache/apt/archives/*.deb"]
                .map(|path| format!("--exclude={path}")),
        )
        .arg("--file")
        .arg(archive)
        .arg("--directory")
        .arg(root)
        .arg(".");
    command
}

fn suite(os_release: &str) -> String {
    let value = |name: &str| {
        os_release
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .map(|value| value.trim_matches('"'))
    };
    match (value("ID"), value("VERSION_CODENAME")) {
        (Some("debian"), Some(codename)) => codename.to_owned(),
        _ => DEFAULT_SUITE.to_owned(),
    }
}

/// The mirror that this machine takes the suite from; without one, debootstrap knows one.
fn mirror(suite: &str) -> Option<String> {
    let output = tool_command("apt-get")
        .args(["indextargets", "--format", "$(REPO_URI)"])
        .args(["Created-By: Packages", "Origin: Debian"])
        .arg(format!("Codename: {suite}"))
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_is_the_machines_own_where_it_is_debian() {
        let debian = "PRETTY_NAME=\"Debian\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(suite(debian), "bookworm");
        assert_eq!(suite("ID=ubuntu\nVERSION_CODENAME=noble\n"), DEFAULT_SUITE);
        assert_eq!(suite(""), DEFAULT_SUITE);
    }
}
