use dioxus::prelude::*;
use futures::future::LocalBoxFuture;

use crate::{
    bases::error::AppError,
    mods::{
        account::{TWILIO_FORMS, types::TestEventAnswer},
        settings::hooks::use_twilio_account,
        twilio::api::send_test_event_api,
    },
    ui::{Banner, Button, Tone, call_in_chunk},
};

/// Lets Twilio send a test event, and says whether it arrived.
#[component]
pub fn TestEvent() -> Element {
    let account = use_twilio_account();
    let mut busy = use_signal(|| false);
    let mut answer = use_signal(|| None::<Result<TestEventAnswer, String>>);
    let send = move |_| async move {
        busy.set(true);
        answer.set(None);
        let sent = call_in_chunk(TWILIO_FORMS, open_chunk_twilio_forms, ()).await;
        let sent = sent.unwrap_or(Err(AppError::Unavailable));
        answer.set(Some(
            sent.map_err(|error| account.outcomes.words_of(&error)),
        ));
        busy.set(false);
        account.refresh();
    };
    rsx! {
        div { class: "cluster",
            Button { icon: "send", busy: busy(), onclick: send, "Send test event" }
            span { class: "small muted", role: "status",
                if busy() {
                    "Waiting for it to come back from Twilio…"
                } else if let Some(Ok(TestEventAnswer { arrived: true, took_ms, .. })) = answer() {
                    "It arrived after {took_ms} ms, with a valid signature."
                }
            }
        }
        match answer() {
            Some(Ok(TestEventAnswer { arrived: false, took_ms, hint })) => rsx! {
                Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                    p { "It did not arrive within {took_ms / 1000} s. {hint.as_deref().unwrap_or_default()}" }
                }
            },
            Some(Err(error)) => rsx! {
                Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                    p { "{error}" }
                }
            },
            Some(Ok(_)) | None => rsx! {},
        }
    }
}

/// The call is in the chunk of the forms.
fn open_chunk_twilio_forms((): ()) -> LocalBoxFuture<'static, Result<TestEventAnswer, AppError>> {
    Box::pin(send_test_event_api())
}
