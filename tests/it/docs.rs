//! What the docs name is there: a file, a folder, a function, a setting, a column.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where named things are.
const SOURCES: [&str; 9] = [
    "src",
    "migration",
    "xtask",
    "bench",
    "demo",
    "tests",
    "twilio-sim",
    "packaging",
    "assets",
];
/// Folders of them that hold what others made.
const SKIPPED: [&str; 3] = ["node_modules", "target", "test-results"];

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !path.is_dir() {
            found.push(path);
        } else if !SKIPPED.contains(&name.as_ref()) {
            files_below(&path, found);
        }
    }
}

/// The paths of all sources and what is in them, as one text.
fn sources(root: &Path) -> String {
    let mut files = vec![root.join(".env.example"), root.join("Cargo.toml")];
    for directory in SOURCES {
        files_below(&root.join(directory), &mut files);
    }
    let mut all = String::new();
    for file in files {
        all.push_str(&file.to_string_lossy());
        all.push('\n');
        if let Ok(text) = fs::read_to_string(&file) {
            all.push_str(&text);
        }
    }
    all
}

/// The last part of a name such as `mods/contact/utils/opt_out_keyword_util` or `Entity::in_org`; none for what
/// is no name of ours: commands, words, addresses.
fn last_part(quoted: &str) -> Option<&str> {
    let is_name = quoted.contains(['_', '/']) || quoted.contains("::");
    let of_name = |c: char| c.is_ascii_alphanumeric() || "_/.:".contains(c);
    let begins = quoted.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !is_name || !begins || !quoted.chars().all(of_name) {
        return None;
    }
    let path = quoted.trim_end_matches('/');
    let path = [".rs", ".md", ".mjs", ".js", ".css"]
        .iter()
        .fold(path, |path, ending| {
            path.strip_suffix(ending).unwrap_or(path)
        });
    path.rsplit(['/', ':', '.']).next()
}

#[test]
fn what_the_docs_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(root);
    let mut docs = vec![root.join("README.md")];
    files_below(&root.join("docs"), &mut docs);
    let mut missing = Vec::new();
    for doc in docs
        .iter()
        .filter(|doc| doc.extension().is_some_and(|it| it == "md"))
    {
        let text = fs::read_to_string(doc).expect("text");
        for line in text.lines() {
            // Every second piece stands between backticks.
            let quoted = line.split('`').skip(1).step_by(2);
            let gone =
                quoted.filter(|name| last_part(name).is_some_and(|part| !sources.contains(part)));
            missing.extend(gone.map(|name| format!("{}: {name}", doc.display())));
        }
    }
    assert!(missing.is_empty(), "nothing is called that: {missing:#?}");
}
