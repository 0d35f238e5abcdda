// SPDX-License-Identifier: MIT
// Offers the image of this folder to esp-web-tools, and does what that leaves out: it looks at the
// size of the flash (a chip with half of it would take the second half for the first one) and at
// the image's digest.

const BYTES_IN_MB = 1 << 20;
const BLOCK = 4096; // that the flash erases at once
const GAP = 16 * BLOCK; // shorter runs of erased blocks are written like the rest

/** Return what the folder's image.json says of its image, null if it holds none. */
export async function described() {
  const answer = await fetch("image.json", { cache: "no-store" });
  return answer.ok ? answer.json() : null;
}

/** Make a button of esp-web-tools install this image, and watch over it. */
export async function offer(button, image) {
  const answer = await fetch(image.path);
  const data = answer.ok ? await answer.arrayBuffer() : new ArrayBuffer(0);
  if ((await sha256(data)) !== image.sha256)
    throw new Error(`${image.path} is damaged or missing: unpack the archive again.`);
  const parts = written(new Uint8Array(data)).map(({ start, bytes }) => ({
    path: URL.createObjectURL(new Blob([bytes])),
    offset: start,
  }));
  const manifest = {
    name: "SMS power socket",
    version: image.version,
    new_install_improv_wait_time: 0, // that is for firmware with Wi-Fi
    builds: [{ chipFamily: "ESP32", parts }],
  };
  button.manifest = URL.createObjectURL(new Blob([JSON.stringify(manifest)]));
  guard(data.byteLength);
  await import("./esp-web-tools/install-button.js");
}

async function sha256(data) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return [{start, bytes}]: the image without its long erased runs, for which esptool-js takes as
 * much time as for code. */
function written(image) {
  const found = [];
  for (let at = 0; at < image.length; at += BLOCK) {
    if (image.subarray(at, at + BLOCK).every((byte) => byte === 0xff)) continue;
    const last = found.at(-1);
    if (last && at - last.end < GAP) last.end = at + BLOCK;
    else found.push({ start: at, end: at + BLOCK });
  }
  return found.map(({ start, end }) => ({ start, bytes: image.subarray(start, end) }));
}

/** Watch over every write that esp-web-tools does of an image of so many bytes. */
function guard(size) {
  let loader;
  // esp-web-tools puts its ESPLoader here before it talks to the chip.
  Object.defineProperty(window, "esploader", {
    get: () => loader,
    set(made) {
      loader = made;
      const write = made.writeFlash.bind(made);
      const erase = made.eraseFlash.bind(made);
      made.eraseFlash = async () => {}; // called first; but nothing is erased before the look
      made.writeFlash = async (options) => {
        await checkSize(made, size);
        try {
          await erase();
          await write(options);
        } catch (error) {
          throw new Error(
            `The board was not written to its end (${error.message}) and may start no program now. ` +
              "No harm is done: install again, with a good cable.",
          );
        }
      };
    },
  });
}

async function checkSize(loader, needed) {
  const size = await loader.detectFlashSize();
  if (loader.flashSizeBytes(size) < needed)
    throw new Error(
      `The board has ${size.replace("MB", " MB")} of flash and the firmware needs ` +
        `${needed / BYTES_IN_MB} MB. Nothing was changed on it.`,
    );
}
