use dioxus::prelude::*;
use futures::FutureExt as _;

use super::{
    settings_nav_component::SettingsNav,
    sync_message_history_section_component::{ImportSections, SyncMessageHistorySection},
    twilio_account::{
        ActivitySection, ConnectionSection, EffectsSection, ForwardingSection, HealthSection,
        NumbersSection, PageIndex, VoiceAnswerSection,
    },
};
use crate::{
    mods::{
        account::{TWILIO_FORMS, components::PlanDialog, hooks::use_plan_dialog_provider},
        settings::{
            api::get_twilio_overview_api,
            hooks::{use_twilio_account, use_twilio_account_provider},
            types::TwilioOverview,
        },
        twilio::{components::reconciliation::ReconciliationSection, hooks::use_imports},
    },
    ui::{
        Banner, Card, ChunkForm, Connection, InChunk, LoadWords, Tone, loaded, use_page_data,
        use_title,
    },
};

/// The organization's Twilio account: connect it, see it, set it up, and undo that.
#[component]
pub fn SettingsTwilioPage() -> Element {
    use_title(|| "Twilio settings · Loquent".to_owned());
    rsx! {
        div { class: "settings",
            SettingsNav { current: "/settings/twilio" }
            main { class: "settings__scroll", id: "settings-main", tabindex: "-1",
                LoadedPage {}
            }
        }
    }
}

#[component]
fn LoadedPage() -> Element {
    let overview = use_page_data(get_twilio_overview_api)?;
    let words = LoadWords {
        loading: "Loading your Twilio account",
        failed: "Your Twilio account could not be loaded",
    };
    let frame = |content| {
        rsx! {
            Layout { index: rsx! {},
                AccountCard { {content} }
                // They have answers of their own.
                if overview.has_failed() {
                    InChunk { chunk: TWILIO_FORMS, form: ChunkForm::new(open_chunk_twilio_forms, ()) }
                    ReconciliationSection {}
                }
            }
        }
    };
    loaded(overview, words, frame, |first| {
        rsx! {
            Sections { first }
        }
    })
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms((): ()) -> Element {
    rsx! {
        SyncMessageHistorySection {}
    }
}

#[component]
fn Sections(first: TwilioOverview) -> Element {
    let account = use_twilio_account_provider(first);
    use_plan_dialog_provider(use_callback(move |()| account.reload().boxed_local()));
    let numbers = use_hook(|| account.histories());
    let syncs = use_imports(numbers);
    rsx! {
        Layout {
            index: rsx! {
                PageIndex { syncs }
            },
            ReadOnly {}
            ConnectionSection {}
            HealthSection {}
            ForwardingSection {}
            ImportSections { syncs }
            NumbersSection {}
            VoiceAnswerSection {}
            ReconciliationSection {}
            EffectsSection {}
            ActivitySection {}
            PlanDialog {}
        }
    }
}

/// What stands around all states of the page.
#[component]
fn Layout(index: Element, children: Element) -> Element {
    rsx! {
        div { class: "settings__layout settings__layout--indexed",
            div { class: "settings__main",
                header { class: "page-head",
                    div {
                        h1 { class: "page-head__title", "Twilio" }
                        p { class: "page-head__lede", "Your account, your numbers, and exactly what Loquent does with them." }
                    }
                    Connection {}
                }
                {children}
            }
            {index}
        }
    }
}

/// Why there are no buttons.
#[component]
fn ReadOnly() -> Element {
    if use_twilio_account().can_change() {
        return rsx! {};
    }
    rsx! {
        Banner { tone: Tone::Neutral, icon: "lock", boxed: true,
            p { "View only. Ask an admin to make changes." }
        }
    }
}

#[component]
fn AccountCard(children: Element) -> Element {
    rsx! {
        Card {
            id: "connection",
            title: "Connection",
            lede: "The Twilio account of your organization.",
            badge: rsx! {},
            {children}
        }
    }
}
