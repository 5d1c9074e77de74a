use crate::mods::phone::types::VoiceAnswer;

/// How long a phone that a call is forwarded to rings, in seconds; Twilio's own default is 30.
const RING_SECONDS: u32 = 30;

/// What Twilio is to do with a call ([TwiML]): say the sentence and hang up, or connect the caller
/// with the other phone.
///
/// [TwiML]: https://www.twilio.com/docs/voice/twiml
pub fn voice_twiml_util(answer: &VoiceAnswer) -> String {
    let verb = match answer {
        VoiceAnswer::Say { sentence } => format!("<Say>{}</Say><Hangup/>", escaped(sentence)),
        VoiceAnswer::Forward { to } => {
            format!(
                "<Dial timeout=\"{RING_SECONDS}\"><Number>{}</Number></Dial>",
                escaped(to.as_str())
            )
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>{verb}</Response>\n")
}

/// Text as it may stand in XML 1.0; characters that it cannot hold at all become spaces.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            '\t' | '\n' | '\r' => xml.push(c),
            '\u{fffe}' | '\u{ffff}' => xml.push(' '),
            c if c.is_control() => xml.push(' '),
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bases::e164::E164;

    #[test]
    fn a_sentence_cannot_break_out_of_its_element() {
        let sentence = "Tom & Jerry's </Say><Dial>+1900</Dial> \"now\"\u{0}\u{b} 👋".to_owned();
        let twiml = voice_twiml_util(&VoiceAnswer::Say { sentence });
        assert!(
            twiml.contains(
                "<Say>Tom &amp; Jerry&apos;s &lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt; \
                 &quot;now&quot;   👋</Say>"
            ),
            "{twiml}"
        );
    }

    #[test]
    fn a_call_is_forwarded_to_the_number() {
        let to = E164::parse("+14155550199").expect("a number");
        let twiml = voice_twiml_util(&VoiceAnswer::Forward { to });
        assert!(twiml.contains("<Number>+14155550199</Number></Dial>"));
    }
}
