// SPDX-License-Identifier: MIT
// A hard limit for the VM's heap, which otherwise grows as long as it can.

// WebAssembly memory beyond what the VM begins with (16 MiB); call before loadMicroPython.
export function forbidGrowth() {
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = (binary, imports) => {
    imports.env.emscripten_resize_heap = () => 0;
    return instantiate(binary, imports);
  };
}

const GAP = 1024; // bytes; the collector adds no area below 2 KiB, see gc_try_add_heap
const GAPS = 128;
const RESERVE = 256 * 1024;

// Take all memory that malloc() still has, so that the collector gets none of it. Left are gaps
// that are too small for it, and a reserve which only a long string on its way in may use.
export function occupyTheRest(module) {
  const { _malloc: malloc, _free: free } = module;
  const small = Array.from({ length: 2 * GAPS }, () => malloc(GAP));
  let reserve = malloc(RESERVE);
  for (let size = 1 << 20; size >= 64; size >>= 1) while (malloc(size));
  small.forEach((block, index) => index % 2 || free(block));
  module._malloc = (size) => {
    let block = malloc(size);
    if (!block && reserve) {
      free(reserve);
      reserve = 0;
      block = malloc(size);
    }
    if (!block) throw new Error(`no memory for ${size} bytes outside the capped heap`);
    return block;
  };
  module._free = (block) => {
    free(block);
    reserve ||= malloc(RESERVE);
  };
}
