//! `cargo xtask bench ingest`.

use anyhow::{Result, bail};

use crate::base::context::Context;

pub fn bench_ingest(_context: &Context) -> Result<()> {
    bail!("not yet")
}
