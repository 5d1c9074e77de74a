use std::{cell::Cell, rc::Rc};

use dioxus::prelude::*;

use super::{
    delivery_log_button_component::history_button_id, from_picker_component::sending_numbers,
    messaging_contact_list_component::MessagingContactList,
    new_message_dialog_component::NewMessageDialog,
};
use crate::{
    bases::{
        browser,
        ids::{ContactId, MessageId},
    },
    mods::messaging::hooks::{ListState, use_inbox},
    ui::{Shortcut, use_shortcuts, use_window_event},
};

/// What is open beside list and thread.
#[derive(Clone, Copy, PartialEq)]
pub struct MessagingView {
    /// The contact's details, where they are a drawer over the thread.
    pub details: Signal<bool>,
    /// The contact's details, where they stand beside the thread.
    pub beside: Signal<bool>,
    /// Whether there is room for them beside the thread.
    wide: Signal<bool>,
    /// The message whose delivery history stands among the details.
    pub history: Signal<Option<MessageId>>,
    /// The dialog for a message to a new number.
    pub composing: Signal<bool>,
}

/// Where this browser keeps that the details are not to stand beside the thread.
const BESIDE_KEY: &str = "loquent.details-beside";

/// From this width on the details stand beside the thread, in pixels.
const DETAILS_BESIDE_PX: f64 = 1_280.0;

/// The inbox: the conversation list, and what is opened from it.
#[component]
pub fn Messaging(open: ReadSignal<Option<ContactId>>, children: Element) -> Element {
    let inbox = use_inbox();
    let mut view = use_context_provider(|| MessagingView {
        details: Signal::new(false),
        beside: Signal::new(true),
        wide: Signal::new(false),
        history: Signal::new(None),
        composing: Signal::new(false),
    });
    use_messaging_shortcuts(view, open);
    use_details_focus(view);
    use_effect(move || {
        view.measure();
        view.beside.set(browser::stored(BESIDE_KEY).is_none());
    });
    use_window_event("resize", move || view.measure());
    let empty = inbox.total() == 0 && inbox.state() == ListState::Ready;
    let class = match open() {
        Some(_) => "panes",
        None if empty => "panes panes--empty",
        None => "panes panes--no-thread",
    };
    rsx! {
        main { class, "data-details": if (view.details)() { "open" } else { "closed" },
            "data-beside": (!(view.beside)()).then_some("closed"),
            h1 { class: "sr-only", "Inbox" }
            MessagingContactList { open }
            {children}
        }
        NewMessageDialog { open: view.composing }
    }
}

fn use_messaging_shortcuts(mut view: MessagingView, open: ReadSignal<Option<ContactId>>) {
    let (navigator, inbox) = (use_navigator(), use_inbox());
    use_shortcuts(move |shortcut| match shortcut {
        Shortcut::Next => browser::move_focus(".conversation-row", 1),
        Shortcut::Previous => browser::move_focus(".conversation-row", -1),
        Shortcut::Reply => {
            browser::focus("#reply");
        }
        Shortcut::NewMessage if !sending_numbers(inbox).is_empty() => view.composing.set(true),
        Shortcut::Details if open.peek().is_some() => view.toggle_details(),
        Shortcut::Escape if *view.details.peek() => view.toggle_details(),
        Shortcut::Escape if view.history.peek().is_some() => view.close_history(),
        // On a phone the list is another page.
        Shortcut::Escape
            if open.peek().is_some()
                && !browser::focus(".conversation-row[aria-current]")
                && !browser::focus(".conversation-row") =>
        {
            navigator.push("/messaging");
        }
        _ => {}
    });
}

impl MessagingView {
    /// Whether the details can be seen.
    pub fn shows_details(&self) -> bool {
        if (self.wide)() {
            (self.beside)()
        } else {
            (self.details)()
        }
    }

    /// Opens or closes the details.
    pub fn toggle_details(&mut self) {
        if *self.wide.peek() {
            self.beside.toggle();
            let closed = !*self.beside.peek();
            browser::store(BESIDE_KEY, closed.then_some("closed"));
        } else {
            self.details.toggle();
        }
    }

    fn measure(&mut self) {
        let wide = browser::page_width() >= DETAILS_BESIDE_PX;
        if *self.wide.peek() != wide {
            self.wide.set(wide);
        }
        if wide && *self.details.peek() {
            self.details.set(false);
        }
    }

    /// Shows the delivery history of a message among the details.
    pub fn open_history(&mut self, message: MessageId) {
        self.history.set(Some(message));
        let details = if *self.wide.peek() {
            &mut self.beside
        } else {
            &mut self.details
        };
        if !*details.peek() {
            details.set(true);
        }
    }

    /// Closes it, and the details with it where they are a drawer.
    pub fn close_history(&mut self) {
        if *self.details.peek() {
            self.details.set(false);
        } else {
            self.leave_history();
        }
    }

    /// The focus goes back to the message.
    fn leave_history(&mut self) -> bool {
        let left = self.history.take();
        left.is_some_and(|message| browser::focus(&format!("#{}", history_button_id(message))))
    }
}

/// Moves the focus into the details when they open, and back when they close.
fn use_details_focus(mut view: MessagingView) {
    let before = use_hook(|| Rc::new(Cell::new((false, false))));
    use_effect(move || {
        let (wide, open) = ((view.wide)(), view.shows_details());
        let (was_wide, was_open) = before.replace((wide, open));
        // Not where only the room has changed.
        if was_wide == wide && was_open != open {
            if open {
                // The history takes it itself.
                if view.history.peek().is_none() {
                    browser::focus(".pane-close");
                }
            } else if !view.leave_history() {
                browser::focus(".details-toggle");
            }
        }
    });
}
