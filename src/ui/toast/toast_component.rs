use dioxus::{core::spawn_forever, prelude::*};

use crate::{
    bases::browser,
    ui::{Icon, IconButton},
};

/// Shown at once; older ones make room.
const SHOWN_TOASTS: usize = 3;
/// Long enough to be read twice.
const SHOWN_FOR_MS: u32 = 8_000;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    id: u64,
    text: String,
    failure: bool,
}

/// Short messages about what has just been done, or could not be.
#[derive(Clone, Copy, PartialEq)]
pub struct Toasts {
    shown: Signal<Vec<Toast>>,
    next_id: Signal<u64>,
}

impl Toasts {
    /// No messages yet. Call it only as a hook.
    pub fn new() -> Self {
        Self {
            shown: Signal::new(Vec::new()),
            next_id: Signal::new(0),
        }
    }

    /// Says that something was done.
    pub fn success(self, text: impl Into<String>) {
        self.show(text.into(), false);
    }

    /// Says that something could not be done, and why.
    pub fn failure(self, text: impl Into<String>) {
        self.show(text.into(), true);
    }

    fn show(mut self, text: String, failure: bool) {
        let id = *self.next_id.peek();
        self.next_id.set(id + 1);
        let mut shown = self.shown.write();
        // The same once more would only hide the others.
        shown.retain(|toast| toast.text != text);
        if shown.len() == SHOWN_TOASTS {
            shown.remove(0);
        }
        shown.push(Toast { id, text, failure });
        drop(shown);
        spawn_forever(async move {
            browser::sleep(SHOWN_FOR_MS).await;
            self.remove(id);
        });
    }

    fn remove(mut self, id: u64) {
        self.shown.write().retain(|toast| toast.id != id);
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

/// Where to say that something was done or failed.
pub fn use_toasts() -> Toasts {
    use_context()
}

/// Where the messages appear.
#[component]
pub fn ToastRegion() -> Element {
    let toasts = use_toasts();
    rsx! {
        div { class: "toast-region", role: "status", aria_live: "polite",
            for toast in (toasts.shown)() {
                ToastLine { key: "{toast.id}", toast: toast.clone(), onclose: move |()| toasts.remove(toast.id) }
            }
        }
    }
}

#[component]
fn ToastLine(toast: Toast, onclose: EventHandler<()>) -> Element {
    let (class, icon) = if toast.failure {
        ("toast toast--danger", "alert")
    } else {
        ("toast toast--success", "check-circle")
    };
    rsx! {
        div { class,
            Icon { name: icon }
            span { "{toast.text}" }
            IconButton { icon: "x", label: "Dismiss", small: true, onclick: move |_| onclose.call(()) }
        }
    }
}
