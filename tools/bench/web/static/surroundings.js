// SPDX-License-Identifier: MIT
// What the device stands in: every knob does a step of the scenario language.

import { $, $$, quoted } from "./format.js";
import { put } from "./device.js";

const NO_SIGNAL = -115;
const SENSOR = { ok: null, missing: "missing", corrupt: "corrupt", poweron: "85 poweron" };

export function connect(act, link) {
  for (const button of $$("[data-step]")) button.onclick = () => act(link.do(button.dataset.step));
  $("#power").onclick = () => act(link.do(`power ${$("#power").textContent.endsWith("off") ? "off" : "on"}`));
  onSwitch("#mains", (on) => act(link.do(`mains ${on ? "on" : "off"}`)));
  onSwitch("#contact", (on) => act(link.do(`contact ${on ? "closed" : "open"}`)));
  onSwitch("#network", (on) => act(link.do(`network ${on ? "back" : "lost"}`)));
  onSlide("#temperature", (value) => act(link.do(`temperature ${value}`)));
  onSlide("#signal", (value) => act(link.do(`signal ${value <= NO_SIGNAL ? "none" : value}`)));
  $("#sensor").onchange = (event) => {
    const fault = SENSOR[event.target.value];
    act(link.do(`temperature ${fault ?? $("#temperature").value}`));
  };
  const room = () => act(link.order({
    order: "room", appliance: $("#appliance").value, outside: Number($("#outside").value),
  }));
  $("#appliance").onchange = room;
  $("#outside").onchange = room;
  for (const radio of $$("#sim input")) radio.onchange = () => act(link.do(`sim ${radio.value}`));
  $("#operator").onsubmit = (event) => {
    event.preventDefault();
    const answer = $("#ussd-answer").value;
    act(link.do(`operator ${$("#ussd").value} ${answer ? `> ${quoted(answer)}` : "silent"}`));
  };
}

function onSwitch(selector, change) {
  const button = $(selector);
  button.onclick = () => change(button.getAttribute("aria-checked") !== "true");
}

// A slider tells while it is moved, five times a second at most, and always where it ended.
function onSlide(selector, change) {
  const slider = $(selector);
  let timer = null;
  const tell = () => { timer = null; change(slider.value); };
  slider.oninput = () => { slider.dataset.held = Date.now(); timer ??= setTimeout(tell, 200); };
}

const held = (element) => document.activeElement === element && Date.now() - (element.dataset.held ?? 0) < 700;

export function draw(g) {
  check("#mains", g.mains);
  check("#contact", g.contact);
  check("#network", g.network);
  put($("#celsius"), g.thermometer === "ok" ? `${g.celsius.toFixed(1)} °C` : "no reading");
  if (!held($("#temperature"))) $("#temperature").value = g.celsius;
  const signal = g.signal ?? NO_SIGNAL;
  if (!held($("#signal"))) $("#signal").value = signal;
  put($("#signal-text"), g.signal === null ? "no signal" : `${g.signal} dBm`);
  choose($("#sensor"), g.thermometer);
  choose($("#appliance"), g.room);
  choose($("#outside"), String(g.outside));
  const card = { ready: "back", missing: "missing" }[g.sim] ?? "pin";
  for (const radio of $$("#sim input")) if (radio.checked !== (radio.value === card)) radio.checked = radio.value === card;
  put($("#sim-used"), g.sim === "SIM PUK" ? "asks for its PUK" : `${g.sim_used} of ${g.sim_capacity} places used`);
  put($("#modem-state"), { runs: "runs", hangs: "hangs", off: "is off" }[g.modem] + (g.waiting ? `, ${g.waiting} waiting for it` : ""));
}

function check(selector, on) {
  const button = $(selector);
  if (button.getAttribute("aria-checked") !== String(on)) button.setAttribute("aria-checked", on);
}

function choose(element, value) {
  if (document.activeElement !== element && element.value !== value) element.value = value;
}
