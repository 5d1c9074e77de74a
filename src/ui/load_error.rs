use dioxus::prelude::*;

use super::{Button, ButtonKind, ButtonSize, EmptyState};
use crate::bases::{
    browser,
    error::AppError,
    realtime::{ConnectionState, RealtimeContext},
};

/// Stands where something could not be loaded: why, and what to do about it. It is loaded by
/// itself once the link is back; a person may try before, or sign in again.
#[component]
pub fn LoadError(
    /// What happened, as in "The events could not be loaded".
    title: &'static str,
    error: AppError,
    #[props(default)] compact: bool,
    onretry: EventHandler<()>,
    /// Other ways out.
    children: Element,
) -> Element {
    let realtime = try_use_context::<RealtimeContext>();
    let is_offline =
        realtime.is_some_and(|realtime| (realtime.connection)() == ConnectionState::Offline);
    let (title, text) = match &error {
        AppError::Unauthorized => ("Your session ended", "Sign in to go on.".to_owned()),
        AppError::Unavailable if is_offline => (
            "You’re offline",
            "This opens when the connection is back.".to_owned(),
        ),
        _ => (title, error.to_string()),
    };
    let size = if compact {
        ButtonSize::Small
    } else {
        ButtonSize::Medium
    };
    rsx! {
        EmptyState { title, text, compact, role: "alert",
            div { class: "empty-state__actions",
                if error.is_unauthorized() {
                    Button { kind: ButtonKind::Primary, size, onclick: |_| browser::load_login(), "Sign in" }
                } else {
                    Button { kind: ButtonKind::Primary, size, icon: "refresh", onclick: move |_| onretry.call(()), "Try again" }
                }
                {children}
            }
        }
    }
}
