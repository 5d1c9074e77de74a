use dioxus::prelude::*;

use crate::bases::{browser, ids::MessageId};

/// What is open beside list and thread.
#[derive(Clone, Copy, PartialEq)]
pub struct MessagingView {
    /// The contact's details, where they are a drawer over the thread.
    pub details: Signal<bool>,
    /// The contact's details, where they stand beside the thread.
    pub beside: Signal<bool>,
    /// Whether there is room for them beside the thread.
    pub(super) wide: Signal<bool>,
    /// The message whose delivery history stands among the details.
    pub history: Signal<Option<MessageId>>,
    /// The dialog for a message to a new number.
    pub composing: Signal<bool>,
}

/// Where this browser keeps that the details are not to stand beside the thread.
const BESIDE_KEY: &str = "loquent.details-beside";

/// From this width on the details stand beside the thread, in pixels.
const DETAILS_BESIDE_PX: f64 = 1_280.0;

impl MessagingView {
    /// Nothing is open. Call it only as a hook.
    pub fn closed() -> Self {
        Self {
            details: Signal::new(false),
            beside: Signal::new(true),
            wide: Signal::new(false),
            history: Signal::new(None),
            composing: Signal::new(false),
        }
    }

    /// Closes the details beside the thread where this browser keeps that they are not to stand
    /// there.
    pub fn recall(&mut self) {
        self.beside.set(browser::stored(BESIDE_KEY).is_none());
    }

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

    /// Finds out whether there is room for the details beside the thread.
    pub fn measure(&mut self) {
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
    pub(super) fn leave_history(&mut self) -> bool {
        let left = self.history.take();
        left.is_some_and(|message| browser::focus(&format!("#{}", history_button_id(message))))
    }
}

/// The id of the element that opens the history of a message.
pub fn history_button_id(message_id: MessageId) -> String {
    format!("history-{message_id}")
}
