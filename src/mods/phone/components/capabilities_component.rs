use dioxus::prelude::*;

/// What a number can do.
#[component]
pub fn Capabilities(sms: bool, mms: bool, voice: bool) -> Element {
    rsx! {
        span { class: "caps",
            for (word, has) in [("SMS", sms), ("MMS", mms), ("Voice", voice)] {
                if has {
                    span { key: "{word}", class: "badge badge--square", "{word}" }
                }
            }
        }
    }
}
