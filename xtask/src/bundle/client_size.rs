//! What a browser downloads, page by page.

use std::fmt;
use std::fs;
use std::ops::Add;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::bundle::file_tree::{files_below, has_extension};

/// Names of files before their hash: the module and the script that every page loads.
pub const MAIN_STEM: &str = "loquent_bg";
/// See [`MAIN_STEM`].
pub const SCRIPT_STEM: &str = "loquent";

/// The bar for what every page loads, WebAssembly and JavaScript together, in compressed bytes.
const FIRST_LOAD_BAR: u64 = 450_000;
/// The bar for what a page loads besides.
const CHUNK_BAR: u64 = 120_000;
/// Each kind of page, the chunk that it needs, and the one that it loads when a form is opened.
const PAGES: [(&str, Option<&str>, Option<&str>); 5] = [
    ("login", None, None),
    ("inbox", None, None),
    ("thread", None, None),
    ("settings", Some("twilio_settings"), Some("twilio_forms")),
    ("events", Some("twilio_events"), None),
];

/// Bytes of files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bytes {
    /// On disk.
    pub plain: u64,
    /// Over the wire (brotli).
    pub compressed: u64,
}

impl Add for Bytes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            plain: self.plain + other.plain,
            compressed: self.compressed + other.compressed,
        }
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:>7} ({:>8} plain)",
            self.compressed, self.plain
        )
    }
}

/// What one page downloads of WebAssembly and JavaScript.
#[derive(Debug)]
pub struct PageSize {
    pub page: &'static str,
    /// What every page loads.
    pub main: Bytes,
    /// What this one loads besides.
    pub chunk: Bytes,
    /// What it loads when somebody opens a form.
    pub on_demand: Bytes,
}

impl PageSize {
    /// Whether it keeps to the bars.
    #[must_use]
    pub fn is_within_bars(&self) -> bool {
        self.main.compressed <= FIRST_LOAD_BAR
            && self.chunk.compressed <= CHUNK_BAR
            && self.on_demand.compressed <= CHUNK_BAR
    }
}

impl fmt::Display for PageSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.main + self.chunk;
        write!(
            formatter,
            "{:<9} first visit {first}; after another page {}; on demand {}",
            self.page, self.chunk, self.on_demand
        )
    }
}

/// One file of the client.
#[derive(Debug)]
pub struct SizedFile {
    /// Name without directory.
    pub name: String,
    pub bytes: Bytes,
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
        let bytes = Bytes { plain, compressed };
        found.push(SizedFile { name, bytes });
    }
    found.sort_by_key(|file| std::cmp::Reverse(file.bytes.compressed));
    Ok(found)
}

/// What each kind of page downloads.
///
/// # Errors
/// When a file is missing.
pub fn page_sizes(public: &Path) -> Result<Vec<PageSize>> {
    let files = client_files(public)?;
    PAGES
        .into_iter()
        .map(|page| page_size(&files, page))
        .collect()
}

fn page_size(
    files: &[SizedFile],
    (page, chunk, on_demand): (&'static str, Option<&str>, Option<&str>),
) -> Result<PageSize> {
    // Then two small scripts that the page names itself.
    let main = [
        (MAIN_STEM, "-dxh", ".wasm"),
        (SCRIPT_STEM, "-dxh", ".js"),
        ("early", "", ".js"),
        ("theme", "", ".js"),
    ]
    .into_iter()
    .map(|(stem, mark, end)| named(files, &format!("{stem}{mark}"), end))
    .try_fold(Bytes::default(), |sum, bytes| {
        bytes.map(|bytes| sum + bytes)
    })?;
    let module = |name: Option<&str>| match name {
        Some(name) => named(files, &format!("{name}-dxh"), ".wasm"),
        None => Ok(Bytes::default()),
    };
    Ok(PageSize {
        page,
        main,
        chunk: module(chunk)?,
        on_demand: module(on_demand)?,
    })
}

fn named(files: &[SizedFile], start: &str, end: &str) -> Result<Bytes> {
    files
        .iter()
        .find(|file| file.name.starts_with(start) && file.name.ends_with(end))
        .map(|file| file.bytes)
        .with_context(|| format!("there is no file {start}…{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, compressed: u64) -> SizedFile {
        let bytes = Bytes {
            plain: 2 * compressed,
            compressed,
        };
        SizedFile {
            name: name.to_owned(),
            bytes,
        }
    }

    fn client(main: u64, chunk: u64, on_demand: u64) -> Result<PageSize> {
        let files = [
            file("loquent_bg-dxh1.wasm", main),
            file("loquent-dxh2.js", 10),
            file("early.js", 2),
            file("theme.js", 1),
            file("main-dxh3.css", 5_000),
            file("twilio_forms-dxh5.wasm", on_demand),
            file("twilio_settings-dxh4.wasm", chunk),
        ];
        page_size(
            &files,
            ("settings", Some("twilio_settings"), Some("twilio_forms")),
        )
    }

    #[test]
    fn a_page_loads_the_main_module_its_scripts_and_its_chunk() -> Result<()> {
        let page = client(1_000, 300, 70)?;
        assert_eq!((page.main.compressed, page.main.plain), (1_013, 2_026));
        assert_eq!(page.chunk.compressed, 300);
        assert_eq!(page.on_demand.compressed, 70);
        Ok(())
    }

    #[test]
    fn every_part_has_a_bar() -> Result<()> {
        let fits = |main, chunk, on_demand| -> Result<bool> {
            Ok(client(main, chunk, on_demand)?.is_within_bars())
        };
        assert!(fits(FIRST_LOAD_BAR - 13, CHUNK_BAR, CHUNK_BAR)?);
        assert!(!fits(FIRST_LOAD_BAR - 12, CHUNK_BAR, CHUNK_BAR)?);
        assert!(!fits(1_000, CHUNK_BAR + 1, 0)?);
        assert!(!fits(1_000, 0, CHUNK_BAR + 1)?);
        Ok(())
    }
}
