use dioxus::prelude::*;

use crate::ui::IconButton;

/// A window above the page, which is inert behind it. Esc closes it, and the focus goes back to
/// where it was. Its contents exist only while it is open.
#[component]
pub fn Dialog(id: &'static str, title: String, open: Signal<bool>, children: Element) -> Element {
    use_shown_dialog(id.to_owned(), move || *open.read());
    rsx! {
        dialog {
            class: "dialog",
            id,
            aria_labelledby: "{id}-title",
            // Esc: the browser closes it, we follow.
            oncancel: move |_| open.set(false),
            if open() {
                header { class: "dialog__head",
                    h2 { class: "dialog__title", id: "{id}-title", "{title}" }
                    IconButton {
                        icon: "x",
                        label: "Close",
                        small: true,
                        onclick: move |_| open.set(false),
                    }
                }
                {children}
            }
        }
    }
}

/// Opens and closes the `dialog` of this id as the answer changes.
pub fn use_shown_dialog(id: String, mut is_open: impl FnMut() -> bool + 'static) {
    use_effect(move || {
        let open = is_open();
        #[cfg(feature = "web")]
        show(&id, open);
        #[cfg(not(feature = "web"))]
        let _ = (&id, open);
    });
}

#[cfg(feature = "web")]
fn show(id: &str, open: bool) {
    use wasm_bindgen::JsCast;
    let dialog = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<web_sys::HtmlDialogElement>().ok());
    let Some(dialog) = dialog else { return };
    if open && !dialog.open() {
        // Fails only for an element that is not in the page.
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}
