// SPDX-License-Identifier: MIT
// A virtual clock in place of Date.now, setTimeout and clearTimeout.
// Install it before loadMicroPython: the port takes all of its time from these three.

export class VirtualClock {
  constructor(start) {
    this.now = start; // ms
    this.heap = []; // timers {time, id, fn}: a binary heap, earliest first
    this.waiting = new Map(); // id -> timer, those that were not cancelled
    this.lastId = 0;
  }

  install() {
    Date.now = () => this.now;
    globalThis.setTimeout = (fn, delay = 0, ...args) => this.add(delay, () => fn(...args));
    globalThis.clearTimeout = (id) => this.waiting.delete(id);
    return this;
  }

  add(delay, fn) {
    const timer = { time: this.now + Math.max(0, Math.ceil(delay)), id: ++this.lastId, fn };
    this.waiting.set(timer.id, timer);
    const heap = this.heap;
    let child = heap.push(timer) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!earlier(heap[child], heap[parent])) break;
      [heap[child], heap[parent]] = [heap[parent], heap[child]];
      child = parent;
    }
    return timer.id;
  }

  // The time of the next timer, or -1 if there is none.
  next() {
    while (this.heap.length && !this.waiting.has(this.heap[0].id)) this.pop();
    return this.heap.length ? this.heap[0].time : -1;
  }

  // Run everything that is due by now, also what that makes due, unless `over()` says stop.
  // `after` is called after each.
  async runDue(over, after) {
    await settle();
    after();
    for (;;) {
      const time = this.next();
      if (over() || time < 0 || time > this.now) return;
      const timer = this.pop();
      this.waiting.delete(timer.id);
      timer.fn();
      await settle();
      after();
    }
  }

  pop() {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length) {
      heap[0] = last;
      for (let parent = 0; ; ) {
        let child = 2 * parent + 1;
        if (child + 1 < heap.length && earlier(heap[child + 1], heap[child])) child++;
        if (child >= heap.length || !earlier(heap[child], heap[parent])) break;
        [heap[child], heap[parent]] = [heap[parent], heap[child]];
        parent = child;
      }
    }
    return first;
  }
}

function earlier(a, b) {
  return a.time < b.time || (a.time === b.time && a.id < b.id);
}

// Let promises that are ready go on before the next timer.
async function settle() {
  await null;
  await null;
}
