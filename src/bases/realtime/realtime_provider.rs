use dioxus::prelude::*;

use super::RealtimeContext;

/// Keeps one link to the server's events for all that is inside it.
#[component]
pub fn RealtimeProvider(children: Element) -> Element {
    #[cfg_attr(
        not(feature = "web"),
        expect(unused_variables, reason = "the link is a browser's")
    )]
    let realtime = use_context_provider(RealtimeContext::new);
    #[cfg(feature = "web")]
    use_future(move || super::realtime_socket::keep_connected(realtime));
    children
}
