//! tar, gzip and digests, by the system's programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::base::logged_command::run_logged;
use crate::package::release::{Effort, Release};

/// Makes a tar file of some names below a directory: sorted, of one time, owned by root.
///
/// # Errors
/// When `tar` fails.
pub fn tar(release: &Release<'_>, directory: &Path, names: &[&str], output: &Path) -> Result<()> {
    let mut command = tar_command(release, directory, 0);
    command
        .arg("--create")
        .arg("--file")
        .arg(output)
        .args(names);
    run_logged(&mut command, &release.context.interrupt).map(drop)
}

/// Adds an empty directory to a tar file, owned by somebody else.
///
/// # Errors
/// When `tar` fails.
pub fn add_directory(
    release: &Release<'_>,
    directory: &Path,
    name: &str,
    owner: u32,
    output: &Path,
) -> Result<()> {
    let mut command = tar_command(release, directory, owner);
    command.arg("--append").arg("--file").arg(output).arg(name);
    run_logged(&mut command, &release.context.interrupt).map(drop)
}

fn tar_command(release: &Release<'_>, directory: &Path, owner: u32) -> Command {
    let mut command = release.command("tar");
    command
        .args(["--format=gnu", "--sort=name", "--numeric-owner"])
        .arg(format!("--mtime=@{}", release.time))
        .args(["owner", "group"].map(|which| format!("--{which}={owner}")))
        .arg("--directory")
        .arg(directory);
    command
}

/// Compresses a file, which gets the ending `.gz`.
///
/// # Errors
/// When `gzip` fails.
pub fn gzip(release: &Release<'_>, file: &Path) -> Result<PathBuf> {
    let level = match release.effort {
        Effort::Small => "-9",
        Effort::Quick => "-1",
    };
    let mut command = release.command("gzip");
    // Without name and time.
    command.args(["--no-name", "--force", level]).arg(file);
    run_logged(&mut command, &release.context.interrupt)?;
    let mut compressed = file.as_os_str().to_owned();
    compressed.push(".gz");
    Ok(compressed.into())
}

/// The SHA-256 of a file, in hexadecimal digits.
///
/// # Errors
/// When `sha256sum` fails.
pub fn sha256(release: &Release<'_>, file: &Path) -> Result<String> {
    let mut command = release.command("sha256sum");
    command.arg(file);
    let finished = run_logged(&mut command, &release.context.interrupt)?;
    let digest = finished
        .lines
        .first()
        .and_then(|line| line.split(' ').next());
    digest
        .map(str::to_owned)
        .context("sha256sum printed nothing")
}

/// Prints what was made, and how large it is.
///
/// # Errors
/// When it is not there.
pub fn announce(file: &Path) -> Result<()> {
    let size = fs::metadata(file)
        .with_context(|| file.display().to_string())?
        .len();
    let tenths = size / 100_000;
    println!(
        "    {} · {}.{} MB",
        file.display(),
        tenths / 10,
        tenths % 10
    );
    Ok(())
}
