// SPDX-License-Identifier: MIT
// A board's MicroPython over Web Serial: its raw REPL, which runs a piece of code and gives back
// what it prints. Source: MicroPython's reference, "The REPL", raw mode.

const BAUD = 115200;
const TRIES = 4; // a program that is just starting may swallow a Ctrl-C
const PROMPT_MS = 3000;
// A command is begun: longer, for the computer may be busy, and giving up closes the port.
const BEGIN_MS = 10000;
const PIECE = 256; // bytes; the board's port holds no more while it is busy
const PAUSE_MS = 10;
// A stopped firmware must not stay so: the watchdog starts the board after this time.
const STAY_MS = 600000;
const STAY = `import machine\nmachine.WDT(timeout=${STAY_MS})\n`;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The board cannot be reached, or said no; the text is for the person at the page. */
export class BoardError extends Error {}

export class Board {
  /** onLost is called once when the port goes away without close(). */
  constructor(port, onLost) {
    this.port = port;
    this.onLost = onLost;
    this.text = ""; // what has come and was not taken yet
    this.wake = () => {};
    this.onText = null; // who takes what comes, instead
    this.open = false;
  }

  async connect() {
    try {
      await this.port.open({ baudRate: BAUD, bufferSize: 65536 });
    } catch (error) {
      throw new BoardError(
        `The port cannot be opened (${error.message}). Close the other program or tab that has it.`,
      );
    }
    this.open = true;
    this.reading = this.read();
    for (let tries = 0; tries < TRIES; tries++) {
      await this.write("\r\x03\x03");
      await pause(100);
      this.text = "";
      await this.write("\r\x01");
      if ((await this.until("raw REPL; CTRL-B to exit\r\n>", PROMPT_MS)) !== null) return;
    }
    await this.close();
    throw new BoardError(
      "No MicroPython answers. Is it installed (step 1)? If it is, press EN on the board and " +
        "connect again at once.",
    );
  }

  async read() {
    const decoder = new TextDecoder();
    const reader = this.port.readable.getReader();
    this.reader = reader;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const text = decoder.decode(value, { stream: true });
        if (this.onText) this.onText(text);
        else this.text += text;
        this.wake();
      }
    } catch {
      // The cable or the power went.
    } finally {
      reader.releaseLock();
    }
    if (this.open) {
      this.open = false;
      this.wake();
      await this.port.close().catch(() => {});
      this.onLost();
    }
  }

  async write(text) {
    const bytes = new TextEncoder().encode(text);
    for (let start = 0; start < bytes.length; start += PIECE) {
      if (!this.open) throw new BoardError("The board is gone.");
      const writer = this.port.writable.getWriter();
      try {
        await writer.write(bytes.slice(start, start + PIECE));
      } catch (error) {
        throw new BoardError(`The board is gone (${error.message}).`);
      } finally {
        writer.releaseLock();
      }
      if (bytes.length > PIECE) await pause(PAUSE_MS);
    }
  }

  /** Wait for an end; return what came before it, null if nothing came for so long. */
  async until(end, silence, onText = () => {}) {
    let given = 0;
    for (;;) {
      const at = this.text.indexOf(end);
      const whole = at < 0 ? this.text.length : at;
      if (whole > given) onText(this.text.slice(given, whole));
      given = Math.max(given, whole);
      if (at >= 0) {
        const before = this.text.slice(0, at);
        this.text = this.text.slice(at + end.length);
        return before;
      }
      if (!this.open) throw new BoardError("The board is gone.");
      const silent = await new Promise((resolve) => {
        const timer = setTimeout(resolve, silence, true);
        this.wake = () => (clearTimeout(timer), resolve(false));
      });
      if (silent) return null;
    }
  }

  /** Run code; return what it prints. onText is given it as it comes. */
  async run(code, silence = 10000, onText) {
    await this.begin(`${STAY}${code}`);
    const printed = await this.expect("\x04", silence, onText);
    const failed = await this.expect("\x04>", silence);
    if (failed) throw new BoardError(`The board says:\n${failed.trim()}`);
    return printed.replaceAll("\r\n", "\n");
  }

  /** Restart the chip: the firmware starts, and onText is given what it says. Nothing can be run
   * until it is connected again. */
  async restart(onText = () => {}) {
    await this.begin("import machine\nmachine.reset()");
    onText(this.text);
    this.onText = onText;
  }

  async begin(code) {
    await this.write(`${code}\x04`);
    await this.expect("OK", BEGIN_MS);
  }

  /** As until(); a board that is silent is given up. */
  async expect(end, silence, onText) {
    const before = await this.until(end, silence, onText);
    if (before !== null) return before;
    await this.close();
    throw new BoardError("The board does not answer any more. Connect again.");
  }

  async close() {
    if (!this.open) return;
    this.open = false;
    await this.reader.cancel().catch(() => {});
    await this.reading;
    await this.port.close().catch(() => {});
  }
}
