use dioxus::prelude::*;

use crate::{
    mods::contact::types::Contact,
    ui::{Avatar, AvatarSize, Badge, Icon, IconButton, Tone, hue_of, use_clock},
};

/// Who a contact is, beside their thread; a drawer over it where there is less room.
#[component]
pub fn ContactPane(
    contact: Contact,
    /// The tag of the organization's number that their last message went through.
    number_tag: Option<Element>,
    onclose: EventHandler<()>,
    /// What stands above the details.
    children: Element,
) -> Element {
    let named = contact.initials().is_some();
    rsx! {
        section { class: "pane pane--contact", aria_label: "Contact details", tabindex: "0",
            div { class: "contact-head",
                IconButton {
                    icon: "x",
                    label: "Close details",
                    class: "pane-close",
                    onclick: move |_| onclose.call(()),
                }
                Avatar { initials: contact.initials(), hue: hue_of(contact.id.0), size: AvatarSize::Large }
                div { class: "contact-head__who",
                    h2 { class: "contact-head__name", bdi { "{contact.display_name()}" } }
                    if named {
                        p { class: "contact-head__sub num", "{contact.phone_shown}" }
                    }
                }
            }
            {children}
            ContactDetails { contact, number_tag }
        }
    }
}

#[component]
fn ContactDetails(contact: Contact, number_tag: Option<Element>) -> Element {
    let clock = use_clock();
    rsx! {
        section { class: "panel-section", aria_labelledby: "contact-details",
            h3 { class: "panel-section__title", id: "contact-details", "Details" }
            dl { class: "dl",
                dt { "Phone" }
                dd { class: "num", "{contact.phone_shown}" }
                if let Some(at) = contact.opted_out_at {
                    dt { "Texting" }
                    dd {
                        Badge { tone: Tone::Warning,
                            Icon { name: "ban" }
                            "Opted out"
                        }
                        span { class: "subtle tiny", "{clock.day_and_time(at)}" }
                    }
                }
                if let Some(number_tag) = number_tag {
                    dt { "Number" }
                    dd { {number_tag} }
                }
                dt { "Source" }
                dd {
                    code { "{contact.source}" }
                }
                dt { "First contact" }
                dd { "{clock.day_and_time(contact.created_at)}" }
                if let Some(at) = contact.last_contacted_at {
                    dt { "Last contacted" }
                    dd { "{clock.day_and_time(at)}" }
                }
            }
        }
    }
}
