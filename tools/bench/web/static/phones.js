// SPDX-License-Identifier: MIT
// Phones: a thread of messages each, calls both ways, ready commands.

import { $, $$, make, quoted, span, timeOfDay } from "./format.js";
import { put } from "./device.js";

const FIRST = [["+31600000001", "Anna"], ["+31600000002", "Ben"]];
const STATES = {
  paging: "calling …", dialing: "The device is calling …", ringing: "ringing", answered: "connected",
};
const ANSWER_MS = 60000; // what comes so soon after a message is taken for its answer
const MOST = 400; // items of a thread that are kept on the page

export class Phones {
  constructor(act, link, browse) {
    Object.assign(this, { act, link, browse });
    this.phones = new Map();
    this.lastSent = new Map(); // number -> world time of its last message
    this.items = new Map(); // message id -> its element
    $("#adder").onsubmit = (event) => {
      event.preventDefault();
      const number = $("#new-phone").value.trim();
      if (number) this.add(number).querySelector(".text").focus();
      $("#new-phone").value = "";
    };
    this.clear(true);
  }

  // Empties the threads; of another world nothing stays.
  clear(another) {
    for (const phone of this.phones.values()) {
      if (another) phone.remove();
      $(".thread", phone).replaceChildren();
      $(".call", phone).hidden = true;
    }
    if (another) this.phones.clear();
    this.lastSent.clear();
    this.items.clear();
    for (const [number, name] of FIRST) this.add(number, name);
  }

  // Returns the phone of a number; makes it if there is none.
  add(number, name = "") {
    if (this.phones.has(number)) return this.phones.get(number);
    const phone = $("#phone").content.cloneNode(true).firstElementChild;
    phone.dataset.number = number;
    phone.setAttribute("aria-label", `Phone ${name || number}`);
    $("h2", phone).append(name || number, name ? make("small", {}, number) : "");
    $(".thread", phone).setAttribute("aria-label", `Messages of ${name || number}`);
    const text = $(".text", phone);
    text.setAttribute("aria-label", `Message from ${name || number} to the device`);
    $(".composer", phone).onsubmit = (event) => {
      event.preventDefault();
      if (text.value) this.send(number, text.value);
      text.value = "";
    };
    for (const quick of $$(".quick", phone)) quick.onclick = () => this.send(number, quick.dataset.text);
    $(".browse", phone).onclick = () => this.browse(number, name || number, text);
    $(".dial", phone).onclick = () => this.act(this.link.do(`${number} calls`));
    $(".hang-up", phone).onclick = () => this.act(this.link.do(`${number} hangs up`));
    $(".answer", phone).onclick = () => this.act(this.link.do(`${number} answers`));
    $(".treatment", phone).onchange = (event) => {
      const how = event.target.value === "ring" ? "will not answer" : event.target.value;
      this.act(this.link.do(`${number} ${how}`));
    };
    $("#phone-list").append(phone);
    this.phones.set(number, phone);
    return phone;
  }

  send(number, text) { return this.act(this.link.do(`${number} > ${quoted(text)}`)); }

  message(item) {
    const phone = this.add(item.who);
    const mine = item.way === "to_device";
    const note = make("small");
    const bubble = make("li", { className: mine ? "mine" : "theirs" }, item.text, note);
    if (mine) {
      this.lastSent.set(item.who, item.at);
      note.textContent = `${timeOfDay(item.at)} · on its way`;
      this.items.set(item.id, { note, at: item.at });
      if (item.taken !== undefined) this.taken({ id: item.id, at: item.taken });
    } else {
      const asked = this.lastSent.get(item.who);
      const after = asked !== undefined && item.at - asked < ANSWER_MS ? ` · after ${span(item.at - asked)}` : "";
      this.lastSent.delete(item.who); // what comes later is no answer
      note.textContent = timeOfDay(item.at) + after;
    }
    this.append(phone, bubble);
  }

  taken({ id, at }) {
    const item = this.items.get(id);
    if (!item) return;
    item.note.textContent = `${timeOfDay(item.at)} · delivered in ${span(at - item.at)}`;
    this.items.delete(id);
  }

  call(call) {
    if (call.number === "hidden" && !this.phones.has("hidden")) return;
    const phone = this.add(call.number);
    const bar = $(".call", phone);
    bar.hidden = call.over;
    $(".answer", phone).hidden = !(call.by_device && call.state === "ringing");
    put($(".hang-up", phone), call.by_device && call.state !== "answered" ? "Reject" : "Hang up");
    put($(".call-state", phone), call.by_device && call.state === "ringing" ? "The device is calling" : STATES[call.state] ?? "");
    if (call.over || call.state === "answered") {
      const who = call.by_device ? "call from the device" : "call to the device";
      this.append(phone, make("li", { className: "event" }, `${timeOfDay(call.at)} · ${who}: ${call.state}`));
    }
  }

  append(phone, item) {
    const thread = $(".thread", phone);
    const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
    thread.append(item);
    if (thread.childElementCount > MOST) thread.firstElementChild.remove();
    if (atEnd) thread.scrollTop = thread.scrollHeight;
  }
}
