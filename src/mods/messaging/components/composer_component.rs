use dioxus::prelude::*;

use super::{
    from_picker_component::open_numbers,
    opt_out_banner_component::OPT_OUT_ID,
    reply_form_component::{REPLY_ID, ReplyForm},
};
use crate::{
    bases::{
        browser,
        e164::display_phone,
        realtime::{ConnectionState, RealtimeContext},
    },
    mods::{
        messaging::hooks::{THREAD_LOG_ID, Thread, use_inbox, use_outbox},
        phone::types::PhoneNumber,
    },
    ui::{Button, ButtonKind, ButtonSize, Icon},
};

const NO_ANSWER_ID: &str = "no-answer-reason";

/// Where a reply is written. Sending shows it at once, and never waits for an answer.
#[component]
pub fn Composer(thread: Thread) -> Element {
    let connection = use_context::<RealtimeContext>().connection;
    let lost = matches!(
        connection(),
        ConnectionState::Reconnecting | ConnectionState::Offline
    );
    let (inbox, outbox) = (use_inbox(), use_outbox());
    let conversation = thread.conversation();
    let conversation = conversation.read();
    let contact = &conversation.contact;
    let name = contact.display_name();
    let blocked = if contact.opted_out_at.is_some() {
        Some(Block::OptedOut)
    } else if !contact.can_be_texted() {
        Some(Block::NoPhone)
    } else {
        None
    };
    let numbers = open_numbers(inbox, contact);
    let can_answer = |number: &PhoneNumber| Some(number.id) == conversation.phone_number_id;
    let must_choose = !numbers.is_empty() && !numbers.iter().any(can_answer);
    rsx! {
        div { class: "dock",
            if conversation.undelivered > 0 {
                Undelivered { thread, count: conversation.undelivered }
            }
            if lost && blocked.is_none() {
                p { class: "dock-note", role: "status",
                    Icon { name: "clock" }
                    "Connection lost. Messages you send wait here and go out once it is back."
                }
            }
            if outbox.has_unkept(thread.contact_id()) {
                p { class: "dock-note", role: "status",
                    Icon { name: "alert" }
                    "This browser can’t keep your text. Leave this page open until it is sent."
                }
            }
            match blocked {
                Some(reason) => rsx! {
                    BlockedComposer { name, reason }
                },
                None => rsx! {
                    if must_choose {
                        LostNumber { thread }
                    }
                    ReplyForm { thread }
                },
            }
        }
    }
}

/// Says that texts did not reach the customer, until they are sent again or dismissed.
#[component]
fn Undelivered(thread: Thread, count: i64) -> Element {
    rsx! {
        p { class: "dock-note dock-note--danger",
            Icon { name: "alert" }
            if count == 1 { "1 text was not delivered." } else { "{count} texts were not delivered." }
            Button {
                kind: ButtonKind::Ghost,
                size: ButtonSize::Small,
                // The button goes, and the focus would go with it.
                onclick: move |_| async move {
                    browser::focus(&format!("#{THREAD_LOG_ID}"));
                    thread.dismiss_failures().await;
                },
                "Dismiss"
            }
        }
    }
}

/// Why a contact cannot be texted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    OptedOut,
    /// It writes under a name or a short code.
    NoPhone,
}

/// Stands in for the form while the contact cannot be texted.
#[component]
fn BlockedComposer(name: String, reason: Block) -> Element {
    let (title, text, described_by) = match reason {
        Block::OptedOut => (
            "Texting is off for this contact",
            format!("{name} can turn texts back on by sending START."),
            OPT_OUT_ID,
        ),
        Block::NoPhone => (
            "This sender can’t be answered by text",
            format!("{name} is not a phone number, so it cannot receive texts."),
            NO_ANSWER_ID,
        ),
    };
    rsx! {
        form { class: "composer composer--blocked", aria_label: "Reply",
            div { class: "composer__top",
                span { class: "from-picker subtle", id: NO_ANSWER_ID,
                    Icon { name: "lock" }
                    "{title}"
                }
            }
            label { class: "sr-only", r#for: REPLY_ID,
                "Message to "
                bdi { "{name}" }
            }
            textarea {
                class: "composer__text",
                id: REPLY_ID,
                rows: "2",
                disabled: true,
                aria_describedby: described_by,
                placeholder: "{text}",
            }
            div { class: "composer__bar",
                div { class: "composer__end",
                    Button { kind: ButtonKind::Primary, icon: "ban", disabled: true, "Send" }
                }
            }
        }
    }
}

/// Says why the number of the conversation cannot answer: a person chooses another one.
#[component]
fn LostNumber(thread: Thread) -> Element {
    let inbox = use_inbox();
    let conversation = thread.conversation();
    let conversation = conversation.read();
    let messages = thread.messages();
    // Of a number that is gone, the messages still know the address.
    let address = || {
        let messages = messages.read();
        let last = messages.last()?;
        Some(display_phone(last.own_address()))
    };
    let (number, why) = match inbox.number(conversation.phone_number_id) {
        Some(number) => (number.shown, number.suspended),
        None => (address().unwrap_or_default(), None),
    };
    let is_closed = conversation
        .phone_number_id
        .is_some_and(|id| conversation.contact.closed_numbers.contains(&id));
    rsx! {
        p { class: "dock-note", role: "status",
            Icon { name: "alert" }
            if is_closed {
                span {
                    bdi { "{conversation.contact.display_name()}" }
                    " opted out of texts from {number}. Choose the number to answer from."
                }
            } else if let Some(why) = why {
                "{number} is suspended. {why.words()} Choose the number to answer from."
            } else {
                "{number} can’t send any more. Choose the number to answer from."
            }
        }
    }
}
