use dioxus::prelude::*;

use crate::{
    bases::ids::PhoneNumberId,
    mods::{contact::types::Contact, messaging::hooks::Inbox, phone::types::PhoneNumber},
    ui::{Icon, hue_of},
};

/// The id of the field in which the number is chosen.
pub const FROM_ID: &str = "reply-from";

/// The numbers that can send a text.
pub fn sending_numbers(inbox: Inbox) -> Vec<PhoneNumber> {
    let mut numbers = inbox.numbers().read().clone();
    numbers.retain(|number| number.sms_enabled && number.suspended.is_none());
    numbers
}

/// Those of them that a contact takes texts from.
pub fn open_numbers(inbox: Inbox, contact: &Contact) -> Vec<PhoneNumber> {
    let mut numbers = sending_numbers(inbox);
    numbers.retain(|number| !contact.closed_numbers.contains(&number.id));
    numbers
}

/// Why no number can send a text.
pub fn why_none_sends(inbox: Inbox) -> &'static str {
    let numbers = inbox.numbers();
    let why = numbers.read().iter().find_map(|number| number.suspended);
    why.map_or("No number can send texts yet", |why| why.words())
}

/// Chooses the number to send from; nothing is chosen silently.
#[component]
pub fn FromPicker(
    inbox: Inbox,
    /// Those that the customer wants no texts from.
    closed: Vec<PhoneNumberId>,
    selected: Option<PhoneNumberId>,
    onselect: EventHandler<PhoneNumberId>,
) -> Element {
    let mut numbers = inbox.numbers().read().clone();
    numbers.retain(|number| number.sms_enabled);
    let hue = selected.map(|id| hue_of(id.0));
    rsx! {
        span { class: "from-picker",
            if let Some(hue) = hue {
                span { class: "number-tag", "data-hue": "{hue}", aria_hidden: "true" }
            }
            select {
                id: FROM_ID,
                name: "from",
                "autocomplete": "off",
                aria_label: "Send from",
                required: true,
                onchange: move |event| {
                    if let Ok(id) = event.value().parse() {
                        onselect.call(id);
                    }
                },
                if selected.is_none() {
                    option { value: "", selected: true, disabled: true, "Choose a number" }
                }
                for number in numbers {
                    option {
                        key: "{number.id}",
                        value: "{number.id}",
                        selected: Some(number.id) == selected,
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
