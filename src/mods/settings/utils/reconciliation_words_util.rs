use super::figures_util;

/// What a comparison with Twilio found, in a sentence: "Checked 1,240 messages, 2 were missing,
/// taken in."
pub fn reconciliation_words_util(
    checked: u64,
    missing: u64,
    repaired: u64,
    unreadable: u64,
) -> String {
    let messages = match checked {
        0 if unreadable == 0 => {
            return "Checked: Twilio has no message of these days.".to_owned();
        }
        1 => "1 message".to_owned(),
        checked => format!("{} messages", figures_util(checked)),
    };
    let mut words = format!("Checked {messages}, ");
    words += &match missing {
        0 => "none was missing".to_owned(),
        1 => "1 was missing, taken in".to_owned(),
        missing => format!("{} were missing, taken in", figures_util(missing)),
    };
    match repaired {
        0 => {}
        1 => words += "; 1 was behind, brought up to date",
        repaired => {
            words += &format!(
                "; {} were behind, brought up to date",
                figures_util(repaired)
            );
        }
    }
    match unreadable {
        0 => {}
        1 => words += "; 1 entry could not be read",
        unreadable => {
            words += &format!("; {} entries could not be read", figures_util(unreadable));
        }
    }
    words + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_several_and_none_are_said_as_a_person_would() {
        for (found, words) in [
            (
                (0, 0, 0, 0),
                "Checked: Twilio has no message of these days.",
            ),
            ((1, 0, 0, 0), "Checked 1 message, none was missing."),
            (
                (1_240, 2, 0, 0),
                "Checked 1,240 messages, 2 were missing, taken in.",
            ),
            (
                (30, 1, 1, 0),
                "Checked 30 messages, 1 was missing, taken in; 1 was behind, brought up to date.",
            ),
            (
                (30, 0, 4, 2),
                "Checked 30 messages, none was missing; 4 were behind, brought up to date; 2 entries could not be read.",
            ),
        ] {
            let (checked, missing, repaired, unreadable) = found;
            let told = reconciliation_words_util(checked, missing, repaired, unreadable);
            assert_eq!(told, words);
        }
    }
}
