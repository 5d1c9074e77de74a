use dioxus::prelude::*;

use crate::{
    bases::ids::PhoneNumberId,
    mods::{messaging::hooks::Inbox, twilio::types::PhoneNumber},
    ui::{Icon, hue_of},
};

/// The numbers that can send a text.
pub fn sending_numbers(inbox: Inbox) -> Vec<PhoneNumber> {
    let mut numbers = inbox.numbers().read().clone();
    numbers.retain(|number| number.sms_enabled && number.suspended.is_none());
    numbers
}

/// Why no number can send a text.
pub fn why_none_sends(inbox: Inbox) -> &'static str {
    let numbers = inbox.numbers();
    let why = numbers.read().iter().find_map(|number| number.suspended);
    why.map_or("No number can send texts yet", |why| why.words())
}

/// Chooses the number to send from.
#[component]
pub fn FromPicker(
    inbox: Inbox,
    /// Those that the customer wants no texts from.
    closed: Vec<PhoneNumberId>,
    selected: PhoneNumberId,
    onselect: EventHandler<PhoneNumberId>,
) -> Element {
    let mut numbers = inbox.numbers().read().clone();
    numbers.retain(|number| number.sms_enabled);
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
                    option {
                        key: "{number.id}",
                        value: "{number.id}",
                        selected: number.id == selected,
                        disabled: number.suspended.is_some() || closed.contains(&number.id),
                        "{number.friendly_name} {number.shown}"
                        if number.suspended.is_some() {
                            " (suspended)"
                        } else if closed.contains(&number.id) {
                            " (opted out)"
                        }
                    }
                }
            }
            Icon { name: "chevron-down" }
        }
    }
}
