//! Starting other programs with a clean environment.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

/// What `cargo run` adds to xtask's environment. A nested cargo would take it
/// for its own, and the server would take xtask's package for its crate.
const CARGO_RUN_VARIABLES: [&str; 6] = [
    "CARGO",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_CRATE_NAME",
    "CARGO_BIN_NAME",
    "CARGO_PRIMARY_PACKAGE",
];

/// A command without the variables that `cargo run` set for xtask itself.
#[must_use]
pub fn tool_command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if CARGO_RUN_VARIABLES.contains(&text.as_ref()) || text.starts_with("CARGO_PKG_") {
            command.env_remove(&name);
        }
    }
    command
}
