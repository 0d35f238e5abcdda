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
//        {"now": ms, "in": [[name, arg], ..], "until": ms}  go on: it is `now`, and these inputs came;
//          whatever is due before `until` is done without asking, up to the first output or call
//          boot.config.strikes: numbers of the outputs and calls at which Ctrl-C is pressed
//        {"ask": [name, arg]}                  look into the heap: a method of heap.mjs
//   out  {"out": [[name, arg], ..], "wake": ms or -1}    idle, to be woken then (-1: by input)
//          and "end": true if the program is over, "fault": text if a rule was broken,
//          "inside": true in the midst of a call: no other life can begin
//        {"out": [..], "call": [name, arg]}    a synchronous call; the answer is {"ret": text}
//        {"ret": what the method returns}     to an "ask"
//   the others have "now" and "ahead", too: it is `now`, after so many turns without asking
import { VirtualClock } from "./clock.mjs";
import { Faults, LOADED_AT, loadMachine } from "./machine.mjs";
import { receive, send } from "./stdio.mjs";

const MOST_AHEAD = 1000; // turns; whoever waits for a sign of life gets one

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
  let until = -1; // world time
  let ahead = 0; // turns since the host was told of the last one

  // Tell the host what was said since the last time, and when.
  function tell(message) {
    send({ out, now: clock.now - offset, ahead, ...message });
    out = [];
    ahead = 0;
  }

  // Is this instant of world time (-1: none) one that the host need not be asked for? Count it then.
  function goesOn(next) {
    const free = !ended && !out.length && !faults.text() && ahead < MOST_AHEAD;
    const may = free && next > clock.now - offset && next < until;
    if (may) ahead++;
    return may;
  }

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
      tell({ call: [name, all] });
      until = -1; // what the call does may be due before
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
      const next = delay < 0 ? -1 : clock.now + delay - offset;
      if (goesOn(next)) {
        clock.now = next + offset;
        return null;
      }
      tell({ wake: next, end: false, fault: faults.text(), inside: true });
      const message = receive();
      until = message.until;
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

  // Bring the device to `now` and let it run until it is idle, again and again if it may go on.
  async function turn(now, work) {
    clock.now = now + offset;
    await faults.guard(work);
    for (let next = now; ; clock.now = next + offset) {
      await faults.guard(() => clock.runDue(() => ended, () => heap.look()));
      flush();
      next = clock.next() < 0 ? -1 : clock.next() - offset;
      if (goesOn(next)) continue;
      const fault = ended ? undefined : faults.text(); // what the end itself raises is none
      return tell({ wake: ended ? -1 : next, end: ended, fault });
    }
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
      until = message.until;
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
