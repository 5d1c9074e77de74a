//! The one stylesheet, put together from the files that lie beside the components.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::bundle::file_tree::{files_below, has_extension};

/// What all other styles build on.
const FIRST: [&str; 3] = ["assets/tokens.css", "assets/icons.css", "assets/base.css"];
/// What holds for everything before it: less motion, forced colours.
const LAST: &str = "assets/motion.css";

/// Joins and minifies all styles.
///
/// # Errors
/// When a file is missing, or esbuild refuses one.
pub fn bundle_stylesheet(context: &Context, tools: &Path, output: &Path) -> Result<()> {
    let entry = write_stylesheet_entry(context)?;
    let mut command = tool_command(tools.join("node_modules/.bin/esbuild"));
    command
        .arg(&entry)
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

/// Writes a file that imports all styles in their order; returns where it is.
///
/// # Errors
/// When a file is missing, or the directory cannot be written.
pub fn write_stylesheet_entry(context: &Context) -> Result<PathBuf> {
    let files = stylesheets(&context.root)?;
    let imports: String = files
        .iter()
        .map(|path| format!("@import \"{}\";\n", path.display()))
        .collect();
    let directory = context.bundle("style");
    fs::create_dir_all(&directory)?;
    let entry = directory.join("main.css");
    fs::write(&entry, imports).with_context(|| entry.display().to_string())?;
    Ok(entry)
}

fn stylesheets(root: &Path) -> Result<Vec<PathBuf>> {
    let mut beside_code = files_below(&root.join("src"))?;
    beside_code.retain(|path| has_extension(path, "css"));
    let files = in_order(root, beside_code);
    match files.iter().find(|path| !path.is_file()) {
        Some(missing) => bail!("{} is missing", missing.display()),
        None => Ok(files),
    }
}

/// All styles, in the order in which they are joined: of two rules that weigh the same, the later
/// one wins. So rooms come after the components of `src/ui` that they adapt. Within each of these
/// groups files keep the order of their paths, and none may count on standing after another.
fn in_order(root: &Path, mut beside_code: Vec<PathBuf>) -> Vec<PathBuf> {
    let ui = root.join("src/ui");
    beside_code.sort_by_key(|path| !path.starts_with(&ui));
    let mut files: Vec<PathBuf> = FIRST.iter().map(|name| root.join(name)).collect();
    files.append(&mut beside_code);
    files.push(root.join(LAST));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_first_then_ui_then_rooms_then_motion() {
        let paths = |names: &[&str]| -> Vec<PathBuf> {
            names
                .iter()
                .map(|name| Path::new("/x").join(name))
                .collect()
        };
        let found = paths(&[
            "src/app/app.css",
            "src/mods/auth/login_page.css",
            "src/ui/button/button.css",
            "src/ui/card/card.css",
        ]);
        let expected = paths(&[
            "assets/tokens.css",
            "assets/icons.css",
            "assets/base.css",
            "src/ui/button/button.css",
            "src/ui/card/card.css",
            "src/app/app.css",
            "src/mods/auth/login_page.css",
            "assets/motion.css",
        ]);
        assert_eq!(in_order(Path::new("/x"), found), expected);
    }
}
