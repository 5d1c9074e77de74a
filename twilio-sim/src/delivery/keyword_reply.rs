/// A keyword that Twilio itself acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    /// No more texts from this number.
    Stop,
    /// Texts again.
    Start,
    /// How to stop.
    Help,
}

impl Keyword {
    /// The event's `optOutType`.
    pub fn opt_out_type(self) -> &'static str {
        match self {
            Self::Stop => "STOP",
            Self::Start => "START",
            Self::Help => "HELP",
        }
    }

    /// Twilio's default answer.
    pub fn reply(self) -> &'static str {
        match self {
            Self::Stop => {
                "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
            }
            Self::Start => {
                "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
            }
            Self::Help => "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        }
    }
}

/// The keyword that a text consists of, if it is nothing else.
pub(crate) fn keyword_of(text: &str) -> Option<Keyword> {
    match text.trim().to_uppercase().as_str() {
        "STOP" | "UNSUBSCRIBE" | "END" | "QUIT" | "STOPALL" | "REVOKE" | "OPTOUT" | "CANCEL" => {
            Some(Keyword::Stop)
        }
        "START" | "YES" | "UNSTOP" => Some(Keyword::Start),
        "HELP" | "INFO" => Some(Keyword::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_the_whole_text_in_any_case() {
        assert_eq!(keyword_of(" stop "), Some(Keyword::Stop));
        assert_eq!(keyword_of("Unsubscribe"), Some(Keyword::Stop));
        assert_eq!(keyword_of("UNSTOP"), Some(Keyword::Start));
        assert_eq!(keyword_of("help"), Some(Keyword::Help));
        assert_eq!(keyword_of("please stop the leak"), None);
    }
}
