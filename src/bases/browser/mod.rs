//! What the browser offers. On the server, which renders the same components, each answers what
//! a browser would before the page is live.

#[cfg(feature = "web")]
mod window_events;

use uuid::Uuid;
#[cfg(feature = "web")]
pub use window_events::WindowEvents;

/// The value kept in this browser under a key, if storage is allowed and there is one.
pub fn stored(key: &str) -> Option<String> {
    #[cfg(feature = "web")]
    return storage()?.get_item(key).ok().flatten();
    #[cfg(not(feature = "web"))]
    {
        let _ = key;
        None
    }
}

/// Keeps a value in this browser; `None` removes it. Says whether that was done: storage may be
/// full or blocked.
pub fn store(key: &str, value: Option<&str>) -> bool {
    #[cfg(feature = "web")]
    if let Some(storage) = storage() {
        let stored = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
        return stored.is_ok();
    }
    let _ = (key, value);
    false
}

/// The keys in this browser that begin with the prefix, without it.
pub fn stored_keys(prefix: &str) -> Vec<String> {
    #[cfg(feature = "web")]
    if let Some(storage) = storage() {
        return (0..storage.length().unwrap_or_default())
            .filter_map(|at| storage.key(at).ok().flatten())
            .filter_map(|key| key.strip_prefix(prefix).map(str::to_owned))
            .collect();
    }
    let _ = prefix;
    Vec::new()
}

/// A new random id (UUIDv4).
pub fn random_id() -> Uuid {
    #[cfg_attr(
        not(feature = "web"),
        expect(unused_mut, reason = "only a browser fills it")
    )]
    let mut bytes = [0_u8; 16];
    #[cfg(feature = "web")]
    {
        let filled = web_sys::window()
            .and_then(|window| window.crypto().ok())
            .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
        if !filled {
            bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
        }
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Whether somebody can see the page.
pub fn is_page_visible() -> bool {
    #[cfg(feature = "web")]
    return document()
        .is_some_and(|document| document.visibility_state() == web_sys::VisibilityState::Visible);
    #[cfg(not(feature = "web"))]
    false
}

/// Whether the browser believes that it has a network.
pub fn is_online() -> bool {
    #[cfg(feature = "web")]
    return web_sys::window().is_some_and(|window| window.navigator().on_line());
    #[cfg(not(feature = "web"))]
    true
}

/// Whether the keyboard has a ⌘ where others have Ctrl.
pub fn is_mac() -> bool {
    #[cfg(feature = "web")]
    return web_sys::window()
        .and_then(|window| window.navigator().platform().ok())
        .is_some_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"));
    #[cfg(not(feature = "web"))]
    false
}

/// Loads another page, as a click on a link would. For ends of a session, where nothing of the
/// present page may live on.
pub fn load_page(address: &str) {
    #[cfg(feature = "web")]
    if let Some(window) = web_sys::window() {
        // Fails only for an address that is none.
        let _ = window.location().assign(address);
    }
    #[cfg(not(feature = "web"))]
    let _ = address;
}

/// Goes to the page where one signs in, and back here afterwards.
pub fn load_login() {
    load_page(&format!("/login?next={}", page_path()));
}

/// The path of the page, without its query.
pub fn page_path() -> String {
    #[cfg(feature = "web")]
    if let Some(Ok(path)) = web_sys::window().map(|window| window.location().pathname()) {
        return path;
    }
    "/".to_owned()
}

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

/// How wide the page is, in CSS pixels.
pub fn page_width() -> f64 {
    #[cfg(feature = "web")]
    if let Some(Ok(width)) = web_sys::window().map(|window| window.inner_width()) {
        return width.as_f64().unwrap_or_default();
    }
    0.0
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

/// What stands in a field, which may have been typed before the page was live.
pub fn field_text(id: &str) -> String {
    #[cfg(feature = "web")]
    {
        use wasm_bindgen::JsCast;
        let field = document()
            .and_then(|document| document.get_element_by_id(id))
            .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
        field.map(|field| field.value()).unwrap_or_default()
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = id;
        String::new()
    }
}

/// What is chosen in a select, which may have been chosen before the page was live; none if that
/// cannot be sent.
pub fn valid_choice(id: &str) -> Option<String> {
    #[cfg(feature = "web")]
    {
        use wasm_bindgen::JsCast;
        let select = document()?
            .get_element_by_id(id)?
            .dyn_into::<web_sys::HtmlSelectElement>()
            .ok()?;
        select.check_validity().then(|| select.value())
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = id;
        None
    }
}

/// What stands in an input, which may have been typed before the page was live; none if the
/// browser finds it wrong, such as half a date.
pub fn valid_input_text(id: &str) -> Option<String> {
    #[cfg(feature = "web")]
    {
        use wasm_bindgen::JsCast;
        let input = document()?
            .get_element_by_id(id)?
            .dyn_into::<web_sys::HtmlInputElement>()
            .ok()?;
        input.check_validity().then(|| input.value())
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = id;
        Some(String::new())
    }
}

/// Waits. On the server nothing waits for a browser, so it never ends there.
pub async fn sleep(milliseconds: u32) {
    #[cfg(feature = "web")]
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
    #[cfg(not(feature = "web"))]
    {
        let _ = milliseconds;
        std::future::pending::<()>().await;
    }
}

#[cfg(feature = "web")]
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

#[cfg(feature = "web")]
fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
