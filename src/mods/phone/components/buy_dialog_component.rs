use dioxus::prelude::*;

use super::{available_number_row_component::AvailableNumberRow, buy_search_component::BuySearch};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::{
        account::TWILIO_FORMS,
        auth::hooks::use_outcomes,
        phone::{
            api::search_available_numbers_api,
            types::{AvailableNumbers, SearchAvailableNumbersIn},
        },
    },
    ui::{Banner, ChunkForm, Dialog, EmptyState, InChunk, RowSkeleton, Tone},
};

/// Searches the numbers that Twilio sells. Buying one shows its plan first.
#[component]
pub fn BuyDialog(open: Signal<bool>) -> Element {
    rsx! {
        Dialog { id: "buy-number", title: "Buy a number", open,
            InChunk { chunk: TWILIO_FORMS, form: ChunkForm::new(open_chunk_twilio_forms, open) }
        }
    }
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms(open: Signal<bool>) -> Element {
    rsx! {
        Search { open }
    }
}

#[component]
fn Search(open: Signal<bool>) -> Element {
    let outcomes = use_outcomes();
    let mut busy = use_signal(|| false);
    let mut found = use_signal(|| None::<Result<AvailableNumbers, AppError>>);
    let search = move |wanted: SearchAvailableNumbersIn| async move {
        if busy() {
            return;
        }
        busy.set(true);
        found.set(None);
        let answer = search_available_numbers_api(ApiJson(wanted)).await;
        if let Err(error) = &answer {
            outcomes.words_of(error);
        }
        found.set(Some(answer));
        busy.set(false);
    };
    rsx! {
        div { class: "dialog__body",
            BuySearch { busy: busy(), onsearch: search }
            p { class: "subtle small", role: "status",
                match found() {
                    _ if busy() => rsx! { "Asking Twilio…" },
                    Some(Ok(available)) => rsx! { "{available.numbers.len()} numbers" },
                    Some(Err(_)) | None => rsx! {},
                }
            }
            if busy() {
                RowSkeleton { label: "Searching" }
            }
            match found() {
                None => rsx! {},
                Some(Err(error)) => rsx! {
                    Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                        p { "{error}" }
                    }
                },
                Some(Ok(available)) if available.numbers.is_empty() => rsx! {
                    EmptyState {
                        title: "No such number for sale",
                        text: "Try another area code, or ask for less.",
                        compact: true,
                    }
                },
                Some(Ok(available)) => rsx! {
                    ul { class: "result-list", aria_label: "Numbers for sale",
                        for number in available.numbers {
                            AvailableNumberRow {
                                key: "{number.number}",
                                number,
                                price: available.monthly_price.clone(),
                                asked_in: open,
                            }
                        }
                    }
                },
            }
            Banner { tone: Tone::Warning, icon: "info", boxed: true,
                p { "Buying changes your Twilio account: it adds the number and points its voice URL at Loquent. You see a last confirmation before anything is bought." }
            }
        }
    }
}
