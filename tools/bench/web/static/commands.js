// SPDX-License-Identifier: MIT
// The ready commands, as the firmware declares them: found, read, sent or put into the composer.

import { $, make } from "./format.js";

const KINDS = { Conf: "sets", Inf: "asks", Ctrl: "acts" };

export class Commands {
  constructor(send) {
    this.send = send;
    this.groups = [];
    this.dialog = $("#commands");
    $("#find-command").oninput = () => this.filter();
    this.dialog.onclick = (event) => { if (event.target === this.dialog) this.dialog.close(); };
  }

  set(groups) {
    this.groups = groups;
    $("#command-list").replaceChildren(...groups.map((group) => this.group(group)));
  }

  group(group) {
    const list = make("ul", {}, ...group.commands.map((command) => make("li", {}, this.button(command))));
    return make("section", {}, make("h3", {}, group.title), make("p", { className: "quiet" }, group.about), list);
  }

  button(command) {
    const tells = `${KINDS[command.kind] ?? command.kind}; answers: ${command.reply}`;
    const button = make("button", { className: "command", type: "button" },
      make("code", {}, command.command), make("span", { className: "quiet" }, tells));
    if (command.values) button.append(make("span", { className: "quiet values" }, `values: ${command.values}`));
    button.onclick = () => this.choose(command);
    return button;
  }

  // Opens the list for a phone; what is chosen goes into its composer, to be sent from there.
  open(number, name, input) {
    Object.assign(this, { number, input });
    $("#commands-title").textContent = `Commands for ${name} to send`;
    $("#find-command").value = "";
    this.filter();
    this.dialog.showModal();
    $("#find-command").focus();
  }

  choose(command) {
    this.dialog.close();
    this.input.value = command.typed;
    this.input.focus();
    this.input.setSelectionRange(command.command.length, command.typed.length);
  }

  filter() {
    const words = $("#find-command").value.trim().toLowerCase();
    for (const section of $("#command-list").children) {
      let any = false;
      const whole = section.querySelector("h3").textContent.toLowerCase().includes(words);
      for (const item of section.querySelectorAll("li")) {
        item.hidden = !(whole || item.textContent.toLowerCase().includes(words));
        any ||= !item.hidden;
      }
      section.hidden = !any;
    }
  }
}
