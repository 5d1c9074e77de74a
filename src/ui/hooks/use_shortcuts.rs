use dioxus::prelude::*;

/// What a single key asks for, wherever the focus is (but in a field only Esc does).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// J
    Next,
    /// K
    Previous,
    /// R
    Reply,
    /// C
    NewMessage,
    /// I
    Details,
    /// ?
    Help,
    /// Esc
    Escape,
}

impl Shortcut {
    #[cfg(feature = "web")]
    fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "j" | "J" => Self::Next,
            "k" | "K" => Self::Previous,
            "r" | "R" => Self::Reply,
            "c" | "C" => Self::NewMessage,
            "i" | "I" => Self::Details,
            "?" => Self::Help,
            "Escape" => Self::Escape,
            _ => return None,
        })
    }
}

/// Calls the handler for every shortcut that is pressed while the component lives. Dialogs keep
/// their keys to themselves.
pub fn use_shortcuts(handle: impl FnMut(Shortcut) + Clone + 'static) {
    #[cfg(feature = "web")]
    use_future(move || {
        let mut handle = handle.clone();
        async move {
            use futures::StreamExt;
            let mut events = crate::bases::browser::WindowEvents::filtered("keydown", |event| {
                is_shortcut(event)
            });
            while let Some(event) = events.next().await {
                if let Some(shortcut) = shortcut_of(&event) {
                    handle(shortcut);
                }
            }
        }
    });
    #[cfg(not(feature = "web"))]
    use_hook(|| drop(handle));
}

/// Takes the event, so that the letter does not land in the field that the shortcut focuses.
#[cfg(feature = "web")]
fn is_shortcut(event: &web_sys::Event) -> bool {
    let shortcut = shortcut_of(event);
    if shortcut.is_some_and(|shortcut| shortcut != Shortcut::Escape) {
        event.prevent_default();
    }
    shortcut.is_some()
}

#[cfg(feature = "web")]
fn shortcut_of(event: &web_sys::Event) -> Option<Shortcut> {
    use wasm_bindgen::JsCast;
    let event = event.dyn_ref::<web_sys::KeyboardEvent>()?;
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    let shortcut = Shortcut::of_key(&event.key()).filter(|_| !modified && !event.is_composing())?;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let within = |selector: &str| {
        target
            .as_ref()
            .is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
    };
    let typing = within("input, textarea, select");
    let allowed = !within("dialog, [popover]") && (!typing || shortcut == Shortcut::Escape);
    allowed.then_some(shortcut)
}
