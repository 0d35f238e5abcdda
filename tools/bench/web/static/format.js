// SPDX-License-Identifier: MIT
// Texts and times as people read them, and as scenarios write them.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const two = (n) => String(n).padStart(2, "0");
const DAY = 86400000;

// The wall clock of the world: ms since 1970 at world time 0, as if its zone were UTC.
let base = Date.UTC(2026, 0, 5, 12);

export function setBase(began) {
  if (began) base = Date.parse(`${began.replace(" ", "T")}Z`);
}

export const seconds = (at) => (base + at) / 1000;

export function timeOfDay(at) {
  const when = new Date(base + at);
  return `${two(when.getUTCHours())}:${two(when.getUTCMinutes())}:${two(when.getUTCSeconds())}`;
}

export function dayAndTime(at) {
  const when = new Date(base + at);
  return when.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
}

export function duration(ms) {
  const days = Math.floor(ms / DAY);
  const s = Math.floor((ms % DAY) / 1000);
  const text = `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return days ? `${days} d ${text}` : text;
}

export function span(ms) {
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3600000) return `${Math.floor(ms / 60000)} min ${Math.round(ms / 1000) % 60} s`;
  return `${(ms / 3600000).toFixed(1)} h`;
}

// TEXT of a scenario step, always in quotes: nothing in it can be taken for an ending.
export function quoted(text) {
  return '"' + text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n") + '"';
}

// Makes an element: make("li", { className: "x" }, "text", child).
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
