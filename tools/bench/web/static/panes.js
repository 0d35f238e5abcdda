// SPDX-License-Identifier: MIT
// A narrow screen shows one part of the page at a time, chosen in a bar.

import { $, $$ } from "./format.js";

export const NARROW = matchMedia("(max-width: 720px)");

export class Panes {
  constructor() {
    this.unread = 0;
    for (const button of $$(".panes [data-pane]")) button.onclick = () => this.show(button.dataset.pane);
    this.show("device");
  }

  show(name) {
    document.body.dataset.pane = name;
    for (const button of $$(".panes [data-pane]")) {
      if (button.dataset.pane === name) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (name === "phones") this.count(-this.unread);
    $("#main").scrollTop = 0;
  }

  // Messages that came while the phones were out of sight.
  message() { if (document.body.dataset.pane !== "phones") this.count(1); }

  count(more) {
    this.unread += more;
    const badge = $("#unread");
    badge.hidden = !this.unread;
    badge.textContent = this.unread > 99 ? "99+" : `${this.unread}`;
    badge.title = `${this.unread} new`;
  }
}
