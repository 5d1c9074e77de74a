//! The page around the server-rendered application.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Addresses of the three files that the page loads.
#[derive(Clone, Copy, Debug)]
pub struct PageFiles<'a> {
    pub style: &'a str,
    pub script: &'a str,
    pub wasm: &'a str,
}

/// What Dioxus looks for when it puts the rendered application into the page.
const REQUIRED: [&str; 3] = ["id=\"main\"", "</head>", "</body>"];

/// Fills in `assets/index.html`.
///
/// # Errors
/// When the template is missing or lacks something.
pub fn render_index_page(template: &Path, files: PageFiles<'_>) -> Result<String> {
    let text = fs::read_to_string(template)
        .with_context(|| format!("cannot read {}", template.display()))?;
    fill_in(&text, files)
}

fn fill_in(
    template: &str,
    PageFiles {
        style,
        script,
        wasm,
    }: PageFiles<'_>,
) -> Result<String> {
    for needed in REQUIRED.iter().chain(&["{{style}}", "{{script}}"]) {
        if !template.contains(needed) {
            bail!("assets/index.html lacks {needed}");
        }
    }
    let style = format!("<link rel=\"stylesheet\" href=\"{style}\">");
    // The browser fetches the module while it still reads the page, but lets the style go first:
    // the page can be read without the module. The attributes are those with which the script will
    // ask for it; others would fetch it twice.
    let script = format!(
        "<link rel=\"modulepreload\" href=\"{script}\" fetchpriority=\"low\">\
         <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin fetchpriority=\"low\">\
         <script type=\"module\" src=\"{script}\"></script>"
    );
    Ok(template
        .replace("{{style}}", &style)
        .replace("{{script}}", &script))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: PageFiles<'_> = PageFiles {
        style: "/s.css",
        script: "/c.js",
        wasm: "/m.wasm",
    };

    #[test]
    fn the_page_names_all_three_files_and_keeps_the_mount_point() {
        let template = "<head>{{style}}{{script}}</head><body><div id=\"main\"></div></body>";
        let page = fill_in(template, FILES).unwrap_or_default();
        for part in [
            "href=\"/s.css\"",
            "src=\"/c.js\"",
            "href=\"/m.wasm\"",
            "id=\"main\"",
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        assert!(!page.contains("{{"));
    }

    #[test]
    fn a_template_without_mount_point_is_refused() {
        let template = "<head>{{style}}{{script}}</head><body></body>";
        let error = fill_in(template, FILES).map_err(|error| error.to_string());
        assert_eq!(error, Err("assets/index.html lacks id=\"main\"".to_owned()));
    }
}
