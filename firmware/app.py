# SPDX-License-Identifier: MIT
"""The application: carries out what the device decides, keeps its time, runs the tasks."""

import asyncio
import gc

from powersocket import const
from powersocket.device import Device
from sim800 import calls, release
from sim800.link import bounded
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware.lights import Lights
from firmware.mail import MailReader, MailSender
from firmware.phone import ErrandRunner
from firmware.store import Store
from firmware.watches import MainsWatch, ThermometerWatch

_FEED = const(30)  # s between two feeds of the watchdog, which bites after a minute
_LOOK = const(900)  # s between two checks: no message or call takes 15 minutes,
_IDLE = const(600)  # and no pause of a worker is longer than this
_KEPT = const(25)  # lines of the log
_WIDTH = const(160)  # characters of a line
_WRAP = const((1 << 30) - 1)  # of ticks_ms()
_LONGEST_SLEEP = const(3600_000)  # ms; the ticks must be read at least twice in each wrap
_NO_SIGNAL = const(99)  # +CSQ, 3GPP 27.007, 8.5


class Uptime:
    """Seconds since all power was last gone. It never jumps and never wraps.

    MicroPython's ticks wrap at 2^30 ms, which is every 12.4 days, and begin again at every start.
    The RTC keeps running through restarts and sleep, but has whole seconds only. Together they
    make one clock.

    clock: a port with `ticks_ms()` and `rtc()` / `set_rtc(seconds)`; cause: of the start.

    Attribute `cause`: of the start; "power" if the RTC was lost, whatever the chip reports. The
    deadlines and the calendar of the earlier uptime are then void.
    """

    def __init__(self, clock, cause):
        base = None if cause == "power" else clock.rtc()
        self.cause = cause if base is not None else "power"
        if base is None:
            base = 0
            clock.set_rtc(0)
        self._clock = clock
        self._seconds = base
        self._ms = 0
        self._ticks = clock.ticks_ms()

    def _update(self):
        ticks = self._clock.ticks_ms()
        ms = self._ms + ((ticks - self._ticks) & _WRAP)
        self._ticks = ticks
        self._seconds += ms // 1000
        self._ms = ms % 1000

    def seconds(self):
        """Return the uptime in whole seconds."""
        self._update()
        return self._seconds

    def until(self, deadline):
        """Return the ms until an uptime in seconds is reached: 0 if it is, an hour at most."""
        self._update()
        seconds = deadline - self._seconds
        if seconds <= 0:
            return 0
        if seconds > _LONGEST_SLEEP // 1000:
            return _LONGEST_SLEEP
        return seconds * 1000 - self._ms


