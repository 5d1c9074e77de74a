use dioxus::prelude::*;

use super::message_bubble_component::MessageBubble;
use crate::{
    bases::browser,
    mods::messaging::{
        hooks::{OlderState, THREAD_LOG_ID, Thread, use_inbox, use_outbox, use_scroll_position},
        types::{ThreadEntry, ThreadItem},
        utils::{thread_entries_util, thread_entry_key, thread_items_util},
    },
    ui::{Button, ButtonKind, ButtonSize, Icon, use_clock},
};

/// Older messages are loaded when less than this is left above, in pixels: about a screen.
const LOAD_AHEAD_PX: f64 = 800.0;

/// The messages, newest at the bottom, as they happen.
#[component]
pub fn ThreadLog(thread: Thread) -> Element {
    let outbox = use_outbox();
    let entries = use_memo(move || {
        thread_entries_util(&thread.messages().read(), outbox.to(thread.contact_id()))
    });
    let position = use_scroll_position(entries);
    let scrolled = move |event: ScrollEvent| {
        position.moved(event.scroll_top());
        let above = f64::from(event.scroll_height() - event.client_height()) + event.scroll_top();
        if above < LOAD_AHEAD_PX && thread.older() != OlderState::Failed {
            thread.load_older();
        }
    };
    let name = thread.conversation().read().contact.display_name();
    rsx! {
        div { class: "thread-view",
            div {
                class: "thread",
                id: THREAD_LOG_ID,
                role: "log",
                aria_label: "Messages with {name}",
                aria_live: "polite",
                aria_busy: (thread.older() == OlderState::Loading).then_some("true"),
                tabindex: "0",
                onscroll: scrolled,
                div { class: "thread__list",
                    Older { thread }
                    Items { thread, entries }
                }
            }
            if !position.is_at_end() {
                button {
                    class: "button button--sm new-message-pill",
                    r#type: "button",
                    onclick: move |_| position.to_end(),
                    Icon { name: "chevron-down", size: "sm" }
                    match position.unseen() {
                        0 => "Latest".to_owned(),
                        1 => "New message".to_owned(),
                        count => format!("{count} new messages"),
                    }
                }
            }
        }
    }
}

/// What is above the first message, while it is not there yet.
#[component]
fn Older(thread: Thread) -> Element {
    match thread.older() {
        OlderState::Ready => rsx! {},
        OlderState::Loading => rsx! {
            p { class: "thread-more",
                Icon { name: "spinner" }
                "Loading earlier messages"
            }
        },
        OlderState::Failed => rsx! {
            p { class: "thread-more", role: "alert",
                "Earlier messages could not be loaded."
                Button { kind: ButtonKind::Ghost, size: ButtonSize::Small, onclick: move |_| thread.load_older(), "Try again" }
            }
        },
    }
}

#[component]
fn Items(thread: Thread, entries: Memo<Vec<ThreadEntry>>) -> Element {
    let clock = use_clock();
    let inbox = use_inbox();
    let conversation = thread.conversation();
    let items = thread_items_util(&entries.read(), thread.first_unread(), |at| clock.day(at));
    let usual_number = conversation.read().phone_number_id;
    // The messages are one stop of the Tab key, with what is in them; arrows move among them.
    let mut focused = use_signal(|| None::<String>);
    let keys: Vec<String> = entries.read().iter().map(thread_entry_key).collect();
    let stop = focused()
        .filter(|key| keys.contains(key))
        .or(keys.last().cloned());
    rsx! {
        ol {
            class: "thread__list",
            onkeydown: move |event| {
                let step = match event.key() {
                    Key::ArrowDown => 1,
                    Key::ArrowUp => -1,
                    Key::Home => i32::MIN,
                    Key::End => i32::MAX,
                    _ => return,
                };
                event.prevent_default();
                browser::move_focus(".thread .message", step);
            },
            for item in items {
                match item {
                    ThreadItem::Day(at) => rsx! {
                        li { class: "day-separator", key: "day-{clock.day(at)}",
                            time { datetime: "{clock.day(at)}", "{clock.day_label(at)}" }
                        }
                    },
                    ThreadItem::Unread(count) => rsx! {
                        li { class: "unread-divider", key: "unread-{count}",
                            span {
                                if count == 1 { "1 new message" } else { "{count} new messages" }
                            }
                        }
                    },
                    ThreadItem::Bubble { entry, grouped, with_meta } => rsx! {
                        MessageBubble {
                            key: "{thread_entry_key(&entry)}",
                            tab_stop: stop.as_ref() == Some(&thread_entry_key(&entry)),
                            onfocus: move |key| focused.set(Some(key)),
                            thread,
                            via: inbox
                                .number(entry.message.phone_number_id)
                                .filter(|number| Some(number.id) != usual_number)
                                .map(|number| number.friendly_name),
                            entry: *entry,
                            grouped,
                            with_meta,
                        }
                    },
                }
            }
        }
    }
}
