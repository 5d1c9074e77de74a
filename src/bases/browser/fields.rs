#[cfg(feature = "web")]
use super::page::document;

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
