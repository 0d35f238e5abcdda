// SPDX-License-Identifier: MIT
// The page: fields and buttons from the data, and the message that they make.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const KEPT = "socket-remote"; // number and model; never a password
let fieldCount = 0;

// Some browsers give a page that was opened as a file no storage: then nothing is kept.
function storage(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null;
  }
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// --- fields --------------------------------------------------------------------------------

function field(name, label, control) {
  const id = `field-${++fieldCount}`;
  control.id = id;
  control.name = name;
  return element("div", { class: "field" }, element("label", { for: id }, label), control);
}

function input(type, more = {}) {
  return element("input", { type, autocomplete: "off", autocapitalize: "none", ...more });
}

function choice(options, chosen) {
  const made = element("select");
  for (const [value, words] of options) made.append(element("option", { value }, words));
  if (chosen !== undefined) made.value = chosen;
  return made;
}

function worded(values, words) {
  return values.map((value) => [value, words[value] ? `${words[value]} (${value})` : value]);
}

function now() {
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 19);
}

function zones(west, east) {
  const hours = Array.from({ length: east - west + 1 }, (_, i) => west + i);
  return hours.map((h) => [String(h), `${h < 0 ? "-" : "+"}${Math.abs(h)} h from GMT`]);
}

// Kind of a form -> its fields.
const FIELDS = {
  number: ({ low, high, unit }) => [
    field("value", `${low} to ${high}${unit ? ` ${unit}` : ""}`, input("text", { inputmode: "numeric" })),
  ],
  choice: ({ choices, words }) => [field("value", "Choose", choice(worded(choices, words)))],
  secret: ({ size }) => [
    field("value", `${size} letters or digits`, input("text", { spellcheck: "false" })),
  ],
  phone: () => [field("value", "Phone number with country code", input("tel"))],
  degrees: ({ units }) => {
    const number = field("value", "Degrees", input("text", { inputmode: "text" }));
    const unit = choice(units.map(({ letter, shown }) => [letter, `°${shown}`]));
    return [number, field("unit", "Unit", unit)];
  },
  relaytime: ({ choices, words }) => [
    field("value", "The socket", choice(worded(choices, words))),
    field("seconds", "for seconds (empty: until it is quiet)", input("text", { inputmode: "numeric" })),
  ],
  code: () => [field("value", "Code, such as *100#", input("tel"))],
  rule: ({ days, actions, words }) => [
    field("time", "Time", input("time")),
    field("day", "Day", choice(worded(days, words))),
    field("action", "What happens", choice(worded(actions, words))),
  ],
  time: () => [field("value", "Time of the rule", input("time"))],
  date: ({ west, east }) => [
    field("date", "Date and time", input("datetime-local", { step: "1", value: now() })),
    field("zone", "Time zone", choice(zones(west, east), String(-new Date().getTimezoneOffset() / 60))),
  ],
};

// --- the message ---------------------------------------------------------------------------

function fail(control, place, problem) {
  place.textContent = problem;
  control.setAttribute("aria-invalid", problem ? "true" : "false");
  if (problem) {
    byId("out").hidden = true;
    control.closest("details")?.setAttribute("open", "");
    control.focus();
  }
  return problem === "";
}

function deviceIsGood() {
  const number = plainNumber(byId("number").value);
  const isNumber = /^\+?[0-9]{3,15}$/.test(number);
  const wanted = isNumber ? "" : "Enter the device's phone number first.";
  return fail(byId("number"), byId("number-error"), wanted);
}

function passwordIsGood() {
  const { problem } = compose({ head: "" }, {}, byId("password").value, data.limits);
  return fail(byId("password"), byId("password-error"), problem);
}

// Show the message, and open it: the phone's messages app asks before it sends.
function offer(text, length) {
  const number = plainNumber(byId("number").value);
  const link = byId("open");
  link.href = smsLink(number, text, isApple(navigator.userAgent, navigator.maxTouchPoints));
  byId("said").textContent = `To ${number}: ${"•".repeat(length)}${text.slice(length)}`;
  byId("copy").onclick = async () => {
    const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    byId("copied").textContent = done ? "Copied" : "This browser does not let a page copy.";
  };
  byId("copied").textContent = "";
  byId("out").hidden = false;
  link.click();
}

