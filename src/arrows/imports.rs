use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::{Path, PathBuf},
};

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

/// One name that a file brings in: the path as written, and the name that it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    path: Vec<String>,
    name: String,
    /// `pub use`: others may reach it through this file.
    is_public: bool,
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
            (module_of(&root, &file), uses_in(&code_of(&text)))
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

/// The source without comments and without what stands between quotation marks.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = match next {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            'r' if rest.starts_with("r\"") => quoted(&rest[2..], "\"") + 2,
            'r' if rest.starts_with("r#\"") => quoted(&rest[3..], "\"#") + 3,
            '"' => string(&rest[1..]) + 1,
            '\'' if rest[1..].starts_with('\\') => quoted(&rest[3..], "'") + 3,
            '\'' if rest.chars().nth(2) == Some('\'') => {
                rest.chars().take(3).map(char::len_utf8).sum()
            }
            _ => 0,
        };
        if skipped == 0 {
            code.push(next);
        }
        rest = &rest[skipped.max(if skipped == 0 { next.len_utf8() } else { 0 })..];
    }
    code
}

/// The length up to and with the mark that ends it.
fn quoted(rest: &str, end: &str) -> usize {
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, next) in rest.char_indices() {
        match next {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// What a file's `use` items and its `crate::…` paths name.
fn uses_in(code: &str) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut other = String::new();
    let mut depth = 0;
    let mut rest = code;
    while let Some(at) = find_use(rest) {
        let before = &rest[..at];
        depth += braces(before);
        let tree = &rest[at + "use ".len()..];
        let end = tree.find(';').unwrap_or(tree.len());
        let is_public = before.trim_end().ends_with("pub")
            || before
                .rsplit([';', '}', ']'])
                .next()
                .is_some_and(|last| last.trim_start().starts_with("pub("));
        let found = &mut Vec::new();
        read_tree(&[], &tree[..end], found);
        for (mut path, name) in found.drain(..) {
            // In a module inside of a file, `super` is that file.
            if depth > 0 && path.first().is_some_and(|first| first == "super") {
                "self".clone_into(&mut path[0]);
            }
            uses.push(Use {
                path,
                name,
                is_public,
            });
        }
        other.push_str(before);
        rest = &tree[end..];
    }
    other.push_str(rest);
    for (at, _) in other.match_indices("crate::") {
        let path = other[at..].split(|c: char| c != ':' && c != '_' && !c.is_alphanumeric());
        let path = path.take(1).flat_map(|path| path.split("::"));
        let path: Vec<String> = path
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect();
        uses.push(Use {
            path,
            name: String::new(),
            is_public: false,
        });
    }
    uses
}

/// How many braces a piece of code opens and does not close.
fn braces(code: &str) -> i32 {
    let of = |byte| match byte {
        b'{' => 1,
        b'}' => -1,
        _ => 0,
    };
    code.bytes().map(of).sum()
}

fn find_use(code: &str) -> Option<usize> {
    let is_word = |c: char| c == '_' || c == '#' || c.is_alphanumeric();
    let mut places = code.match_indices("use ").map(|(at, _)| at);
    places.find(|at| !code[..*at].ends_with(is_word))
}

/// Adds a path for each leaf of a tree such as `crate::{bases::ids, mods::auth::{api, types as t}}`.
fn read_tree(prefix: &[String], tree: &str, found: &mut Vec<(Vec<String>, String)>) {
    for branch in branches(tree) {
        let (path, inner) = match branch.split_once('{') {
            Some((path, inner)) => (path, Some(inner.trim_end().trim_end_matches('}'))),
            None => (branch, None),
        };
        let (path, alias) = path.split_once(" as ").unwrap_or((path, ""));
        let names = path
            .split("::")
            .map(str::trim)
            .filter(|one| !one.is_empty());
        let mut whole: Vec<String> = prefix.to_vec();
        whole.extend(names.map(str::to_owned));
        match inner {
            Some(_) => {
                let open = branch.find('{').unwrap_or(0) + 1;
                let close = branch.rfind('}').unwrap_or(branch.len());
                read_tree(&whole, &branch[open..close], found);
            }
            None => {
                if whole.len() > 1 && whole.last().is_some_and(|last| last == "self") {
                    whole.pop();
                }
                let last = whole.last().cloned().unwrap_or_default();
                let name = if alias.is_empty() {
                    last
                } else {
                    alias.trim().to_owned()
                };
                found.push((whole, name));
            }
        }
    }
}

/// A tree's parts between the commas that are in no braces.
fn branches(tree: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut found) = (0_i32, 0, Vec::new());
    for (at, next) in tree.char_indices() {
        match next {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&tree[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(&tree[begin..]);
    found.retain(|branch| !branch.trim().is_empty());
    found
}

#[test]
fn trees_aliases_and_paths_are_read_and_strings_are_not() {
    let code = code_of(
        "pub use a::{self, b::{C, D as E}};\n// use crate::no;\nuse super::x::*;\nfn f() { \
         g(\"use crate::no;\", '\"', crate::bases::ids::Id) }",
    );
    let read: Vec<(String, String)> = uses_in(&code)
        .into_iter()
        .map(|one| (one.path.join("::"), one.name))
        .collect();
    let expected = [
        ("a", "a"),
        ("a::b::C", "C"),
        ("a::b::D", "E"),
        ("super::x::*", "*"),
        ("crate::bases::ids::Id", ""),
    ];
    assert_eq!(
        read,
        expected.map(|(path, name)| (path.to_owned(), name.to_owned()))
    );
}
