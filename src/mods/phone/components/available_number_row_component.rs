use dioxus::prelude::*;

use super::capabilities_component::Capabilities;
use crate::{
    bases::browser,
    mods::{
        account::hooks::use_plan_dialog,
        phone::{
            number_actions::buy_action,
            types::{AvailableNumber, MonthlyPrice},
        },
    },
    ui::{Button, ButtonSize},
};

/// A number that can be bought.
#[component]
pub fn AvailableNumberRow(
    number: AvailableNumber,
    price: Option<MonthlyPrice>,
    /// The window that the row is in.
    asked_in: Signal<bool>,
) -> Element {
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
    let wanted = number.clone();
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
                onclick: move |_| plan.ask(buy_action(&wanted, client_key, asked_in)),
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
