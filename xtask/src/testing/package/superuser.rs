//! Being root, at least of a directory.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::{Finished, run_logged};
use crate::base::tool_command::tool_command;

/// Where Debian has the programs of root, which others may not have on their `PATH`.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Runs a program in a root, as one of its users: `root user program arguments…`.
/// Nothing of our environment reaches it, except what leads to the mirror.
const ENTER: &str = r#"
root=$1 user=$2
shift 2
mkdir -p "$root/dev" "$root/proc" &&
    mount --rbind /dev "$root/dev" &&
    mount --rbind /proc "$root/proc" &&
    exec env --ignore-environment PATH="$PATH" LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+http_proxy="$http_proxy"} chroot --userspec="$user:$user" "$root" "$@"
"#;

/// How this process becomes root. What its commands mount vanishes when they end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Superuser {
    /// It is.
    Root,
    /// In a user namespace, with the user's subordinate ids.
    Namespace,
}

impl Superuser {
    /// None where neither works.
    #[must_use]
    pub fn detect() -> Option<Self> {
        let this = if rustix::process::geteuid().is_root() {
            Self::Root
        } else {
            Self::Namespace
        };
        let probe = this.command("true").output();
        probe
            .is_ok_and(|output| output.status.success())
            .then_some(this)
    }

    /// A command as root.
    #[must_use]
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = tool_command("unshare");
        command.arg("--mount").env("PATH", PATH);
        if self == Self::Namespace {
            command
                .args(["--user", "--map-root-user", "--map-auto"])
                // Makes debootstrap borrow the devices, which it may not make here.
                .env("container", "lxc");
        }
        command.arg("--").arg(program);
        command
    }

    /// A command in another root, as one of its users; the program comes next.
    #[must_use]
    pub fn enter(self, root: &Path, user: &str) -> Command {
        let mut command = self.command("sh");
        command.args(["-c", ENTER, "sh"]).arg(root).arg(user);
        command
    }
}

/// A new directory of root's, removed when this is dropped.
#[derive(Debug)]
pub struct Scratch {
    pub superuser: Superuser,
    pub path: PathBuf,
}

impl Scratch {
    /// Makes it. Other users may enter: some of what runs in it runs as them.
    ///
    /// # Errors
    /// When it is there already, or cannot be made.
    pub fn make(superuser: Superuser, name: &str) -> Result<Self> {
        let path = env::temp_dir().join(format!("loquent-{name}-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        fs::set_permissions(&path, Permissions::from_mode(0o755))?;
        Ok(Self { superuser, path })
    }

    /// Fills it with a tar file.
    ///
    /// # Errors
    /// When `tar` fails.
    pub fn unpack(&self, context: &Context, archive: &Path) -> Result<Finished> {
        let mut command = self.superuser.command("tar");
        command
            .args(["--extract", "--numeric-owner", "--preserve-permissions"])
            .arg("--file")
            .arg(archive)
            .arg("--directory")
            .arg(&self.path);
        run_logged(&mut command, &context.interrupt)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut command = self.superuser.command("rm");
        command.args(["-rf", "--one-file-system"]).arg(&self.path);
        // What stays behind in the temp directory does no harm.
        let _ = command.status();
    }
}
