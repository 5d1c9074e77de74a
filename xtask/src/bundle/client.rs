//! The public directory: everything that the server sends as a file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::base::content_hash::ContentHash;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::bundle::client_module::{ClientModule, build_client_module};
use crate::bundle::client_size::{MAIN_STEM, SCRIPT_STEM, page_sizes};
use crate::bundle::file_tree::{files_below, has_extension};
use crate::bundle::index_page::{PageFiles, render_index_page};
use crate::bundle::precompress::precompress;
use crate::bundle::stylesheet::bundle_stylesheet;
use crate::setup::node::ensure_node;
use crate::setup::npm_packages::ensure_build_tools;
use crate::setup::rust_components::ensure_wasm_target;

/// Changes when the way of building changes, so that old results are not taken.
const RECIPE: &[u8] = b"public directory 2";
/// Files that browsers ask for at the root.
const ROOT_FILES: [&str; 4] = [
    "favicon.ico",
    "favicon.svg",
    "robots.txt",
    "manifest.webmanifest",
];

/// Builds the public directory, unless nothing that it is made from has changed.
///
/// # Errors
/// When a tool is missing or fails.
pub fn build_client(context: &Context) -> Result<PathBuf> {
    ensure_wasm_target(context)?;
    ensure_node(context)?;
    let tools = ensure_build_tools(context)?;
    let module = build_client_module(context, &tools)?;

    let public = context.bundle("client").join("public");
    let stamp = context.bundle("client").join("made-from");
    let key = inputs_key(context, &module.key)?;
    if public.is_dir() && fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == key) {
        return Ok(public);
    }
    step("browser half: files to serve (esbuild, brotli)", || {
        let unfinished = public.with_file_name("unfinished");
        remove_directory(&unfinished)?;
        fs::create_dir_all(unfinished.join("assets"))?;
        assemble(context, &tools, &module, &unfinished)?;
        precompress(context, &unfinished)?;
        remove_directory(&public)?;
        fs::rename(&unfinished, &public).context("cannot keep the public directory")?;
        fs::write(&stamp, &key).context("cannot note what it was made from")?;
        for page in page_sizes(&public)? {
            println!("    {page}");
        }
        Ok(())
    })?;
    Ok(public)
}

fn assemble(context: &Context, tools: &Path, module: &ClientModule, public: &Path) -> Result<()> {
    let assets = public.join("assets");
    copy_static_files(&context.root.join("assets"), public)?;

    let main = name_by_content(&module.main, &assets, MAIN_STEM, "wasm")?;
    let mut chunks = serde_json::Map::new();
    for (name, chunk) in &module.chunks {
        let address = name_by_content(chunk, &assets, name, "wasm")?;
        chunks.insert((*name).to_owned(), address.into());
    }
    let script = assets.join("script");
    let addresses = [
        ("LOQUENT_WASM_URL", main.into()),
        ("LOQUENT_CHUNK_URLS", chunks.into()),
    ];
    bundle_script(context, tools, module, addresses, &script)?;
    let script = take_name_by_content(&script, SCRIPT_STEM, "js")?;
    let style = assets.join("style.css");
    bundle_stylesheet(context, tools, &style)?;
    let style = take_name_by_content(&style, "main", "css")?;

    let files = PageFiles {
        style: &style,
        script: &script,
    };
    let page = render_index_page(&context.root.join("assets/index.html"), files)?;
    fs::write(public.join("index.html"), page).context("cannot write index.html")
}

/// Joins the generated glue with our start-up script into one minified file.
fn bundle_script(
    context: &Context,
    tools: &Path,
    module: &ClientModule,
    addresses: [(&str, serde_json::Value); 2],
    output: &Path,
) -> Result<()> {
    let mut command = tool_command(tools.join("node_modules/.bin/esbuild"));
    command
        .arg(context.root.join("xtask/node/client.js"))
        .arg(format!("--outfile={}", output.display()))
        .arg(format!("--alias:loquent-glue={}", module.glue.display()))
        .args(addresses.map(|(name, value)| format!("--define:{name}={value}")))
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
        .args(["--log-level=warning", "--legal-comments=none"]);
    run_logged(&mut command, &context.interrupt).map(drop)
}

/// Copies everything in `assets/` that is not built: below `/assets`, some to the root too.
///
/// # Errors
/// When a file cannot be copied.
pub fn copy_static_files(source: &Path, public: &Path) -> Result<()> {
    for path in static_files(source)? {
        let relative = path
            .strip_prefix(source)
            .context("a file outside assets/")?;
        let target = public.join("assets").join(relative);
        if let Some(directory) = target.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::copy(&path, &target).with_context(|| path.display().to_string())?;
        if ROOT_FILES.iter().any(|name| relative == Path::new(name)) {
            fs::copy(&path, public.join(relative))?;
        }
    }
    Ok(())
}

fn static_files(assets: &Path) -> Result<Vec<PathBuf>> {
    let mut files = files_below(assets)?;
    files.retain(|path| !has_extension(path, "css") && !has_extension(path, "html"));
    Ok(files)
}

/// Copies a file under a name that changes with its contents; gives the address. Dioxus lets
/// browsers keep `-dxh<hex digits>` files forever.
fn name_by_content(source: &Path, directory: &Path, stem: &str, extension: &str) -> Result<String> {
    let bytes = fs::read(source).with_context(|| source.display().to_string())?;
    let name = format!("{stem}-dxh{}.{extension}", ContentHash::of(&bytes));
    fs::write(directory.join(&name), bytes).with_context(|| name.clone())?;
    Ok(format!("/assets/{name}"))
}

fn take_name_by_content(source: &Path, stem: &str, extension: &str) -> Result<String> {
    let directory = source.parent().context("a file without directory")?;
    let address = name_by_content(source, directory, stem, extension)?;
    fs::remove_file(source)?;
    Ok(address)
}

/// Everything that the public directory is made from.
fn inputs_key(context: &Context, module: &str) -> Result<String> {
    let mut hash = ContentHash::new();
    hash.add(RECIPE);
    hash.add(module.as_bytes());
    for script in ["client.js", "brotli.mjs", "package-lock.json"] {
        hash.add_file(&context.root.join("xtask/node").join(script))?;
    }
    let mut inputs = files_below(&context.root.join("assets"))?;
    // Components keep their style beside them.
    inputs.extend(
        files_below(&context.root.join("src"))?
            .into_iter()
            .filter(|path| has_extension(path, "css")),
    );
    for path in inputs {
        hash.add(path.as_os_str().as_encoded_bytes());
        hash.add_file(&path)?;
    }
    Ok(hash.finish())
}

fn remove_directory(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)
            .with_context(|| format!("cannot remove {}", directory.display()))?;
    }
    Ok(())
}
