use dioxus::prelude::*;

use crate::{
    bases::ids::PhoneNumberId,
    mods::{messaging::hooks::Inbox, twilio::types::PhoneNumber},
    ui::{Icon, hue_of},
};

/// The numbers that can send a text.
pub fn sending_numbers(inbox: Inbox) -> Vec<PhoneNumber> {
    inbox
        .numbers()
        .read()
        .iter()
        .filter(|number| number.sms_enabled)
        .cloned()
        .collect()
}

/// Chooses the number to send from.
#[component]
pub fn FromPicker(
    numbers: Vec<PhoneNumber>,
    selected: PhoneNumberId,
    onselect: EventHandler<PhoneNumberId>,
) -> Element {
    rsx! {
        span { class: "from-picker",
            span { class: "number-tag", "data-hue": "{hue_of(selected.0)}", aria_hidden: "true" }
            select {
                aria_label: "Send from",
                onchange: move |event| {
                    if let Ok(id) = event.value().parse() {
                        onselect.call(id);
                    }
                },
                for number in numbers {
                    option { key: "{number.id}", value: "{number.id}", selected: number.id == selected,
                        "{number.friendly_name} {number.shown}"
                    }
                }
            }
            Icon { name: "chevron-down" }
        }
    }
}
