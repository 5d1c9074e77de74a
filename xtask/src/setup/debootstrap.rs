//! `debootstrap`, which makes a Debian to install into.

use std::path::Path;

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::setup::apt::Apt;

/// A program of root's: others may not have the place on their `PATH`.
const USUAL_PLACE: &str = "/usr/sbin/debootstrap";

/// Makes sure that `debootstrap` works.
///
/// # Errors
/// One line that says how to get it.
pub fn ensure_debootstrap(context: &Context) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    if let Some(apt) = Apt::detect() {
        apt.install(context, "a Debian to install into", &["debootstrap"])?;
    }
    if is_there() {
        return Ok(());
    }
    bail!(
        "debootstrap is missing (it makes a Debian to install into): install the package debootstrap"
    )
}

fn is_there() -> bool {
    find_on_path("debootstrap").is_some() || is_executable(Path::new(USUAL_PLACE))
}
