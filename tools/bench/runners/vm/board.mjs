// SPDX-License-Identifier: MIT
// A board with MicroPython on its serial line: the VM's own REPL behind stdin and stdout.
//
//   node board.mjs VM_FOLDER FLASH_FOLDER OPTIONS
//
// OPTIONS is JSON: {"watchdog": ms, "capacity": bytes of flash or null, "says": text,
// "read": ms that the flash takes for 32 bytes, "change": ms that it takes to rename or remove}.
// FLASH_FOLDER is the board's file system; it is written back at every end and after every command.
// With a main.py on it, a program "runs" from the start: it says `says`, is silent until Ctrl-C,
// and its watchdog, never fed again, ends this process unless machine.WDT gives it longer (0: no
// watchdog).
// It ends by SIGTERM: the board was reset, start it anew. End of input: the power is cut.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [vm, flash, options] = process.argv.slice(2);
const { watchdog, capacity, says, read, change } = JSON.parse(options);
const RESET = "SIGTERM";
const OWN = ["dev", "home", "proc", "tmp", "rom"]; // of the VM, not of the board's flash

const { loadMicroPython } = await import(pathToFileURL(path.join(vm, "micropython.mjs")));
const put = (bytes) => fs.writeSync(1, bytes);
const mp = await loadMicroPython({ heapsize: 128 * 1024, stdout: put, stderr: put, linebuffer: false });
const { FS } = mp;

function load(from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), `${to}/${entry.name}`];
    if (entry.isDirectory()) {
      FS.mkdir(target);
      load(source, target);
    } else FS.writeFile(target, fs.readFileSync(source));
  }
}

const saved = new Map(); // host's path -> what the file looked like when it was written there
function save(from, to) {
  const names = FS.readdir(from || "/").filter((name) => name[0] !== "." || name.length > 2);
  const kept = from ? names : names.filter((name) => !OWN.includes(name));
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(to))
    if (!kept.includes(name)) {
      fs.rmSync(path.join(to, name), { recursive: true });
      saved.delete(path.join(to, name));
    }
  for (const name of kept) {
    const [source, target] = [`${from}/${name}`, path.join(to, name)];
    const { mode, mtime, size, ino } = FS.stat(source);
    const looks = `${mtime.getTime()} ${size} ${ino}`;
    if (FS.isDir(mode)) save(source, target);
    else if (saved.get(target) !== looks) {
      fs.writeFileSync(target, FS.readFile(source));
      saved.set(target, looks);
    }
  }
}

// The flash at work: nothing else goes on meanwhile, as on the chip.
const nobody = new Int32Array(new SharedArrayBuffer(4));
function busy(ms) {
  if (ms > 0) Atomics.wait(nobody, 0, 0, ms);
  return null;
}

// By a signal: process.exit() now and then waits for ever for V8's compiler of WebAssembly, if that is
// at work.
function end(signal) {
  save("", flash);
  process.kill(process.pid, signal);
  busy(60_000);
}

let biting;
function watch(ms) {
  clearTimeout(biting);
  biting = setTimeout(() => end(RESET), ms);
  return null;
}

load(flash, "");
FS.mkdir("/rom");
FS.writeFile(
  "/rom/machine.py",
  "import chip\n\ndef WDT(timeout):\n    chip.watch(timeout)\n\ndef reset():\n    raise SystemExit\n"
);
FS.writeFile(
  "/rom/esp32.py",
  `import chip

class NVS:
    def __init__(self, name):
        pass
    def get_i32(self, key):
        value = chip.get(key)
        if value is None:
            raise OSError(-4354)
        return value
    def set_i32(self, key, value):
        chip.put(key, value)
    def commit(self):
        chip.commit()
`
);
// A slow flash, files that find no room, and os.statvfs, which this VM has not.
FS.writeFile(
  "/rom/storage.py",
  `import builtins, chip, os, sys
_os, _open = os, open

class Os:
    def __getattr__(self, name):
        return getattr(_os, name)
    def rename(self, old, new):
        chip.change()
        _os.rename(old, new)
    def remove(self, path):
        chip.change()
        _os.remove(path)
    def statvfs(self, path):
        return (1024, 1024, 4096, chip.free() // 1024, 0, 0, 0, 0, 0, 255)

class File:
    def __init__(self, file):
        self.file = file
        self.readinto, self.close = file.readinto, file.close
    def read(self, *size):
        data = self.file.read(*size)
        chip.read(len(data))
        return data
    def write(self, data):
        if chip.free() < len(data):
            raise OSError(28)
        return self.file.write(data)
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self.close()

sys.modules["os"] = Os()
builtins.open = lambda path, mode="r": File(_open(path, mode))
`
);
const nvsFile = `${flash}.nvs`; // NVS is no part of the file system
const nvs = fs.existsSync(nvsFile) ? JSON.parse(fs.readFileSync(nvsFile, "utf8")) : {};
function used(folder) {
  const names = FS.readdir(folder || "/").filter((name) => name !== "." && name !== "..");
  return names
    .filter((name) => folder || !OWN.includes(name))
    .map((name) => [`${folder}/${name}`, FS.stat(`${folder}/${name}`)])
    .reduce((sum, [path, stat]) => sum + (FS.isDir(stat.mode) ? used(path) : stat.size), 0);
}

mp.registerJsModule("chip", {
  read: (bytes) => busy((Math.ceil(bytes / 32) + 1) * read),
  change: () => busy(change),
  free: () => Math.max(0, (capacity ?? 4 << 20) - used("")),
  watch,
  get: (key) => nvs[key] ?? null,
  put: (key, value) => ((nvs[key] = value), null),
  commit: () => (fs.writeFileSync(nvsFile, JSON.stringify(nvs)), null),
});
mp.runPython("import os, sys\nsys.path[:] = ['', '/rom', '/lib']\nos.chdir('/')\nimport storage\ndel storage, os");

let running = fs.existsSync(path.join(flash, "main.py"));
if (running && watchdog) watch(watchdog);
if (running) put(says);
else mp.replInit();

const PASTE = [5, 65, 1];
let held = 0; // how many bytes of PASTE have come
function take(byte) {
  if (running) {
    if (byte !== 3) return;
    running = false;
    put("Traceback (most recent call last):\r\nKeyboardInterrupt: \r\n");
    mp.replInit();
    return;
  }
  // Raw paste mode reads on within the VM, which this port cannot: say that it is not there.
  if (byte === PASTE[held]) {
    if (++held < PASTE.length) return;
    held = 0;
    put("R\x00");
    return;
  }
  for (const late of PASTE.slice(0, held)) mp.replProcessChar(late);
  held = 0;
  const status = mp.replProcessChar(byte);
  if (byte === 4) save("", flash);
  if (status) end(RESET);
}

process.stdin.on("data", (data) => data.forEach(take));
process.stdin.on("end", () => end("SIGKILL"));
