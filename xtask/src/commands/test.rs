//! x
use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::cli::TestOptions;
pub fn test(_context: &Context, _o: &TestOptions) -> Result<()> {
    bail!("not yet")
}
