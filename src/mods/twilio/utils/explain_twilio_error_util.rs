use super::twilio_error_table::{KnownTwilioError, TWILIO_ERRORS};

/// A Twilio error in plain words, with what to do about it; `None` for one that is not in the
/// table.
<<<<<<< HEAD
pub fn explain_twilio_error_util(code: i32) -> Option<&'static KnownTwilioError> {
    let place = TWILIO_ERRORS
        .binary_search_by_key(&code, |known| known.code)
        .ok()?;
    TWILIO_ERRORS.get(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of sending and delivery, of buying numbers, and of the way to us, that the
    /// project's reference of Twilio names (its sections 3, 7 and 8).
    const OF_THE_REFERENCE: &[i32] = &[
        20001, 20003, 20403, 20005, 20404, 20429, 20500, 21211, 21408, 21606, 21608, 21610, 21614,
        21635, 21617, 21658, 21422, 21421, 21631, 21613, 30003, 30004, 30005, 30006, 30007, 30008,
        30034, 11205, 57012, 91300, 91308, 93101,
    ];

    #[test]
    fn every_code_of_the_reference_is_explained() {
        let missing: Vec<_> = OF_THE_REFERENCE
            .iter()
            .filter(|code| explain_twilio_error_util(**code).is_none())
            .collect();
        assert!(missing.is_empty(), "not in the table: {missing:?}");
        assert_eq!(explain_twilio_error_util(1), None);
    }

    #[test]
    fn the_table_is_in_order_and_each_row_says_what_happened_and_what_to_do() {
        for pair in TWILIO_ERRORS.windows(2) {
            assert!(pair[0].code < pair[1].code, "{pair:?}");
        }
        for known in TWILIO_ERRORS {
            assert!((2..=40).contains(&known.title.len()), "{known:?}");
            for sentence in [known.meaning, known.action] {
                assert!(sentence.len() > 10 && sentence.ends_with('.'), "{known:?}");
            }
        }
    }
=======
///
/// Source: [Twilio's error dictionary](https://www.twilio.com/docs/api/errors).
pub fn explain_twilio_error_util(code: i32) -> Option<&'static str> {
    Some(match code {
        20003 => "Twilio did not accept the account's credentials. An admin has to check them.",
        20005 | 20403 => "The Twilio account is suspended or not allowed to do this.",
        20404 => "Twilio does not know this number or message.",
        20429 => "Twilio was too busy. Try again in a moment.",
        20500 => "Twilio had an internal error.",
        21211 => "The customer's number is not a valid phone number.",
        21421 => "That is no number that Twilio sells.",
        21422 => "The number is not for sale any more. Search again.",
        21452 => "There is no number for sale in this area code.",
        21613 | 21631 => {
            "This number is sold only to accounts with an address on file. Add one in the Twilio Console first."
        }
        21408 => "Sending to this country is switched off in the Twilio account.",
        21602 => "The message has no text.",
        21604 => "The message has no recipient.",
        21606 | 21612 => "This number of yours cannot send texts to that number.",
        21608 => "A trial account can only text numbers that were verified in Twilio.",
        21610 => "The customer has opted out by texting STOP. They must text START first.",
        21611 => "Too many messages of this number are waiting. Try again later.",
        21614 => "The customer's number is not a mobile number.",
        21617 | 21658 => "The text is longer than the 1,600 characters that are possible.",
        21635 => "The customer's number is a landline.",
        30001 => "The queue was full. Try again later.",
        30002 => "The Twilio account is suspended.",
        30003 => {
            "The phone could not be reached: switched off, out of coverage, or unable to receive texts."
        }
        30004 => "The customer or their carrier blocks texts from your number.",
        30005 => "The number does not exist or is no longer in service.",
        30006 => "The number is a landline, or its carrier cannot be reached.",
        30007 => {
            "The carrier filtered the text as unwanted. Change the wording or register the number."
        }
        30008 => "The carrier did not say why it could not deliver the text.",
        30009 => "A part of the message got lost on the way.",
        30010 => "The message costs more than the price limit that was set.",
        30032 => "The toll-free number is not verified yet.",
        30034 => "Your number is not registered for business texting in the US (A2P 10DLC).",
        30036 => "The message waited too long and was not sent.",
        30410 => "The carrier did not answer in time.",
        30450 => "The same text was sent to this customer too often.",
        30500 => "The carrier had an error.",
        _ => return None,
    })
>>>>>>> main
}
