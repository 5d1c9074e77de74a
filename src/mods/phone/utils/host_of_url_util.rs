/// The host of an address, which is what tells a person whose it is; the address itself if it has
/// none.
pub fn host_of_url_util(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if host.is_empty() { url } else { host }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_is_left_and_no_password() {
        for (url, host) in [
            ("https://pbx.example/voice?x=1", "pbx.example"),
            ("https://user:secret@pbx.example:8443/", "pbx.example:8443"),
            ("pbx.example", "pbx.example"),
            ("", ""),
        ] {
            assert_eq!(host_of_url_util(url), host);
        }
    }
}
