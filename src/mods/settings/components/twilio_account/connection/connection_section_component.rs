use std::{cell::Cell, rc::Rc};

use dioxus::prelude::*;

use super::{
    connect_form_component, connection_badge_component::ConnectionBadge,
    connection_facts_component::ConnectionFacts, disconnect_dialog_component::DisconnectDialog,
    first_connection_component, previous_token_component,
};
use crate::{
    bases::browser,
    mods::{
        account::{
            TWILIO_FORMS,
            types::{ConnectionMode, TwilioConnection},
        },
        settings::hooks::{TwilioAccount, use_twilio_account},
    },
    ui::{Banner, Button, ButtonKind, ButtonSize, Card, ChunkForm, Dialog, InChunk, Tone},
};

/// Which Twilio account is used, and how to connect another.
#[component]
pub fn ConnectionSection() -> Element {
    let account = use_twilio_account();
    let connection = account.connection();
    let can_change = account.can_change();
    let mut connecting = use_signal(|| false);
    let mut disconnecting = use_signal(|| false);
    let ondone = use_callback(move |()| connecting.set(false));
    use_focus_on_change(account);
    let is_connected = matches!(
        connection.mode,
        ConnectionMode::Shared | ConnectionMode::Own
    );
    let (title, verb) = if connection.mode == ConnectionMode::Own {
        ("Replace the auth token", "Replace token")
    } else {
        ("Connect your own account", "Connect account")
    };
    rsx! {
        Card {
            id: "connection",
            title: "Connection",
            lede: lede(&connection),
            badge: rsx! {
                ConnectionBadge { connection: connection.clone() }
                if can_change && is_connected {
                    Actions {
                        mode: connection.mode,
                        onconnect: move |()| connecting.set(true),
                        ondisconnect: move |()| disconnecting.set(true),
                    }
                }
            },
            div { class: "card__body",
                if let Some(problem) = connection.problem.clone().filter(|_| is_connected) {
                    Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                        p { "{problem}" }
                    }
                }
                if is_connected {
                    ConnectionFacts {
                        connection: connection.clone(),
                        onreplace: can_change.then(|| EventHandler::new(move |()| connecting.set(true))),
                    }
                    if connection.accepts_previous_token && connection.mode == ConnectionMode::Own {
                        InChunk {
                            chunk: TWILIO_FORMS,
                            form: ChunkForm::new(previous_token_component::open_chunk_twilio_forms, ()),
                        }
                    }
                } else {
                    InChunk {
                        chunk: TWILIO_FORMS,
                        form: ChunkForm::new(first_connection_component::open_chunk_twilio_forms, connection.clone()),
                    }
                }
            }
            Dialog { id: "connect", title, open: connecting,
                div { class: "dialog__body",
                    if connection.mode == ConnectionMode::Own {
                        p { class: "muted small",
                            "Enter the SID of the same account with its new token. Loquent accepts the old token’s signatures until you drop it. Enter another account’s SID to connect that account instead."
                        }
                    }
                    InChunk {
                        chunk: TWILIO_FORMS,
                        form: ChunkForm::new(connect_form_component::open_chunk_twilio_forms, (verb, ondone)),
                    }
                }
            }
            DisconnectDialog { open: disconnecting }
        }
    }
}

/// Puts the focus on the section when another account is connected, if the form or button that did
/// it had the focus: it may be gone.
fn use_focus_on_change(account: TwilioAccount) {
    let seen = use_hook(|| Rc::new(Cell::new(None)));
    use_effect(move || {
        let mode = account.connection().mode;
        let before = seen.replace(Some(mode));
        if before.is_some_and(|before| before != mode) {
            browser::focus_if_lost("#connection");
        }
    });
}

#[component]
fn Actions(
    mode: ConnectionMode,
    onconnect: EventHandler<()>,
    ondisconnect: EventHandler<()>,
) -> Element {
    let account = use_twilio_account();
    rsx! {
        div { class: "card__actions",
            Button {
                size: ButtonSize::Small,
                icon: "zap",
                busy: account.is_checking(),
                onclick: move |_| account.check(),
                "Test connection"
            }
            if mode == ConnectionMode::Own {
                Button {
                    kind: ButtonKind::Danger,
                    size: ButtonSize::Small,
                    onclick: move |_| ondisconnect.call(()),
                    "Disconnect…"
                }
            } else {
                Button {
                    size: ButtonSize::Small,
                    icon: "link",
                    onclick: move |_| onconnect.call(()),
                    "Connect your own…"
                }
            }
        }
    }
}

fn lede(connection: &TwilioConnection) -> &'static str {
    match connection.mode {
        ConnectionMode::Shared => "You’re using this server’s shared Twilio account.",
        ConnectionMode::Own => {
            "Your account, your numbers, your bill. The shared account is never used as a fallback."
        }
        ConnectionMode::OwnWithoutCredentials => {
            "Your own account is not connected. Nothing is sent until you connect it; the shared account is never used as a fallback."
        }
        ConnectionMode::NotConnected => "Connect a Twilio account to send and receive texts.",
    }
}
