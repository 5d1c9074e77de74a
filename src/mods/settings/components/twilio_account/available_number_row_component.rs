use dioxus::prelude::*;

use super::capabilities_component::Capabilities;
use crate::{
    bases::browser,
    mods::{
        phone::types::{AvailableNumber, MonthlyPrice},
        settings::{hooks::use_plan_dialog, types::TwilioAction},
    },
    ui::{Button, ButtonSize},
};

/// A number that can be bought.
#[component]
pub fn AvailableNumberRow(number: AvailableNumber, price: Option<MonthlyPrice>) -> Element {
    let plan = use_plan_dialog();
    // One wish, however often its button is pressed.
    let client_key = use_hook(browser::random_id);
    let can = number.capabilities;
    let shown = number.shown.clone();
    let place: Vec<&str> = [number.locality.as_deref(), number.region.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let place = if place.is_empty() {
        number.country.clone()
    } else {
        place.join(", ")
    };
    let (wanted, wanted_shown) = (number.number.clone(), shown.clone());
    rsx! {
        li { class: "result-row",
            span {
                span { class: "result-row__number", "{shown}" }
                span { class: "table__sub", "{place}" }
                if number.needs_address {
                    span { class: "table__sub", "Needs an address on file at Twilio" }
                }
            }
            Capabilities { sms: can.sms, mms: can.mms, voice: can.voice }
            Button {
                size: ButtonSize::Small,
                disabled: number.needs_address,
                onclick: move |_| {
                    plan.ask(TwilioAction::Buy {
                        number: wanted.clone(),
                        shown: wanted_shown.clone(),
                        client_key,
                    });
                },
                "Buy"
                span { class: "sr-only", " {shown} " }
                if let Some(price) = price {
                    span { class: "subtle", "{price.display()}" }
                    span { class: "sr-only", " a month" }
                }
            }
        }
    }
}
