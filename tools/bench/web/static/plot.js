// SPDX-License-Identifier: MIT
// Temperature and set point over time; below, on one axis of time, what is on and off.

import uPlot from "/vendor/uPlot.esm.js";
import { $, make, seconds, timeOfDay, dayAndTime } from "./format.js";

const LANES = [["Mains", 5], ["Contact", 4], ["Socket", 3]]; // name, column of a point
const PERIOD_MS = 200; // between two drawings at least,
const LATEST_MS = 1000; // and until what is less than a pixel wide is drawn
const MOST = 20000;
const MANY = 4000; // points from which on those of one pixel are joined
const STEPS = 60; // that an arrow key takes from one side to the other

// A custom property with light-dark() is only resolved where it is used.
function resolved(name) {
  const probe = make("i", { style: `color: var(${name})` });
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export class Plot {
  constructor() {
    this.points = [];
    this.messages = [];
    this.now = 0;
    this.following = true;
    this.dirty = false;
    this.urgent = true; // somebody has moved or sized it
    this.drawn = { at: 0, ms: 0 }; // world time and real time of the last drawing
    this.build();
    new ResizeObserver(() => this.size()).observe($("#plot"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.build());
    $("#span").onchange = () => this.follow(true);
    $("#follow").onclick = () => this.follow(!this.following);
    $("#zoom-in").onclick = () => this.zoom(0.5);
    $("#zoom-out").onclick = () => this.zoom(2);
    $("#earlier").onclick = () => this.pan(-0.5);
    $("#later").onclick = () => this.pan(0.5);
    this.connectKeys();
    this.unread();
    matchMedia("(forced-colors: active)").addEventListener("change", () => this.build());
    setInterval(() => { if (this.urgent || this.dirty && this.isDue()) this.draw(); }, PERIOD_MS);
  }

  clear() { this.points = []; this.messages = []; this.dirty = true; }

  add(point) {
    this.points.push(point);
    if (this.points.length > MOST) this.points.splice(0, this.points.length - MOST);
    this.dirty = true;
  }

  message(item) {
    this.messages.push(item);
    if (this.messages.length > 2000) this.messages.shift();
    this.dirty = true;
  }

  at(now) { if (now !== this.now) { this.now = now; this.dirty = true; } }

  // In a window of a month nothing moves for seconds: a drawing that changes no pixel is left out.
  isDue() {
    const { min, max } = this.chart.scales.x;
    const pixel = (max - min) / this.chart.over.clientWidth;
    return seconds(this.now) - this.drawn.at >= pixel || performance.now() - this.drawn.ms >= LATEST_MS;
  }

  // -- what is seen ------------------------------------------------------------------------------

  follow(on) {
    this.following = on;
    $("#follow").setAttribute("aria-pressed", on);
    this.urgent = true;
  }

  window() {
    const end = seconds(this.now);
    const wanted = Number($("#span").value);
    const first = this.points.length ? seconds(this.points[0][0]) : end - 1;
    const start = wanted ? Math.max(first, end - wanted) : first;
    return [Math.min(start, end - 60), end];
  }

  zoom(factor) {
    const { min, max } = this.chart.scales.x;
    const middle = this.following ? max : (min + max) / 2;
    const half = (max - min) * factor / (this.following ? 1 : 2);
    this.show(middle - half, this.following ? max : middle + half);
  }

  pan(part) {
    const { min, max } = this.chart.scales.x;
    const by = (max - min) * part;
    this.show(min + by, max + by);
  }

  show(min, max) { this.follow(false); this.chart.setScale("x", { min, max }); }

  // -- by keyboard -------------------------------------------------------------------------------

  connectKeys() {
    const keys = {
      ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1),
      Home: () => this.point(0), End: () => this.point(Infinity),
      "+": () => this.zoom(0.5), "-": () => this.zoom(2),
      PageUp: () => this.pan(-0.5), PageDown: () => this.pan(0.5),
      Escape: () => { this.follow(true); this.point(-10); },
    };
    $("#plot").onkeydown = (event) => {
      if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      $("#readout").setAttribute("aria-live", "polite"); // under a moving pointer it is silent
      keys[event.key]();
    };
    $("#plot").onpointermove = () => $("#readout").removeAttribute("aria-live");
    $("#plot").onblur = () => this.point(-10);
  }

  step(by) {
    const { left } = this.chart.cursor;
    const width = this.chart.over.clientWidth;
    this.point(left < 0 || left === null ? (by < 0 ? width : 0) : left + by * width / STEPS);
  }

  // Puts the cursor at so many pixels from the left; below 0: away.
  point(left) {
    const { clientWidth, clientHeight } = this.chart.over;
    if (left < -1) this.chart.setCursor({ left: -10, top: -10 });
    else this.chart.setCursor({ left: Math.min(Math.max(left, 0), clientWidth - 1), top: clientHeight / 3 });
  }

  // Another window may need other points; a drawing of the same one fires this, too.
  moved({ min, max }) {
    const scale = `${min} ${max}`;
    if (!this.following && scale !== this.scale) this.urgent = true;
    this.scale = scale;
  }

  // -- uPlot -------------------------------------------------------------------------------------

  columns() {
    const columns = [[], [], [], [], [], []];
    const put = (point, at) => {
      columns[0].push(seconds(at));
      for (let i = 1; i < 6; i++) columns[i].push(point[i]);
    };
    for (const point of this.visible()) put(point, point[0]);
    const last = this.points.at(-1);
    if (last && this.now > last[0]) put(last, this.now);
    LANES.forEach(([, column], lane) => {
      columns[column] = columns[column].map((on) => lane + (on ? 0.72 : 0.08));
    });
    return columns;
  }

  // The window that is shown, or will be with the next drawing.
  shown() {
    const { min, max } = this.chart.scales.x;
    return this.following ? this.window() : [min, max];
  }

  // As many points as can be told apart in the window that is shown.
  visible() {
    if (this.points.length < MANY || !this.chart) return this.points;
    const [from, to] = this.shown();
    return thinned(this.points, from, to, this.chart.over.clientWidth);
  }

  draw() {
    this.dirty = this.urgent = false;
    this.drawn = { at: seconds(this.now), ms: performance.now() };
    this.data = this.columns();
    this.chart.setData(this.data, false);
    if (this.following) {
      const [min, max] = this.shown();
      this.chart.setScale("x", { min, max });
    } else this.chart.redraw();
    const words = this.inWords();
    if ($("#plot").ariaLabel !== words) $("#plot").ariaLabel = words;
  }

  inWords() {
    const [from, to] = this.shown();
    const seen = this.points.filter((point) => seconds(point[0]) >= from && seconds(point[0]) <= to);
    const warm = seen.map((point) => point[1]).filter((c) => c !== null);
    let switched = 0;
    seen.forEach((point, i) => { if (i && point[3] !== seen[i - 1][3]) switched++; });
    const range = warm.length ? `temperature between ${Math.min(...warm)} and ${Math.max(...warm)} °C, ` : "";
    return `Plot of ${Math.round((to - from) / 60)} minutes: ${range}socket switched ${switched} times`;
  }

  build() {
    this.chart?.destroy();
    const ink = resolved("--quiet"), line = resolved("--line"), accent = resolved("--accent"), warm = resolved("--warm");
    const bad = resolved("--bad"), good = resolved("--good");
    const stepped = uPlot.paths.stepped({ align: 1 });
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, font: "12px system-ui" };
    const lane = (label, stroke, base) => ({
      label, scale: "lanes", paths: stepped, stroke, width: 1.5, points: { show: false },
      fill: `color-mix(in srgb, ${stroke} 25%, transparent)`, fillTo: base + 0.08,
    });
    const options = {
      width: Math.max(280, $("#plot").clientWidth), height: 330, padding: [10, 12, 0, 0],
      tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { size: 6 } },
      scales: {
        x: { time: true },
        // Half of the height is the temperature's, the rest is left to the lanes.
        y: { range: (chart, min, max) => warmRange(min, max) },
        lanes: { range: () => [-0.15, 7.6] },
      },
      axes: [
        { ...axis, values: [[86400, "{D} {MMM}", null, null, null, null, null, null, 1], [3600, "{HH}:{mm}", "\n{D} {MMM}", null, null, null, null, null, 1], [60, "{HH}:{mm}", "\n{D} {MMM}", null, null, null, null, null, 1], [1, "{HH}:{mm}:{ss}", "\n{D} {MMM}", null, null, null, null, null, 1]] },
        { ...axis, size: 64, ticks: { show: false }, filter: (chart, splits) => splits.map((v) => (v >= lowest(chart) ? v : null)),
          values: (chart, splits) => splits.map((v) => (v === null ? "" : `${+v.toFixed(2)} °C`)), grid: { stroke: line, filter: (chart, splits) => splits.map((v) => (v >= lowest(chart) ? v : null)) } },
        { ...axis, scale: "lanes", side: 3, size: 0, grid: { show: false }, ticks: { show: false }, values: () => [] },
      ],
      series: [
        {},
        { label: "Temperature", stroke: accent, width: 2, paths: stepped, points: { show: false } },
        { label: "Set point", stroke: warm, width: 1.5, dash: [6, 4], paths: stepped, points: { show: false } },
        lane("Socket", bad, 2), lane("Contact", good, 1), lane("Mains", ink, 0),
      ],
      hooks: {
        draw: [(chart) => this.decorate(chart, { ink, accent, line })],
        setCursor: [(chart) => this.read(chart)],
        setScale: [(chart, key) => { if (key === "x") this.moved(chart.scales.x); }],
        setSelect: [(chart) => { if (chart.select.width > 5) this.follow(false); }],
      },
    };
    this.data = this.columns();
    this.chart = new uPlot(options, this.data, $("#plot"));
    // uPlot's own double-click shows everything; here it goes back to following.
    this.chart.over.addEventListener("dblclick", (event) => { event.stopImmediatePropagation(); this.follow(true); }, true);
    this.urgent = true;
  }

  size() {
    const width = $("#plot").clientWidth;
    if (width > 200 && width !== this.chart.width) { this.chart.setSize({ width, height: 330 }); this.urgent = true; }
  }

  // Names of the lanes, and a mark for each message: up to the device, down from it.
  decorate(chart, { ink, accent, line }) {
    const { ctx, bbox } = chart;
    const ratio = devicePixelRatio;
    const y = (value) => chart.valToPos(value, "lanes", true);
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui`;
    ctx.fillStyle = ink;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    [...LANES.map(([name]) => name), "Messages"].forEach((name, i) => {
      ctx.fillText(name, bbox.left - 8 * ratio, y(i + 0.4));
    });
    ctx.strokeStyle = line;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y(4.05));
    ctx.lineTo(bbox.left + bbox.width, y(4.05));
    ctx.stroke();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const item of this.messages) {
      const x = chart.valToPos(seconds(item.at), "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      const up = item.way === "to_device";
      const size = 4.5 * ratio, middle = y(up ? 3.62 : 3.2);
      ctx.fillStyle = up ? accent : ink;
      ctx.beginPath();
      ctx.moveTo(x - size, middle + (up ? size : -size));
      ctx.lineTo(x + size, middle + (up ? size : -size));
      ctx.lineTo(x, middle + (up ? -size : size));
      ctx.fill();
    }
    ctx.restore();
  }

  unread() { $("#readout").textContent = "Drag to zoom, double-click to follow again; or use the arrow keys, + and -."; }

  read(chart) {
    const { idx, left } = chart.cursor;
    const readout = $("#readout");
    if (idx === null || idx === undefined || left < 0) {
      this.unread();
      return;
    }
    const when = chart.posToVal(left, "x");
    const at = this.points.findLast((point) => seconds(point[0]) <= when) ?? this.points[0];
    if (!at) return;
    const ms = (when - seconds(0)) * 1000;
    const near = this.messages.find((item) => Math.abs(chart.valToPos(seconds(item.at), "x") - left) < 5);
    const parts = [
      ["", `${dayAndTime(ms)} ${timeOfDay(ms)}`], ["Temperature", at[1] === null ? "none" : `${at[1]} °C`],
      ["Set point", at[2] === null ? "none" : `${at[2]} °C`], ["Socket", at[3] ? "on" : "off"],
      ["Contact", at[4] ? "closed" : "open"], ["Mains", at[5] ? "on" : "off"],
    ];
    if (near) parts.push([near.way === "to_device" ? `From ${near.who}` : `To ${near.who}`, near.text.split("\n")[0]]);
    readout.replaceChildren(...parts.map(([name, value]) => make("span", {}, name ? `${name} ` : "", make("b", {}, value))));
  }
}

// Returns of each pixel's points the first, the last, the coldest, the warmest, and what switches.
function thinned(points, from, to, pixels) {
  const pixel = (point) => Math.floor((seconds(point[0]) - from) * pixels / (to - from));
  const kept = [];
  let own = NaN, first = 0, cold = 0, warm = 0;
  const close = (last) => kept.push(...new Set([first, Math.min(cold, warm), Math.max(cold, warm), last]));
  for (let i = 0; i < points.length; i++) {
    const point = points[i], before = points[i - 1];
    const place = Math.max(-1, Math.min(pixels, pixel(point)));
    const switched = before && (point[2] !== before[2] || point[3] !== before[3] || point[4] !== before[4] || point[5] !== before[5]);
    if (i === 0 || place !== own || switched) {
      if (i) close(i - 1);
      [own, first, cold, warm] = [place, i, i, i];
    }
    if (point[1] < points[cold][1]) cold = i;
    if (point[1] > points[warm][1]) warm = i;
  }
  close(points.length - 1);
  return kept.map((i) => points[i]);
}

function warmRange(min, max) {
  if (min === null || min === undefined) [min, max] = [15, 25];
  const spread = Math.max(max - min, 2);
  const low = (min + max - spread) / 2 - spread * 0.15, high = (min + max + spread) / 2 + spread * 0.15;
  // The lanes take 4.2 of 7.75 parts from below.
  return [high - (high - low) * 7.75 / 3.45, high];
}

function lowest(chart) {
  const { min, max } = chart.scales.y;
  return max - (max - min) * 3.45 / 7.75;
}
