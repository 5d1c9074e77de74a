// What goes into which chunk.
import { functionNode } from "./symbols.mjs";

// What the functions are called that are the ways into a chunk. They are called through pointers,
// which are good once the chunk has filled their places in the table of functions.
const ENTRY = "open_chunk_";

// For each chunk `{ name, parent }`: the names of the functions and the bytes of data that only it
// reaches, `{ name, parent, functions, isOwnByte }`. A chunk with a parent is loaded after that one, to
// which belongs what both reach. What chunks share otherwise stays in the main module. `called` are
// the functions that JavaScript calls.
export function chunksOf(symbols, plans, called) {
  const nodes = nodesByName(symbols.names);
  const entries = new Map(plans.map(({ name }) => [name, entriesOf(nodes, name)]));
  const border = new Set([...entries.values()].flat());
  const roots = [...symbols.roots, ...called.flatMap((name) => nodes.get(name) ?? [])];
  const main = symbols.reach(roots, border);
  const reached = new Map(plans.map(({ name }) => [name, reachedFrom(symbols, entries.get(name), border)]));
  return plans.map(({ name, parent }) => {
    const isOthers = (node) =>
      plans.some((other) => other.name !== name && other.parent !== name && reached.get(other.name).has(node));
    const isOwn = (node) => !main.has(node) && !isOthers(node) && !symbols.imported.has(node);
    const own = new Set([...reached.get(name)].filter(isOwn));
    return { name, parent, functions: functionsIn(own, nodes), isOwnByte: bytesOf(own, symbols) };
  });
}

// What a chunk reaches from its own entries, without passing those of others.
function reachedFrom(symbols, entries, border) {
  const others = new Set([...border].filter((entry) => !entries.includes(entry)));
  return symbols.reach(entries, others);
}

function nodesByName(names) {
  const nodes = new Map();
  for (const [index, name] of names) nodes.set(name, [...(nodes.get(name) ?? []), functionNode(index)]);
  return nodes;
}

function entriesOf(nodes, name) {
  const identifier = ENTRY + name;
  // In a mangled name, each identifier stands behind its length.
  const found = [...nodes].filter(([mangled]) => mangled.includes(identifier.length + identifier));
  if (found.length === 0) throw new Error(`there is no function ${identifier}`);
  return found.flatMap(([, nodes]) => nodes);
}

// Where several functions have one name, all of them or none.
function functionsIn(own, nodes) {
  return new Set([...nodes].filter(([, all]) => all.every((node) => own.has(node))).map(([name]) => name));
}

// A byte may belong to several pieces of data: texts that end alike are stored once.
function bytesOf(own, symbols) {
  const owned = new Set();
  const others = new Set();
  for (const { node, address, size } of symbols.data) {
    const bytes = own.has(node) ? owned : others;
    for (let at = address; at < address + size; at++) bytes.add(at);
  }
  return (address) => owned.has(address) && !others.has(address);
}
