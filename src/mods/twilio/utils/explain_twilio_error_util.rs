/// A Twilio error in plain words, with what to do about it; `None` for one that is not in the
/// table.
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
}
