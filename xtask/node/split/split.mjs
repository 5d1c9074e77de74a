// Splits the client: what only one chunk needs leaves the main module for a module of its own, which
// the page loads when it needs it.
//
// node split.mjs TOOLS ORIGINAL MODULE DIRECTORY CHUNK...
// TOOLS: where binaryen is; ORIGINAL: the module that the linker made, with relocations; MODULE:
// the same after wasm-bindgen; DIRECTORY: gets `main.wasm` and a `<chunk>.wasm` for each chunk;
// CHUNK: `name`, or `name:parent` for one that is loaded after another one.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chunksOf } from "./chunks.mjs";
import { Symbols } from "./symbols.mjs";
import { dataSegments, sectionsOf, withData } from "./wasm-file.mjs";

const [tools, original, bindgened, directory, ...plans] = process.argv.slice(2);
const { default: binaryen } = await import(
  pathToFileURL(join(tools, "node_modules/binaryen/index.js"))
);
binaryen.setDebugInfo(true);

const MAIN = "main";
const MEMORY = "memory";
const NEAR = 8;
const isRelocation = (section) => /^(reloc\.|linking$)/.test(section);

const file = readFileSync(bindgened);
const whole = binaryen.readBinary(withData(file, dataSegments(sectionsOf(file)), isRelocation));
const exports = itemsOf(whole, "Export");
const memory = exports.find(({ name }) => name === MEMORY).value;
const called = exports.filter(({ kind }) => kind === binaryen.ExternalFunction);
const segments = dataSegments(sectionsOf(file));
const symbols = new Symbols(readFileSync(original));
const chunks = chunksOf(
  symbols,
  plans.map((plan) => {
    const [name, parent] = plan.split(":");
    return { name, parent };
  }),
  called.map(({ value }) => value),
);

// What chunks import, by the module that has it, kind and name: the short name of its export.
const imported = new Map();
// Chunks with a parent come first, so that it is known then what the parent must export.
for (const chunk of chunks.toSorted((a, b) => (a.parent ? 0 : 1) - (b.parent ? 0 : 1))) {
  save(chunk.name, chunkModule(chunk));
}
save(MAIN, mainModule());

// The module of a chunk: it imports all that is not its own.
function chunkModule({ name: chunk, parent, functions, isOwnByte }) {
  const module = moduleWith((item) => functions.has(item), ownData(isOwnByte));
  for (const { name } of itemsOf(module, "Export")) module.removeExport(name);
  for (const item of itemsOf(module, "Function")) {
    if (functions.has(item.name)) continue;
    module.removeFunction(item.name);
    importFunction(module, item, MAIN, item.name);
  }
  module.addMemoryImport(memory, MAIN, MEMORY);
  for (const { name } of itemsOf(module, "Table")) module.addTableImport(name, MAIN, name);
  // So that only what it uses gets a short name, and is exported.
  module.runPasses(["remove-unused-module-elements"]);
  const ofParent = chunks.find(({ name }) => name === parent)?.functions;
  for (const item of itemsOf(module, "Function")) {
    if (!item.base) continue;
    const from = ofParent?.has(item.name) ? parent : MAIN;
    importFunction(module, item, from, shortName(from, "Function", item.name));
  }
  for (const { name } of itemsOf(module, "Table")) {
    module.addTableImport(name, MAIN, shortName(MAIN, "Table", name));
  }
  for (const { name, type, mutable } of itemsOf(module, "Global")) {
    module.removeGlobal(name);
    module.addGlobalImport(name, MAIN, shortName(MAIN, "Global", name), type, mutable);
  }
  exportShared(module, chunk);
  return module;
}

function importFunction(module, { name, params, results }, from, exported) {
  module.addFunctionImport(name, from, exported, params, results);
}

// The main module: without what is in chunks, and with what they import.
function mainModule() {
  const isInChunk = (name) => chunks.some(({ functions }) => functions.has(name));
  const isMoved = (address) => chunks.some(({ isOwnByte }) => isOwnByte(address));
  // What is moved is nothing here, which is no data once it is optimized.
  const data = segments.map(({ address, bytes }) => ({
    address,
    bytes: bytes.map((byte, at) => (isMoved(address + at) ? 0 : byte)),
  }));
  const module = moduleWith((name) => !isInChunk(name), data);
  for (const { name } of itemsOf(module, "Function")) {
    if (isInChunk(name)) module.removeFunction(name);
  }
  exportShared(module, MAIN);
  return module;
}

// Exports what chunks import from a module.
function exportShared(module, owner) {
  for (const { from, kind, name, short } of imported.values()) {
    if (from === owner) module[`add${kind}Export`](name, short);
  }
}

// The whole module with other data, and with some of the functions in its table.
function moduleWith(isKept, data) {
  const module = binaryen.readBinary(withData(file, data, isRelocation));
  for (const { name, table, offset, data } of itemsOf(module, "ElementSegment")) {
    const start = binaryen.getExpressionInfo(offset).value;
    module.removeElementSegment(name);
    for (const { at, items } of runs(data, isKept)) {
      module.addActiveElementSegment(table, `${name} ${at}`, items, module.i32.const(start + at));
    }
  }
  return module;
}

function itemsOf(module, kind) {
  return Array.from({ length: module[`getNum${kind}s`]() }, (_, at) =>
    binaryen[`get${kind}Info`](module[`get${kind}ByIndex`](at)),
  );
}

function shortName(from, kind, name) {
  const key = `${kind} ${name}`;
  // Nothing that JavaScript calls is named so.
  if (!imported.has(key)) imported.set(key, { from, kind, name, short: `$${imported.size.toString(36)}` });
  return imported.get(key).short;
}

// The data of a chunk. Between two pieces stand few bytes of others that never change: to write them
// again is shorter than to begin anew.
function ownData(isOwnByte) {
  const isConstant = (address) =>
    symbols.constants.some((data) => address >= data.address && address < data.address + data.bytes.length);
  return segments.flatMap(({ address, bytes }) => {
    const pieces = runs(bytes, (_, at) => isOwnByte(address + at));
    const joined = [];
    for (const { at, items } of pieces) {
      const last = joined.at(-1);
      const isNear = last && at - last.end <= NEAR && isConstant(address + at);
      if (isNear) last.end = at + items.length;
      else joined.push({ at, end: at + items.length });
    }
    return joined.map(({ at, end }) => ({ address: address + at, bytes: bytes.subarray(at, end) }));
  });
}

// The unbroken runs of the items that are kept.
function runs(items, isKept) {
  const found = [];
  let start;
  for (let at = 0; at <= items.length; at++) {
    const isIn = at < items.length && isKept(items[at], at);
    if (isIn) start ??= at;
    else if (start !== undefined) {
      found.push({ at: start, items: items.slice(start, at) });
      start = undefined;
    }
  }
  return found;
}

function save(name, module) {
  // It refuses what calls something that has been taken away.
  if (!module.validate()) throw new Error(`the module ${name} is not valid`);
  writeFileSync(join(directory, `${name}.wasm`), module.emitBinary());
}
