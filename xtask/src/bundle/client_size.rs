//! What a browser downloads on its first load.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::bundle::file_tree::{files_below, has_extension};

/// The bar for WebAssembly and JavaScript together, compressed, in bytes.
pub const CLIENT_SIZE_BAR: u64 = 600_000;

/// One file of the client.
#[derive(Debug)]
pub struct SizedFile {
    /// Name without directory.
    pub name: String,
    /// Bytes on disk.
    pub plain: u64,
    /// Bytes over the wire (brotli).
    pub compressed: u64,
}

/// The scripts, modules and stylesheets of a public directory, largest first.
///
/// # Errors
/// When one of them, or its compressed form, is missing.
pub fn client_files(public: &Path) -> Result<Vec<SizedFile>> {
    let mut found = Vec::new();
    for path in files_below(&public.join("assets"))? {
        if !["js", "wasm", "css"]
            .iter()
            .any(|extension| has_extension(&path, extension))
        {
            continue;
        }
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let plain = fs::metadata(&path)?.len();
        let compressed = fs::metadata(path.with_file_name(format!("{name}.br")))
            .with_context(|| format!("{name} is not compressed"))?
            .len();
        found.push(SizedFile {
            name,
            plain,
            compressed,
        });
    }
    found.sort_by_key(|file| std::cmp::Reverse(file.compressed));
    Ok(found)
}

/// Bytes over the wire for WebAssembly and JavaScript, the number that the bar is for.
#[must_use]
pub fn wire_size(files: &[SizedFile]) -> u64 {
    files
        .iter()
        .filter(|file| !file.name.ends_with(".css"))
        .map(|file| file.compressed)
        .sum()
}
