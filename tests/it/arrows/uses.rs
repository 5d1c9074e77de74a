//! Reads the imports of a source without compiling it.

/// One name that a file brings in: the path as written, and the name that it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub path: Vec<String>,
    pub name: String,
    /// `pub use`: others may reach it through this file.
    pub is_public: bool,
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
pub fn uses_of(text: &str) -> Vec<Use> {
    let code = code_of(text);
    let (mut uses, mut other, mut depth) = (Vec::new(), String::new(), 0);
    let mut rest = code.as_str();
    while let Some(at) = find_use(rest) {
        let before = &rest[..at];
        depth += braces(before);
        let tree = &rest[at + "use ".len()..];
        let end = tree.find(';').unwrap_or(tree.len());
        let begin = uses.len();
        read_tree(&[], &tree[..end], &mut uses);
        for one in &mut uses[begin..] {
            one.is_public = is_public(before);
            // In a module inside of a file, `super` is that file.
            if depth > 0 && one.path.first().is_some_and(|first| first == "super") {
                "self".clone_into(&mut one.path[0]);
            }
        }
        other.push_str(before);
        rest = &tree[end..];
    }
    other.push_str(rest);
    uses.extend(paths_in(&other));
    uses
}

/// Whether the code before a `use` ends with `pub` or `pub(…)`.
fn is_public(before: &str) -> bool {
    let item = before.rsplit([';', '}', ']']).next().unwrap_or_default();
    let item = item.trim();
    item == "pub" || item.starts_with("pub(")
}

/// The paths that begin with `crate::` in code without `use` items.
fn paths_in(code: &str) -> impl Iterator<Item = Use> {
    code.match_indices("crate::").map(|(at, _)| {
        let path = code[at..].split(|c: char| c != ':' && c != '_' && !c.is_alphanumeric());
        let names = path.take(1).flat_map(|path| path.split("::"));
        let names = names.filter(|name| !name.is_empty());
        Use {
            path: names.map(str::to_owned).collect(),
            name: String::new(),
            is_public: false,
        }
    })
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

/// Adds each leaf of a tree such as `crate::{bases::ids, mods::auth::{api, types as t}}`.
fn read_tree(prefix: &[String], tree: &str, found: &mut Vec<Use>) {
    for branch in branches(tree) {
        let open = branch.find('{');
        let (names, alias) = match open {
            Some(open) => (&branch[..open], ""),
            None => branch.split_once(" as ").unwrap_or((branch, "")),
        };
        let names = names.split("::").map(str::trim);
        let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
        let mut path: Vec<String> = prefix.iter().cloned().chain(names).collect();
        if let Some(open) = open {
            let close = branch.rfind('}').unwrap_or(branch.len());
            read_tree(&path, &branch[open + 1..close], found);
            continue;
        }
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let last = path.last().cloned().unwrap_or_default();
        found.push(Use {
            name: if alias.is_empty() {
                last
            } else {
                alias.trim().to_owned()
            },
            path,
            is_public: false,
        });
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
    let text = "pub use a::{self, b::{C, D as E}};\n// use crate::no;\nuse super::x::*;\nfn f() { \
         g(\"use crate::no;\", '\"', crate::bases::ids::Id) }";
    let read: Vec<(String, String)> = uses_of(text)
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
