// Starts the browser half, and loads its chunks. esbuild joins this with what wasm-bindgen generated,
// so the page needs no inline script.
import init from "loquent-glue";

const TRY_AGAIN_MS = 5_000;
const GONE = 404;

class Chunks {
  // By name: what its module exports, for those that come after it.
  #loading = new Map();
  #loaded = new Set();

  isLoaded(name) {
    return this.#loaded.has(name);
  }

  // Several may ask at the same time. What failed is fetched again for the next one.
  load(name) {
    if (!this.#loading.has(name)) {
      const loading = this.#fetch(name);
      this.#loading.set(name, loading);
      loading.catch(() => this.#loading.delete(name));
    }
    return this.#loading.get(name);
  }

  async #fetch(name) {
    const response = await fetch(LOQUENT_CHUNK_URLS[name]);
    if (response.status === GONE && this.isStarted) location.reload();
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    const module = await WebAssembly.compileStreaming(response);
    const imports = { main: await main };
    for (const { module: other } of WebAssembly.Module.imports(module)) {
      imports[other] ??= await this.load(other);
    }
    // It fills the places that are empty in the table of functions of the main module.
    const { exports } = await WebAssembly.instantiate(module, imports);
    this.#loaded.add(name);
    return exports;
  }

  // The chunks that the server has rendered the page with, until they are there.
  async loadFirst() {
    const needed = [...document.querySelectorAll("[data-chunk]")].map(({ dataset }) => dataset.chunk);
    const loadAll = () => Promise.all(needed.map((name) => this.load(name)));
    while (!needed.every((name) => this.isLoaded(name))) await loadAll().catch(sayThatItFailed);
    this.isStarted = true;
  }
}

// In a page that is rendered, but not live. Resolves when it is time to try again.
function sayThatItFailed() {
  const [region, notice, button] = ["div", "div", "button"].map((tag) => document.createElement(tag));
  region.className = "toast-region";
  notice.className = "toast toast--danger";
  notice.role = "alert";
  button.className = "button button--sm";
  button.textContent = "Try again";
  notice.append("This page could not be loaded completely.", button);
  region.append(notice);
  document.body.append(region);
  return new Promise((resolve) => {
    button.onclick = resolve;
    setTimeout(resolve, TRY_AGAIN_MS);
  }).finally(() => region.remove());
}

const chunks = new Chunks();
globalThis.loquentChunks = chunks;
const main = init({ module_or_path: LOQUENT_WASM_URL });
chunks.first = chunks.loadFirst();
const exports = await main;
if (exports.__wbindgen_start === undefined) {
  exports.main();
}
