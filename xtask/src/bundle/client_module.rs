//! The browser half as small WebAssembly modules with their JavaScript glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::content_hash::ContentHash;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::bundle::file_tree::files_below;
use crate::setup::rust_components::WASM_TARGET;
use crate::setup::wasm_bindgen::ensure_wasm_bindgen;

/// What rustc emits for the browser by default, and all current browsers run.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Changes when the way of building changes, so that old results are not taken.
const RECIPE: &[u8] = b"client module 2";

/// Parts of the client that a page loads when it needs them. The only ways into one are functions
/// `open_chunk_<name>`. `child:parent` is loaded after its parent, and shares the parent's code.
const CHUNKS: [&str; 3] = [
    "twilio_settings",
    "twilio_events",
    "twilio_forms:twilio_settings",
];

/// The glue and the modules, not yet named by content.
#[derive(Debug)]
pub struct ClientModule {
    /// Names what they were made from.
    pub key: String,
    pub glue: PathBuf,
    /// What every page loads.
    pub main: PathBuf,
    /// Name and module of each chunk.
    pub chunks: Vec<(&'static str, PathBuf)>,
}

impl ClientModule {
    fn in_directory(directory: &Path, key: String) -> Self {
        let module = |name: &str| directory.join(format!("{name}.wasm"));
        Self {
            key,
            glue: directory.join("loquent.js"),
            main: module("main"),
            chunks: CHUNKS
                .map(|chunk| chunk.split(':').next().unwrap_or(chunk))
                .map(|name| (name, module(name)))
                .into(),
        }
    }
}

/// Compiles the browser half, and optimizes it unless that was done for the
/// very same compilation.
///
/// # Errors
/// When a tool fails, or the optimizer did nothing.
pub fn build_client_module(context: &Context, tools: &Path) -> Result<ClientModule> {
    let wasm_bindgen = ensure_wasm_bindgen(context)?;
    let compiled = compile(context)?;
    let key = inputs_key(context, tools, &wasm_bindgen, &compiled)?;
    let parent = context.bundle("client-module");
    let directory = parent.join(&key);
    let module = ClientModule::in_directory(&directory, key);
    if directory.is_dir() {
        return Ok(module);
    }

    // Only a complete result gets the final name; older ones are of no use.
    if parent.is_dir() {
        fs::remove_dir_all(&parent).context("cannot remove the old client module")?;
    }
    let unfinished = parent.join("unfinished");
    fs::create_dir_all(&unfinished)?;
    step(
        "browser half: joining with JavaScript (wasm-bindgen)",
        || join_with_javascript(context, &wasm_bindgen, &compiled, &unfinished),
    )?;
    step("browser half: splitting (binaryen)", || {
        split(context, tools, &compiled, &unfinished)
    })?;
    step("browser half: making it small (wasm-opt -Oz)", || {
        let made = ClientModule::in_directory(&unfinished, String::new());
        let chunks = made.chunks.iter().map(|(_, chunk)| chunk);
        std::iter::once(&made.main)
            .chain(chunks)
            .try_for_each(|module| optimize(context, tools, module))
    })?;
    fs::rename(&unfinished, &directory).context("cannot keep the client module")?;
    Ok(module)
}

fn inputs_key(
    context: &Context,
    tools: &Path,
    wasm_bindgen: &Path,
    compiled: &Path,
) -> Result<String> {
    let mut hash = ContentHash::new();
    hash.add(RECIPE);
    hash.add(wasm_bindgen.as_os_str().as_encoded_bytes());
    hash.add(tools.as_os_str().as_encoded_bytes());
    for script in files_below(&context.root.join("xtask/node/split"))? {
        hash.add_file(&script)?;
    }
    for chunk in CHUNKS {
        hash.add(chunk.as_bytes());
    }
    hash.add_file(compiled)?;
    Ok(hash.finish())
}

fn compile(context: &Context) -> Result<PathBuf> {
    step("browser half: compiling", || {
        let mut command = tool_command("cargo");
        command
            .args(["rustc", "--package", "loquent", "--bin", "loquent"])
            .args(["--target", WASM_TARGET, "--profile", "wasm-release"])
            .args(["--no-default-features", "--features", "web"])
            // What refers to what: the client is split along that.
            .args(["--", "-C", "link-arg=--emit-relocs"])
            .current_dir(&context.root);
        run_logged(&mut command, &context.interrupt)
    })?;
    Ok(context
        .target
        .join(WASM_TARGET)
        .join("wasm-release")
        .join("loquent.wasm"))
}

fn join_with_javascript(
    context: &Context,
    wasm_bindgen: &Path,
    compiled: &Path,
    directory: &Path,
) -> Result<()> {
    let mut command = tool_command(wasm_bindgen);
    command
        // Names stay as the linker knows them, until the client is split.
        .args(["--target", "web", "--no-typescript", "--no-demangle"])
        .args(["--out-name", "loquent", "--out-dir"]);
    run_logged(command.arg(directory).arg(compiled), &context.interrupt).map(drop)
}

fn split(context: &Context, tools: &Path, compiled: &Path, directory: &Path) -> Result<()> {
    let whole = directory.join("loquent_bg.wasm");
    let mut command = tool_command("node");
    command
        .arg(context.root.join("xtask/node/split/split.mjs"))
        .args([tools, compiled, &whole, directory])
        .args(CHUNKS);
    run_logged(&mut command, &context.interrupt)?;
    fs::remove_file(whole).context("cannot remove the whole module")
}

fn optimize(context: &Context, tools: &Path, wasm: &Path) -> Result<()> {
    let output = wasm.with_extension("opt");
    let mut command = tool_command(tools.join("node_modules/.bin/wasm-opt"));
    command
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        // It cuts the data at every few zeros, which costs more than the zeros once compressed.
        .arg("--skip-pass=memory-packing")
        .args(WASM_FEATURES);
    command.arg(wasm).arg("-o").arg(&output);
    run_logged(&mut command, &context.interrupt)?;
    let (before, after) = (size(wasm)?, size(&output)?);
    // It has been seen to die and report success: then the result is missing or no smaller.
    if after == 0 || after >= before {
        bail!("wasm-opt did not make the module smaller: {before} bytes before, {after} after");
    }
    println!("    {} kB → {} kB", before / 1000, after / 1000);
    fs::rename(&output, wasm).context("cannot keep the optimized module")
}

fn size(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path)
        .with_context(|| path.display().to_string())?
        .len())
}
