// What in a module refers to what. The linker says so (`--emit-relocs`): for each place in the code
// and the data that holds the address of something, it names that thing.
import {
  CODE,
  CUSTOM,
  Reader,
  calledFromOutside,
  countImportedFunctions,
  dataSegments,
  sectionsOf,
} from "./wasm-file.mjs";

const SYMBOL_TABLE = 8;
const FUNCTION_NAMES = 1;
const SEGMENT_NAMES = 9;
const CONSTANTS = /^\.rodata/;
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;
const SymbolKind = { FUNCTION: 0, DATA: 1, SECTION: 3 };
// Types of relocations: those of functions, of data, and of what matters here for nothing.
const OF_FUNCTIONS = new Set([0, 1, 2, 12, 26]);
const OF_DATA = new Set([3, 4, 5, 11, 21, 23]);
const OF_OTHERS = new Set([6, 7, 8, 9, 10, 13, 20]);
const WITH_ADDEND = new Set([...OF_DATA, 8, 9]);

// Functions and pieces of data (nodes), what each refers to, and where the data lies.
export class Symbols {
  constructor(file) {
    const sections = sectionsOf(file);
    const custom = (name) => {
      const body = sections.find((section) => section.id === CUSTOM && section.name === name)?.body;
      if (!body) throw new Error(`the module has no section ${name}`);
      return body;
    };
    this.names = namesOf(custom("name"), FUNCTION_NAMES);
    this.functions = functionBodies(sections);
    // JavaScript gives them to the main module.
    this.imported = new Set(Array.from({ length: countImportedFunctions(sections) }, (_, at) => functionNode(at)));
    this.segments = dataSegments(sections);
    const segmentNames = namesOf(custom("name"), SEGMENT_NAMES);
    // Data that nobody writes to.
    this.constants = this.segments.filter((_, at) => CONSTANTS.test(segmentNames.get(at)));
    this.symbols = symbolTable(custom("linking"));
    this.data = dataRanges(this.symbols, this.segments);
    this.references = new Map();
    // What is needed from the start. To these belongs what a place refers to that is nobody's.
    this.roots = new Set(calledFromOutside(sections).map(functionNode));
    this.addReferences(custom("reloc.CODE"), this.functions);
    const places = this.data.map(({ node, offset, size }) => ({ node, start: offset, end: offset + size }));
    this.addReferences(custom("reloc.DATA"), places);
  }

  addReferences(section, places) {
    const sorted = places.toSorted((a, b) => a.start - b.start);
    for (const { offset, symbol } of relocations(section)) {
      const target = this.nodeOf(symbol);
      if (target === undefined) continue;
      const owners = placesAt(sorted, offset);
      if (owners.length === 0) this.roots.add(target);
      for (const owner of owners) {
        if (!this.references.has(owner)) this.references.set(owner, new Set());
        this.references.get(owner).add(target);
      }
    }
  }

  nodeOf(index) {
    const symbol = this.symbols[index];
    if (symbol.kind === SymbolKind.FUNCTION) return functionNode(symbol.index);
    if (symbol.kind === SymbolKind.DATA) return `data ${index}`;
    return undefined;
  }

  // Everything that can be reached from some nodes without passing the border.
  reach(roots, border = new Set()) {
    const reached = new Set();
    const waiting = [...roots];
    while (waiting.length > 0) {
      const node = waiting.pop();
      if (reached.has(node) || border.has(node)) continue;
      reached.add(node);
      waiting.push(...(this.references.get(node) ?? []));
    }
    return reached;
  }
}

export function functionNode(index) {
  return `function ${index}`;
}

function namesOf(section, wanted) {
  const reader = new Reader(section);
  const names = new Map();
  while (!reader.isAtEnd) {
    const kind = reader.byte();
    const body = new Reader(reader.slice());
    if (kind !== wanted) continue;
    for (let left = body.number(); left > 0; left--) names.set(body.number(), body.name());
  }
  return names;
}

function functionBodies(sections) {
  const reader = new Reader(sections.find(({ id }) => id === CODE).body);
  const first = countImportedFunctions(sections);
  return Array.from({ length: reader.number() }, (_, at) => {
    const { length } = reader.slice();
    return { node: functionNode(first + at), start: reader.at - length, end: reader.at };
  });
}

function symbolTable(section) {
  const reader = new Reader(section);
  reader.number();
  while (!reader.isAtEnd) {
    const kind = reader.byte();
    const body = new Reader(reader.slice());
    if (kind !== SYMBOL_TABLE) continue;
    return Array.from({ length: body.number() }, () => readSymbol(body));
  }
  throw new Error("the module has no symbol table");
}

function readSymbol(reader) {
  const kind = reader.byte();
  const flags = reader.number();
  const isDefined = (flags & UNDEFINED) === 0;
  if (kind === SymbolKind.SECTION) return { kind, index: reader.number() };
  if (kind === SymbolKind.DATA) {
    reader.name();
    if (!isDefined) return { kind };
    return { kind, segment: reader.number(), offset: reader.number(), size: reader.number() };
  }
  const index = reader.number();
  if (isDefined || flags & EXPLICIT_NAME) reader.name();
  return { kind, index };
}

function dataRanges(symbols, segments) {
  return symbols.flatMap(({ kind, segment, offset, size }, index) => {
    if (kind !== SymbolKind.DATA || segment === undefined || size === 0) return [];
    const { address, offset: start } = segments[segment];
    return [{ node: `data ${index}`, address: address + offset, offset: start + offset, size }];
  });
}

function relocations(section) {
  const reader = new Reader(section);
  reader.number();
  const found = [];
  for (let left = reader.number(); left > 0; left--) {
    const type = reader.byte();
    const offset = reader.number();
    const symbol = reader.number();
    if (WITH_ADDEND.has(type)) reader.signed();
    if (OF_FUNCTIONS.has(type) || OF_DATA.has(type)) found.push({ offset, symbol });
    else if (!OF_OTHERS.has(type)) throw new Error(`a relocation of type ${type} is not known`);
  }
  return found;
}

// The nodes of the places around an offset; texts that end alike may lie in one another.
function placesAt(sorted, offset) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].start <= offset) low = middle + 1;
    else high = middle;
  }
  const found = [];
  // None reaches over more than a few others.
  for (let at = low - 1; at >= 0 && at >= low - 8; at--) {
    if (offset < sorted[at].end) found.push(sorted[at].node);
  }
  return found;
}
