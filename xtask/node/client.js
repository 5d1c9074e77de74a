// Starts the browser half. esbuild joins this with what wasm-bindgen generated,
// so the page needs no inline script.
import init from "loquent-glue";

const exports = await init({ module_or_path: LOQUENT_WASM_URL });
if (exports.__wbindgen_start === undefined) {
  exports.main();
}
