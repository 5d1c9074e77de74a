use dioxus::prelude::*;

use crate::{
    bases::ids::PhoneNumberId,
    mods::{contact::types::Contact, messaging::hooks::Inbox},
    ui::{Field, FieldError},
};

const CONTACTS_ID: &str = "new-message-contacts";
const ERROR_ID: &str = "new-message-to-error";
/// Fewer digits may be the beginning of anybody's number.
const TELLING_DIGITS: usize = 7;
/// As many as a person looks through.
const SUGGESTIONS: usize = 8;

/// Whom a new message is for, as far as this browser knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    contact: Option<Contact>,
    is_own: bool,
    suggestions: Vec<Contact>,
}

impl Recipient {
    /// Whom the text means: a number, or the beginning of one or of a name.
    pub fn of(inbox: Inbox, to: &str) -> Self {
        let (to, digits) = (to.trim().to_lowercase(), digits_of(to));
        // Many countries write a 0 before a number of their own.
        let national = digits.trim_start_matches('0');
        let is_meant =
            |phone: &str| national.len() >= TELLING_DIGITS && digits_of(phone).ends_with(national);
        let rows = inbox.rows();
        let rows = rows.read();
        let contacts = || rows.iter().map(|row| &row.contact);
        let is_like = |contact: &&Contact| {
            let name = contact.display_name().to_lowercase();
            !to.is_empty()
                && (name.contains(&to)
                    || (digits.len() >= 3 && digits_of(&contact.phone).contains(&digits)))
        };
        let numbers = inbox.numbers();
        let numbers = numbers.read();
        Self {
            contact: contacts().find(|contact| is_meant(&contact.phone)).cloned(),
            is_own: numbers
                .iter()
                .any(|number| is_meant(number.number.as_str())),
            suggestions: contacts()
                .filter(is_like)
                .take(SUGGESTIONS)
                .cloned()
                .collect(),
        }
    }

    /// Why no text can be sent there from a number.
    pub fn problem(&self, from: Option<PhoneNumberId>) -> Option<&'static str> {
        let contact = self.contact.as_ref();
        let opted_out = contact.is_some_and(|contact| contact.opted_out_at.is_some());
        let is_closed = contact
            .zip(from)
            .is_some_and(|(contact, from)| contact.closed_numbers.contains(&from));
        match () {
            () if self.is_own => Some("That is one of your own numbers."),
            () if opted_out => {
                Some("This person texted STOP. You can’t text them until they send START.")
            }
            () if is_closed => {
                Some("This person texted STOP to the number below. Choose another one.")
            }
            () => None,
        }
    }
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The field for the number, with the contacts that it may mean, and what is wrong with it.
#[component]
pub fn NewMessageTo(
    to: String,
    recipient: Recipient,
    /// What is wrong with it.
    problem: Option<String>,
    oninput: EventHandler<String>,
) -> Element {
    rsx! {
        Field { id: "new-message-to", label: "To",
            input {
                class: "input",
                id: "new-message-to",
                r#type: "tel",
                dir: "auto",
                autocomplete: "off",
                list: CONTACTS_ID,
                autofocus: true,
                required: true,
                placeholder: "Name or number, (415) 555-0123",
                value: "{to}",
                aria_invalid: problem.is_some().then_some("true"),
                aria_describedby: problem.is_some().then_some(ERROR_ID),
                oninput: move |event| oninput.call(event.value()),
            }
            datalist { id: CONTACTS_ID,
                for contact in recipient.suggestions {
                    option { key: "{contact.id}", value: "{contact.phone}", "{contact.display_name()}" }
                }
            }
            if let Some(message) = problem.clone() {
                FieldError { id: ERROR_ID, message }
            } else if let Some(contact) = recipient.contact {
                p { class: "field__hint", bdi { "{contact.display_name()}" } }
            }
        }
    }
}
