/// How [Twilio's own answers] to STOP, START and HELP begin. Its events do not tell them from other
/// texts of the account.
///
/// [Twilio's own answers]: https://help.twilio.com/articles/223134027
const ANSWERS: [&str; 4] = [
    "You have successfully been unsubscribed",
    "You have successfully been re-subscribed",
    "You have successfully been resubscribed",
    "Reply STOP to unsubscribe.",
];

/// Whether a text from elsewhere is Twilio's answer to a keyword.
pub fn is_auto_reply_util(text: &str) -> bool {
    ANSWERS.iter().any(|answer| text.starts_with(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilios_answers_to_keywords_are_known() {
        assert!(is_auto_reply_util(
            "You have successfully been unsubscribed. You will not receive any more messages from \
             this number. Reply START to resubscribe."
        ));
        assert!(!is_auto_reply_util("You have successfully paid."));
    }
}
