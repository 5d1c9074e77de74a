#[cfg(feature = "web")]
use super::page::document;

/// Puts the focus on the first element that the selector finds; says whether there was one.
pub fn focus(selector: &str) -> bool {
    #[cfg(feature = "web")]
    {
        use wasm_bindgen::JsCast;
        let element = document()
            .and_then(|document| document.query_selector(selector).ok().flatten())
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        element.is_some_and(|element| {
            let shown = element.offset_parent().is_some();
            shown && element.focus().is_ok()
        })
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = selector;
        false
    }
}

/// Puts the focus on the first element that the selector finds if what had it is gone.
pub fn focus_if_lost(selector: &str) {
    #[cfg(feature = "web")]
    {
        let focused = document().and_then(|document| document.active_element());
        if focused.is_none_or(|element| element.tag_name() == "BODY") {
            focus(selector);
        }
    }
    #[cfg(not(feature = "web"))]
    let _ = selector;
}

/// Puts the focus on the next of the elements that the selector finds, `step` away from the one
/// that has it, or else from the one that is marked as current.
pub fn move_focus(selector: &str, step: i32) {
    #[cfg(feature = "web")]
    {
        use wasm_bindgen::JsCast;
        let Some(document) = document() else { return };
        let Ok(found) = document.query_selector_all(selector) else {
            return;
        };
        let elements: Vec<web_sys::HtmlElement> = (0..found.length())
            .filter_map(|at| found.get(at)?.dyn_into().ok())
            .collect();
        let focused = document.active_element();
        // What is in one of them counts as it.
        let here = elements
            .iter()
            .position(|element| element.contains(focused.as_deref()))
            .or_else(|| {
                elements
                    .iter()
                    .position(|element| element.has_attribute("aria-current"))
            });
        let last = elements.len().saturating_sub(1);
        let there = match here {
            Some(here) => here.saturating_add_signed(step as isize).min(last),
            None => 0,
        };
        if let Some(element) = elements.get(there) {
            // Fails only for an element that is not in the page.
            let _ = element.focus();
        }
    }
    #[cfg(not(feature = "web"))]
    let _ = (selector, step);
}

/// Presses the first element that the selector finds.
pub fn press(selector: &str) {
    #[cfg(feature = "web")]
    {
        use wasm_bindgen::JsCast;
        let element = document()
            .and_then(|document| document.query_selector(selector).ok().flatten())
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            element.click();
        }
    }
    #[cfg(not(feature = "web"))]
    let _ = selector;
}

/// An attribute of the first element that the selector finds, if it has it.
pub fn attribute(selector: &str, name: &str) -> Option<String> {
    #[cfg(feature = "web")]
    return document()?
        .query_selector(selector)
        .ok()
        .flatten()?
        .get_attribute(name);
    #[cfg(not(feature = "web"))]
    {
        let _ = (selector, name);
        None
    }
}
