// SPDX-License-Identifier: MIT
// Imports modules one by one, and says what the heap is before the first and after each.
//
//   node imports.mjs VM_FOLDER TREE_FOLDER OPTIONS
//
// OPTIONS is JSON: {"modules": [names]}. One JSON line out for each reading:
//   {"heap": bytes in use, "names": number of names, "pools": bytes of their pools}
import { LOADED_AT, loadMachine } from "./machine.mjs";
import { VirtualClock } from "./clock.mjs";
import { send } from "./stdio.mjs";

const [vm, tree, options] = process.argv.slice(2);
const FIRST_AREA = 1 << 20; // bytes

new VirtualClock(LOADED_AT).install();
const { mp, heap } = await loadMachine(vm, tree, () => {}, null, FIRST_AREA);
mp.registerJsModule("wire", {});
mp.runPython("sys.path.append('tools/bench/runners/chip')");

function read() {
  const { count, pools } = heap.names();
  send({ heap: heap.live(), names: count, pools });
}

read();
for (const name of JSON.parse(options).modules) {
  mp.runPython(`import ${name}`);
  read();
}
