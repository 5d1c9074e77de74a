use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures::{Stream, channel::mpsc};
use wasm_bindgen::{JsCast, closure::Closure};

/// Events that wait while the page is busy; more than that are dropped, since only the last
/// ones of a burst matter to anybody.
const WAITING_EVENTS: usize = 64;

/// The events of one name on the window, as a stream; stops listening when dropped.
pub struct WindowEvents {
    name: &'static str,
    listener: Closure<dyn FnMut(web_sys::Event)>,
    events: mpsc::Receiver<web_sys::Event>,
}

impl WindowEvents {
    /// Listens to the events of a name, as `online`.
    pub fn new(name: &'static str) -> Self {
        Self::filtered(name, |_| true)
    }

    /// Listens to those that the filter takes. It runs while the browser still waits for an
    /// answer, so it is the place to prevent the default.
    pub fn filtered(
        name: &'static str,
        mut take: impl FnMut(&web_sys::Event) -> bool + 'static,
    ) -> Self {
        let (mut sender, events) = mpsc::channel(WAITING_EVENTS);
        let listener = Closure::new(move |event: web_sys::Event| {
            if take(&event) {
                // Full: see WAITING_EVENTS.
                let _ = sender.try_send(event);
            }
        });
        if let Some(window) = web_sys::window() {
            // Fails only for a callback that is no function.
            let _ =
                window.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        Self {
            name,
            listener,
            events,
        }
    }
}

impl Stream for WindowEvents {
    type Item = web_sys::Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.events).poll_next(cx)
    }
}

impl Drop for WindowEvents {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            // Fails only for a callback that is no function.
            let _ = window.remove_event_listener_with_callback(
                self.name,
                self.listener.as_ref().unchecked_ref(),
            );
        }
    }
}
