//! Hand-written HTML: pages that come from no component.

/// Escapes a text for HTML, in an element or a quoted attribute.
pub fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_its_place() {
        assert_eq!(
            escape_html("</textarea><script>\"a\" & 'b'"),
            "&lt;/textarea&gt;&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;"
        );
    }
}
