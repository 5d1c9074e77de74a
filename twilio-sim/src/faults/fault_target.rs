use axum::http::Method;
use serde::{Deserialize, Serialize};

/// What a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultTarget {
    /// Every call of both REST APIs.
    Any,
    /// `GET …/Messages.json`
    ListMessages,
    /// `GET …/Messages/{SM}.json`
    FetchMessage,
    /// `POST …/Messages.json`
    CreateMessage,
    /// `GET …/Media.json`
    ListMedia,
    /// `GET …/Media/{ME}.json`
    FetchMedia,
    /// `GET …/Media/{ME}`: the redirect.
    MediaBytes,
    /// The media host, where the bytes are.
    Cdn,
    /// Event Streams, one event.
    Event,
    /// A status callback.
    StatusCallback,
}

impl FaultTarget {
    /// The call that a request of a REST API makes; [`FaultTarget::Any`] for one without a name.
    pub(crate) fn of_request(method: &Method, path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').skip(4).collect();
        let reads = method == Method::GET;
        match parts.as_slice() {
            ["Messages.json"] if reads => Self::ListMessages,
            ["Messages.json"] if method == Method::POST => Self::CreateMessage,
            ["Messages", _] if reads => Self::FetchMessage,
            ["Messages", _, "Media.json"] if reads => Self::ListMedia,
            ["Messages", _, "Media", file] if reads && file.ends_with(".json") => Self::FetchMedia,
            ["Messages", _, "Media", _] if reads => Self::MediaBytes,
            _ => Self::Any,
        }
    }

    pub(crate) fn is_delivery(self) -> bool {
        matches!(self, Self::Event | Self::StatusCallback)
    }

    pub(crate) fn is_rest(self) -> bool {
        !self.is_delivery() && self != Self::Cdn
    }

    /// Whether a rule for this target is about something that happens at the other.
    pub(crate) fn covers(self, other: Self) -> bool {
        self == other || (self == Self::Any && other.is_rest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_its_method_and_path() {
        let account = "/2010-04-01/Accounts/AC1";
        for (method, rest, target) in [
            (Method::GET, "/Messages.json", FaultTarget::ListMessages),
            (Method::POST, "/Messages.json", FaultTarget::CreateMessage),
            (Method::GET, "/Messages/SM1.json", FaultTarget::FetchMessage),
            (Method::POST, "/Messages/SM1.json", FaultTarget::Any),
            (
                Method::GET,
                "/Messages/MM1/Media.json",
                FaultTarget::ListMedia,
            ),
            (
                Method::GET,
                "/Messages/MM1/Media/ME1.json",
                FaultTarget::FetchMedia,
            ),
            (
                Method::GET,
                "/Messages/MM1/Media/ME1",
                FaultTarget::MediaBytes,
            ),
            (Method::GET, "/IncomingPhoneNumbers.json", FaultTarget::Any),
            (Method::GET, ".json", FaultTarget::Any),
        ] {
            let path = format!("{account}{rest}");
            assert_eq!(FaultTarget::of_request(&method, &path), target, "{path}");
        }
    }
}
