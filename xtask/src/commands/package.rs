//! `cargo xtask package`: what an operator installs.

use anyhow::Result;

use crate::base::context::Context;
use crate::bundle::client::build_client;
use crate::bundle::programs::build_release_server;
use crate::cli::PackageOptions;
use crate::package::make::make_all;
use crate::package::release::{Effort, Release};

/// Builds client and server, and packages them in three ways.
///
/// # Errors
/// When something is missing or does not build.
pub fn package(context: &Context, options: &PackageOptions) -> Result<()> {
    let public = build_client(context)?;
    let program = build_release_server(context)?;
    let release = Release::new(context, program, public, &options.out, Effort::Small)?;
    make_all(&release).map(drop)
}
