use crate::ui::figures;

/// What a reconciliation found: "1,240 messages checked, 2 missing and added".
pub fn reconciliation_words_util(
    checked: u64,
    missing: u64,
    repaired: u64,
    unreadable: u64,
) -> String {
    let mut words = match checked {
        0 if unreadable == 0 => return "No messages at Twilio in these days".to_owned(),
        1 => "1 message checked, ".to_owned(),
        checked => format!("{} messages checked, ", figures(checked)),
    };
    words += &match missing {
        0 => "none missing".to_owned(),
        missing => format!("{} missing and added", figures(missing)),
    };
    if repaired > 0 {
        words += &format!(", {} updated", figures(repaired));
    }
    if unreadable > 0 {
        words += &format!(", {} unreadable", figures(unreadable));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_several_and_none_are_said_as_a_person_would() {
        for (found, words) in [
            ((0, 0, 0, 0), "No messages at Twilio in these days"),
            ((1, 0, 0, 0), "1 message checked, none missing"),
            (
                (1_240, 2, 0, 0),
                "1,240 messages checked, 2 missing and added",
            ),
            (
                (30, 1, 1, 0),
                "30 messages checked, 1 missing and added, 1 updated",
            ),
            (
                (30, 0, 4, 2),
                "30 messages checked, none missing, 4 updated, 2 unreadable",
            ),
        ] {
            let (checked, missing, repaired, unreadable) = found;
            let told = reconciliation_words_util(checked, missing, repaired, unreadable);
            assert_eq!(told, words);
        }
    }
}
