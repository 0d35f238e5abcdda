// SPDX-License-Identifier: MIT
// The line to the bench: orders go out, news comes in. It is taken up again when it breaks.

const WAIT_MS = [200, 500, 1000, 2000, 5000];

export class Link {
  // onMessage(message), onState(connected)
  constructor(onMessage, onState) {
    this.onMessage = onMessage;
    this.onState = onState;
    this.pending = new Map();
    this.number = 0;
    this.tries = 0;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`ws://${location.host}/socket`);
    this.socket.onopen = () => { this.tries = 0; this.onState(true); };
    this.socket.onmessage = (event) => this.take(JSON.parse(event.data));
    this.socket.onclose = () => this.closed();
  }

  closed() {
    this.onState(false);
    for (const { reject } of this.pending.values()) reject(new Error("the bench has gone before it answered."));
    this.pending.clear();
    const wait = WAIT_MS[Math.min(this.tries++, WAIT_MS.length - 1)];
    setTimeout(() => this.open(), wait);
  }

  take(message) {
    if (message.type !== "answer") return this.onMessage(message);
    const waiting = this.pending.get(message.id);
    if (!waiting) return;
    this.pending.delete(message.id);
    if (message.error) waiting.reject(new Error(message.error)); else waiting.resolve();
  }

  // Resolves when the order has been carried out; rejects with the reason why not.
  order(order) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error("the bench does not answer."));
    const id = ++this.number;
    this.socket.send(JSON.stringify({ ...order, id }));
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }

  do(step) { return this.order({ order: "do", step }); }
}
