// SPDX-License-Identifier: MIT
// One JSON line in, one JSON line out, blocking: a function called by the device can wait for an
// answer, and an exchange costs tens of microseconds. process.stdin and process.stdout must not
// be touched: they would make the pipes non-blocking.
import fs from "node:fs";

const chunk = Buffer.alloc(65536);
let received = Buffer.alloc(0);

// Wait for the next message. The other end's going away ends this process.
export function receive() {
  for (let searched = 0; ; ) {
    const end = received.indexOf(10, searched);
    if (end >= 0) {
      const line = received.toString("utf8", 0, end);
      received = received.subarray(end + 1);
      return JSON.parse(line);
    }
    searched = received.length;
    const count = fs.readSync(0, chunk);
    if (!count) process.exit(0);
    const fresh = Buffer.from(chunk.subarray(0, count));
    received = received.length ? Buffer.concat([received, fresh]) : fresh;
  }
}

export function send(message) {
  const bytes = Buffer.from(JSON.stringify(message) + "\n");
  try {
    for (let sent = 0; sent < bytes.length; ) sent += fs.writeSync(1, bytes, sent);
  } catch (error) {
    process.exit(0); // nobody listens any more
  }
}

// Say on stderr, in few words, what ended this process. Node's own report would begin with the
// source line, which in the VM's minified module has 100 KB.
function die(error) {
  fs.writeSync(2, `${error?.stack ?? error}\n`.slice(0, 4000));
  process.exit(1);
}
process.on("uncaughtException", die);
process.on("unhandledRejection", die);
for (const name of ["log", "info", "warn", "error", "debug"]) {
  console[name] = (...words) => fs.writeSync(2, words.join(" ").slice(0, 4000) + "\n");
}
