use std::ops::RangeInclusive;

use secrecy::SecretString;

/// All that is wrong with the environment, in one message.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is wrong:\n{}", .0.iter().map(|p| format!("  - {p}")).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(Vec<String>);

/// Looks settings up by name and collects what is wrong with them.
///
/// In place of a wrong value it returns the default, so that the next setting can be read;
/// [`Reader::finish`] lets none of these values out.
pub(super) struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            get,
            problems: Vec::new(),
        }
    }

    /// What was read, unless something was wrong.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, ConfigError> {
        read.filter(|_| self.problems.is_empty())
            .ok_or(ConfigError(self.problems))
    }

    /// The value of a setting, if it is set.
    pub fn text(&self, name: &str) -> Option<String> {
        (self.get)(name)
    }

    /// The same for a value that nobody may see.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// The name of a setting; its former name where only that is set.
    pub fn renamed(&self, former: &'static str, name: &'static str) -> &'static str {
        if self.text(name).is_some() || self.text(former).is_none() {
            return name;
        }
        tracing::warn!("{former} is called {name} now; the former name still works");
        former
    }

    /// A whole number.
    pub fn number(&mut self, name: &str, default: u32, allowed: RangeInclusive<u32>) -> u32 {
        let Some(raw) = self.text(name) else {
            return default;
        };
        let number = raw.parse().ok().filter(|number| allowed.contains(number));
        let (from, to) = (allowed.start(), allowed.end());
        self.keep(number.ok_or_else(|| format!("{name} must be a number from {from} to {to}")))
            .unwrap_or(default)
    }

    /// The base URL of an API, without a trailing slash.
    pub fn base_url(&mut self, name: &str, default: &str) -> String {
        let url = self.text(name).unwrap_or_else(|| default.to_owned());
        let checked = check_url(name, &url, "a URL such as https://api.twilio.com");
        self.keep(checked).unwrap_or_default()
    }

    /// A value, or none after noting the problem with it.
    pub fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }
}

/// The URL without a trailing slash, or what is wrong with it; `right` says what it must be.
pub(super) fn check_url(name: &str, url: &str, right: &str) -> Result<String, String> {
    let trimmed = url.trim_end_matches('/');
    let has_scheme = trimmed.starts_with("http://") || trimmed.starts_with("https://");
    match reqwest::Url::parse(trimmed) {
        Ok(parsed) if has_scheme && parsed.has_host() => Ok(trimmed.to_owned()),
        _ => Err(format!("{name} is {url:?}; it must be {right}")),
    }
}
