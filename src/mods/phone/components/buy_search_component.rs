use dioxus::prelude::*;

use crate::{
    mods::phone::types::{NumberKind, SearchAvailableNumbersIn},
    twilio::NumberCapabilities,
    ui::{Button, ButtonKind, Field, SelectArrow},
};

/// Countries that are offered: those that most customers of the product are in.
const COUNTRIES: [(&str, &str); 3] = [
    ("US", "United States"),
    ("CA", "Canada"),
    ("GB", "United Kingdom"),
];
const KINDS: [(NumberKind, &str); 3] = [
    (NumberKind::Local, "Local"),
    (NumberKind::TollFree, "Toll-free"),
    (NumberKind::Mobile, "Mobile"),
];

/// What kind of number is looked for.
#[component]
pub fn BuySearch(busy: bool, onsearch: EventHandler<SearchAvailableNumbersIn>) -> Element {
    let country = use_signal(|| "US".to_owned());
    let kind = use_signal(NumberKind::default);
    let mut area_code = use_signal(String::new);
    let mut contains = use_signal(String::new);
    let needs = use_signal(|| NumberCapabilities {
        sms: true,
        ..NumberCapabilities::default()
    });
    let has_area_codes = country() != "GB" && kind() == NumberKind::Local;
    let given =
        |text: Signal<String>| Some(text.peek().trim().to_owned()).filter(|text| !text.is_empty());
    let submit = move |event: FormEvent| {
        event.prevent_default();
        onsearch.call(SearchAvailableNumbersIn {
            country: country(),
            kind: kind(),
            area_code: given(area_code).filter(|_| has_area_codes),
            contains: given(contains),
            needs: needs(),
        });
    };
    rsx! {
        form { class: "buy-search", role: "search", aria_label: "Numbers for sale", onsubmit: submit,
            CountryField { country }
            KindField { kind }
            if has_area_codes {
                Field { id: "buy-area", label: "Area code",
                    input {
                        class: "input",
                        id: "buy-area",
                        inputmode: "numeric",
                        maxlength: "3",
                        pattern: "[0-9]{{3}}",
                        title: "Three digits",
                        autocomplete: "off",
                        placeholder: "Any",
                        value: "{area_code}",
                        oninput: move |event| area_code.set(event.value()),
                    }
                }
            }
            Field { id: "buy-contains", label: "Contains",
                input {
                    class: "input",
                    id: "buy-contains",
                    maxlength: "16",
                    autocomplete: "off",
                    placeholder: "Digits or letters",
                    value: "{contains}",
                    oninput: move |event| contains.set(event.value()),
                }
            }
            div { class: "cluster",
                Needs { needs }
                Button { kind: ButtonKind::Primary, icon: "search", r#type: "submit", busy, "Search" }
            }
        }
    }
}

/// What the number must be able to do.
#[component]
fn Needs(mut needs: Signal<NumberCapabilities>) -> Element {
    rsx! {
        div { class: "cluster", role: "group", aria_label: "Must do",
            label { class: "checkbox",
                input {
                    r#type: "checkbox",
                    checked: needs().sms,
                    onchange: move |event| needs.write().sms = event.checked(),
                }
                "SMS"
            }
            label { class: "checkbox",
                input {
                    r#type: "checkbox",
                    checked: needs().mms,
                    onchange: move |event| needs.write().mms = event.checked(),
                }
                "MMS"
            }
            label { class: "checkbox",
                input {
                    r#type: "checkbox",
                    checked: needs().voice,
                    onchange: move |event| needs.write().voice = event.checked(),
                }
                "Voice"
            }
        }
    }
}

#[component]
fn CountryField(mut country: Signal<String>) -> Element {
    rsx! {
        Field { id: "buy-country", label: "Country",
            span { class: "select",
                select {
                    id: "buy-country",
                    onchange: move |event| country.set(event.value()),
                    for (code, name) in COUNTRIES {
                        option { key: "{code}", value: code, selected: country() == code, "{name}" }
                    }
                }
                SelectArrow {}
            }
        }
    }
}

#[component]
fn KindField(mut kind: Signal<NumberKind>) -> Element {
    rsx! {
        Field { id: "buy-kind", label: "Type",
            span { class: "select",
                select {
                    id: "buy-kind",
                    onchange: move |event| {
                        let chosen = KINDS.iter().find(|(_, name)| *name == event.value());
                        kind.set(chosen.map_or_else(NumberKind::default, |(kind, _)| *kind));
                    },
                    for (one, name) in KINDS {
                        option { key: "{name}", value: name, selected: kind() == one, "{name}" }
                    }
                }
                SelectArrow {}
            }
        }
    }
}
