use dioxus::prelude::*;

use super::{
    composer_component::Composer, delivery_log_component::DeliveryLog,
    messaging_view::MessagingView, no_conversation_pane_component::page_title,
    opt_out_banner_component::OptOutBanner, thread_head_component::ThreadHead,
    thread_log_component::ThreadLog,
};
use crate::{
    mods::{
        contact::components::ContactPane,
        messaging::{
            hooks::{use_inbox, use_thread},
            types::{Conversation, MessagePage},
        },
    },
    ui::{NumberTag, hue_of, use_title},
};

/// A conversation that has been loaded, from here on live.
#[component]
pub fn OpenConversation(conversation: Conversation, page: MessagePage) -> Element {
    let inbox = use_inbox();
    let mut view = use_context::<MessagingView>();
    let thread = use_thread(conversation, page);
    let conversation = thread.conversation();
    use_title(move || page_title(inbox.unread(), &conversation.read().contact.display_name()));
    let name = conversation.read().contact.display_name();
    let contact = conversation.read().contact.clone();
    let number_tag = inbox
        .number(conversation.read().phone_number_id)
        .map(|number| rsx! { NumberTag { name: number.friendly_name, hue: hue_of(number.id.0) } });
    // Another conversation begins without one.
    use_effect(move || view.history.set(None));
    let shown = use_memo(move || {
        let id = (view.history)()?;
        let messages = thread.messages();
        let messages = messages.read();
        messages.iter().find(|message| message.id == id).cloned()
    });
    rsx! {
        section {
            class: "pane pane--thread",
            aria_label: "Conversation with {name}",
            // Covered by the details, where they are a drawer.
            inert: (view.details)().then_some(""),
            ThreadHead { thread }
            OptOutBanner { thread }
            ThreadLog { thread }
            Composer { thread }
        }
        ContactPane {
            contact,
            number_tag,
            onclose: move |()| view.toggle_details(),
            // A list of one: only in a list does another message make another component.
            for message in shown() {
                DeliveryLog { key: "{message.id}", message }
            }
        }
    }
}
