//! Node packages, exactly as a lock file pins them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::base::content_hash::ContentHash;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::step::step;
use crate::base::tool_command::tool_command;

const STAMP: &str = "node_modules/.installed-from";
const MANIFEST: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The build tools (esbuild, binaryen) in the tools directory, shared by all checkouts.
///
/// # Errors
/// When npm cannot install them.
pub fn ensure_build_tools(context: &Context) -> Result<PathBuf> {
    let source = context.root.join("xtask/node");
    let key = manifest_hash(&source)?;
    let directory = context.tools.join(format!("node-{key}"));
    if !directory.join(STAMP).is_file() {
        fs::create_dir_all(&directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        for name in MANIFEST {
            fs::copy(source.join(name), directory.join(name)).context(name)?;
        }
    }
    ensure_packages(
        context,
        &directory,
        "esbuild and wasm-opt make the browser half small",
    )?;
    Ok(directory)
}

/// `npm ci` in a directory with a lock file, unless it was done for this very lock.
///
/// # Errors
/// When npm cannot install them.
pub fn ensure_packages(context: &Context, directory: &Path, why: &str) -> Result<()> {
    let key = manifest_hash(directory)?;
    let stamp = directory.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == key) {
        return Ok(());
    }
    step(&format!("Node packages ({why})"), || {
        let mut command = tool_command("npm");
        // Scripts of packages are never run: nothing here needs them.
        command
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(directory);
        run_logged(&mut command, &context.interrupt)?;
        fs::write(&stamp, key).context("cannot note what was installed")
    })
}

/// One package of exactly this version, in a directory of its own in the tools
/// directory; gives the directory of the package. `finish` completes it, once.
///
/// # Errors
/// When npm cannot install it, or it cannot be completed.
pub fn ensure_single_package(
    context: &Context,
    package: &str,
    version: &str,
    why: &str,
    finish: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let directory = context
        .tools
        .join(format!("{}-{version}", package.replace(['@', '/'], "_")));
    let installed = directory.join("node_modules").join(package);
    let ready = directory.join(".ready");
    if !ready.is_file() {
        step(&format!("{package} {version} from npm ({why})"), || {
            fs::create_dir_all(&directory)
                .with_context(|| format!("cannot make {}", directory.display()))?;
            fs::write(directory.join("package.json"), "{\"private\":true}\n")?;
            let mut command = tool_command("npm");
            command
                .args([
                    "install",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--save-exact",
                ])
                .arg(format!("{package}@{version}"))
                .current_dir(&directory);
            run_logged(&mut command, &context.interrupt)?;
            finish(&installed)?;
            fs::write(&ready, "").context("cannot note that it is ready")
        })?;
    }
    Ok(installed)
}

fn manifest_hash(directory: &Path) -> Result<String> {
    let mut hash = ContentHash::new();
    for name in MANIFEST {
        let path = directory.join(name);
        if path.is_file() {
            hash.add_file(&path)?;
        }
    }
    Ok(hash.finish())
}
