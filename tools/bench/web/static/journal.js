// SPDX-License-Identifier: MIT
// Events, AT traffic and the device's log: the newest lines, filtered, at the end unless one reads.

import { $, make, timeOfDay } from "./format.js";
import { Following } from "./scroll.js";

const KEPT = 600;
const SHOWN = 300; // .. of these, the newest that the filter lets through
const PERIOD_MS = 250; // a pane is redrawn this often at most
const ARROWS = { sent: "→", received: "←", log: " " };

class Pane {
  constructor(id, write) {
    this.element = $(`#${id}`);
    this.following = new Following(this.element);
    this.filter = "";
    this.lines = [];
    this.fresh = []; // .. that are not on the screen yet
    this.again = true; // everything is to be written again
    this.write = write;
    const input = $(`[data-filter="${id}"]`);
    input.oninput = () => { this.filter = input.value.toLowerCase(); this.redo(); };
  }

  add(item, text) {
    const line = { item, text, key: text.toLowerCase() };
    for (const lines of [this.lines, this.fresh]) {
      lines.push(line);
      if (lines.length > KEPT) lines.splice(0, lines.length - KEPT);
    }
  }

  clear() { this.lines = []; this.redo(); }

  redo() { this.again = true; }

  draw() {
    // Whoever reads further up, or selects, has the pane hold still.
    const { element } = this;
    if (!this.again && !this.fresh.length) return;
    if (!getSelection().isCollapsed && element.contains(getSelection().anchorNode)) return;
    this.following.look();
    if (!this.following.atEnd && !this.again) return;
    const lines = (this.again ? this.lines : this.fresh).filter((line) => line.key.includes(this.filter)).slice(-SHOWN);
    if (this.again) element.replaceChildren();
    element.append(...lines.map(this.write));
    while (element.childElementCount > SHOWN) element.firstElementChild.remove();
    this.fresh = [];
    this.again = false;
    this.following.toEnd();
  }
}

const asText = ({ text }) => make("span", {}, `${text}\n`);

const asItem = ({ item }) => make("li", {},
  make("span", {}, item.style === "past" ? "" : timeOfDay(item.at)), make("span", { className: `is-${item.style || "plain"}` }, item.text));

export class Journal {
  constructor() {
    this.events = new Pane("events", asItem);
    this.traffic = new Pane("traffic", asText);
    this.log = new Pane("log", asText);
    this.panes = [this.events, this.traffic, this.log];
    this.leftOut = 0;
    setInterval(() => { for (const pane of this.panes) pane.draw(); }, PERIOD_MS);
  }

  clear() { for (const pane of this.panes) pane.clear(); }

  // Another bench: what there is stays, as past.
  past(words) {
    this.events.add({ at: 0, text: words, style: "past" }, words);
    for (const pane of [this.traffic, this.log]) pane.add({}, `--- ${words}`);
    this.leftOut = 0;
  }

  // Puts a line of AT traffic or of the log where it belongs.
  trace(item) {
    const line = `${timeOfDay(item.at)} ${ARROWS[item.kind]} ${item.text}`;
    (item.kind === "log" ? this.log : this.traffic).add(item, line);
  }

  note(item) { this.events.add(item, item.text); }

  // Lines that were not sent, because nobody could have read so many.
  left(count) {
    const text = `         … ${count - this.leftOut} lines left out`;
    this.leftOut = count;
    this.traffic.add({}, text);
  }
}
