//! The example of `/etc/loquent/loquent.env`: `.env.example`, with what an installation decides.

use anyhow::{Result, bail};

const COPY_THIS: &str = "Copy this file to `.env` and change what you need;";
const CHANGE_THIS: &str = "Change what you need and restart the service;";

/// Sets what an installation below `prefix` decides, and leaves the rest as a comment.
///
/// # Errors
/// When `.env.example` does not name a setting that is to be set.
pub fn example_settings(template: &str, prefix: &str) -> Result<String> {
    if !template.contains(COPY_THIS) {
        bail!(".env.example no longer says: {COPY_THIS}");
    }
    let public = format!("{prefix}/share/loquent/public");
    let decided = [
        ("DATABASE_URL", ""),
        ("LOQUENT_DATA_DIR", "/var/lib/loquent"),
        ("DIOXUS_PUBLIC_PATH", public.as_str()),
    ];
    let mut settings = template.replace(COPY_THIS, CHANGE_THIS);
    for (name, value) in decided {
        settings = set(&settings, name, value)?;
    }
    Ok(settings)
}

/// Adds the setting behind the comment that shows it.
fn set(settings: &str, name: &str, value: &str) -> Result<String> {
    let example = format!("#{name}=");
    let mut lines: Vec<String> = settings.lines().map(str::to_owned).collect();
    let Some(index) = lines.iter().position(|line| line.starts_with(&example)) else {
        bail!(".env.example does not name {name}");
    };
    lines.insert(index + 1, format!("{name}={value}"));
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_installation_decides_is_set() {
        let template = include_str!("../../../.env.example");
        let settings = example_settings(template, "/usr").unwrap_or_default();
        let set: Vec<&str> = settings
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        let expected = [
            "DATABASE_URL=",
            "LOQUENT_DATA_DIR=/var/lib/loquent",
            "DIOXUS_PUBLIC_PATH=/usr/share/loquent/public",
        ];
        assert_eq!(set, expected);
        assert!(settings.contains(CHANGE_THIS));
    }

    #[test]
    fn a_setting_that_is_gone_from_the_example_is_an_error() {
        assert!(example_settings(COPY_THIS, "/usr").is_err());
    }
}
