//! What goes into all of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::tool_command::tool_command;

/// Sets the time of all files, as reproducible builds have agreed.
const TIME_VARIABLE: &str = "SOURCE_DATE_EPOCH";
/// The time of all files where nothing tells one: the first second of 2000.
const DEFAULT_TIME: u64 = 946_684_800;

/// How hard to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Small, for those who download it.
    Small,
    /// Quick, for a test that throws it away.
    Quick,
}

/// A release that is being packaged.
#[derive(Debug)]
pub struct Release<'a> {
    pub context: &'a Context,
    /// The server's program.
    pub program: PathBuf,
    /// The browser half.
    pub public: PathBuf,
    /// Where everything is put.
    pub out: PathBuf,
    pub effort: Effort,
    /// The time of all files, in seconds since 1970.
    pub time: u64,
    /// The architecture's name in Debian and in OCI images.
    pub architecture: &'static str,
}

impl<'a> Release<'a> {
    /// A release of these, for this machine's architecture.
    ///
    /// # Errors
    /// When nobody has named the architecture yet, or the directory cannot be made.
    pub fn new(
        context: &'a Context,
        program: PathBuf,
        public: PathBuf,
        out: &Path,
        effort: Effort,
    ) -> Result<Self> {
        let out = context.root.join(out);
        fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
        Ok(Self {
            context,
            program,
            public,
            // Programs get the name too, and run elsewhere.
            out: out.canonicalize()?,
            effort,
            time: time(context)?,
            architecture: match env::consts::ARCH {
                "x86_64" => "amd64",
                "aarch64" => "arm64",
                other => bail!("packages for {other} are not made"),
            },
        })
    }

    /// The version of the workspace.
    #[must_use]
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The release directory's name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("loquent-{}-{}", self.version(), env::consts::ARCH)
    }

    /// A command that gives files the release's time.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = tool_command(program);
        command.env(TIME_VARIABLE, self.time.to_string());
        command
    }
}

/// `SOURCE_DATE_EPOCH`, else the time of the last commit.
fn time(context: &Context) -> Result<u64> {
    if let Ok(time) = env::var(TIME_VARIABLE) {
        return time
            .parse()
            .with_context(|| format!("{TIME_VARIABLE} is no number of seconds: {time}"));
    }
    let commit = tool_command("git")
        .args(["log", "-1", "--format=%ct"])
        .current_dir(&context.root)
        .output();
    // A release can be made of sources without git.
    let time = commit
        .ok()
        .and_then(|output| String::from_utf8_lossy(&output.stdout).trim().parse().ok());
    Ok(time.unwrap_or(DEFAULT_TIME))
}
