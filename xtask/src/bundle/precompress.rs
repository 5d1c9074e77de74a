//! Compressing once what is served many times.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::bundle::file_tree::files_below;

/// Formats that are not compressed in themselves.
const COMPRESSIBLE: [&str; 8] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm"];

/// Writes a `.br` beside every file that gets smaller by it; the server sends
/// that one to browsers that accept it.
///
/// # Errors
/// When Node fails.
pub fn precompress(context: &Context, directory: &Path) -> Result<()> {
    let files: Vec<PathBuf> = files_below(directory)?
        .into_iter()
        .filter(|path| {
            let extension = path.extension().unwrap_or_default();
            COMPRESSIBLE.iter().any(|known| extension == *known)
        })
        .collect();
    let mut command = tool_command("node");
    command
        .arg(context.root.join("xtask/node/brotli.mjs"))
        .args(files);
    run_logged(&mut command, &context.interrupt).map(drop)
}
