/// The most that the conversation list can show of a text, in characters.
const MAX_CHARACTERS: usize = 140;

/// The beginning of a text, on one line.
pub fn preview_util(body: &str) -> String {
    let line: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_one_short_line() {
        assert_eq!(preview_util("  Hello\n\nthere "), "Hello there");
        assert_eq!(
            preview_util(&"é".repeat(500)).chars().count(),
            MAX_CHARACTERS
        );
    }
}
