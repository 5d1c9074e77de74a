/// Where to go after signing in: always a page of this server, so that a link to the login page
/// cannot send anybody elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage(String);

impl NextPage {
    /// The inbox.
    pub const DEFAULT: &str = "/messaging";

    /// Takes a path on this server; anything else becomes the inbox.
    pub fn parse(raw: &str) -> Self {
        let local = raw.starts_with('/')
            && !raw.starts_with("//")
            && !raw.contains(['\\', '\n', '\r', '\t'])
            && !raw.starts_with("/login")
            && !raw.starts_with("/api/");
        Self(if local { raw } else { Self::DEFAULT }.to_owned())
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_followed() {
        for (raw, next) in [
            ("/messaging/0197", "/messaging/0197"),
            ("/", "/"),
            ("", NextPage::DEFAULT),
            ("//evil.example", NextPage::DEFAULT),
            ("/\\evil.example", NextPage::DEFAULT),
            ("/\t/evil.example", NextPage::DEFAULT),
            ("https://evil.example", NextPage::DEFAULT),
            ("javascript:alert(1)", NextPage::DEFAULT),
            ("/login?next=/login", NextPage::DEFAULT),
            ("/api/auth/me", NextPage::DEFAULT),
        ] {
            assert_eq!(NextPage::parse(raw).as_str(), next, "{raw}");
        }
    }
}
