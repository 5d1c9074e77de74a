use crate::mods::contact::types::OptOutKeyword;

/// The longest keyword is UNSUBSCRIBE; longer texts need not be looked at.
const LONGEST: usize = 16;

/// What a customer's text means to Twilio if it is nothing but a keyword, and the keyword.
///
/// Blanks around it and its case do not matter. The words are [Twilio's defaults for English], in
/// the list of 2025 with REVOKE and OPTOUT; an account may have others, of which the event's
/// `optOutType` tells.
///
/// [Twilio's defaults for English]: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
pub fn opt_out_keyword_util(text: &str) -> Option<(OptOutKeyword, String)> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let word = text.to_ascii_uppercase();
    let keyword = match word.as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "END" | "QUIT" | "CANCEL" | "REVOKE" | "OPTOUT" => {
            OptOutKeyword::Stop
        }
        "START" | "YES" | "UNSTOP" => OptOutKeyword::Start,
        _ => return None,
    };
    Some((keyword, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_the_whole_text_in_any_case_and_nothing_else() {
        let keyword = |text| opt_out_keyword_util(text).map(|(keyword, _)| keyword);
        for stop in [
            "STOP",
            "stop",
            " Stop\n",
            "StopAll",
            "unsubscribe",
            "end",
            "Quit",
            "cancel",
            "REVOKE",
            "optout",
        ] {
            assert_eq!(keyword(stop), Some(OptOutKeyword::Stop), "{stop}");
        }
        for start in ["START", "yes", "\tUnstop "] {
            assert_eq!(keyword(start), Some(OptOutKeyword::Start), "{start}");
        }
        for neither in [
            "please stop",
            "stop it",
            "STOP.",
            "opt out",
            "HELP",
            "",
            "yes please",
            "stop stop stop stop stop",
        ] {
            assert_eq!(keyword(neither), None, "{neither}");
        }
    }
}
