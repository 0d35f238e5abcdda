// SPDX-License-Identifier: MIT
// From what was typed to the text of a message. The rules are the firmware's (lib/powersocket):
// what is made here without a problem, the device accepts; host_tests/test_owner_remote.py holds
// the two together. Nothing here touches the page.

const DIGITS = /^[0-9]+$/;
const SECRET = /^[0-9A-Za-z]+$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// Whether a text is a whole number in a range. Zeros in front do not count.
function isWhole(text, low, high) {
  const digits = text.replace(/^0+/, "");
  if (!DIGITS.test(text) || digits.length > 9) return false;
  return low <= Number(digits) && Number(digits) <= high;
}

function isDegrees(text, low, high) {
  const below = text.startsWith("-");
  if (below && low >= 0) return false;
  const size = below ? text.slice(1) : text;
  return isWhole(size, 0, below ? -low : high) && (below ? -1 : 1) * Number(size) >= low;
}

function isTime(text) {
  return /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(text);
}

// A phone number as people write it, without what separates its parts.
function plainNumber(text) {
  return text.replace(/[\s().\/-]/g, "");
}

function isPhone(text) {
  const digits = text.startsWith("+") ? text.slice(1) : text.startsWith("00") ? text.slice(2) : text;
  return DIGITS.test(digits) && digits.length <= 15;
}

// `2026-11-20T08:00` of a form, and a zone of whole hours, as the device wants them.
function dateArgument({ date, zone }, form) {
  const [, year, month, day, hour, minute, second = "00"] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?$/.exec(date) ?? [];
  const hours = Number(zone);
  const sign = hours < 0 ? "-" : "+";
  const shown = sign + String(Math.abs(hours)).padStart(2, "0");
  const text = `${(year ?? "").slice(2)}/${month}/${day},${hour}:${minute}:${second}${shown}`;
  const leap = Number(year) % 4 === 0; // right until 2099
  const last = DAYS_OF_MONTH[Number(month) - 1] + (month === "02" && leap ? 1 : 0);
  const good =
    year >= "2000" && year <= "2099" && day >= "01" && Number(day) <= last &&
    hour <= "23" && minute <= "59" && second <= "59" &&
    Number.isInteger(hours) && form.west <= hours && hours <= form.east;
  return [text, good, "Enter a date and a time from the year 2000 on."];
}

// Kind of a form -> [what follows the command's name, whether the device accepts it, what it wants].
const ARGUMENTS = {
  number: ({ value }, { low, high, unit }) => [
    value,
    isWhole(value, low, high),
    `Enter a whole number from ${low} to ${high}${unit ? ` ${unit}` : ""}.`,
  ],
  choice: ({ value }, { choices }) => [value, choices.includes(value), "Choose one."],
  secret: ({ value }, { size }) => [
    value,
    value.length === size && SECRET.test(value),
    `Enter ${size} letters (a to z) or digits, no blanks.`,
  ],
  phone: ({ value }) => {
    const number = plainNumber(value);
    return [number, isPhone(number), "Enter a phone number of at most 15 digits, such as +358912345678."];
  },
  degrees: ({ value, unit }, { units }) => {
    const found = units.find(({ letter }) => letter === unit) ?? units[0];
    return [
      value + unit,
      isDegrees(value, found.low, found.high),
      `Enter whole degrees from ${found.low} to ${found.high} °${found.shown}.`,
    ];
  },
  relaytime: ({ value, seconds }, { choices, high }) => {
    const timed = value === "0" ? "" : seconds;
    return [
      value + timed,
      choices.includes(value) && (timed === "" || isWhole(timed, 1, high)),
      `Enter seconds from 1 to ${high}, or none.`,
    ];
  },
  code: ({ value }) => {
    const code = value.replace(/\s/g, "");
    return [code, /^\*[0-9*#]*#$/.test(code) && /[0-9]/.test(code), "Enter a code such as *100#."];
  },
  rule: ({ time, day, action }, { days, actions }) => [
    `${time},${day},${action}`,
    isTime(time) && days.includes(day) && actions.includes(action),
    "Enter a time, such as 08:00.",
  ],
  time: ({ value }) => [value, isTime(value), "Enter the time of a rule, such as 08:00."],
  date: dateArgument,
};

// Return the text of a message, and what is wrong with it ("" if nothing is).
// form: of a command, as tools/owner/forms.py declares it; values: of its fields, by name;
// secret: the password, "" if the device has none; limits: of the lengths.
function compose(form, values, secret, limits) {
  const password = secret.trim();
  if (password !== "" && !(password.length === limits.password && SECRET.test(password)))
    return {
      text: password + form.head,
      problem: `The password has ${limits.password} letters or digits.`,
    };
  if (form.kind === undefined) return { text: password + form.head, problem: "" };
  const typed = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, text.trim()]));
  const [argument, accepted, wanted] = ARGUMENTS[form.kind](typed, form);
  const text = form.head + argument;
  const word = argument.replace(/[a-z]/g, (letter) => letter.toUpperCase()); // no other scripts'
  if (!accepted && !(form.fixed ?? []).some((fixed) => fixed.argument === word))
    return { text: password + text, problem: wanted };
  const tooLong = text.length > limits.longest;
  const problem = tooLong ? `This makes more than ${limits.longest} characters.` : "";
  return { text: password + text, problem };
}

// The link that opens a phone's messages. RFC 5724 has `?body=`; Apple's phones want `&body=`.
function smsLink(number, text, apple) {
  return `sms:${number}${apple ? "&" : "?"}body=${encodeURIComponent(text)}`;
}

// Which of the two a browser wants: an iPad says that it is a Macintosh, but can be touched.
function isApple(userAgent, touchPoints) {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
}
