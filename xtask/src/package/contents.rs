//! Which file goes where.

use std::fs;

use anyhow::{Context as _, Result};

use crate::package::release::Release;
use crate::package::settings::example_settings;
use crate::package::tree::{EXECUTABLE, READABLE, Tree};

const DOCUMENTS: [&str; 5] = [
    "README.md",
    "LICENSE",
    "docs/API.md",
    "docs/OPERATIONS.md",
    "docs/SECURITY.md",
];
/// Readable for the service's group only: it holds secrets.
const SETTINGS_MODE: u32 = 0o640;

/// Puts program, browser half and documents below a directory of the tree (`""` for its root).
///
/// # Errors
/// When something cannot be read or written.
pub fn add_program(release: &Release<'_>, tree: &Tree, below: &str) -> Result<()> {
    tree.copy(&release.program, &format!("{below}bin/loquent"), EXECUTABLE)?;
    tree.copy_below(&release.public, &format!("{below}share/loquent/public"))?;
    for document in DOCUMENTS {
        let name = document.rsplit('/').next().unwrap_or(document);
        let target = format!("{below}share/doc/loquent/{name}");
        tree.copy(&release.context.root.join(document), &target, READABLE)?;
    }
    Ok(())
}

/// Puts the systemd unit and the settings into the tree. They name files below `prefix`, where
/// the operator will have them.
///
/// # Errors
/// When something cannot be read or written.
pub fn add_service(release: &Release<'_>, tree: &Tree, below: &str, prefix: &str) -> Result<()> {
    let read = |path: &str| {
        fs::read_to_string(release.context.root.join(path)).with_context(|| path.to_owned())
    };
    let unit = read("packaging/loquent.service")?.replace("=/usr/bin/", &format!("={prefix}/bin/"));
    let path = format!("{below}lib/systemd/system/loquent.service");
    tree.write(&path, READABLE, &unit)?;
    let settings = example_settings(&read(".env.example")?, prefix)?;
    tree.write("etc/loquent/loquent.env", SETTINGS_MODE, &settings)
}
