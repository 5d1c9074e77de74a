//! Holds the rooms of the house: which may import which, and no circles. Reads the sources as text,
//! so that both halves (server and browser) count.
//!
//! `uses` reads a file, `imports` follows re-exports, `circles` finds what leads back to itself, and
//! the tests below hold the rules. docs/ARCHITECTURE.md shows the table.

mod circles;
mod imports;
mod uses;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use circles::circles;
use imports::{Module, Sources};

/// What every room of the product may import.
const BELOW: [&str; 4] = ["twilio", "entities", "bases", "ui"];

/// The rooms with those that each may import, lowest first. A room of the product may import
/// [`BELOW`], too.
const ROOMS: [(&str, &[&str]); 15] = [
    ("bases", &[]),
    ("ui", &["bases"]),
    ("entities", &["bases"]),
    ("twilio", &["bases"]),
    ("mods/auth", &[]),
    ("mods/contact", &["mods/auth"]),
    ("mods/account", &["mods/auth"]),
    ("mods/phone", &["mods/account", "mods/contact", "mods/auth"]),
    (
        "mods/messaging",
        &["mods/phone", "mods/contact", "mods/auth"],
    ),
    (
        "mods/delivery",
        &[
            "mods/messaging",
            "mods/phone",
            "mods/account",
            "mods/contact",
            "mods/auth",
        ],
    ),
    (
        "mods/twilio",
        &[
            "mods/delivery",
            "mods/messaging",
            "mods/phone",
            "mods/account",
            "mods/contact",
            "mods/auth",
        ],
    ),
    ("mods/settings", ROOMS_OF_SETTINGS),
    ("app", ROOMS_OF_APP),
    ("server", ROOMS_OF_SERVER),
    ("cli", ROOMS_OF_CLI),
];
const ROOMS_OF_SETTINGS: &[&str] = &[
    "mods/twilio",
    "mods/delivery",
    "mods/messaging",
    "mods/phone",
    "mods/account",
    "mods/contact",
    "mods/auth",
];
const ROOMS_OF_APP: &[&str] = &[
    "mods/settings",
    "mods/messaging",
    "mods/auth",
    "ui",
    "bases",
];
const ROOMS_OF_SERVER: &[&str] = &[
    "app",
    "mods/twilio",
    "mods/delivery",
    "mods/messaging",
    "mods/phone",
    "mods/account",
    "mods/contact",
    "mods/auth",
    "twilio",
    "entities",
    "bases",
];
const ROOMS_OF_CLI: &[&str] = &[
    "server",
    "mods/phone",
    "mods/account",
    "mods/auth",
    "twilio",
    "entities",
    "bases",
];

/// Files that import against the layers, each with its reason.
const LAYER_EXCEPTIONS: [&str; 1] = [
    // It turns the state of Event Streams into actions of the ledger, which are services. The
    // product's documentation fixes its name and place.
    "mods/twilio/utils/setup_org_event_sink_util",
];

/// Circles of files that stand, each with its reason.
const CIRCLES_LEFT: [&[&str]; 1] = [
    // Dioxus' `Route` names the layouts, and a layout's `Outlet` names `Route`.
    &["app", "app/inbox_layout", "app/private_layout"],
];

/// The layers of a room: a file of the first may not import a file of the second.
const LAYERS: [(&str, &str); 5] = [
    ("types", "services"),
    ("utils", "services"),
    ("utils", "jobs"),
    ("utils", "api"),
    ("services", "api"),
];

/// Heads the table of docs/ARCHITECTURE.md, which shows [`ROOMS`].
const TABLE_HEAD: &str = "| room | what it is for | may import |";

fn allowed(room: &str) -> BTreeSet<String> {
    let own = ROOMS.iter().find(|(name, _)| *name == room);
    let own = own.map(|(_, rooms)| *rooms).unwrap_or_default();
    let below: &[&str] = if room.starts_with("mods/") {
        &BELOW
    } else {
        &[]
    };
    let all = own.iter().chain(below);
    all.map(|name| (*name).to_owned()).collect()
}

