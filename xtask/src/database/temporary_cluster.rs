//! A cluster for one run.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Result;

use crate::base::context::Context;
use crate::database::cluster::{Cluster, Durability};

/// A cluster that is removed when this is dropped.
#[derive(Debug)]
pub struct TemporaryCluster {
    cluster: Cluster,
    directory: PathBuf,
}

impl TemporaryCluster {
    /// Starts a new cluster.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(
        context: &Context,
        server: &Path,
        postgres: &Path,
        durability: Durability,
    ) -> Result<Self> {
        // Not below the target directory: when we are root, the cluster runs as another
        // user, who may not look into our home.
        let directory = env::temp_dir().join(format!("loquent-{}", std::process::id()));
        let log = context.target.join("test-logs/postgres.log");
        let cluster = Cluster::start(context, server, postgres, &directory, durability, &log)?;
        Ok(Self { cluster, directory })
    }

    /// URL of a superuser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.cluster.url
    }
}

impl Drop for TemporaryCluster {
    fn drop(&mut self) {
        self.cluster.stop();
        // What stays behind in the temp directory does no harm.
        let _ = fs::remove_dir_all(&self.directory);
    }
}
