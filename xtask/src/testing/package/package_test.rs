//! From the built programs to somebody who is signed in.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::base::context::Context;
use crate::base::port::free_port;
use crate::base::step::step;
use crate::database::cluster::{Cluster, Durability};
use crate::package::make::{Made, make_all};
use crate::package::release::{Effort, Release};
use crate::setup::postgres::ensure_postgres;
use crate::testing::package::debian_base::debian_base;
use crate::testing::package::debian_root::DebianRoot;
use crate::testing::package::installed::{
    check_installation, check_unit, set_up, sign_in, start, upgrade_and_purge,
};
use crate::testing::package::made::{check_archive, check_debian_package, check_image, run_image};
use crate::testing::package::superuser::{Scratch, Superuser};
use crate::testing::tally::Tally;

/// Packages a program and a browser half, looks into what was made, and installs it in a fresh
/// Debian root, where this machine lets us.
///
/// # Errors
/// At the first thing that is not as it should be.
pub fn package_test(context: &Context, program: &Path, public: &Path) -> Result<Tally> {
    let out = context.target.join("package-test");
    let (program_copy, public) = (program.to_path_buf(), public.to_path_buf());
    let release = Release::new(context, program_copy, public, &out, Effort::Quick)?;
    let made = make_all(&release)?;
    let mut checks = Checks::default();
    checks.that("the .tar.gz has its files", || {
        check_archive(context, &made.archive)
    })?;
    let layout = out.join("image");
    let mut layer = None;
    checks.that("the image's blobs are what their names say", || {
        layer = Some(check_image(context, &made.image, &layout)?);
        Ok(())
    })?;
    let superuser = Superuser::detect();
    match (superuser, layer) {
        (Some(superuser), Some(layer)) => checks.that("the image's program starts", || {
            run_image(context, superuser, &layer)
        })?,
        _ => println!("  NOT TESTED: the image was not run (needs root, or subordinate user ids)"),
    }
    test_debian_package(context, superuser, program, &made, &mut checks)?;
    fs::remove_dir_all(&out)?;
    Ok(Tally {
        passed: checks.passed,
        failed: 0,
    })
}

fn test_debian_package(
    context: &Context,
    superuser: Option<Superuser>,
    program: &Path,
    made: &Made,
    checks: &mut Checks,
) -> Result<()> {
    let Some(package) = &made.debian_package else {
        println!("  NOT TESTED: there is no .deb, since there is no dpkg-deb");
        return Ok(());
    };
    checks.that("the .deb has its files", || {
        check_debian_package(context, package)
    })?;
    let Some(superuser) = superuser else {
        println!("  NOT TESTED: the .deb was not installed (needs root, or subordinate user ids)");
        return Ok(());
    };
    let base = debian_base(context, superuser)?;
    let root = step("unpacking a fresh Debian", || {
        DebianRoot::make(context, superuser, &base, package)
    })?;
    checks.that("the .deb installs, with what it depends on", || {
        root.install()?;
        check_installation(&root)
    })?;
    checks.that("the unit is sound", || check_unit(context, root.path()))?;
    use_it(context, superuser, program, &root, checks)?;
    checks.that(
        "an upgrade keeps the settings, a purge leaves nothing",
        || upgrade_and_purge(&root),
    )
}

/// The server runs in the root, its database outside.
fn use_it(
    context: &Context,
    superuser: Superuser,
    program: &Path,
    root: &DebianRoot<'_>,
    checks: &mut Checks,
) -> Result<()> {
    let postgres = ensure_postgres(context)?;
    let scratch = Scratch::make(superuser, "package-database")?;
    let log = context.target.join("test-logs/package-postgres.log");
    let directory = scratch.path.join("postgres");
    let durability = Durability::Ephemeral;
    let database = Cluster::start(context, program, &postgres, &directory, durability, &log)?;
    let port = free_port()?;
    checks.that("an organization and its owner are made", || {
        set_up(root, &database.url, port)
    })?;
    let mut server = step("starting the installed server", || {
        start(context, root, port)
    })?;
    checks.that("the owner signs in and opens the inbox", || sign_in(port))?;
    server.stop();
    Ok(())
}

/// What has held so far.
#[derive(Default)]
struct Checks {
    passed: u64,
}

impl Checks {
    fn that(&mut self, what: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        step(what, work)?;
        self.passed += 1;
        Ok(())
    }
}