/// The room of a file; none for the crate's root.
fn room_of(module: &Module) -> Option<String> {
    match module.0.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["mods", room, ..] => Some(format!("mods/{room}")),
        [] | ["mods" | "main", ..] => None,
        [room, ..] => Some(room.to_owned()),
    }
}

fn layer_of(module: &Module) -> Option<&str> {
    let layers = [
        "api",
        "services",
        "utils",
        "jobs",
        "types",
        "components",
        "hooks",
    ];
    let mut names = module.0.iter().map(String::as_str);
    names.find(|name| layers.contains(name))
}

#[test]
fn every_room_imports_only_what_stands_below_it() {
    let sources = Sources::read();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (from, to) in sources.imports() {
        let (Some(room), Some(other)) = (room_of(from), room_of(to)) else {
            continue;
        };
        assert!(
            ROOMS.iter().any(|(name, _)| *name == room),
            "{room} is no room: put it into ROOMS and into docs/ARCHITECTURE.md"
        );
        if room != other && !allowed(&room).contains(&other) {
            wrong.push(format!("{from} imports {to}"));
        }
        seen.insert(room);
    }
    assert!(
        wrong.is_empty(),
        "arrows that point back:\n{}",
        wrong.join("\n")
    );
    for (room, _) in ROOMS {
        assert!(
            seen.contains(room),
            "{room} has no files: take it out of ROOMS"
        );
    }
}

#[test]
fn no_rooms_form_a_circle() {
    let rooms = ROOMS.map(|(room, _)| (room.to_owned(), allowed(room)));
    let found = circles(&BTreeMap::from(rooms));
    assert!(found.is_empty(), "circles of rooms: {found:?}");
}

#[test]
fn no_files_form_a_circle() {
    let found: Vec<Vec<String>> = circles(&Sources::read().uses())
        .into_iter()
        .map(|circle| circle.iter().map(Module::to_string).collect())
        .collect();
    let is_new = |circle: &&Vec<String>| !CIRCLES_LEFT.contains(&&*strs(circle));
    let new: Vec<_> = found.iter().filter(is_new).collect();
    assert!(new.is_empty(), "circles of files: {new:#?}");
    for circle in CIRCLES_LEFT {
        let still = found.iter().any(|one| strs(one) == circle);
        assert!(still, "{circle:?} is open: take it out of CIRCLES_LEFT");
    }
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

#[test]
fn utils_import_no_services_and_services_no_api() {
    let sources = Sources::read();
    let points_up = |from: &Module, to: &Module| {
        let layers = layer_of(from).zip(layer_of(to));
        layers.is_some_and(|pair| LAYERS.contains(&pair))
    };
    let files: BTreeSet<String> = sources
        .imports()
        .filter(|(from, to)| points_up(from, to))
        .map(|(from, _)| from.to_string())
        .collect();
    let expected: BTreeSet<String> = LAYER_EXCEPTIONS.map(str::to_owned).into();
    assert_eq!(files, expected, "files that import against the layers");
}

#[test]
fn architecture_shows_the_rooms() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md");
    let page = fs::read_to_string(path).expect("docs/ARCHITECTURE.md can be read");
    let rows: Vec<&str> = page
        .lines()
        .skip_while(|line| *line != TABLE_HEAD)
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    let what_for: BTreeMap<&str, &str> = rows
        .iter()
        .filter_map(|row| {
            let mut cells = row.split('|').map(str::trim).skip(1);
            Some((cells.next()?.trim_matches('`'), cells.next()?))
        })
        .collect();
    let expected = ROOMS.map(|(room, rooms)| {
        let may: Vec<String> = rooms.iter().map(|one| format!("`{one}`")).collect();
        let may = if may.is_empty() {
            "–".to_owned()
        } else {
            may.join(", ")
        };
        format!(
            "| `{room}` | {} | {may} |",
            what_for.get(room).unwrap_or(&"")
        )
    });
    assert!(
        rows == expected,
        "the table in docs/ARCHITECTURE.md differs; paste this one:\n{TABLE_HEAD}\n|---|---|---|\n{}",
        expected.join("\n")
    );
}
