use chrono::NaiveDate;
use dioxus::prelude::*;

use crate::{
    bases::browser,
    ui::{FieldError, use_clock},
};

const FIELD_ID: &str = "since";
const ERROR_ID: &str = "since-error";
/// Twilio began in 2008. An earlier year is a slip of the keys, such as "0024".
const FIRST_DAY: &str = "2008-01-01";

/// The first day to import, which may stay empty.
#[component]
pub fn SinceField(error: Signal<Option<String>>) -> Element {
    // Like the server, in UTC.
    let today = use_clock().instant().date_naive();
    let wrong = error.read().is_some();
    rsx! {
        div { class: "field",
            label { class: "field__label", r#for: FIELD_ID,
                "Since "
                span { class: "field__aside subtle", "optional" }
            }
            input {
                class: "input",
                id: FIELD_ID,
                r#type: "date",
                min: FIRST_DAY,
                max: "{today}",
                aria_invalid: wrong.then_some("true"),
                aria_describedby: wrong.then_some(ERROR_ID),
                oninput: move |_| {
                    if error.peek().is_some() {
                        error.set(None);
                    }
                },
            }
            if let Some(message) = error() {
                FieldError { id: ERROR_ID, message }
            }
        }
    }
}

/// The day that stands in the field, or none where it is empty. If it is wrong, nothing is
/// answered, and the field says so.
pub fn read_since(mut error: Signal<Option<String>>) -> Option<Option<NaiveDate>> {
    let since = match browser::valid_input_text(FIELD_ID).as_deref() {
        Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(drop),
        None => Err(()),
    };
    if since.is_err() {
        error.set(Some(
            "Choose a whole date, today at the latest, or none.".to_owned(),
        ));
        browser::focus("#since");
    }
    since.ok()
}
