use dioxus::prelude::*;

use crate::{
    bases::api_json::ApiJson,
    mods::{
        account::{api::disconnect_twilio_api, types::DisconnectTwilioIn},
        settings::hooks::use_twilio_account,
    },
    ui::Button,
};

/// The other way: Loquent's own account.
#[component]
pub fn UseShared() -> Element {
    let account = use_twilio_account();
    let mut busy = use_signal(|| false);
    let change = move |_| async move {
        busy.set(true);
        let shared = ApiJson(DisconnectTwilioIn { use_shared: true });
        match disconnect_twilio_api(shared).await {
            Ok(connection) => {
                account.take_connection(connection);
                account.check();
            }
            Err(error) => account.outcomes.tell_failure("Not changed.", &error),
        }
        busy.set(false);
    };
    rsx! {
        div { class: "cluster",
            span { class: "muted small", "Or:" }
            Button { busy: busy(), onclick: change, "Use the shared account" }
        }
    }
}
