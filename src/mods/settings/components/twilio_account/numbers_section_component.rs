use dioxus::prelude::*;

use crate::{
    mods::{
        account::types::ConnectionMode,
        phone::{
            components::{BuyDialog, ImportDialog, NumberDialog, NumberRow, RemoveDialog},
            types::PhoneNumber,
        },
        settings::hooks::use_twilio_account,
    },
    ui::{Badge, Button, ButtonKind, ButtonSize, Card, EmptyState, Table, Tone},
};

/// The organization's numbers, what they can do and where they lead; more are imported or bought.
#[component]
pub fn NumbersSection() -> Element {
    let account = use_twilio_account();
    let mut importing = use_signal(|| false);
    let mut buying = use_signal(|| false);
    let editing = use_signal(|| None::<PhoneNumber>);
    let removing = use_signal(|| None::<PhoneNumber>);
    let numbers = account.numbers();
    let can_change = account.can_change();
    let is_connected = matches!(
        account.connection().mode,
        ConnectionMode::Shared | ConnectionMode::Own
    );
    rsx! {
        Card {
            id: "numbers",
            title: "Phone numbers",
            lede: "What your numbers can do, and where Twilio sends their texts and calls.",
            badge: rsx! {
                Badge { tone: Tone::Neutral,
                    "{numbers.len()}"
                    span { class: "sr-only", " numbers" }
                }
                if can_change && is_connected {
                    div { class: "card__actions",
                        Button {
                            size: ButtonSize::Small,
                            icon: "import",
                            onclick: move |_| importing.set(true),
                            "Import numbers…"
                        }
                        Button {
                            kind: ButtonKind::Primary,
                            size: ButtonSize::Small,
                            icon: "plus",
                            onclick: move |_| buying.set(true),
                            "Buy a number…"
                        }
                    }
                }
            },
            if numbers.is_empty() {
                div { class: "card__section",
                    EmptyState {
                        title: "No numbers yet",
                        text: if !is_connected {
                            "Connect a Twilio account first, then import its numbers here."
                        } else if can_change {
                            "Import the numbers that your Twilio account has, or buy one."
                        } else {
                            "An admin or owner imports or buys numbers here."
                        },
                        compact: true,
                    }
                }
            } else {
                NumberTable { numbers, editing, removing }
            }
            ImportDialog {
                open: importing,
                onimported: move |()| {
                    // A check updates all tabs, and the routing of the new numbers.
                    account.check();
                    account.refresh();
                },
            }
            BuyDialog { open: buying }
            NumberDialog { editing, onchanged: move |number| account.take_number(number) }
            RemoveDialog { removing, onremoved: move |()| account.refresh() }
        }
    }
}

#[component]
fn NumberTable(
    numbers: Vec<PhoneNumber>,
    editing: Signal<Option<PhoneNumber>>,
    removing: Signal<Option<PhoneNumber>>,
) -> Element {
    let account = use_twilio_account();
    let can_change = account.can_change();
    rsx! {
        Table { caption: "Phone numbers and where Twilio sends their texts and calls",
            thead {
                tr {
                    th { scope: "col", "Number" }
                    th { scope: "col", "Can do" }
                    th { scope: "col", "Texts" }
                    th { scope: "col", "Calls" }
                    if can_change {
                        th { scope: "col",
                            span { class: "sr-only", "Actions" }
                        }
                    }
                }
            }
            tbody {
                for number in numbers {
                    NumberRow {
                        key: "{number.id}",
                        health: account.number_health(number.id),
                        is_forwarded: account.is_forwarded(),
                        can_change,
                        number,
                        editing,
                        removing,
                    }
                }
            }
        }
    }
}
