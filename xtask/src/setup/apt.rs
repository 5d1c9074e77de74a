//! Debian packages.

use anyhow::Result;

use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_logged, run_watched};
use crate::base::path_lookup::find_on_path;
use crate::base::step::step;
use crate::base::tool_command::tool_command;

/// Permission to install Debian packages on this machine.
#[derive(Clone, Copy, Debug)]
pub enum Apt {
    /// We are root.
    Root,
    /// `sudo` works without a password.
    Sudo,
}

impl Apt {
    /// Whether packages can be installed here without asking anyone.
    #[must_use]
    pub fn detect() -> Option<Self> {
        find_on_path("apt-get")?;
        if rustix::process::geteuid().is_root() {
            return Some(Self::Root);
        }
        find_on_path("sudo")?;
        let works = tool_command("sudo")
            .args(["-n", "true"])
            .output()
            .ok()?
            .status
            .success();
        works.then_some(Self::Sudo)
    }

    /// Installs packages, without what they only recommend.
    ///
    /// # Errors
    /// When `apt-get` fails; its output has been printed.
    pub fn install(self, context: &Context, why: &str, packages: &[&str]) -> Result<()> {
        step(
            &format!("Debian packages {} ({why})", packages.join(", ")),
            || {
                // Old package lists may do, so only the installation decides.
                run_watched(
                    self.apt_get().arg("update"),
                    &context.interrupt,
                    Echo::OnFailure,
                )?;
                run_logged(
                    self.apt_get()
                        .args(["install", "--yes", "--no-install-recommends"])
                        .args(packages),
                    &context.interrupt,
                )
                .map(drop)
            },
        )
    }

    /// Writes a file that only root may write.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_file(self, context: &Context, path: &str, text: &str) -> Result<()> {
        let mut command = self.command("sh");
        command.args([
            "-c",
            "mkdir -p \"$(dirname \"$1\")\" && printf '%s' \"$2\" > \"$1\"",
            "sh",
            path,
            text,
        ]);
        run_logged(&mut command, &context.interrupt).map(drop)
    }

    fn apt_get(self) -> std::process::Command {
        let mut command = self.command("env");
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
        command
    }

    fn command(self, program: &str) -> std::process::Command {
        match self {
            Self::Root => tool_command(program),
            Self::Sudo => {
                let mut command = tool_command("sudo");
                command.args(["-n", program]);
                command
            }
        }
    }
}
