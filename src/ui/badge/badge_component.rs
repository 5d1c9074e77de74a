use dioxus::prelude::*;

/// What a badge or banner is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Success,
    Warning,
    Danger,
    Code,
    /// Under way.
    Accent,
    Neutral,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Success => "badge badge--success",
            Self::Warning => "badge badge--warning",
            Self::Danger => "badge badge--danger",
            Self::Code => "badge badge--code",
            Self::Accent => "badge badge--accent",
            Self::Neutral => "badge",
        }
    }
}

/// A short word in a coloured field.
#[component]
pub fn Badge(tone: Tone, children: Element) -> Element {
    rsx! {
        span { class: tone.class(), {children} }
    }
}

/// How many are unread, 99 at most in figures.
#[component]
pub fn CountBadge(count: i64, #[props(default)] class: &'static str) -> Element {
    let figures = if count > 99 {
        "99+".to_owned()
    } else {
        count.to_string()
    };
    rsx! {
        span { class: "count-badge {class}",
            "{figures}"
            span { class: "sr-only", " unread" }
        }
    }
}
