//! The crate is published by itself, so it needs nothing from outside of its folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file of the crate; a link would lead out of the package.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    entries
        .map(|entry| entry.expect("an entry"))
        .flat_map(|entry| {
            let kind = entry.file_type().expect("a type");
            assert!(!kind.is_symlink(), "{} is a link", entry.path().display());
            if kind.is_dir() {
                files(&entry.path())
            } else {
                vec![entry.path()]
            }
        })
        .collect()
}

/// The files that a source file includes.
fn included(text: &str) -> impl Iterator<Item = &str> {
    ["str", "bytes"]
        .into_iter()
        .flat_map(|kind| {
            text.split(&format!("include_{kind}!("))
                .skip(1)
                .collect::<Vec<_>>()
        })
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

#[test]
fn no_source_file_includes_what_is_outside_of_the_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = root.canonicalize().expect("the crate's folder");
    let mut seen = 0;
    for file in files(&root) {
        if file.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        for path in included(&text) {
            let target = file.with_file_name(path).canonicalize();
            let target = target.unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(
                target.starts_with(&root),
                "{} includes {path}",
                file.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} files are included");
}

#[test]
fn no_dependency_is_named_by_its_path() {
    let manifest = include_str!("../../Cargo.toml");
    assert!(!manifest.contains("path ="), "{manifest}");
}
