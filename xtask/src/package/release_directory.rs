//! The release directory, for any Linux with the C library that it was built with.

use std::path::PathBuf;

use anyhow::Result;

use crate::package::archive::{announce, gzip, tar};
use crate::package::contents::{add_program, add_service};
use crate::package::release::Release;
use crate::package::tree::{READABLE, Tree};

/// Where the operator copies it to.
const PREFIX: &str = "/usr/local";

/// Makes `loquent-<version>-<architecture>/` and the `.tar.gz` of it.
///
/// # Errors
/// When something cannot be read or written.
pub fn make_release_directory(release: &Release<'_>) -> Result<PathBuf> {
    let name = release.name();
    let tree = Tree::replace(release.out.join(&name))?;
    add_program(release, &tree, "")?;
    add_service(release, &tree, "", PREFIX)?;
    for container in ["Dockerfile", "compose.yaml"] {
        let source = release.context.root.join("packaging").join(container);
        tree.copy(&source, container, READABLE)?;
    }
    let archive = release.out.join(format!("{name}.tar"));
    tar(release, &release.out, &[&name], &archive)?;
    let archive = gzip(release, &archive)?;
    announce(&archive)?;
    Ok(archive)
}
