use dioxus::prelude::*;

use super::settings_nav_component::SettingsNav;
use crate::{
    mods::twilio::{api::list_twilio_events_api, components::events::TwilioEventList},
    ui::{Card, Connection, Icon, LoadWords, loaded, open_page, use_page_data, use_title},
};

/// Every event from Twilio and what happened to it.
#[component]
pub fn SettingsTwilioEventsPage() -> Element {
    use_title(|| "Twilio events · Loquent".to_owned());
    rsx! {
        div { class: "settings",
            SettingsNav { current: "/settings/twilio/events" }
            main { class: "settings__scroll", id: "settings-main", tabindex: "-1",
                div { class: "settings__layout",
                    div { class: "settings__main",
                        header { class: "page-head",
                            div {
                                BackToTwilio {}
                                h1 { class: "page-head__title", "Events" }
                                p { class: "page-head__lede", "Every event from Twilio and what happened to it." }
                            }
                            Connection {}
                        }
                        LoadedEvents {}
                    }
                }
            }
        }
    }
}

#[component]
fn BackToTwilio() -> Element {
    rsx! {
        a {
            class: "link-button page-head__back",
            href: "/settings/twilio",
            onclick: move |event| open_page(&event, "/settings/twilio"),
            Icon { name: "chevron-left", size: "sm" }
            "Twilio settings"
        }
    }
}

#[component]
fn LoadedEvents() -> Element {
    let first = use_page_data(|| list_twilio_events_api(None, None, None))?;
    let words = LoadWords {
        loading: "Loading the events",
        failed: "The events could not be loaded",
    };
    let frame = |content| {
        rsx! {
            EventsCard { {content} }
        }
    };
    loaded(first, words, frame, |first| {
        rsx! {
            EventsCard { TwilioEventList { first } }
        }
    })
}

/// What stands around all states of the list.
#[component]
fn EventsCard(children: Element) -> Element {
    rsx! {
        Card {
            id: "events",
            title: "Recent events",
            lede: "Loquent saves every event before it answers Twilio. One that fails is retried, then waits here for you.",
            badge: rsx! {},
            {children}
        }
    }
}
