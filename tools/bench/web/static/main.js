// SPDX-License-Identifier: MIT
// Joins everything: what comes from the bench is put where it belongs and drawn once a frame.

import { Commands } from "./commands.js";
import * as device from "./device.js";
import { $, $$, dayAndTime, duration, make, setBase, timeOfDay } from "./format.js";
import { Journal } from "./journal.js";
import { Link } from "./link.js";
import { Panes } from "./panes.js";
import { Phones } from "./phones.js";
import { Plot } from "./plot.js";
import { Stories } from "./story.js";
import * as surroundings from "./surroundings.js";

let state = null; // the newest snapshot or news
let world = { model: "EP", vm: "", run: "", generation: 0 };
let refused = ""; // why the last order was not carried out
let dismissed = null; // the fault that was read
let drawing = false;

const AGAIN = "The bench was started again; what stands above happened before.";

// Frames and how old the news is when it comes, for `make measure-page` and the tests.
export const figures = { frames: 0, news: 0, snapshots: 0, lags: [] };

const link = new Link(take, connected);
const commands = new Commands();
const phones = new Phones(act, link, (number, name, input) => commands.open(number, name, input));
const journal = new Journal();
const panes = new Panes();
const plot = new Plot();
const stories = new Stories(act, link);
globalThis.bench = figures;
figures.plot = plot;
surroundings.connect(act, link);
connectTime();
connectMenu();

// -- from the bench -------------------------------------------------------------------------------

function take(message) {
  figures.news += 1;
  figures.lags.push(Date.now() - message.sent);
  if (figures.lags.length > 2000) figures.lags.shift();
  state = message;
  setBase(message.gauges.began);
  if (message.type === "snapshot") begin(message);
  for (const item of message.messages ?? []) {
    phones.message(item);
    plot.message(item);
    if (message.type !== "snapshot" && item.way === "to_phone") panes.message();
  }
  for (const item of message.taken ?? []) phones.taken(item);
  for (const item of message.refused ?? []) phones.refused(item);
  for (const item of message.calls ?? []) if (message.type !== "snapshot" || !item.over) phones.call(item);
  phones.settle();
  for (const item of message.notes ?? []) journal.note(item);
  for (const item of message.trace ?? []) journal.trace(item);
  for (const point of message.points ?? []) plot.add(point);
  for (const count of message.left_out ?? []) journal.left(count);
  if (!drawing) { drawing = true; requestAnimationFrame(draw); }
}

// Forgets what was shown: this is another world, or so much was missed that everything comes again.
function begin(snapshot) {
  figures.snapshots += 1;
  const restarted = world.run && world.run !== snapshot.run;
  const another = restarted || world.generation !== snapshot.generation;
  world = snapshot;
  if (another) { dismissed = null; refused = ""; }
  if (restarted) { phones.past(AGAIN); journal.past(AGAIN); }
  else { phones.clear(another); journal.clear(); }
  plot.clear();
  stories.set(snapshot.stories);
  commands.set(snapshot.commands);
  fill($("#model"), snapshot.models, snapshot.model);
  fill($("#vm"), snapshot.vms, snapshot.vm);
  $("#us").checked = snapshot.us;
  $("#what").textContent = `${snapshot.model} on ${snapshot.vm.replace("-", " ").replace("micropython", "MicroPython").replace("cpython", "CPython")}`;
  $("#reset-hint").textContent = snapshot.model === "EP"
    ? "A press switches the socket; 10 s reset the device to its factory settings."
    : "A press switches the socket; hold 5 s, then press within 10 s: factory settings.";
}

function fill(select, names, chosen) {
  if (document.activeElement === select) return;
  select.replaceChildren(...names.map((name) => make("option", { value: name, selected: name === chosen }, name)));
}

function connected(on) {
  document.body.dataset.connected = on;
  if (on) refused = "";
  drawAlerts();
}

// -- to the screen --------------------------------------------------------------------------------

function draw() {
  drawing = false;
  figures.frames += 1;
  device.draw(state, world.model);
  surroundings.draw(state.gauges);
  plot.at(state.now);
  stories.draw(world.generation, state.story);
  drawTime();
  drawAlerts();
}

