use chrono::{DateTime, Utc};
use dioxus::prelude::*;

use super::delivery_log_button_component::tab_index;
use crate::{
    mods::messaging::types::Attachment,
    ui::{Icon, IconButton, use_clock, use_shown_dialog},
};

/// Narrower ones are not stretched to fill a place among others.
const SMALL_PX: u32 = 140;

/// The pictures of a message, each in a place that is kept free for it, so that nothing jumps when
/// it comes. Several stand side by side. A click opens the viewer; without script, the picture.
#[component]
pub fn Pictures(
    pictures: Vec<Attachment>,
    author: String,
    at: DateTime<Utc>,
    /// They are in the message that the Tab key reaches.
    tab_stop: bool,
) -> Element {
    let when = use_clock().day_and_time(at);
    let mut open = use_signal(|| None::<usize>);
    let count = pictures.len();
    let class = if count > 1 { "media-grid" } else { "" };
    rsx! {
        div { class,
            for (index, picture) in pictures.iter().enumerate() {
                a {
                    key: "{picture.id}",
                    class: "bubble__image",
                    href: picture.path(),
                    target: "_blank",
                    tabindex: tab_index(tab_stop),
                    onclick: move |event| {
                        let keys = event.modifiers();
                        if !(keys.ctrl() || keys.meta() || keys.shift()) {
                            event.prevent_default();
                            open.set(Some(index));
                        }
                    },
                    Picture {
                        picture: picture.clone(),
                        alt: "{label(index, count)} from {author}, {when}",
                    }
                }
            }
        }
        Viewer { pictures, author, when, open }
    }
}

#[component]
fn Picture(picture: Attachment, alt: String) -> Element {
    let (width, height) = picture.place();
    let shape = picture.place_class();
    let is_small = picture.width.is_some_and(|width| width < SMALL_PX);
    let size = if is_small { "is-small" } else { "" };
    rsx! {
        img {
            class: "{shape} {size}",
            src: picture.path(),
            width: "{width}",
            height: "{height}",
            loading: "lazy",
            decoding: "async",
            alt,
        }
    }
}

/// One picture on the whole screen. Arrow keys show the next one, Esc closes it.
#[component]
fn Viewer(
    pictures: Vec<Attachment>,
    author: String,
    when: String,
    open: Signal<Option<usize>>,
) -> Element {
    let count = pictures.len();
    let id = pictures
        .first()
        .map(|first| format!("viewer-{}", first.id))
        .unwrap_or_default();
    use_shown_dialog(id.clone(), move || open().is_some());
    let mut turn = move |by: usize| {
        let place = *open.peek();
        let next = place.map(|place| (place + by) % count);
        open.set(next);
    };
    let shown = open().and_then(|place| Some((place, pictures.get(place)?)));
    rsx! {
        dialog {
            class: "viewer",
            id,
            aria_label: "Photos from {author}",
            oncancel: move |_| open.set(None),
            onkeydown: move |event| match event.key() {
                Key::ArrowRight => turn(1),
                Key::ArrowLeft => turn(count - 1),
                _ => keep_keys(event),
            },
            if let Some((place, picture)) = shown {
                div { class: "viewer__head",
                    p { role: "status",
                        "{author}"
                        small { "{when} · {label(place, count)} · {picture.size().unwrap_or_default()}" }
                    }
                    a {
                        class: "button button--ghost button--icon",
                        href: picture.download_path(),
                        aria_label: "Download {picture.name}",
                        title: "Download",
                        Icon { name: "download" }
                    }
                    IconButton { icon: "x", label: "Close", autofocus: true, onclick: move |_| open.set(None) }
                }
                div { class: "viewer__stage",
                    if count > 1 {
                        IconButton { icon: "chevron-left", label: "Previous photo", onclick: move |_| turn(count - 1) }
                    }
                    img {
                        src: picture.path(),
                        alt: "{label(place, count)} from {author}, {when}",
                    }
                    if count > 1 {
                        IconButton { icon: "chevron-right", label: "Next photo", onclick: move |_| turn(1) }
                    }
                }
                if count > 1 {
                    div { class: "viewer__strip",
                        for (index, one) in pictures.iter().enumerate() {
                            button {
                                key: "{one.id}",
                                r#type: "button",
                                aria_label: "Photo {index + 1}",
                                aria_current: (index == place).then_some("true"),
                                onclick: move |_| open.set(Some(index)),
                                img { src: one.path(), alt: "" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// "Photo", or "Photo 2 of 4".
fn label(index: usize, count: usize) -> String {
    match count {
        1 => "Photo".to_owned(),
        _ => format!("Photo {} of {count}", index + 1),
    }
}

/// Keeps from the thread what a player or the viewer does with the keys that move among messages.
pub fn keep_keys(event: KeyboardEvent) {
    if matches!(
        event.key(),
        Key::ArrowUp | Key::ArrowDown | Key::Home | Key::End
    ) {
        event.stop_propagation();
    }
}
