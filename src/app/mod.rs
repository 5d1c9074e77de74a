//! The pages, and what is around them.

mod inbox_layout;
mod not_found_page;
mod private_layout;
mod settings_chunk;
mod shortcuts_dialog;

use dioxus::prelude::*;
use inbox_layout::InboxLayout;
use not_found_page::NotFoundPage;
use private_layout::PrivateLayout;
use settings_chunk::{SettingsTwilioEventsPage, SettingsTwilioPage};

use crate::{
    bases::ids::ContactId,
    mods::{
        auth::components::LoginPage,
        messaging::components::{ConversationPane, NoConversationPane},
    },
    ui::use_clock_provider,
};

/// Every page and its address.
#[derive(Debug, Clone, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[route("/login?:next&:failed", LoginPage)]
    Login { next: String, failed: String },
    #[layout(PrivateLayout)]
        #[redirect("/", || Route::Inbox {})]
        #[layout(InboxLayout)]
            #[route("/messaging", NoConversationPane)]
            Inbox {},
            #[route("/messaging/:contact_id", ConversationPane)]
            Conversation { contact_id: ContactId },
        #[end_layout]
        #[redirect("/settings", || Route::SettingsTwilio {})]
        #[route("/settings/twilio", SettingsTwilioPage)]
        SettingsTwilio {},
        #[route("/settings/twilio/events", SettingsTwilioEventsPage)]
        SettingsTwilioEvents {},
    #[end_layout]
    #[route("/:..address", NotFoundPage)]
    NotFound { address: Vec<String> },
}

impl Route {
    /// Whether the page is one of the settings.
    fn is_of_settings(&self) -> bool {
        match self {
            Self::SettingsTwilio {} | Self::SettingsTwilioEvents {} => true,
            Self::Login { .. }
            | Self::Inbox {}
            | Self::Conversation { .. }
            | Self::NotFound { .. } => false,
        }
    }
}

/// The whole browser side.
#[component]
pub fn App() -> Element {
    use_clock_provider();
    rsx! {
        Router::<Route> {}
    }
}
