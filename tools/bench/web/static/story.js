// SPDX-License-Identifier: MIT
// Scenarios: the first minute's, what goes on in the one that is played, and texts to share.

import { $, make } from "./format.js";
import { put } from "./device.js";
import { NARROW } from "./panes.js";

const HIDDEN = "bench welcome hidden";

function keepHidden(hidden) {
  if (hidden) localStorage.setItem(HIDDEN, "1"); else localStorage.removeItem(HIDDEN);
}

export class Stories {
  constructor(act, link) {
    Object.assign(this, { act, link });
    this.prepared = ""; // the step that was put into the form because the scenario stopped before it
    this.closed = ""; // the story whose bar was closed
    const welcome = $("#welcome");
    welcome.open = localStorage.getItem(HIDDEN) === null;
    // Before it opens or closes, not at its toggle event, which a reload right after may cut off.
    $("#welcome summary").onclick = () => keepHidden(welcome.open);
    $("#story-end").onclick = () => this.end();
    this.connectShare();
  }

  set(stories) {
    $("#stories").replaceChildren(...stories.map((story) => make("li", {},
      make("button", { onclick: () => this.watch(story.name) },
        make("b", {}, story.title), make("span", { className: "quiet" }, story.about)))));
  }

  watch(name) {
    if (NARROW.matches) { $("#welcome").open = false; keepHidden(true); } // it would cover the device
    $("#span").value = "0"; // all of it is to be seen in the plot
    $("#span").dispatchEvent(new Event("change"));
    this.act(this.link.order({ order: "show", story: name }));
  }

  end() {
    if (this.story.over) { this.closed = this.key; this.draw(this.generation, this.story); }
    else this.act(this.link.order({ order: "end story" }));
  }

  draw(generation, story) {
    this.generation = generation;
    this.story = story;
    this.key = story ? `${generation} ${story.name}` : "";
    const bar = $("#story");
    bar.hidden = !story || this.closed === this.key;
    if (bar.hidden) return;
    bar.dataset.failed = Boolean(story.failed);
    put($("#story-name"), story.name);
    put($("#story-line"), `line ${story.line} of ${story.lines}`);
    put($("#story-caption"), caption(story));
    put($("#story-end"), story.over ? "Close" : "Stop");
    if (story.next && this.prepared !== this.key) {
      this.prepared = this.key;
      $("#step-text").value = story.next;
    }
  }

  // -- texts -------------------------------------------------------------------------------------

  connectShare() {
    const dialog = $("#share"), text = $("#share-text");
    const say = (words) => put($("#share-failed"), words);
    let name = "pasted.scn";
    $("#open-share").onclick = async () => {
      $("#menu").open = false;
      dialog.showModal();
      say("");
      name = "pasted.scn";
      try { text.value = await (await fetch("/scenario")).text(); } catch { say("The bench does not answer."); }
    };
    $("#share-copy").onclick = async () => {
      try { await navigator.clipboard.writeText(text.value); say("Copied."); } catch {
        text.select();
        say("The browser does not allow it; the text is selected: copy it with the keyboard.");
      }
    };
    $("#share-save").onclick = () => {
      const link = make("a", { href: URL.createObjectURL(new Blob([text.value], { type: "text/plain" })), download: "recorded.scn" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };
    $("#share-open").onchange = async (event) => {
      const [file] = event.target.files;
      if (file) [name, text.value] = [file.name, await file.text()];
      event.target.value = "";
    };
    $("#share-play").onclick = () => this.link.order({ order: "play", name, text: text.value }).then(
      () => dialog.close(), (error) => say(error.message));
  }
}

function caption({ failed, next, over, caption: words, watched }) {
  if (failed) return `This did not hold: ${failed} The clock is paused.`;
  if (next) return `Stopped before: ${next} The clock is paused; the step is in the form below the events.`;
  if (over) return watched ? "That was it. Now it is yours: send it something." : "Everything held.";
  return words || "The device is starting.";
}