function drawTime() {
  const told = state.gauges.device_time;
  device.put($("#clock"), told ? told.slice(11) : timeOfDay(state.now));
  device.put($("#date"), told ? dayAndTime(state.now) : "the device has no date");
  device.put($("#elapsed"), `${duration(state.now)} since the beginning`);
  device.put($("#found"), state.next ? found(state.next) : state.speed === 0 ? "Time stands still." : "");
  document.body.dataset.speed = state.speed;
  const radio = $(`#speeds input[value="${state.speed}"]`);
  if (radio && !radio.checked) radio.checked = true;
}

function found({ seeking, found: event }) {
  if (seeking) return "Looking for the next event …";
  return event ? `Next event: ${event}` : "Nothing happened for a day.";
}

function drawAlerts() {
  const alerts = [];
  if (document.body.dataset.connected === "false") alerts.push({ key: "gone", text: "The bench does not answer. Is it still running? What is on this page has happened before; it goes on as soon as the bench is back." });
  if (state?.problem) alerts.push({ key: "problem", text: "The device stands still.", more: state.problem, act: "Start again", on: restart });
  else if (state?.stuck) alerts.push({ key: "stuck", text: "The firmware does not let go: it hangs, or has much to do. On MicroPython it is stopped after 20 s and the chip restarts.", act: "Start again", on: restart });
  const { fault } = state ?? {};
  if (fault && dismissed !== `${world.generation} ${fault.at}` && !state.problem) {
    const what = fault.kind === "crash" ? "The firmware crashed; the chip restarts by itself." : "The firmware was stopped; the chip was restarted.";
    alerts.push({ key: `fault ${fault.at}`, text: `${timeOfDay(fault.at)}: ${what}`, more: fault.text, act: "Start again", on: restart, close: () => { dismissed = `${world.generation} ${fault.at}`; } });
  }
  if (refused) alerts.push({ key: `refused ${refused}`, text: refused, close: () => { refused = ""; } });
  const key = alerts.map((alert) => alert.key).join("|");
  const place = $("#alerts");
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...alerts.map(alertItem));
}

function alertItem({ text, more, act: label, on, close }) {
  const item = make("div", { className: "alert" }, make("div", {}, text, more ? make("pre", {}, more) : ""));
  if (label) item.append(make("button", { className: "strong", onclick: on }, label));
  if (close) item.append(make("button", { onclick: () => { close(); drawAlerts(); } }, "Dismiss"));
  return item;
}

// -- orders ---------------------------------------------------------------------------------------

// Says so if an order is refused.
function act(promise) {
  return promise.then(() => { refused = ""; drawAlerts(); }, (error) => { refused = error.message; drawAlerts(); });
}

function restart() {
  act(link.order({ order: "restart", model: world.model, vm: world.vm, us: world.us }));
}

function connectTime() {
  for (const radio of $$("#speeds input")) {
    radio.onchange = () => act(link.order({ order: "speed", speed: radio.value === "max" ? "max" : Number(radio.value) }));
  }
  $("#next").onclick = () => act(link.order({ order: "skip" }));
}

function connectMenu() {
  $("#restart").onsubmit = (event) => {
    event.preventDefault();
    $("#menu").open = false;
    act(link.order({ order: "restart", model: $("#model").value, vm: $("#vm").value, us: $("#us").checked }));
  };
  $("#load").onchange = async (event) => {
    const [file] = event.target.files;
    if (file) act(link.order({ order: "load", settings: await file.text() }));
    event.target.value = "";
    $("#menu").open = false;
  };
  $("#step").onsubmit = (event) => {
    event.preventDefault();
    doTyped($("#step-text"));
  };
  document.addEventListener("click", (event) => { if (!$("#menu").contains(event.target)) $("#menu").open = false; });
  $("#menu").onkeydown = (event) => {
    if (event.key !== "Escape" || !$("#menu").open) return;
    $("#menu").open = false;
    $("#menu > summary").focus();
  };
}

// A step stays in the form until it is done; beside it stands why it could not be.
function doTyped(input) {
  const typed = input.value;
  if (!typed.trim()) return;
  const say = (words) => { device.put($("#step-failed"), words); input.setAttribute("aria-invalid", words !== ""); };
  input.select(); // what is typed next replaces it
  link.do(typed).then(
    () => { say(""); if (input.value === typed) input.value = ""; },
    (error) => say(error.message));
}
