//! The settings pages are chunks of the client: nobody downloads them to read texts.

use std::hint::black_box;

use dioxus::prelude::*;

use crate::{
    bases::error::AppError,
    mods::settings::components as pages,
    ui::{ChunkState, LoadError, NeedsChunk, RowSkeleton, use_chunk},
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum SettingsPage {
    Twilio,
    TwilioEvents,
}

impl SettingsPage {
    fn chunk(self) -> &'static str {
        match self {
            Self::Twilio => "twilio_settings",
            Self::TwilioEvents => "twilio_events",
        }
    }

    fn address(self) -> &'static str {
        match self {
            Self::Twilio => "/settings/twilio",
            Self::TwilioEvents => "/settings/twilio/events",
        }
    }

    /// The page, once its chunk is there.
    fn open(self) -> Element {
        // A call through a pointer: a direct one would tie the chunk to the main module.
        let open: fn() -> Element = match self {
            Self::Twilio => black_box(open_chunk_twilio_settings),
            Self::TwilioEvents => black_box(open_chunk_twilio_events),
        };
        open()
    }
}

/// The way into a chunk. `xtask/node/split` finds it by its name, and moves what only it needs.
fn open_chunk_twilio_settings() -> Element {
    rsx! {
        pages::SettingsTwilioPage {}
    }
}

/// See [`open_chunk_twilio_settings`].
fn open_chunk_twilio_events() -> Element {
    rsx! {
        pages::SettingsTwilioEventsPage {}
    }
}

#[component]
pub fn SettingsTwilioPage() -> Element {
    rsx! {
        SettingsChunk { page: SettingsPage::Twilio }
    }
}

#[component]
pub fn SettingsTwilioEventsPage() -> Element {
    rsx! {
        SettingsChunk { page: SettingsPage::TwilioEvents }
    }
}

#[component]
fn SettingsChunk(page: SettingsPage) -> Element {
    let chunk = use_chunk(page.chunk());
    match chunk.state() {
        ChunkState::Loaded => rsx! {
            NeedsChunk { name: page.chunk() }
            {page.open()}
        },
        ChunkState::Loading => rsx! {
            Frame { page,
                div { aria_busy: "true",
                    RowSkeleton { label: "Loading the settings" }
                }
            }
        },
        ChunkState::Failed => rsx! {
            Frame { page,
                LoadError {
                    title: "The settings could not be loaded",
                    error: AppError::Unavailable,
                    onretry: move |()| chunk.retry(),
                }
            }
        },
    }
}

/// What stands around a page that is on its way.
#[component]
fn Frame(page: SettingsPage, children: Element) -> Element {
    rsx! {
        div { class: "settings",
            pages::SettingsNav { current: page.address() }
            main { class: "settings__scroll", id: "settings-main", tabindex: "-1",
                div { class: "settings__layout",
                    div { class: "settings__main", {children} }
                }
            }
        }
    }
}
