use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
};

use super::uses::{Use, uses_of};

/// More re-exports than this in a row are a circle.
const MOST_RE_EXPORTS: usize = 12;

/// A module that has a file, as the names of its path below the crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module(pub Vec<String>);

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

/// All files of `src`, with what they import.
pub struct Sources(BTreeMap<Module, Vec<Use>>);

impl Sources {
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        find_files(&root, &mut files);
        let read = |file: PathBuf| {
            let text = fs::read_to_string(&file).expect("a source can be read");
            (module_of(&root, &file), uses_of(&text))
        };
        Self(files.into_iter().map(read).collect())
    }

    /// Every import, from a file to the file in which the imported thing stands.
    pub fn imports(&self) -> impl Iterator<Item = (&Module, &Module)> {
        self.pairs(|_| true)
    }

    /// The same without re-exports: a folder's `mod.rs` depends on nothing that it passes on.
    pub fn uses(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let mut graph: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (from, to) in self.pairs(|one| !one.is_public) {
            graph.entry(from.clone()).or_default().insert(to.clone());
        }
        graph
    }

    fn pairs(&self, counts: fn(&Use) -> bool) -> impl Iterator<Item = (&Module, &Module)> {
        self.0.iter().flat_map(move |(from, uses)| {
            let found = uses.iter().filter(move |one| counts(one));
            let found = found.filter_map(|one| self.resolve(&self.absolute(from, &one.path)?, 0));
            found
                .filter(move |to| *to != from)
                .map(move |to| (from, to))
        })
    }

    /// The path from the crate's root; none if it leads out of the crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.0.clone(),
            "super" => {
                let mut up = module.0.clone();
                up.pop()?;
                up
            }
            _ => {
                let mut child = module.0.clone();
                child.push(first.clone());
                return self.0.contains_key(&Module(child.clone())).then(|| {
                    child.extend_from_slice(rest);
                    child
                });
            }
        };
        for name in rest {
            match name.as_str() {
                "super" => drop(base.pop()?),
                _ => base.push(name.clone()),
            }
        }
        Some(base)
    }

    /// The file that holds what a path names, through all re-exports.
    fn resolve(&self, path: &[String], depth: usize) -> Option<&Module> {
        let (module, uses, rest) = (0..=path.len()).rev().find_map(|length| {
            let (module, uses) = self.0.get_key_value(&Module(path[..length].to_vec()))?;
            Some((module, uses, &path[length..]))
        })?;
        let Some((name, deeper)) = rest.split_first() else {
            return Some(module);
        };
        if depth > MOST_RE_EXPORTS {
            return None;
        }
        let public = uses.iter().filter(|one| one.is_public);
        for one in public {
            let mut target = self.absolute(module, &one.path)?;
            if one.name == *name {
                target.extend_from_slice(deeper);
                return self.resolve(&target, depth + 1);
            }
            if one.name == "*" {
                target.pop();
                let inner = Module(target.clone());
                target.extend_from_slice(rest);
                let found = self.resolve(&target, depth + 1);
                if found.is_some_and(|found| *found != inner) {
                    return found;
                }
            }
        }
        Some(module)
    }
}

fn find_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            find_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn module_of(root: &Path, file: &Path) -> Module {
    let path = file
        .strip_prefix(root)
        .expect("it is below")
        .with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    if names.last().is_some_and(|last| last == "mod") || names == ["lib"] {
        names.pop();
    }
    Module(names)
}
