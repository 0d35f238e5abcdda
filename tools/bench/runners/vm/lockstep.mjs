// SPDX-License-Identifier: MIT
// The device as a child process, in lock-step with the world, which owns the time.
//
//   node lockstep.mjs VM_FOLDER
//
// It plays one life after the other, each in a VM of its own, with a heap of its own: compiling the
// WebAssembly is what takes long, and is done once.
// One JSON line in, one out:
//   in   {"tree": folder, "options": ..}          begin a life; no answer
//          options: {"application": module whose run_forever(board) runs, "heap": bytes or null,
//          "first": bytes of the heap's first area or null}
//        {"now": ms, "boot": info}            start the program
//        {"now": ms, "in": [[name, arg], ..]}  go on: it is `now`, and these inputs came
//          boot.config.strikes: numbers of the outputs and calls at which Ctrl-C is pressed
//        {"ask": [name, arg]}                  look into the heap: a method of heap.mjs
//   out  {"out": [[name, arg], ..], "wake": ms or -1}    idle, to be woken then (-1: by input)
//          and "end": true if the program is over, "fault": text if a rule was broken,
//          "inside": true in the midst of a call: no other life can begin
//        {"out": [..], "call": [name, arg]}    a synchronous call; the answer is {"ret": text}
//        {"ret": what the method returns}
import { VirtualClock } from "./clock.mjs";
import { Faults, LOADED_AT, loadMachine } from "./machine.mjs";
import { receive, send } from "./stdio.mjs";

const [vm] = process.argv.slice(2);
for (let next = receive(); ; ) {
  next = await live(next.tree, next.options);
  await new Promise((done) => setImmediate(done)); // what the dead VM had can now be freed
}

// Begin a life and follow it; return the message that begins the next one.
async function live(tree, options) {
  const { application, heap: cap, first } = options;
  const clock = new VirtualClock(LOADED_AT).install();
  const faults = new Faults();
  let out = [];
  let ended = false;
  let input = () => {};
  let strikes = [];
  let effects = 0;
  let given = "";

  // As the chip's serial interrupt: KeyboardInterrupt at the next bytecode that looks for it.
  function interrupt() {
    if (mp._module._mp_hal_get_interrupt_char() === 3) mp._module._mp_sched_keyboard_interrupt();
  }

  function taken(arg) {
    const all = arg + given;
    given = "";
    return all;
  }

  function effect() {
    if (strikes.includes(++effects)) interrupt();
  }

  function print(line) {
    if (!faults.take(line)) out.push(["log", line]);
  }

  // A function that the device calls must never throw: the exception would pass by Python's `try`,
  // and the collector would never run again. These do not; stdio.mjs ends the process instead.
  const wire = {
    // Comes after the next argument; null: it does not, after all.
    give(hex) {
      given = hex === null ? "" : given + hex;
      return null;
    },
    emit(name, arg) {
      const all = taken(arg);
      if (!ended) out.push([name, all]);
      effect();
      return null;
    },
    call(name, arg) {
      const all = taken(arg);
      if (ended) return ""; // a task that still runs in this turn; nothing of it counts
      send({ out, call: [name, all] });
      out = [];
      effect();
      return receive().ret;
    },
    // A call that is answered in hex, or with "-": the path of a file of these bytes, or "".
    load(name, arg) {
      const answer = wire.call(name, arg);
      const path = "/loaded." + arg.replaceAll("/", "_");
      if (answer !== "-") mp.FS.writeFile(path, Buffer.from(answer, "hex"));
      return answer === "-" ? "" : path;
    },
    // Idle in the midst of a call, for `delay` ms at most (-1: until an input comes).
    idle(delay) {
      flush();
      send({ out, wake: delay < 0 ? -1 : clock.now + delay - offset, end: false, fault: faults.text(), inside: true });
      out = [];
      const message = receive();
      clock.now = message.now + offset;
      for (const [name, arg] of message.in) if (name !== "ctrl_c") input(name, arg);
      for (const [name, arg] of message.in) {
        if (name !== "ctrl_c") continue;
        if (arg === "0") interrupt();
        else strikes.push(effects + Number(arg));
      }
      return null;
    },
    on_input(callback) {
      input = callback;
      return null;
    },
    end() {
      ended = true;
      return null;
    },
  };

  const { mp, flush, heap } = await loadMachine(vm, tree, print, cap, first);
  mp.registerJsModule("wire", wire);

  // Bring the device to `now` and let it run until it is idle.
  async function turn(now, work) {
    clock.now = now + offset;
    await faults.guard(work);
    await faults.guard(() => clock.runDue(() => ended, () => heap.look()));
    flush();
    const next = clock.next();
    const fault = ended ? undefined : faults.text(); // what the end itself raises is none
    send({ out, wake: next < 0 || ended ? -1 : next - offset, end: ended, fault });
    out = [];
  }

  let offset = 0; // Date.now() less world time; makes ticks_ms() what the world says it is
  for (;;) {
    const message = receive();
    if (message.tree) return message;
    if (message.ask) {
      send({ ret: heap.answer(message.ask) });
    } else if (message.boot) {
      strikes = message.boot.config.strikes ?? [];
      offset = LOADED_AT + message.boot.ticks - message.now;
      await turn(message.now, () => {
        mp.runPython("from tools.bench.runners import vm_main");
        mp.runPython(`vm_main.start(${literal(application)}, ${literal(JSON.stringify(message.boot))})`);
      });
    } else {
      await turn(message.now, () => {
        for (const [name, arg] of message.in) input(name, arg);
      });
    }
  }
}

// A JavaScript string as a Python literal: JSON's escapes are Python's too.
function literal(text) {
  return JSON.stringify(text);
}
