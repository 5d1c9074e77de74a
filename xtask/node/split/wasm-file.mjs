// Reads and rewrites a WebAssembly file by its sections.

export const CUSTOM = 0;
export const IMPORT = 2;
const EXPORT = 7;
const START = 8;
export const CODE = 10;
export const DATA = 11;
const DATA_COUNT = 12;
const HEADER_BYTES = 8;
const FUNCTION = 0;
const I32_CONST = 0x41;
const END = 0x0b;

const text = new TextDecoder();

// Goes through bytes from front to back.
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++];
  }

  // An unsigned number of up to 32 bits (LEB128).
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  // A signed one.
  signed() {
    let value = 0;
    for (let shift = 0; ; ) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return shift < 32 && byte & 0x40 ? value | (-1 << shift) : value;
    }
  }

  slice() {
    const length = this.number();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name() {
    return text.decode(this.slice());
  }
}

// The sections in their order: `{ id, name, body }`; a name only for custom ones.
export function sectionsOf(file) {
  const reader = new Reader(file, HEADER_BYTES);
  const sections = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const content = reader.slice();
    if (id !== CUSTOM) {
      sections.push({ id, body: content });
      continue;
    }
    const inside = new Reader(content);
    const name = inside.name();
    sections.push({ id, name, body: content.subarray(inside.at), content });
  }
  return sections;
}

export function countImportedFunctions(sections) {
  const body = sections.find(({ id }) => id === IMPORT)?.body;
  if (!body) return 0;
  const reader = new Reader(body);
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === FUNCTION) functions++;
    skipImportType(reader, kind);
  }
  return functions;
}

function skipImportType(reader, kind) {
  const [TABLE, MEMORY, GLOBAL] = [1, 2, 3];
  if (kind === FUNCTION) reader.number();
  else if (kind === GLOBAL) reader.at += 2;
  else if (kind === TABLE || kind === MEMORY) {
    if (kind === TABLE) reader.byte();
    const hasMaximum = reader.number() & 1;
    reader.number();
    if (hasMaximum) reader.number();
  } else throw new Error(`an import of kind ${kind} is not expected`);
}

// The indexes of the functions that are called from outside.
export function calledFromOutside(sections) {
  const exports = sections.find(({ id }) => id === EXPORT)?.body;
  const start = sections.find(({ id }) => id === START)?.body;
  const functions = start ? [new Reader(start).number()] : [];
  const reader = new Reader(exports ?? Uint8Array.of(0));
  for (let left = reader.number(); left > 0; left--) {
    reader.name();
    const kind = reader.byte();
    const index = reader.number();
    if (kind === FUNCTION) functions.push(index);
  }
  return functions;
}

// The data segments: `{ address, bytes, offset }`, with their offset in the body of the section.
export function dataSegments(sections) {
  const body = sections.find(({ id }) => id === DATA)?.body ?? new Uint8Array([0]);
  const reader = new Reader(body);
  const segments = [];
  for (let left = reader.number(); left > 0; left--) {
    if (reader.number() !== 0 || reader.byte() !== I32_CONST) {
      throw new Error("only data at a constant address is expected");
    }
    const address = reader.signed() >>> 0;
    reader.byte();
    const bytes = reader.slice();
    segments.push({ address, bytes, offset: reader.at - bytes.length });
  }
  return segments;
}

// The file with other data, and without the sections that `isDropped` names.
export function withData(file, segments, isDropped) {
  const written = [file.subarray(0, HEADER_BYTES)];
  for (const { id, name, body, content } of sectionsOf(file)) {
    if (id === CUSTOM && isDropped(name)) continue;
    let bytes = content ?? body;
    if (id === DATA) bytes = dataSection(segments);
    if (id === DATA_COUNT) bytes = Uint8Array.from(unsigned(segments.length));
    written.push(Uint8Array.from([id, ...unsigned(bytes.length)]), bytes);
  }
  return Buffer.concat(written);
}

function dataSection(segments) {
  const written = [Uint8Array.from(unsigned(segments.length))];
  for (const { address, bytes } of segments) {
    const head = [0, I32_CONST, ...signed(address), END, ...unsigned(bytes.length)];
    written.push(Uint8Array.from(head), bytes);
  }
  return Buffer.concat(written);
}

function unsigned(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return [...bytes, value];
}

function signed(value) {
  const bytes = [];
  for (; value >= 0x40; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return [...bytes, value];
}
