/// Whether a text shows nothing: it has only blanks, and characters that no font draws.
pub fn is_blank_util(text: &str) -> bool {
    text.chars().all(|character| {
        character.is_whitespace() || character.is_control() || is_invisible(character)
    })
}

/// Unicode's ignorable code points (`Default_Ignorable_Code_Point`), and two that fonts draw as
/// nothing. A list: the property's table would weigh more than all that uses it.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_blank() {
        for blank in [
            "",
            " \n\t",
            "\u{200B}",
            "\u{3164}",
            "\u{2800} \u{2060}",
            "\0",
        ] {
            assert!(is_blank_util(blank), "{blank:?}");
        }
        for text in [
            "a",
            "\u{200B}.",
            "👩\u{200D}🔧",
            "❤\u{FE0F}",
            "שלום\u{200F}",
        ] {
            assert!(!is_blank_util(text), "{text:?}");
        }
    }
}
