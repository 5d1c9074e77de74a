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

/// How wide the page is, in CSS pixels.
pub fn page_width() -> f64 {
    #[cfg(feature = "web")]
    if let Some(Ok(width)) = web_sys::window().map(|window| window.inner_width()) {
        return width.as_f64().unwrap_or_default();
    }
    0.0
}

#[cfg(feature = "web")]
pub(super) fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
