use std::{cell::RefCell, rc::Rc};

use dioxus::prelude::*;

use crate::mods::messaging::{types::ThreadEntry, utils::thread_entry_key};

/// The element that scrolls. It is reversed: 0 is its end, and above it is negative.
pub const THREAD_LOG_ID: &str = "thread-log";
/// Nearer than this to the end counts as being there, in pixels.
const END_PX: f64 = 48.0;

/// Where the reader is in a thread.
#[derive(Clone, Copy, PartialEq)]
pub struct ScrollPosition {
    at_end: Signal<bool>,
    unseen: Signal<usize>,
}

/// Keeps the reader's place while messages arrive below it.
pub fn use_scroll_position(entries: Memo<Vec<ThreadEntry>>) -> ScrollPosition {
    let mut position = ScrollPosition {
        at_end: use_signal(|| true),
        unseen: use_signal(|| 0),
    };
    let before = use_hook(|| Rc::new(RefCell::new(None::<(String, f64)>)));
    use_effect(move || {
        let entries = entries.read();
        let Some(last) = entries.last() else { return };
        let key = thread_entry_key(last);
        let height = height();
        let previous = before.replace(Some((key.clone(), height)));
        let Some((_, old_height)) = previous.filter(|(old_key, _)| *old_key != key) else {
            return;
        };
        if last.local.is_some() {
            position.to_end();
        } else if !*position.at_end.peek() {
            move_up(height - old_height);
            *position.unseen.write() += 1;
        }
    });
    use_effect(move || position.to_first_unread());
    position
}

impl ScrollPosition {
    /// Whether the newest message is in sight.
    pub fn is_at_end(self) -> bool {
        (self.at_end)()
    }

    /// Begins at the first message that was unread, if there is one.
    fn to_first_unread(self) {
        #[cfg(feature = "web")]
        if let Some(log) = log()
            && let Ok(Some(divider)) = log.query_selector(".unread-divider")
        {
            divider.scroll_into_view();
        }
    }

    /// Messages that arrived below what is shown.
    pub fn unseen(self) -> usize {
        (self.unseen)()
    }

    /// Notes where the reader has scrolled to.
    pub fn moved(mut self, scroll_top: f64) {
        let at_end = scroll_top > -END_PX;
        if *self.at_end.peek() != at_end {
            self.at_end.set(at_end);
        }
        if at_end && *self.unseen.peek() > 0 {
            self.unseen.set(0);
        }
    }

    /// Goes to the newest message.
    pub fn to_end(mut self) {
        self.at_end.set(true);
        self.unseen.set(0);
        #[cfg(feature = "web")]
        if let Some(log) = log() {
            log.set_scroll_top(0);
        }
    }
}

fn height() -> f64 {
    #[cfg(feature = "web")]
    return log().map_or(0.0, |log| f64::from(log.scroll_height()));
    #[cfg(not(feature = "web"))]
    0.0
}

fn move_up(pixels: f64) {
    #[cfg(feature = "web")]
    if let Some(log) = log() {
        log.set_scroll_top(log.scroll_top() - pixels as i32);
    }
    #[cfg(not(feature = "web"))]
    let _ = pixels;
}

#[cfg(feature = "web")]
fn log() -> Option<web_sys::Element> {
    web_sys::window()?
        .document()?
        .get_element_by_id(THREAD_LOG_ID)
}
