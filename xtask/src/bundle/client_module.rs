//! The browser half as a small WebAssembly module with its JavaScript glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::base::content_hash::ContentHash;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
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
const RECIPE: &[u8] = b"client module 1";

/// The glue and the module, not yet named by content.
#[derive(Debug)]
pub struct ClientModule {
    /// Names what they were made from.
    pub key: String,
    pub glue: PathBuf,
    pub wasm: PathBuf,
}

/// Compiles the browser half, and optimizes it unless that was done for the
/// very same compilation.
///
/// # Errors
/// When a tool fails, or the optimizer did nothing.
pub fn build_client_module(context: &Context, tools: &Path) -> Result<ClientModule> {
    let wasm_bindgen = ensure_wasm_bindgen(context)?;
    let compiled = compile(context)?;
    let key = {
        let mut hash = ContentHash::new();
        hash.add(RECIPE);
        hash.add(wasm_bindgen.as_os_str().as_encoded_bytes());
        hash.add(tools.as_os_str().as_encoded_bytes());
        hash.add_file(&compiled)?;
        hash.finish()
    };
    let parent = context.bundle("client-module");
    let directory = parent.join(&key);
    let module = ClientModule {
        key,
        glue: directory.join("loquent.js"),
        wasm: directory.join("loquent_bg.wasm"),
    };
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
        || {
            let mut command = tool_command(&wasm_bindgen);
            command.args([
                "--target",
                "web",
                "--no-typescript",
                "--out-name",
                "loquent",
                "--out-dir",
            ]);
            run_logged(command.arg(&unfinished).arg(&compiled), &context.interrupt).map(drop)
        },
    )?;
    step("browser half: making it small (wasm-opt -Oz)", || {
        optimize(context, tools, &unfinished.join("loquent_bg.wasm"))
    })?;
    fs::rename(&unfinished, &directory).context("cannot keep the client module")?;
    Ok(module)
}

fn compile(context: &Context) -> Result<PathBuf> {
    step("browser half: compiling", || {
        let mut command = tool_command("cargo");
        command
            .args([
                "build",
                "--package",
                "loquent",
                "--bin",
                "loquent",
                "--target",
                WASM_TARGET,
            ])
            .args([
                "--no-default-features",
                "--features",
                "web",
                "--profile",
                "wasm-release",
            ])
            .current_dir(&context.root);
        run_logged(&mut command, &context.interrupt)
    })?;
    Ok(context
        .target
        .join(WASM_TARGET)
        .join("wasm-release")
        .join("loquent.wasm"))
}

fn optimize(context: &Context, tools: &Path, wasm: &Path) -> Result<()> {
    let output = wasm.with_extension("opt");
    let mut command = tool_command(tools.join("node_modules/.bin/wasm-opt"));
    command
        .args(["-Oz", "--strip-debug", "--strip-producers"])
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
