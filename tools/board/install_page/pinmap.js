// SPDX-License-Identifier: MIT
// The text of a pin map, firmware/board.py: lines of NAME = value  # what it is. The values are
// changed in place, so that the owner's comments stay.

const LINE = /^([A-Z][A-Z0-9_]*) = ("[^"\n]*"|[^#\n]*?)( *#.*)?$/gm;
const OWN = new Set(["MODEL", "MODEM", "PIN", "US"]); // have fields of their own on the page

/** Return [{name, value, note}] of a map. */
export function rows(text) {
  return [...text.matchAll(LINE)].map(([, name, value, note]) => ({
    name,
    value: value.trim(),
    note: (note ?? "").replace(/^ *# ?/, ""),
  }));
}

/** Return the text with other values: {name: value as Python writes it}. */
export function changed(text, values) {
  return text.replace(LINE, (line, name, value, note) =>
    name in values ? `${name} = ${values[name]}${note ?? ""}` : line,
  );
}

/** Show a map in its form. */
export function fill(form, text) {
  const pins = form.querySelector("#pins");
  pins.replaceChildren();
  const map = rows(text);
  // A map of before may lack one: what is no line of it cannot be changed here.
  for (const name of OWN) form.elements[name].disabled = !map.some((row) => row.name === name);
  for (const { name, value, note } of map) {
    if (!OWN.has(name)) {
      pins.append(field(name, value, note));
      continue;
    }
    const input = form.elements[name];
    if (input.type === "checkbox") input.checked = value === "True";
    else input.value = value.slice(1, -1);
  }
}

/** Return the values of a form, as Python writes them. */
export function values(form) {
  const found = {};
  for (const input of form.elements) {
    if (!input.name) continue;
    const text = input.value.trim();
    if (input.type === "checkbox") found[input.name] = input.checked ? "True" : "False";
    else if (OWN.has(input.name)) found[input.name] = JSON.stringify(text);
    else found[input.name] = text || "None";
  }
  return found;
}

function field(name, value, note) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const small = document.createElement("small");
  input.name = name;
  input.autocomplete = "off";
  input.pattern = "[0-9]*|None|\\(([0-9]+, ?)*[0-9]*\\)";
  input.title = "a number, or numbers in brackets like (21, 22)";
  input.value = value === "None" ? "" : value;
  small.textContent = note;
  small.id = `note-${name}`;
  input.setAttribute("aria-describedby", small.id);
  label.append(name, input, small);
  return label;
}
