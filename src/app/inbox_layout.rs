use dioxus::prelude::*;

use super::Route;
use crate::mods::messaging::components::Messaging;

/// The conversation list, with the thread and contact of the open one beside it.
#[component]
pub fn InboxLayout() -> Element {
    let open = match use_route::<Route>() {
        Route::Conversation { contact_id } => Some(contact_id),
        _ => None,
    };
    rsx! {
        Messaging { open,
            Outlet::<Route> {}
        }
    }
}
