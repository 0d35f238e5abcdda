// SPDX-License-Identifier: MIT
// A MicroPython VM on a virtual clock, with a tree of files to import from.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Heap } from "./heap.mjs";
import { forbidGrowth, occupyTheRest } from "./heap_cap.mjs";

// Date.now() while the VM is loaded: a multiple of 2^30 in the year 2026. ticks_ms() counts from
// there, so it begins at zero.
export const LOADED_AT = 2 ** 30 * 1650;
const FIRST_HEAP = 64 * 1024; // bytes; the board begins with 56 KiB and grows, as this does
// What the collector of JavaScript finds is not freed in the VM: it could be another VM by then.
globalThis.FinalizationRegistry = class {
  register() {}
  unregister() {}
};

// Each VM of this process runs the same code, compiled once.
const instantiate = WebAssembly.instantiate;
let compiled = null;
WebAssembly.instantiate = async (binary, imports) => {
  compiled ??= await WebAssembly.compile(binary);
  return { module: compiled, instance: await instantiate(compiled, imports) };
};

// The VM is built with an assertion that looks each function up in WebAssembly's table when C calls
// it, which takes a tenth of the time. The table of a VM never changes.
const lookUp = WebAssembly.Table.prototype.get;
WebAssembly.Table.prototype.get = function (index) {
  this.found ??= [];
  return (this.found[index] ??= lookUp.call(this, index));
};

// What is allocated between two collections, bytes. This port's own 16 KiB is so little that a fifth
// of the time goes into them; a board collects when its heap is full. What is measured keeps it.
const THRESHOLD = 64 * 1024;

const LOST_TASK = "Task exception wasn't retrieved";

// Load the VM in folder `vm` and give it the files in `tree`. `print` takes its lines of output.
// heap: bytes, the whole of the heap, which then does not grow; null: it may grow.
// first: bytes of its first area, if it may grow.
export async function loadMachine(vm, tree, print, heap = null, first = null) {
  if (heap !== null) forbidGrowth();
  const { loadMicroPython } = await import(pathToFileURL(path.join(vm, "micropython.mjs")));
  const output = [new Lines(print), new Lines(print)];
  const flush = () => output.forEach((lines) => lines.flush());
  let taken = null; // what is printed while somebody looks into the heap
  const take = (lines) => (bytes) => (taken ? taken.push(...bytes) : lines.take(bytes));
  const mp = await loadMicroPython({
    heapsize: heap ?? first ?? FIRST_HEAP,
    stdout: take(output[0]),
    stderr: take(output[1]),
    linebuffer: false,
  });
  if (heap !== null) occupyTheRest(mp._module);
  copyTree(mp.FS, tree, "");
  // Frozen modules that the board does not have must not be found; asyncio's parts are loaded.
  mp.runPython("import asyncio, sys\nsys.path[:] = ['', '/lib']");
  if (heap === null && first === null) mp.runPython(`import gc\ngc.threshold(${THRESHOLD})\ndel gc`);
  const printed = (work) => {
    taken = [];
    work();
    const lines = Buffer.from(taken).toString("latin1").split(/\r?\n/);
    taken = null;
    return lines;
  };
  return { mp, flush, heap: new Heap(mp, printed) };
}

// Collects what makes a run fail although the program goes on: a task's lost exception with the
// lines after it, or an error that came out of the VM.
export class Faults {
  constructor() {
    this.lines = [];
  }

  // True if the printed line belongs to a fault.
  take(line) {
    if (!this.lines.length && !line.includes(LOST_TASK)) return false;
    this.lines.push(line);
    return true;
  }

  // Run fn, which calls into the VM; what it throws is a fault.
  async guard(fn) {
    try {
      await fn();
    } catch (error) {
      this.lines.push(String(error?.message ?? error).trim().slice(0, 4000));
    }
  }

  text() {
    return this.lines.length ? this.lines.join("\n") : undefined;
  }
}

// Cuts a stream of UTF-8 bytes into lines.
class Lines {
  constructor(print) {
    this.print = print;
    this.bytes = [];
  }

  take(bytes) {
    for (const byte of bytes) {
      if (byte === 10) this.flush(true);
      else if (byte !== 13) this.bytes.push(byte);
    }
  }

  flush(even = false) {
    if (!this.bytes.length && !even) return;
    const line = Buffer.from(this.bytes).toString("utf8");
    this.bytes = [];
    this.print(line);
  }
}

function copyTree(FS, from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue; // somebody is writing it
    const source = path.join(from, entry.name);
    const target = `${to}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!FS.analyzePath(target).exists) FS.mkdir(target);
      copyTree(FS, source, target);
    } else {
      FS.writeFile(target, fs.readFileSync(source));
    }
  }
}

