use dioxus::prelude::*;

use super::{Route, shortcuts_dialog::ShortcutsDialog};
use crate::{
    bases::{
        browser,
        error::AppError,
        realtime::{RealtimeContext, RealtimeProvider, use_event_position},
    },
    mods::{
        auth::{
            api::get_current_user_api,
            components::{AccountMenu, GoToLogin},
            hooks::{use_session, use_session_provider},
            types::CurrentUser,
        },
        messaging::{components::InboxProvider, hooks::use_inbox},
    },
    ui::{
        LoadError, Logo, PageLoad, PageState, RailButton, RailLink, Shortcut, ThemeSwitch,
        ToastRegion, Toasts, open_page, use_page_data, use_shortcuts,
    },
};

/// A page that could not be opened is tried again this often.
const OPEN_AGAIN_MS: u32 = 5_000;

/// Lets in only who is signed in.
#[component]
pub fn PrivateLayout() -> Element {
    let events = use_event_position();
    let user = use_page_data(get_current_user_api)?;
    match user.state() {
        PageState::Loading => rsx! {},
        PageState::Ready(user) => rsx! {
            SignedIn { user, events }
        },
        PageState::Failed(error) if error.is_unauthorized() => rsx! {
            GoToLogin {}
        },
        PageState::Failed(error) => rsx! {
            NotOpened { user, error }
        },
    }
}

/// Why there is no page. It opens by itself: there is no link yet that could tell when.
#[component]
fn NotOpened(user: PageLoad<CurrentUser>, error: AppError) -> Element {
    use_future(move || async move {
        loop {
            browser::sleep(OPEN_AGAIN_MS).await;
            user.retry();
        }
    });
    rsx! {
        main { class: "page-message",
            h1 { class: "sr-only", "Loquent" }
            LoadError { title: "Loquent could not be opened", error, onretry: move |()| user.restart() }
        }
    }
}

/// Provides what all pages of a signed-in user share.
#[component]
fn SignedIn(user: CurrentUser, events: Option<String>) -> Element {
    use_session_provider(user);
    use_context_provider(Toasts::new);
    rsx! {
        RealtimeProvider {
            InboxProvider {
                Shell { events }
            }
        }
    }
}

/// The rail and the page beside it.
#[component]
fn Shell(events: Option<String>) -> Element {
    use_session().use_watch(use_context::<RealtimeContext>());
    let mut help = use_signal(|| false);
    use_shortcuts(move |shortcut| {
        if shortcut == Shortcut::Help {
            help.set(true);
        }
    });
    let route = use_route::<Route>();
    let in_thread = matches!(route, Route::Conversation { .. });
    let in_settings = route.is_of_settings();
    let (skip_to, skip_label) = if in_settings {
        ("#settings-main", "Skip to settings")
    } else if in_thread {
        ("#reply", "Skip to reply")
    } else {
        ("#conversation-panel", "Skip to conversations")
    };
    rsx! {
        div {
            class: "app",
            "data-view": if in_thread { "thread" } else { "list" },
            "data-events": events,
            a { class: "skip-link", href: skip_to, "{skip_label}" }
            nav { class: "rail", aria_label: "Main",
                a {
                    class: "rail__logo",
                    href: "/messaging",
                    aria_label: "Loquent home",
                    onclick: move |event| open_page(&event, "/messaging"),
                    Logo {}
                }
                ul { class: "rail__list",
                    li {
                        RailLink {
                            to: "/messaging",
                            icon: "inbox",
                            label: "Inbox",
                            current: !in_settings,
                            count: use_inbox().unread(),
                        }
                    }
                    li {
                        RailLink {
                            to: "/settings/twilio",
                            icon: "settings",
                            label: "Settings",
                            current: in_settings,
                        }
                    }
                }
                div { class: "rail__spacer" }
                RailButton {
                    icon: "keyboard",
                    label: "Keyboard shortcuts",
                    hint: "Keyboard shortcuts (?)",
                    onclick: move |()| help.set(true),
                }
                ThemeSwitch {}
                AccountMenu {}
            }
            Outlet::<Route> {}
            ToastRegion {}
            ShortcutsDialog { open: help }
        }
    }
}
