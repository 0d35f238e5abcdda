// SPDX-License-Identifier: MIT
// Phones: a thread of messages each, calls both ways, ready commands.

import { $, $$, make, quoted, span, timeOfDay } from "./format.js";
import { put } from "./device.js";
import { Following } from "./scroll.js";

const FIRST = [["+31600000001", "Anna"], ["+31600000002", "Ben"]];
const STATES = {
  paging: "calling …", dialing: "The device is calling …", ringing: "ringing", answered: "connected",
};
const ADDRESS = /^(\+?[0-9]{1,20}|[A-Za-z0-9&'()*!?/.,:;%=_-]{1,11})$/; // as the scenario language has it
const ANSWER_MS = 60000; // what comes so soon after a message is taken for its answer
const MOST = 400; // items of a thread that are kept on the page

export class Phones {
  constructor(act, link, browse) {
    Object.assign(this, { act, link, browse });
    this.phones = new Map();
    this.follows = new Map(); // number -> what keeps its thread at the end
    this.grown = new Set(); // numbers whose thread has grown
    this.lastSent = new Map(); // number -> world time of its last message
    this.items = new Map(); // message id -> its element
    $("#adder").onsubmit = (event) => {
      event.preventDefault();
      this.addTyped($("#new-phone"));
    };
    $("#which").onchange = (event) => this.choose(event.target.value);
    this.clear(true);
  }

  addTyped(input) {
    const number = input.value.trim();
    const good = ADDRESS.test(number);
    put($("#adder-failed"), good ? "" : "A phone has a number (+31600000003), a name of up to 11 letters, or is hidden.");
    input.setAttribute("aria-invalid", !good);
    if (!good) return;
    input.value = "";
    const phone = this.add(number);
    this.choose(number);
    $(".text", phone).focus();
  }

  // Empties the threads. Into another world phones go with what is typed in them.
  clear(another) {
    for (const [number, phone] of this.phones) {
      if (another && !$(".text", phone).value && !FIRST.some(([first]) => first === number)) this.remove(number);
      $(".thread", phone).replaceChildren();
      $(".call", phone).hidden = true;
      this.failed(phone, "");
    }
    this.lastSent.clear();
    this.items.clear();
    for (const [number, name] of FIRST) this.add(number, name);
  }

  // Another bench: what there is stays, as past.
  past(words) {
    for (const phone of this.phones.values()) {
      const thread = $(".thread", phone);
      if (thread.childElementCount && !thread.lastElementChild.classList.contains("break")) {
        for (const item of thread.children) item.classList.add("past");
        thread.append(make("li", { className: "event break" }, words));
      }
      $(".call", phone).hidden = true;
    }
    this.lastSent.clear();
    this.items.clear();
  }

  remove(number) {
    this.phones.get(number).remove();
    this.phones.delete(number);
    this.follows.delete(number);
    $(`#which option[value="${CSS.escape(number)}"]`).remove();
  }

  // Shows one phone where there is room for one only.
  choose(number) {
    $("#which").value = number;
    for (const [other, phone] of this.phones) phone.dataset.chosen = other === number;
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
    $(".composer", phone).onsubmit = (event) => { event.preventDefault(); this.sendTyped(number, text); };
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
    this.follows.set(number, new Following($(".thread", phone)));
    $("#which").append(make("option", { value: number }, name || number));
    this.choose($("#which").value);
    return phone;
  }

  // What was typed stays in the form until it has been sent.
  sendTyped(number, text) {
    const typed = text.value;
    if (!typed || text.dataset.sending === typed) return;
    text.dataset.sending = typed;
    text.select(); // what is typed next replaces it
    this.send(number, typed).then((sent) => {
      if (text.dataset.sending === typed) text.dataset.sending = "";
      if (sent && text.value === typed) text.value = "";
    });
  }

  // Resolves to true once it is sent; says so if it is not.
  send(number, text) {
    const phone = this.phones.get(number);
    return this.link.do(`${number} > ${quoted(text)}`).then(
      () => { this.failed(phone, ""); return true; },
      (error) => { this.failed(phone, `Not sent: ${error.message}`); return false; });
  }

  failed(phone, words) { put($(".failed", phone), words); }

  message(item) {
    const phone = this.add(item.who);
    const mine = item.way === "to_device";
    const note = make("small");
    const bubble = make("li", { className: mine ? "mine" : "theirs" }, item.text, note);
    if (mine) {
      this.lastSent.set(item.who, item.at);
      note.textContent = `${timeOfDay(item.at)} · on its way`;
      this.items.set(item.id, { bubble, note, at: item.at });
      if (this.items.size > MOST) this.items.delete(this.items.keys().next().value);
      if (item.taken !== undefined) this.taken({ id: item.id, at: item.taken });
      if (item.refused !== undefined) this.refused({ id: item.id, why: item.refused });
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
    if (item) item.note.textContent = `${timeOfDay(item.at)} · delivered in ${span(at - item.at)}`;
  }

  // Silence explained, in the words of the device's own log.
  refused({ id, why }) {
    const item = this.items.get(id);
    if (item && !$(".why", item.bubble)) item.bubble.append(make("small", { className: "why" }, `The device refused it: ${why}`));
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
    thread.append(item);
    if (thread.childElementCount > MOST) thread.firstElementChild.remove();
    this.grown.add(phone.dataset.number);
  }

  // Scrolls, once for all that has come.
  settle() {
    for (const number of this.grown) this.follows.get(number)?.keep();
    this.grown.clear();
  }
}
