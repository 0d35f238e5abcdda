// SPDX-License-Identifier: MIT
// The steps of the page: install, connect, set up, test, read the log.

import { Board, BoardError } from "./board.js";
import { described, offer } from "./install.js";
import { changed, fill, values } from "./pinmap.js";
import { CRASHES, READ_MAP, SELF_TEST, VERSION, writeMap } from "./scripts.js";

const SELF_TEST_MS = 60000; // of silence: the modem is asked for 10 s
const STOPPED = "Connected. The firmware is stopped.";
const AWAY = "Not connected.";
const LOST =
  "The board is gone: the cable or its power. What was saved stays; a change that was under way " +
  "is there whole or not at all. Plug it in and connect again.";

const $ = (id) => document.getElementById(id);
const form = $("map");
const acts = [...["start", "test", "crashes", "listen"].map($), form.querySelector("fieldset")];

let board = null; // with an open port
let listening = false; // its firmware runs, and nothing can be run on it
let map = ""; // the text of its pin map

function enable(idle = true) {
  for (const each of acts) each.disabled = !idle || !board || listening;
  $("connect").disabled = !idle || (board !== null && !listening);
}

function lost() {
  board = null;
  listening = false;
  $("standing").textContent = AWAY;
  $("trouble").textContent = LOST;
  enable();
}

async function leave() {
  const left = board;
  board = null;
  listening = false;
  await left?.close();
}

/** Do something alone; `act` returns how the board stands then. What goes wrong is told. */
async function work(standing, act) {
  $("trouble").textContent = "";
  $("standing").textContent = standing;
  enable(false);
  try {
    $("standing").textContent = await act();
  } catch (error) {
    if (!(error instanceof BoardError)) console.error(error);
    if (board && !board.open) board = null; // given up
    $("trouble").textContent = board ? error.message : $("trouble").textContent || error.message;
    $("standing").textContent = board ? STOPPED : AWAY;
  }
  enable();
}

function show(pane, words) {
  pane.hidden = false;
  pane.textContent += words;
  pane.scrollTop = pane.scrollHeight;
}

async function connect() {
  let port = board?.port; // it listens
  await leave();
  try {
    port ??= await navigator.serial.requestPort();
  } catch (error) {
    if (error.name === "NotFoundError") return AWAY; // the person picked none
    throw error;
  }
  const made = new Board(port, lost);
  await made.connect();
  board = made;
  const version = await board.run(VERSION);
  map = await board.run(READ_MAP).catch(async (error) => {
    if (!error.message.includes("OSError")) throw error;
    await leave();
    throw new BoardError(
      `MicroPython ${version} answers, but the firmware is not on the board: install it (step 1).`,
    );
  });
  fill(form, map);
  return `Connected: MicroPython ${version}. The firmware is stopped.`;
}

async function save() {
  $("problems").replaceChildren();
  $("saved").textContent = "";
  const wished = changed(map, values(form));
  const wrong = (await board.run(writeMap(wished))).split("\n").filter(Boolean);
  for (const line of wrong) {
    const item = document.createElement("li");
    item.textContent = line;
    $("problems").append(item);
  }
  if (wrong.length) return "Not saved: the board keeps the map that it had.";
  map = wished;
  $("saved").textContent = "Saved. It counts from the next start on.";
  return STOPPED;
}

async function test() {
  $("tested").textContent = $("verdict").textContent = "";
  const said = await board.run(SELF_TEST, SELF_TEST_MS, (words) => show($("tested"), words));
  const failed = said.split("\n").filter((line) => line.startsWith("FAILED")).length;
  $("verdict").className = failed ? "bad" : "good";
  $("verdict").textContent = failed ? `Failed: ${failed}. See below.` : "Everything answers.";
  return STOPPED;
}

async function crashes() {
  $("log").textContent = "";
  show($("log"), (await board.run(CRASHES)) || "No crash is in the board's log.");
  return STOPPED;
}

async function start() {
  await board.restart();
  await leave();
  return "The firmware starts. Connect again to change something.";
}

async function listen() {
  $("log").textContent = "";
  // The chip's own first lines come at another rate, as letters that mean nothing.
  await board.restart((words) => show($("log"), words.replace(/[^\n\x20-\x7e\u00a1-\ufffc]/g, "")));
  listening = true;
  return "The firmware runs, and the log shows what it says. Connect stops it again.";
}

function obstacle() {
  if (!window.isSecureContext)
    return (
      "A browser lets a page talk to a board only over https, or from localhost. Open this page " +
      "at such an address."
    );
  if (!("serial" in navigator))
    return (
      "This browser has no Web Serial, so it cannot talk to a board. Take Chrome, Edge or Opera " +
      "on a computer; no browser on a phone can. On the command line, make flash, make deploy and " +
      "make repl do the same."
    );
  return "";
}

async function offerImage() {
  const image = await described();
  if (!image) {
    $("image").textContent = "This folder holds no image: it was packed by make dist without IMAGE=";
    return;
  }
  $("image").textContent =
    `The firmware ${image.version} for the board “${image.board}”, on MicroPython ` +
    `${image.micropython}. SHA-256 of the image: ${image.sha256}`;
  try {
    await offer($("install").querySelector("esp-web-install-button"), image);
  } catch (error) {
    $("image").textContent = error.message;
    return;
  }
  $("install").hidden = false;
  $("install").addEventListener("click", () => leave().then(enable), { capture: true });
}

function begin() {
  $("obstacle").remove();
  $("main").hidden = false;
  $("connect").onclick = () => work("Connecting ...", connect);
  $("start").onclick = () => work("Starting the firmware ...", start);
  $("test").onclick = () => work("Testing. This takes half a minute ...", test);
  $("crashes").onclick = () => work("Reading ...", crashes);
  $("listen").onclick = () => work("Starting the firmware ...", listen);
  // What cannot be saved must be seen, also a pin.
  form.addEventListener("invalid", () => (form.querySelector("details").open = true), true);
  form.onsubmit = (event) => {
    event.preventDefault();
    work("Saving ...", save);
  };
  return offerImage();
}

const why = obstacle();
if (why) $("obstacle").textContent = why;
else await begin();
