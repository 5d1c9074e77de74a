use crate::bases::ids::MessageId;

/// The type of the events that status callbacks are stored as, beside those of Event Streams.
pub const STATUS_CALLBACK_EVENT: &str = "loquent.twilio.status-callback";

/// The path that Twilio posts a message's status to.
const PATH: &str = "/twilio/message-status";

/// Which attempt of which message a status callback is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackOf {
    pub message_id: MessageId,
    pub attempt: i32,
}

/// The `StatusCallback` of an attempt. It carries our id, because a callback can arrive before
/// Twilio's answer has told us the SID. Its parameters are in alphabetical order: what sorts them on
/// the way (a proxy, a framework) does not break the signature.
pub fn status_callback_url_util(public_url: &str, of: CallbackOf) -> String {
    format!(
        "{public_url}{PATH}?attempt={}&message_id={}",
        of.attempt, of.message_id
    )
}

/// What the query of a status callback (or the whole URL) says it is about; `None` if it is not
/// one of ours.
pub fn parse_status_callback_url_util(url: &str) -> Option<CallbackOf> {
    let (path, query) = url.split_once('?')?;
    if !path.ends_with(PATH) {
        return None;
    }
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    Some(CallbackOf {
        message_id: value("message_id")?.parse().ok()?,
        attempt: value("attempt")?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_we_write_is_what_we_read() {
        let of = CallbackOf {
            message_id: MessageId(Uuid::from_u128(7)),
            attempt: 3,
        };
        let url = status_callback_url_util("https://sms.example.com", of);
        assert_eq!(parse_status_callback_url_util(&url), Some(of));
        let (path, query) = url.split_once('?').expect("a query");
        let mut sorted: Vec<&str> = query.split('&').collect();
        sorted.sort_unstable();
        assert_eq!(query, sorted.join("&"), "in alphabetical order");
        sorted.reverse();
        let before = format!("{path}?{}", sorted.join("&"));
        assert_eq!(
            parse_status_callback_url_util(&before),
            Some(of),
            "callbacks of the version before"
        );
        assert_eq!(
            parse_status_callback_url_util("https://other.example.com/hook?message_id=1"),
            None
        );
    }
}
