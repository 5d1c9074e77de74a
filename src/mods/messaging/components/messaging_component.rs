use std::{cell::Cell, rc::Rc};

use dioxus::prelude::*;

use super::{
    from_picker_component::sending_numbers, messaging_contact_list_component::MessagingContactList,
    messaging_view::MessagingView, new_message_dialog_component::NewMessageDialog,
};
use crate::{
    bases::{browser, ids::ContactId},
    mods::messaging::hooks::{ListState, use_inbox},
    ui::{Shortcut, use_shortcuts, use_window_event},
};

/// The inbox: the conversation list, and what is opened from it.
#[component]
pub fn Messaging(open: ReadSignal<Option<ContactId>>, children: Element) -> Element {
    let inbox = use_inbox();
    let mut view = use_context_provider(MessagingView::closed);
    use_messaging_shortcuts(view, open);
    use_details_focus(view);
    use_effect(move || {
        view.measure();
        view.recall();
    });
    use_window_event("resize", move || view.measure());
    let empty = inbox.total() == 0 && inbox.state() == ListState::Ready;
    let class = match open() {
        Some(_) => "panes",
        None if empty => "panes panes--empty",
        None => "panes panes--no-thread",
    };
    rsx! {
        main { class, "data-details": if (view.details)() { "open" } else { "closed" },
            "data-beside": (!(view.beside)()).then_some("closed"),
            h1 { class: "sr-only", "Inbox" }
            MessagingContactList { open }
            {children}
        }
        NewMessageDialog { open: view.composing }
    }
}

fn use_messaging_shortcuts(mut view: MessagingView, open: ReadSignal<Option<ContactId>>) {
    let (navigator, inbox) = (use_navigator(), use_inbox());
    use_shortcuts(move |shortcut| match shortcut {
        Shortcut::Next => browser::move_focus(".conversation-row", 1),
        Shortcut::Previous => browser::move_focus(".conversation-row", -1),
        Shortcut::Reply => {
            browser::focus("#reply");
        }
        Shortcut::NewMessage if !sending_numbers(inbox).is_empty() => view.composing.set(true),
        Shortcut::Details if open.peek().is_some() => view.toggle_details(),
        Shortcut::Escape if *view.details.peek() => view.toggle_details(),
        Shortcut::Escape if view.history.peek().is_some() => view.close_history(),
        // On a phone the list is another page.
        Shortcut::Escape
            if open.peek().is_some()
                && !browser::focus(".conversation-row[aria-current]")
                && !browser::focus(".conversation-row") =>
        {
            navigator.push("/messaging");
        }
        _ => {}
    });
}

/// Moves the focus into the details when they open, and back when they close.
fn use_details_focus(mut view: MessagingView) {
    let before = use_hook(|| Rc::new(Cell::new((false, false))));
    use_effect(move || {
        let (wide, open) = ((view.wide)(), view.shows_details());
        let (was_wide, was_open) = before.replace((wide, open));
        // Not where only the room has changed.
        if was_wide == wide && was_open != open {
            if open {
                // The history takes it itself.
                if view.history.peek().is_none() {
                    browser::focus(".pane-close");
                }
            } else if !view.leave_history() {
                browser::focus(".details-toggle");
            }
        }
    });
}
