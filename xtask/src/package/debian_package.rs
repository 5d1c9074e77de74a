//! The Debian package, by `dpkg-deb`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::base::logged_command::run_logged;
use crate::base::path_lookup::find_on_path;
use crate::package::archive::announce;
use crate::package::contents::{add_program, add_service};
use crate::package::release::{Effort, Release};
use crate::package::shared_libraries::debian_dependencies;
use crate::package::tree::{EXECUTABLE, READABLE, Tree};

const SCRIPTS: [&str; 3] = ["postinst", "prerm", "postrm"];

/// Makes `loquent_<version>_<architecture>.deb`; none where there is no `dpkg-deb`.
///
/// # Errors
/// When something cannot be read or written.
pub fn make_debian_package(release: &Release<'_>) -> Result<Option<PathBuf>> {
    if find_on_path("dpkg-deb").is_none() {
        println!("    not made: there is no dpkg-deb here");
        return Ok(None);
    }
    let name = format!("loquent_{}_{}.deb", release.version(), release.architecture);
    let package = release.out.join(name);
    let tree = Tree::replace(release.out.join("unfinished-deb"))?;
    add_program(release, &tree, "usr/")?;
    add_service(release, &tree, "usr/", "/usr")?;
    add_control_files(release, &tree)?;

    let mut command = release.command("dpkg-deb");
    match release.effort {
        // Read by every Debian and Ubuntu.
        Effort::Small => command.arg("-Zxz"),
        Effort::Quick => command.arg("-Znone"),
    };
    command
        .args(["--root-owner-group", "--build"])
        .args([&tree.root, &package]);
    run_logged(&mut command, &release.context.interrupt)?;
    fs::remove_dir_all(&tree.root)?;
    announce(&package)?;
    Ok(Some(package))
}

fn add_control_files(release: &Release<'_>, tree: &Tree) -> Result<()> {
    let sources = release.context.root.join("packaging/debian");
    let copyright = "usr/share/doc/loquent/copyright";
    tree.copy(&sources.join("copyright"), copyright, READABLE)?;
    let installed = tree.size()?.div_ceil(1024);

    for script in SCRIPTS {
        let target = format!("DEBIAN/{script}");
        tree.copy(&sources.join(script), &target, EXECUTABLE)?;
    }
    tree.copy(&sources.join("conffiles"), "DEBIAN/conffiles", READABLE)?;
    let control =
        fs::read_to_string(sources.join("control")).context("packaging/debian/control")?;
    let control = control
        .replace("@version@", release.version())
        .replace("@architecture@", release.architecture)
        .replace("@installed-size@", &installed.to_string())
        .replace("@depends@", &debian_dependencies(&release.program)?);
    tree.write("DEBIAN/control", READABLE, &control)
}
