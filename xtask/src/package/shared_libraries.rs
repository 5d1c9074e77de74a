//! What a program loads when it starts.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::tool_command::tool_command;

/// The Debian package of each library that we know of.
const PACKAGES: [(&str, &str); 4] = [
    ("ld-linux", "libc6"),
    ("libc.so", "libc6"),
    ("libm.so", "libc6"),
    ("libgcc_s.so", "libgcc-s1"),
];
/// In front of the version of each symbol of the C library.
const SYMBOL_VERSION: &[u8] = b"GLIBC_2.";

/// The files of a program's shared libraries, and of what loads them.
///
/// # Errors
/// When one is missing on this machine.
pub fn shared_libraries(program: &Path) -> Result<Vec<PathBuf>> {
    let output = tool_command("ldd")
        .arg(program)
        .output()
        .context("ldd did not start")?;
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)`.
fn parse(text: &str) -> Result<Vec<PathBuf>> {
    if text.contains("not found") {
        bail!("a shared library is missing:\n{text}");
    }
    let mut files: Vec<PathBuf> = text
        .lines()
        .filter_map(|line| {
            let line = line.split(" => ").last()?.trim();
            line.starts_with('/')
                .then(|| line.split(' ').next().map(PathBuf::from))?
        })
        .collect();
    files.sort();
    Ok(files)
}

/// What a Debian package with this program depends on.
///
/// # Errors
/// When it needs a library whose package nobody has named yet.
pub fn debian_dependencies(program: &Path) -> Result<String> {
    let mut packages = Vec::new();
    for library in shared_libraries(program)? {
        let name = library.file_name().unwrap_or_default().to_string_lossy();
        let Some((_, package)) = PACKAGES.iter().find(|(stem, _)| name.starts_with(stem)) else {
            bail!("the program needs {name}, and no Debian package is known for it");
        };
        packages.push((*package).to_owned());
    }
    packages.sort();
    packages.dedup();
    let bytes = fs::read(program).with_context(|| program.display().to_string())?;
    if let Some(minor) = newest_symbol(&bytes) {
        for package in packages.iter_mut().filter(|name| *name == "libc6") {
            *package = format!("libc6 (>= 2.{minor})");
        }
    }
    Ok(packages.join(", "))
}

/// The minor version of the newest symbol of the C library that a program names.
fn newest_symbol(program: &[u8]) -> Option<u32> {
    program
        .windows(SYMBOL_VERSION.len())
        .enumerate()
        .filter(|(_, window)| *window == SYMBOL_VERSION)
        .filter_map(|(at, _)| {
            let digits: String = program[at + SYMBOL_VERSION.len()..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .map(|byte| char::from(*byte))
                .collect();
            digits.parse().ok()
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_and_what_the_kernel_brings_is_not() {
        let text = "\tlinux-vdso.so.1 (0x00007)\n\tlibc.so.6 => /lib/x/libc.so.6 (0x00007)\n\t/lib64/ld-linux.so.2 (0x00007)\n";
        let expected = ["/lib/x/libc.so.6", "/lib64/ld-linux.so.2"].map(PathBuf::from);
        assert_eq!(parse(text).ok(), Some(expected.to_vec()));
        assert_eq!(parse("\tstatically linked\n").ok(), Some(Vec::new()));
        assert!(parse("\tlibx.so => not found\n").is_err());
    }

    #[test]
    fn versions_of_symbols_are_compared_as_numbers() {
        let program = b"\0GLIBC_2.34\0GLIBC_2.9\0GLIBC_2.2.5\0GLIBC_PRIVATE\0";
        assert_eq!(newest_symbol(program), Some(34));
        assert_eq!(newest_symbol(b"static"), None);
    }
}
