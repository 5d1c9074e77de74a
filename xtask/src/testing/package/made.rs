//! What is in the files that were made, without installing them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::package::oci_image::USER;
use crate::testing::package::superuser::{Scratch, Superuser};

/// Rights and names, as `tar` and `dpkg-deb` list them.
const FILES: [(&str, &str); 5] = [
    ("-rwxr-xr-x", "/bin/loquent"),
    ("-rw-r--r--", "/share/loquent/public/index.html"),
    ("-rw-r--r--", "/share/doc/loquent/LICENSE"),
    ("-rw-r--r--", "/lib/systemd/system/loquent.service"),
    ("-rw-r-----", "/etc/loquent/loquent.env"),
];

/// The `.tar.gz` has the files, with their rights.
///
/// # Errors
/// When one is missing.
pub fn check_archive(context: &Context, archive: &Path) -> Result<()> {
    let mut command = tool_command("tar");
    command.args(["--list", "--verbose", "--numeric-owner"]);
    command.arg("--file").arg(archive);
    check_list(context, &mut command, " 0/0 ")
}

/// The `.deb` has them too.
///
/// # Errors
/// When one is missing.
pub fn check_debian_package(context: &Context, package: &Path) -> Result<()> {
    let mut command = tool_command("dpkg-deb");
    command.arg("--contents").arg(package);
    check_list(context, &mut command, " root/root ")
}

fn check_list(context: &Context, command: &mut Command, owner: &str) -> Result<()> {
    let list = run_logged(command, &context.interrupt)?.lines;
    for (rights, name) in FILES {
        let line = list.iter().find(|line| line.ends_with(name));
        let line = line.with_context(|| format!("{name} is missing"))?;
        ensure!(
            line.starts_with(rights),
            "other rights than {rights}: {line}"
        );
    }
    match list.iter().find(|line| !line.contains(owner)) {
        Some(line) => bail!("not root's: {line}"),
        None => Ok(()),
    }
}

/// Every blob of the image is what its name says; gives the file of the layer.
///
/// # Errors
/// When one is missing or differs.
pub fn check_image(context: &Context, image: &Path, layout: &Path) -> Result<PathBuf> {
    fs::create_dir_all(layout)?;
    let mut command = tool_command("tar");
    command.arg("--extract").arg("--file").arg(image);
    command.arg("--directory").arg(layout);
    run_logged(&mut command, &context.interrupt)?;

    let index = read_json(&layout.join("index.json"))?;
    let manifest = check_blob(context, layout, &index["manifests"][0])?;
    let manifest = read_json(&manifest)?;
    check_blob(context, layout, &manifest["config"])?;
    check_blob(context, layout, &manifest["layers"][0])
}

fn check_blob(context: &Context, layout: &Path, descriptor: &Value) -> Result<PathBuf> {
    let digest = descriptor["digest"].as_str().context("no digest")?;
    let digest = digest.strip_prefix("sha256:").context("no SHA-256")?;
    let blob = layout.join("blobs/sha256").join(digest);
    let size = blob.metadata().context("a blob is missing")?.len();
    ensure!(descriptor["size"] == size, "{digest}: another size");
    let mut command = tool_command("sha256sum");
    command.arg(&blob);
    let sum = run_logged(&mut command, &context.interrupt)?.lines;
    ensure!(
        sum.iter().any(|line| line.starts_with(digest)),
        "{digest}: other contents"
    );
    Ok(blob)
}

fn read_json(path: &Path) -> Result<Value> {
    serde_json::from_slice(&fs::read(path)?).with_context(|| path.display().to_string())
}

/// The program starts with nothing but what is in the layer.
///
/// # Errors
/// When it does not.
pub fn run_image(context: &Context, superuser: Superuser, layer: &Path) -> Result<()> {
    let root = Scratch::make(superuser, "image")?;
    root.unpack(context, layer)?;
    let mut command = superuser.enter(&root.path, &USER.to_string());
    command.args(["/usr/bin/loquent", "--version"]);
    let said = run_logged(&mut command, &context.interrupt)?.lines;
    ensure!(
        said.iter().any(|line| line.starts_with("loquent ")),
        "it says: {said:?}"
    );
    Ok(())
}
