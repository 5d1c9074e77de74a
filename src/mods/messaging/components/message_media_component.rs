use dioxus::prelude::*;

use crate::{
    mods::messaging::{
        api::retry_attachment_api,
        types::{Attachment, AttachmentState},
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
    look: &'static str,
) -> Element {
    let unknown = count.saturating_sub(attachments.len());
    rsx! {
        figure { class: "bubble bubble--media{look}",
            for attachment in attachments {
                MediaFile { key: "{attachment.id}", attachment }
            }
            for place in 0..unknown {
                LoadingFile { key: "{place}" }
            }
            if let Some(body) = body.filter(|body| !body.is_empty()) {
                figcaption { "{body}" }
            }
        }
    }
}

#[component]
fn MediaFile(attachment: Attachment) -> Element {
    match attachment.state {
        AttachmentState::Pending => rsx! {
            LoadingFile {}
        },
        AttachmentState::Failed => rsx! {
            FailedFile { attachment }
        },
        AttachmentState::Stored if attachment.is_picture() => rsx! {
            Picture { attachment }
        },
        AttachmentState::Stored => rsx! {
            a { class: "bubble__download", href: attachment.path(), target: "_blank",
                Icon { name: "image", size: "sm" }
                span { "{describe(&attachment)}" }
            }
        },
    }
}

/// A picture in a place that is kept free for it, so that nothing jumps when it comes.
#[component]
fn Picture(attachment: Attachment) -> Element {
    let (width, height) = attachment.place();
    rsx! {
        a {
            class: "bubble__image",
            href: attachment.path(),
            target: "_blank",
            aria_label: "Open picture full size",
            img {
                src: attachment.path(),
                width: "{width}",
                height: "{height}",
                style: "aspect-ratio: {width} / {height}",
                loading: "lazy",
                decoding: "async",
                alt: "Picture in this message",
            }
        }
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

/// `PDF · 12 KB`
fn describe(attachment: &Attachment) -> String {
    let kind = attachment
        .content_type
        .as_deref()
        .and_then(|kind| kind.rsplit('/').next())
        .unwrap_or("file")
        .to_uppercase();
    match attachment.bytes {
        Some(bytes) => format!("{kind} · {} KB", bytes.div_ceil(1024)),
        None => kind,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::bases::ids::AttachmentId;

    #[test]
    fn a_file_is_described_by_its_kind_and_size() {
        let mut file = Attachment {
            id: AttachmentId(Uuid::nil()),
            state: AttachmentState::Stored,
            content_type: Some("application/pdf".to_owned()),
            bytes: Some(12_000),
            width: None,
            height: None,
            error: None,
        };
        assert_eq!(describe(&file), "PDF · 12 KB");
        file.content_type = None;
        file.bytes = None;
        assert_eq!(describe(&file), "FILE");
    }
}
