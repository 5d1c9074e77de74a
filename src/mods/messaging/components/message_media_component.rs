use chrono::{DateTime, Utc};
use dioxus::prelude::*;

use super::{
    delivery_log_button_component::tab_index,
    file_card_component::FileCard,
    message_text_component::MessageText,
    picture_viewer_component::{Pictures, keep_keys},
};
use crate::{
    entities::states::AttachmentState,
    mods::messaging::{
        api::retry_attachment_api,
        types::{Attachment, FileKind, TextLink},
        utils::is_blank_util,
    },
    ui::{Button, ButtonSize, Icon},
};

/// The files of a message, with their text below. `count` is what Twilio says there are: until
/// their list is known, so many are shown as loading.
#[component]
pub fn MessageMedia(
    attachments: Vec<Attachment>,
    count: usize,
    body: Option<String>,
    links: Vec<TextLink>,
    /// It is in the message that the Tab key reaches.
    tab_stop: bool,
    look: &'static str,
    /// Who sent them, and when.
    author: String,
    at: DateTime<Utc>,
) -> Element {
    let unknown = count.saturating_sub(attachments.len());
    let (pictures, others): (Vec<_>, Vec<_>) =
        attachments.into_iter().partition(Attachment::is_picture);
    rsx! {
        figure { class: "bubble bubble--media{look}",
            if !pictures.is_empty() {
                Pictures { pictures, author: author.clone(), at, tab_stop }
            }
            for attachment in others {
                MediaFile { key: "{attachment.id}", attachment, author: author.clone(), tab_stop }
            }
            for place in 0..unknown {
                LoadingFile { key: "{place}" }
            }
            if let Some(body) = body.filter(|body| !is_blank_util(body)) {
                figcaption { dir: "auto",
                    MessageText { body, links, tab_stop }
                }
            }
        }
    }
}

/// What is no picture. What is played can be saved as well: not every browser knows every codec.
#[component]
fn MediaFile(attachment: Attachment, author: String, tab_stop: bool) -> Element {
    let label = format!("{} from {author}", attachment.kind.word());
    match attachment.state {
        AttachmentState::Pending => rsx! {
            LoadingFile {}
        },
        AttachmentState::Failed => rsx! {
            FailedFile { attachment }
        },
        AttachmentState::Stored => rsx! {
            if attachment.is_shown && attachment.kind == FileKind::Video {
                video {
                    class: "film",
                    src: attachment.path(),
                    controls: true,
                    preload: "metadata",
                    playsinline: true,
                    tabindex: tab_index(tab_stop),
                    aria_label: label,
                    onkeydown: keep_keys,
                }
            } else if attachment.is_shown {
                audio {
                    class: "sound",
                    src: attachment.path(),
                    controls: true,
                    preload: "metadata",
                    tabindex: tab_index(tab_stop),
                    aria_label: label,
                    onkeydown: keep_keys,
                }
            }
            FileCard { attachment, tab_stop }
        },
    }
}

#[component]
fn LoadingFile() -> Element {
    rsx! {
        div { class: "bubble__image bubble__image--loading skeleton", aria_busy: "true",
            span { class: "sr-only", "Loading a file from Twilio" }
        }
    }
}

/// Why the file is not here, and another try.
#[component]
fn FailedFile(attachment: Attachment) -> Element {
    let mut busy = use_signal(|| false);
    let mut refused = use_signal(|| None::<String>);
    let id = attachment.id;
    let retry = move |_| async move {
        busy.set(true);
        refused.set(
            retry_attachment_api(id)
                .await
                .err()
                .map(|error| error.to_string()),
        );
        busy.set(false);
    };
    let reason = refused()
        .or(attachment.error)
        .unwrap_or_else(|| "The file could not be fetched from Twilio.".to_owned());
    rsx! {
        div { class: "bubble__failed",
            Icon { name: "alert", size: "sm" }
            span { "{reason}" }
            Button { size: ButtonSize::Small, icon: "refresh", busy: busy(), onclick: retry, "Retry" }
        }
    }
}
