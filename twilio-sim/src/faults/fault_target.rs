use axum::http::Method;
use serde::{Deserialize, Serialize};

use crate::model::NumberKind;

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
    /// `GET …/AvailablePhoneNumbers/{ISO}/{kind}.json`
    SearchNumbers,
    /// `GET …/IncomingPhoneNumbers.json`
    ListNumbers,
    /// `GET …/IncomingPhoneNumbers/{PN}.json`
    FetchNumber,
    /// `POST …/IncomingPhoneNumbers.json`
    BuyNumber,
    /// `POST …/IncomingPhoneNumbers/{PN}.json`
    UpdateNumber,
    /// `DELETE …/IncomingPhoneNumbers/{PN}.json`
    ReleaseNumber,
    /// `POST /v1/Sinks`
    CreateSink,
    /// `POST /v1/Subscriptions`
    CreateSubscription,
    /// Event Streams, one event.
    Event,
    /// A status callback.
    StatusCallback,
    /// A text to a number's webhook.
    InboundWebhook,
}

impl FaultTarget {
    /// The call that a request of a REST API makes; [`FaultTarget::Any`] for one without a name.
    pub(crate) fn of_request(method: &Method, path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').skip(4).collect();
        let reads = method == Method::GET;
        match path {
            "/v1/Sinks" if method == Method::POST => return Self::CreateSink,
            "/v1/Subscriptions" if method == Method::POST => return Self::CreateSubscription,
            _ => {}
        }
        match parts.as_slice() {
            ["Messages.json"] if reads => Self::ListMessages,
            ["Messages.json"] if method == Method::POST => Self::CreateMessage,
            ["Messages", _] if reads => Self::FetchMessage,
            ["Messages", _, "Media.json"] if reads => Self::ListMedia,
            ["Messages", _, "Media", file] if reads && file.ends_with(".json") => Self::FetchMedia,
            ["Messages", _, "Media", _] if reads => Self::MediaBytes,
            ["AvailablePhoneNumbers", _, _] if reads => Self::SearchNumbers,
            ["IncomingPhoneNumbers.json"] if reads => Self::ListNumbers,
            ["IncomingPhoneNumbers", file] if reads && is_kind(file) => Self::ListNumbers,
            ["IncomingPhoneNumbers", file] if method == Method::POST && is_kind(file) => {
                Self::BuyNumber
            }
            ["IncomingPhoneNumbers.json"] if method == Method::POST => Self::BuyNumber,
            ["IncomingPhoneNumbers", _] if reads => Self::FetchNumber,
            ["IncomingPhoneNumbers", _] if method == Method::POST => Self::UpdateNumber,
            ["IncomingPhoneNumbers", _] if method == Method::DELETE => Self::ReleaseNumber,
            _ => Self::Any,
        }
    }

    pub(crate) fn is_delivery(self) -> bool {
        matches!(
            self,
            Self::Event | Self::StatusCallback | Self::InboundWebhook
        )
    }

    /// Whether a call of this kind changes something, so that it can be done and its answer lost.
    pub(crate) fn is_change(self) -> bool {
        matches!(
            self,
            Self::CreateMessage
                | Self::BuyNumber
                | Self::UpdateNumber
                | Self::ReleaseNumber
                | Self::CreateSink
                | Self::CreateSubscription
        )
    }

    pub(crate) fn is_rest(self) -> bool {
        !self.is_delivery() && self != Self::Cdn
    }

    /// Whether a rule for this target is about something that happens at the other.
    pub(crate) fn covers(self, other: Self) -> bool {
        self == other || (self == Self::Any && other.is_rest())
    }
}

/// Whether a file below `IncomingPhoneNumbers` is the list of a kind of numbers.
fn is_kind(file: &str) -> bool {
    file.strip_suffix(".json")
        .is_some_and(|name| NumberKind::parse(name).is_some())
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
            (
                Method::GET,
                "/IncomingPhoneNumbers.json",
                FaultTarget::ListNumbers,
            ),
            (
                Method::POST,
                "/IncomingPhoneNumbers.json",
                FaultTarget::BuyNumber,
            ),
            (
                Method::GET,
                "/IncomingPhoneNumbers/TollFree.json",
                FaultTarget::ListNumbers,
            ),
            (
                Method::DELETE,
                "/IncomingPhoneNumbers/PN1.json",
                FaultTarget::ReleaseNumber,
            ),
            (Method::GET, ".json", FaultTarget::Any),
        ] {
            let path = format!("{account}{rest}");
            assert_eq!(FaultTarget::of_request(&method, &path), target, "{path}");
        }
    }
}
