// SPDX-License-Identifier: MIT
// Looks into the heap of a VM.

const WORD = 4; // bytes
const BLOCK = 4 * WORD; // what the collector deals in
const CRUMB = 4 * BLOCK; // free memory of less is left as it is when the heap is chopped
const CHOPPERS = `
__holes = __walls = None
def __holes_and_walls(count, size):
    global __holes, __walls
    for _ in range(count):
        __holes = (__holes,) * size
        __walls = (__walls,) * size
def __more_walls(count, size):
    global __walls
    for _ in range(count):
        __walls = (__walls,) * size
def __free_the_holes():
    global __holes
    __holes = None
`;

// printed(work): the lines that the VM prints while `work` runs.
export class Heap {
  constructor(mp, printed) {
    this.mp = mp;
    this.printed = printed;
    const [gc, micropython] = [mp.pyimport("gc"), mp.pyimport("micropython")];
    this.threshold = gc.threshold;
    this.collect = gc.collect; // each look at an attribute makes an object in the VM
    this.inUse = gc.mem_alloc;
    this.memInfo = micropython.mem_info;
    this.qstrInfo = micropython.qstr_info;
    this.most = null; // {live, used} in bytes while it is watched
  }

  // Bytes in use. A collection takes effect when the outermost call into the VM returns.
  live() {
    this.collect();
    return this.inUse();
  }

  // What was asked with a message's `ask`: [name of a method here, argument].
  answer([name, argument]) {
    return this[name](argument) ?? null;
  }

  modules() {
    this.mp.runPython("import sys\n__modules = ' '.join(sys.modules)");
    const names = this.mp.globals.get("__modules").split(" ");
    this.mp.globals.delete("__modules");
    return names;
  }

  // The names that the program brought: how many, and the bytes of their pools, which double.
  names() {
    const line = this.printed(() => this.qstrInfo()).find((l) => l.startsWith("qstr"));
    const found = Object.fromEntries(line.match(/\w+=\d+/g).map((pair) => pair.split("=")));
    return { count: +found.n_qstr, pools: found.n_total_bytes - found.n_str_data_bytes };
  }

  // From now on the VM does not collect by itself after so many bytes, which no board does.
  keepGarbage() {
    this.threshold(-1);
    return this.live();
  }

  // Every block in use, garbage too, as address, bytes, address, bytes ..
  blocks() {
    const found = [];
    for (const [start, bytes, free] of this.runs()) if (!free) found.push(start, bytes);
    return found;
  }

  // Text of a block, as far as it has any.
  text([address, bytes]) {
    return Buffer.from(this.mp._module.HEAPU8.subarray(address, address + bytes)).toString("latin1");
  }

  // Cut all free memory into holes of so many bytes; returns the bytes of all holes.
  chop(hole) {
    this.mp.runPython(CHOPPERS);
    const names = ["__holes_and_walls", "__more_walls", "__free_the_holes"];
    const [holesAndWalls, moreWalls, freeTheHoles] = names.map((name) => this.mp.globals.get(name));
    // Fill the heap with tuples. One has two words besides its items, and (x,), which is needed
    // to make it, may lie beside it. How many there is room for is known: no MemoryError here.
    const fill = (make, bytes, each) => {
      for (;;) {
        this.live();
        const count = this.free().reduce((sum, run) => sum + Math.floor(run / each), 0);
        if (!count) return;
        make(count, bytes / WORD - 2);
      }
    };
    const bytes = hole - 2 * CRUMB;
    fill(holesAndWalls, bytes, 2 * (bytes + BLOCK));
    for (let rest = hole; rest >= CRUMB; rest /= 2) fill(moreWalls, rest - BLOCK, rest);
    freeTheHoles();
    this.live();
    const free = this.free();
    const largest = Math.max(...free);
    if (largest > hole) throw new Error(`a hole has ${largest} bytes`);
    return free.reduce((sum, run) => sum + run, 0);
  }

  // Watch from now on what is in use; returns the most since the last time that this was called.
  watch() {
    const most = this.most;
    const live = this.keepGarbage();
    this.most = { live, used: live };
    return most;
  }

  // To be called after every call into the VM.
  look() {
    if (this.most === null) return;
    this.most.used = Math.max(this.most.used, this.inUse());
    this.most.live = Math.max(this.most.live, this.live());
  }

  // Bytes of each free run.
  free() {
    return this.runs().filter((run) => run[2]).map((run) => run[1]);
  }

  // [address, bytes, is it free] of everything in the heap, from the collector's own printout.
  runs() {
    const found = [];
    let area = 0;
    let next = 0; // address behind what was last
    for (const line of this.printed(() => this.memInfo(1))) {
      const begins = line.match(/^GC memory layout; from (?:0x)?([0-9a-f]+)/);
      if (begins) area = next = parseInt(begins[1], 16);
      const row = line.match(/^([0-9a-f]{8}): (.*)$/);
      if (!row || !area) continue;
      const at = area + parseInt(row[1], 16);
      if (at > next) add(found, next, at - next, "."); // rows that are all free are not printed
      [...row[2]].forEach((letter, i) => add(found, at + BLOCK * i, BLOCK, letter));
      next = at + BLOCK * row[2].length;
    }
    return found;
  }
}

function add(runs, start, bytes, letter) {
  const last = runs.at(-1);
  const free = letter === ".";
  const follows = last && last[0] + last[1] === start && last[2] === free;
  if (follows && (free || letter === "=")) last[1] += bytes;
  else runs.push([start, bytes, free]);
}
