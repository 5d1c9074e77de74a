//! The page around the server-rendered application.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Addresses of the files that the page loads.
#[derive(Clone, Copy, Debug)]
pub struct PageFiles<'a> {
    pub style: &'a str,
    pub script: &'a str,
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

fn fill_in(template: &str, PageFiles { style, script }: PageFiles<'_>) -> Result<String> {
    for needed in REQUIRED.iter().chain(&["{{style}}", "{{script}}"]) {
        if !template.contains(needed) {
            bail!("assets/index.html lacks {needed}");
        }
    }
    let style = format!("<link rel=\"stylesheet\" href=\"{style}\">");
    // `early.js` starts it, when the page has been painted: it can be read and posted without.
    let script = format!(
        "<link id=\"program\" rel=\"modulepreload\" href=\"{script}\" fetchpriority=\"low\">"
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
    };

    #[test]
    fn the_page_names_its_files_and_keeps_the_mount_point() {
        let template = "<head>{{style}}{{script}}</head><body><div id=\"main\"></div></body>";
        let page = fill_in(template, FILES).unwrap_or_default();
        for part in ["href=\"/s.css\"", "href=\"/c.js\"", "id=\"main\""] {
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
