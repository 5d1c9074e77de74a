//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::env_file::Settings;
use crate::base::interrupt::Interrupt;
use crate::base::tool_command::tool_command;

/// The places of this checkout and this machine, its settings, and the interrupt flag.
#[derive(Clone, Debug)]
pub struct Context {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's target directory.
    pub target: PathBuf,
    /// Tools shared by all checkouts on this machine.
    pub tools: PathBuf,
    /// The environment and `.env`.
    pub settings: Settings,
    /// Set when the user wants to stop.
    pub interrupt: Interrupt,
}

impl Context {
    /// Finds the checkout and the target directory.
    ///
    /// # Errors
    /// When it is not run inside a checkout, or `.env` cannot be read.
    pub fn discover() -> Result<Self> {
        let output = tool_command("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo metadata did not start")?;
        if !output.status.success() {
            bail!(
                "cargo metadata failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).context("cargo metadata printed no JSON")?;
        let directory = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("cargo metadata names no {key}"))
        };
        let root = directory("workspace_root")?;
        Ok(Self {
            settings: Settings::load(&root)?,
            tools: tools_directory()?,
            interrupt: Interrupt::install()?,
            target: directory("target_directory")?,
            root,
        })
    }

    /// Directory of one bundle: the programs of a profile; `public/` is in that of `client`.
    #[must_use]
    pub fn bundle(&self, profile: &str) -> PathBuf {
        self.target.join("bundle").join(profile)
    }

    /// Where the running server keeps its data (`LOQUENT_DATA_DIR`, else `data`).
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.root.join(
            self.settings
                .get("LOQUENT_DATA_DIR")
                .unwrap_or_else(|| "data".to_owned()),
        )
    }
}

/// `LOQUENT_TOOLS_DIR`, else `loquent/tools` in the user's cache directory.
fn tools_directory() -> Result<PathBuf> {
    if let Some(directory) = env::var_os("LOQUENT_TOOLS_DIR") {
        return Ok(directory.into());
    }
    let cache = match (env::var_os("XDG_CACHE_HOME"), env::var_os("HOME")) {
        (Some(cache), _) if Path::new(&cache).is_absolute() => PathBuf::from(cache),
        (_, Some(home)) => Path::new(&home).join(".cache"),
        _ => bail!("neither HOME nor LOQUENT_TOOLS_DIR is set: no place for tools"),
    };
    Ok(cache.join("loquent").join("tools"))
}
