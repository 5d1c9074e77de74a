//! The one stylesheet.

use std::path::Path;

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;

/// Joins and minifies `assets/main.css` and everything that it imports.
///
/// # Errors
/// When there is no such file, or esbuild refuses it.
pub fn bundle_stylesheet(context: &Context, tools: &Path, output: &Path) -> Result<()> {
    let source = context.root.join("assets/main.css");
    if !source.is_file() {
        bail!("assets/main.css is missing: the page would have no style");
    }
    let mut command = tool_command(tools.join("node_modules/.bin/esbuild"));
    command
        .arg(&source)
        .arg(format!("--outfile={}", output.display()))
        .args([
            "--bundle",
            "--minify",
            "--log-level=warning",
            "--public-path=/assets",
        ])
        .args([
            "--loader:.svg=dataurl",
            "--loader:.woff2=file",
            "--asset-names=[name]-[hash]",
        ]);
    run_logged(&mut command, &context.interrupt).map(drop)
}
