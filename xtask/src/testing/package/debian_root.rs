//! A fresh Debian with the package.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::testing::package::superuser::{Scratch, Superuser};

const PACKAGE: &str = "/tmp/loquent.deb";

/// A root that is removed when this is dropped.
#[derive(Debug)]
pub struct DebianRoot<'a> {
    context: &'a Context,
    scratch: Scratch,
}

impl<'a> DebianRoot<'a> {
    /// Unpacks a base, and puts the package beside it.
    ///
    /// # Errors
    /// When it cannot be unpacked.
    pub fn make(
        context: &'a Context,
        superuser: Superuser,
        base: &Path,
        package: &Path,
    ) -> Result<Self> {
        let scratch = Scratch::make(superuser, "debian")?;
        scratch.unpack(context, base)?;
        let root = Self { context, scratch };
        let mut copy = superuser.command("cp");
        copy.arg(package)
            .arg(root.scratch.path.join(PACKAGE.trim_start_matches('/')));
        run_logged(&mut copy, &context.interrupt)?;
        // The way to the mirror may be another than when the base was made.
        let mut copy = superuser.command("cp");
        copy.args(["--dereference", "/etc/resolv.conf"])
            .arg(root.scratch.path.join("etc/resolv.conf"));
        run_logged(&mut copy, &context.interrupt)?;
        Ok(root)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.scratch.path
    }

    /// Installs the package with what it depends on, as an operator does.
    ///
    /// # Errors
    /// When apt fails.
    pub fn install(&self) -> Result<()> {
        self.shell("apt-get -q update", &[])?;
        let install = format!("apt-get -q install --yes --no-install-recommends {PACKAGE}");
        self.shell(&install, &[]).map(drop)
    }

    /// Installs it once more, as an upgrade does.
    ///
    /// # Errors
    /// When dpkg fails.
    pub fn upgrade(&self) -> Result<()> {
        self.shell(&format!("dpkg --install {PACKAGE}"), &[])
            .map(drop)
    }

    /// Removes it, with its settings and its data.
    ///
    /// # Errors
    /// When apt fails.
    pub fn purge(&self) -> Result<()> {
        self.shell("apt-get -q purge --yes loquent", &[]).map(drop)
    }

    /// Runs a script as root; `$1` and so on are the arguments. Gives what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub fn shell(&self, script: &str, arguments: &[&str]) -> Result<Vec<String>> {
        let mut command = self.scratch.superuser.enter(&self.scratch.path, "root");
        command.args(["sh", "-ec", script, "sh"]).args(arguments);
        Ok(run_logged(&mut command, &self.context.interrupt)?.lines)
    }

    /// A command of the installed program, as the service runs it: as its user, in its directory.
    /// What it reads comes from `input`, a shell command.
    #[must_use]
    pub fn program(&self, input: &str, arguments: &[&str]) -> Command {
        let script = format!("cd /var/lib/loquent && {input} exec /usr/bin/loquent \"$@\"");
        let mut command = self.scratch.superuser.enter(&self.scratch.path, "loquent");
        command.args(["sh", "-ec", &script, "sh"]).args(arguments);
        command
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// When it fails.
    pub fn run_program(&self, input: &str, arguments: &[&str]) -> Result<()> {
        let mut command = self.program(input, arguments);
        run_logged(&mut command, &self.context.interrupt).map(drop)
    }

    /// Checks what a script prints.
    ///
    /// # Errors
    /// When it fails, or prints something else.
    pub fn expect(&self, script: &str, expected: &str) -> Result<()> {
        let printed = self
            .shell(script, &[])
            .with_context(|| format!("`{script}`"))?
            .join("\n");
        ensure!(printed == expected, "`{script}` printed: {printed}");
        Ok(())
    }
}
