//! The `.env` file.

use std::path::Path;
use std::{env, fs, io};

use anyhow::{Context as _, Result, bail};

/// Settings for the programs that xtask starts: the process environment first,
/// then `.env`.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    from_file: Vec<(String, String)>,
}

impl Settings {
    /// Reads `.env` of the checkout, if there is one.
    ///
    /// # Errors
    /// When a line is not `NAME=value`.
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join(".env");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        Ok(Self {
            from_file: parse(&text)?,
        })
    }

    /// The value of a setting; an empty one counts as unset.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let from_process = env::var(name).ok();
        from_process
            .or_else(|| {
                self.from_file
                    .iter()
                    .rev()
                    .find(|(key, _)| key == name)
                    .map(|(_, v)| v.clone())
            })
            .filter(|value| !value.is_empty())
    }

    /// What to add to a child's environment: everything of the file that the
    /// process environment does not already say.
    pub fn additions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.from_file
            .iter()
            .filter(|(key, _)| env::var_os(key).is_none())
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

fn parse(text: &str) -> Result<Vec<(String, String)>> {
    let mut settings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.trim_start_matches("export ").split_once('=') else {
            bail!(".env line {}: expected NAME=value", index + 1);
        };
        settings.push((name.trim().to_owned(), unquote(value.trim())));
    }
    Ok(settings)
}

/// Takes off quotes, or a trailing ` # comment` where there are none.
fn unquote(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value
            .strip_prefix(quote)
            .and_then(|rest| rest.split_once(quote))
        {
            return inner.to_owned();
        }
    }
    value
        .split(" #")
        .next()
        .unwrap_or(value)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_values_quotes_and_comments_are_read() {
        let text = "# head\n\nA=1\nexport B = two # note\nC=\"x # y\"\nD='q'\nE=\n";
        let expected = [
            ("A", "1"),
            ("B", "two"),
            ("C", "x # y"),
            ("D", "q"),
            ("E", ""),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(parse(text).ok(), Some(expected.to_vec()));
    }

    #[test]
    fn a_line_without_equals_sign_is_refused_with_its_number() {
        let error = parse("A=1\nnonsense").map_err(|error| error.to_string());
        assert_eq!(error, Err(".env line 2: expected NAME=value".to_owned()));
    }
}
