use dioxus::prelude::*;

use crate::ui::{Avatar, AvatarSize, Icon};

/// What Loquent is, in four texts; beside the login form where there is room.
#[component]
pub fn LoginScene() -> Element {
    rsx! {
        aside { class: "auth__aside", aria_label: "About Loquent",
            div { class: "auth__scene",
                ol { class: "thread__list", aria_hidden: "true",
                    CustomerText { text: "Is anyone free to look at our boiler this week?", time: "9:02 AM" }
                    li { class: "message message--out",
                        div { class: "bubble", "Yes. Thursday at 10 or Friday at 2?" }
                        div { class: "message__meta",
                            span { "Priya" }
                            span { class: "sep" }
                            span { "9:03 AM" }
                            span { class: "sep" }
                            span { class: "tick tick--delivered",
                                Icon { name: "checks" }
                                "Delivered"
                            }
                        }
                    }
                    CustomerText { text: "Thursday at 10 please", time: "9:04 AM" }
                    li { class: "message message--out",
                        div { class: "bubble", "Booked. You will get a reminder the day before." }
                        div { class: "message__meta",
                            span { class: "source-badge source-badge--external",
                                Icon { name: "external" }
                                "External"
                            }
                            span { class: "sep" }
                            span { "9:04 AM" }
                            span { class: "sep" }
                            span { class: "tick tick--sent",
                                Icon { name: "check" }
                                "Sent"
                            }
                        }
                    }
                }
                p { class: "auth__line", "Every text on your Twilio account, in one calm inbox." }
            }
        }
    }
}

#[component]
fn CustomerText(text: &'static str, time: &'static str) -> Element {
    rsx! {
        li { class: "message message--in",
            Avatar { initials: "HI".to_owned(), hue: 4, size: AvatarSize::Small }
            div { class: "bubble", "{text}" }
            div { class: "message__meta",
                span { "{time}" }
            }
        }
    }
}
