//! `cargo xtask run --dev`: hot reload with `dx`.

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::commands::demo::Stage;

pub fn run_with_reload(_context: &Context, _stage: &Stage) -> Result<()> {
    bail!("not yet")
}
