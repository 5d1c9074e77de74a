use dioxus::prelude::*;

use crate::{
    mods::messaging::hooks::{
        InboxData, load_inbox, use_drafts_provider, use_inbox_provider, use_outbox_provider,
    },
    ui::{PageState, use_page_data},
};

/// Loads the conversation list and keeps it live for all that is inside.
#[component]
pub fn InboxProvider(children: Element) -> Element {
    let data = use_page_data(load_inbox)?;
    let data = match data.state() {
        PageState::Ready(data) => Ok(data),
        // The list says so, and the rest of the page is there.
        PageState::Failed(error) => Err(error),
        PageState::Loading => return rsx! {},
    };
    rsx! {
        Provided { data, {children} }
    }
}

#[component]
fn Provided(data: InboxData, children: Element) -> Element {
    use_inbox_provider(data);
    use_outbox_provider();
    use_drafts_provider();
    children
}
