// SPDX-License-Identifier: MIT
// The device as its owner sees it: lamp, LEDs, button, what it stands in.

import { $, make } from "./format.js";

const WORDS = {
  off: "off", steady: "steady", "1/s": "once a second", "1/3s": "every 3 s", "4/s": "4 a second",
  "3/s": "3 a second", sim: "SIM trouble", flash3: "three flashes",
};
const NAMES = { power: "POWER", gsm: "GSM", out: "OUT", microphone: "MICROPHONE" };

export function draw(state, model) {
  const g = state.gauges;
  const on = g.socket ? "on" : "off";
  const device = $("#device");
  if (device.dataset.socket !== on) {
    device.dataset.socket = on;
  }
  // The relay may be closed: without mains nothing comes through it.
  const lamp = g.socket && g.mains ? "lit" : "dark";
  if (device.dataset.lamp !== lamp) {
    device.dataset.lamp = lamp;
    $("#lamp-state").textContent = `The lamp is ${lamp}`;
  }
  device.dataset.held = g.button;
  put($("#held"), g.button ? "The button is held down" : "");
  const micro = model.startsWith("GSM70") && !model.endsWith("LIGHT");
  put($("#socket"), `Socket ${on}${g.socket && !g.mains ? ", without mains" : ""}${micro ? `, micro relay ${g.microrelay ? "on" : "off"}` : ""}`);
  put($("#cause"), g.cause && `by ${g.cause}`);
  put($("#standing"), standing(g));
  put($("#brand"), model);
  put($("#power"), g.powered ? "Power off" : "Power on");
  drawLeds(g.leds, model);
}

function standing(g) {
  if (!g.powered) return "without power";
  if (g.asleep) return "asleep, on battery";
  if (!g.running) return "the chip is starting";
  return (g.online ? "on line" : "not on line") + (g.mains ? "" : ", on battery");
}

function drawLeds(leds, model) {
  const list = $("#leds");
  const names = Object.keys(NAMES).filter((name) => name !== "microphone" || model.startsWith("GSM70"));
  if (list.childElementCount !== names.length) {
    list.dataset.count = names.length;
    list.replaceChildren(...names.map((name) => {
      const item = make("li", {}, make("span", { className: "led", ariaHidden: "true" }), NAMES[name], make("small"));
      item.dataset.led = name;
      return item;
    }));
  }
  for (const item of list.children) {
    const pattern = leds[item.dataset.led];
    if (item.dataset.pattern === pattern) continue;
    item.dataset.pattern = pattern;
    put($("small", item), WORDS[pattern] ?? pattern);
    inStep(item, pattern);
  }
}

// LEDs that blink at one rate blink together, as they do where one timer moves them.
function inStep(item, pattern) {
  if (pattern === "flash3") return;
  for (const animation of item.getAnimations({ subtree: true })) animation.startTime = 0;
}

export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