class App:
    """Joins the ports of `board` and the portable device.

    `firmware/compose.py` gives it its parts and starts its tasks.

    now(): the uptime in seconds; until(deadline): the ms until an uptime in seconds, an hour at
    most; lines: the last log lines; tasks: all that runs for ever, the
    two of the modem first; workers: those that `pause`.
    """

    store: Store
    device: Device
    modem: Modem
    supervisor: Supervisor
    mail_reader: MailReader
    mail_sender: MailSender
    errand_runner: ErrandRunner
    lights: Lights
    mains: MainsWatch
    thermometer: ThermometerWatch
    talk: object
    workers: list

    def __init__(self, board):
        self.board = board
        uptime = Uptime(board.clock, board.cause)
        self.cause = uptime.cause
        self.now = uptime.seconds
        self.until = uptime.until
        self.lines: list[str] = []
        self._changed = asyncio.Event()  # the next deadline may have changed
        self._levels = [None, None]  # of socket and micro relay, as stored in NVS
        self.tasks: list[asyncio.Task] = []

    def log(self, line):
        """Print a line and keep it for a while. Never log a secret or the text of a message."""
        line = str(self.now()) + " " + line[:_WIDTH]
        self.lines.append(line)
        if len(self.lines) > _KEPT:
            self.lines.pop(0)
        self.board.log(line)

    def load(self, features, record=None):
        """Complete the stored record, or the given one; return it and its settings."""
        from powersocket.record import complete

        if record is None:
            record = self.store.load()
        settings = complete(record, features)
        release("powersocket.record")
        return record, settings

    # --- every event goes this way: device, commit, then the outside ---

    def settle(self, lazily=False):
        """Commit what the device changed; then move the relays, show the LEDs, wake the tasks.

        lazily: this change may wait for the next commit.
        """
        device = self.device
        if device.dirty:
            device.dirty = not (lazily or self.store.commit(device.record))
        self._move(0, device.socket, self.board.relay, device.settings["POWERSTATE"] == "OFF")
        if device.micro is not None:
            self._move(1, device.micro, self.board.microrelay, True)
        self.lights.show()
        if device.outbox.entries:
            self.mail_sender.wanted.set()
        if device.errands.first() is not None:
            self.errand_runner.wanted.set()
        self.errand_runner.obey()
        if device.reading_wanted:
            self.thermometer.wanted.set()
        if device.on_battery:
            self.mains.quiet.set()
        self._changed.set()

    def _move(self, number, relay, port, off_at_power_on):
        """Store a relay's level in NVS, where boot.py finds it at the next start; then set it."""
        # Bit 1: boot.py leaves it off when power comes back; a chip that restarts keeps its level.
        level = int(relay.on) | 2 * off_at_power_on
        if level != self._levels[number]:
            self._levels[number] = level
            port.remember(level)
            port.set(level & 1)

    def modem_changed(self):
        """The modem's state changed."""
        device, modem, supervisor = self.device, self.modem, self.supervisor
        if device.microphone is not None:
            state = modem.calls.state
            device.microphone.open = state == calls.ACTIVE
            device.microphone.calling = state in (calls.DIALING, calls.ALERTING)
        status = device.modem
        status.alive = supervisor.alive
        status.sim = modem.sim
        if not supervisor.centre or supervisor.fault:
            status.sim = "NO CENTRE"
        status.registered = modem.registered
        status.dbm = None if modem.rssi == _NO_SIGNAL else 2 * modem.rssi - 113
        self.lights.show()
        self.mail_sender.wanted.set()
        self.errand_runner.wanted.set()
        refused = supervisor.refused
        if refused and refused != device.record.get("pin"):
            device.record["pin"] = refused  # so it is not tried again after a restart either
            device.dirty = True
            self.settle()

    def contact(self, closed):
        """Take the level of the sensor input's loop, at the start and at every change."""
        self.device.alarm.contact(closed, self.now())
        self.settle()

    def jack(self, plugged):
        """Note whether the sensor's jack is plugged in, at the start and at every change."""
        self.device.sensor_plugged = plugged

    def network_time(self, line):
        """The network sent the time. Raises ValueError, IndexError."""
        from sim800.nitz import moment

        try:
            found = moment(line)
        finally:
            release("sim800.nitz")
        if found is not None:
            unset = self.device.clock.local(self.now()) is None
            self.device.clock.network_time(found[0], found[1], self.now())
            self.settle()
            if unset:
                self.modem.mail.set()  # messages may wait for it

    # --- tasks ---

    async def failed(self):
        """Wait until a task fails; then cancel the others, and raise its exception."""
        count = 0
        while count != len(self.tasks):  # `stop` has ended some, which is no failure
            count = len(self.tasks)
            try:
                await asyncio.gather(*self.tasks)
            except asyncio.CancelledError:
                if count == len(self.tasks):
                    raise
            except Exception as error:
                gc.collect()  # it may be a lack of memory
                self.stop(())
                self.log("a task failed: " + repr(error))
                raise

    def stop(self, kept):
        """Cancel all tasks but these and the caller's, before the chip restarts or sleeps."""
        kept = [asyncio.current_task()] + list(kept)
        for task in self.tasks:
            if task not in kept:
                task.cancel()
        self.tasks = kept

    async def pause(self, worker, due=None):
        """Let a worker wait until it is wanted, or until an uptime in seconds."""
        longest = self.now() + _IDLE
        worker.due = longest if due is None else min(due, longest)
        self._changed.set()
        await worker.wanted.wait()
        worker.wanted.clear()
        worker.due = None

    async def keep_time(self):
        """Feed the watchdog; tick the device and wake the workers when they are due.

        The application fails if a worker is stuck. The other tasks wait for a pin, or for the
        modem, and the supervisor checks the modem.
        """
        beats: list = []
        look = 0  # uptime in seconds of the next check of the workers
        while True:
            self.board.watchdog.feed()
            self._changed.clear()
            if self.now() >= look:
                look = self.now() + _LOOK
                beats = self._advanced(beats)
            await bounded(self._changed, self.until(self._tick()) / 1000)

    def _advanced(self, seen):
        """Return the workers' beats. Raises RuntimeError if one is the same as in `seen`."""
        beats = [worker.beats for worker in self.workers] + [self.supervisor.beats]
        if any([seen[i] == beats[i] for i in range(len(seen))]):
            raise RuntimeError("stuck: " + str(seen) + str(beats))
        return beats

    def _tick(self):
        """Wake the workers and tick the device if they are due.

        Return the uptime in seconds at which something is due next, the watchdog in any case.
        """
        device, now = self.device, self.now()
        due = now + _FEED
        for worker in self.workers:
            if worker.due is not None and worker.due <= now:
                worker.due = None
                worker.wanted.set()
            due = min(due, worker.due or due)
        deadline = device.next_deadline()
        if deadline is not None and deadline <= now:
            device.tick(now)
            self.settle()
            if device.next_deadline() == deadline:
                raise RuntimeError("a deadline is still there after its tick")
        return due if deadline is None else min(due, deadline)


def _start(board):
    from firmware.compose import begin, compose

    app = App(board)
    compose(app)
    begin(app)
    release("firmware.compose")
    return app


async def run_forever(board):
    """Run the firmware on a board. Ends only with an exception."""
    await _start(board).failed()