function send(form, values, control, place) {
  if (!deviceIsGood() || !passwordIsGood()) return;
  const password = byId("password").value.trim();
  const { text, problem } = compose(form, values, password, data.limits);
  if (control === null || fail(control, place, problem)) offer(text, password.length);
}

// --- the commands --------------------------------------------------------------------------

function commandForm(form, title) {
  const name = `${form.label}: ${title}`;
  if (form.kind === undefined) {
    const button = element("button", { type: "button", "aria-label": name }, form.label);
    if (form.pattern.endsWith("?")) button.className = "plain";
    button.onclick = () => send(form, {}, null, null);
    return button;
  }
  const fields = FIELDS[form.kind](form);
  const controls = fields.map((each) => each.querySelector("input, select"));
  const error = element("p", { class: "error", id: `error-${++fieldCount}` });
  controls[0].setAttribute("aria-describedby", error.id);
  const set = element("button", { type: "submit", "aria-label": name }, form.label);
  const row = element("div", { class: "row" }, ...fields, set);
  for (const { argument, label } of form.fixed ?? []) {
    const button = element("button", { type: "button", class: "plain", "aria-label": `${label}: ${title}` }, label);
    button.onclick = () => send({ head: form.head + argument }, {}, null, null);
    row.append(button);
  }
  const made = element("form", { novalidate: "" }, row, error);
  if (form.factory !== undefined)
    made.append(element("p", { class: "hint" }, `From the factory: ${form.factory}`));
  made.onsubmit = (event) => {
    event.preventDefault();
    send(form, Object.fromEntries(controls.map((c) => [c.name, c.value])), controls[0], error);
  };
  return made;
}

function commandItem({ title, purpose }, forms) {
  const heading = element("h3", {}, title);
  if (forms.some((form) => form.conf)) heading.append(element("small", {}, " setting"));
  const made = element("div", { class: "item" }, heading, element("p", {}, purpose));
  made.dataset.words = [title, purpose, ...forms.map((f) => f.pattern)].join(" ").toLowerCase();
  const buttons = element("p", { class: "row" });
  for (const form of forms) {
    const control = commandForm(form, title);
    if (form.kind === undefined) buttons.append(control);
    else made.append(control);
  }
  if (buttons.childElementCount) made.append(buttons);
  return made;
}

function model() {
  return data.models[byId("model").value];
}

function showGroups() {
  const groups = model().groups.map(([title, items], at) => {
    const made = element("details", at < 2 ? { open: "" } : {});
    made.append(element("summary", {}, element("h2", {}, title)));
    for (const [item, forms] of items)
      made.append(commandItem(data.items[item], forms.map((form) => data.forms[form])));
    return made;
  });
  byId("groups").replaceChildren(...groups);
  byId("window").textContent = model().window;
  find();
}

function find() {
  const wanted = byId("find").value.trim().toLowerCase();
  let count = 0;
  for (const group of byId("groups").children) {
    let inGroup = 0;
    for (const item of group.querySelectorAll(".item")) {
      item.hidden = wanted !== "" && !item.dataset.words.includes(wanted);
      inGroup += item.hidden ? 0 : 1;
    }
    group.hidden = inGroup === 0;
    if (wanted !== "") group.open = inGroup > 0;
    count += inGroup;
  }
  byId("found").textContent = wanted === "" ? "" : count === 0 ? "Nothing found." : `${count} found.`;
}

// --- the device ----------------------------------------------------------------------------

function showDevice() {
  const number = byId("number").value;
  byId("which").textContent = number ? `${model().title}, ${number}` : "";
}

function keep() {
  const kept = { number: byId("number").value, model: byId("model").value };
  storage((place) => place.setItem(KEPT, JSON.stringify(kept)));
  showDevice();
}

function begin() {
  for (const [key, { title }] of Object.entries(data.models))
    byId("model").append(element("option", { value: key }, title));
  const kept = JSON.parse(storage((place) => place.getItem(KEPT)) ?? "{}");
  byId("number").value = kept.number ?? "";
  if (kept.model in data.models) byId("model").value = kept.model;
  byId("device").open = !kept.number;
  byId("number").onchange = keep;
  byId("model").onchange = () => {
    keep();
    showGroups();
  };
  byId("forget").onclick = () => {
    storage((place) => place.removeItem(KEPT));
    byId("number").value = "";
    byId("password").value = "";
    showDevice();
    byId("number").focus();
  };
  byId("find").oninput = find;
  showDevice();
  showGroups();
}

begin();
