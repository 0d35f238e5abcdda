"""The application: carries out what the device decides, keeps its time, runs the tasks."""

import asyncio
import gc

from powersocket import const
from powersocket.device import Device
from sim800.calls import ACTIVE, ALERTING, DIALING
from sim800.link import bounded
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware.lights import Lights
from firmware.mail import MailReader, MailSender
from firmware.phone import ErrandRunner
from firmware.seldom import release
from firmware.store import Store
from firmware.uptime import LONGEST_SLEEP, Uptime
from firmware.watches import MainsWatch, ThermometerWatch

_FEED = const(20)  # s between two feeds of the watchdog, which bites after a minute
_ROUNDS = const(45)  # feeds between two checks: no message or call takes 15 minutes
_KEPT = const(25)  # lines of the log
_WIDTH = const(160)  # characters of a line
_NO_SIGNAL = const(99)  # +CSQ, 3GPP 27.007, 8.5


class App:
    """Joins the ports of `board` and the portable device.

    `firmware/compose.py` gives it its parts and starts its tasks.

    now(): the uptime in seconds; until(deadline): the ms until an uptime in seconds, an hour at
    most; lines: the last log lines; tasks: by name.
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

    def __init__(self, board):
        self.board = board
        uptime = Uptime(board.clock, board.cause)
        self.cause = uptime.cause
        self.now = uptime.seconds
        self.until = uptime.until
        self.lines: list[str] = []
        self.beats = 0  # passes of the loop in keep_deadlines
        self._changed = asyncio.Event()  # the next deadline may have changed
        self._failed = asyncio.Event()
        self._failure = Exception()
        self._failed_task = ""
        self._levels = [None, None]  # of socket and micro relay, as stored in NVS
        self.tasks: dict = {}

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
        if not device.outbox.empty():
            self.mail_sender.owed.set()
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
            device.microphone.open = state == ACTIVE
            device.microphone.calling = state in (DIALING, ALERTING)
        status = device.modem
        status.alive = supervisor.alive
        status.sim = modem.sim if supervisor.centre else "NO CENTRE"
        status.registered = modem.registered
        status.dbm = None if modem.rssi == _NO_SIGNAL else 2 * modem.rssi - 113
        self.lights.show()
        self.mail_sender.owed.set()
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
            self.device.clock.network_time(found[0], found[1], self.now())
            self.settle()

    # --- tasks ---

    async def failed(self):
        """Wait until a task fails; then cancel the others, and raise its exception."""
        await self._failed.wait()
        gc.collect()  # the failure may be a lack of memory
        self.stop(())
        self.log("task " + self._failed_task + " failed: " + repr(self._failure))
        raise self._failure

    def stop(self, kept):
        """Cancel all tasks but the named ones, before the chip restarts or sleeps."""
        for name in list(self.tasks):
            if name not in kept:
                self.tasks.pop(name).cancel()

    async def guard(self, name, worker):
        """Run a task's coroutine. The application fails if it raises or ends."""
        try:
            await worker
            raise RuntimeError("it ended")
        except Exception as error:
            # No more than this: there may be no memory left.
            self._failure = error
            self._failed_task = name
            self._failed.set()

    async def feed_watchdog(self):
        """Feed the watchdog while every worker advances; the application fails if one is stuck.

        The tasks not listed wait for a pin, or for the modem, and the supervisor checks the modem.
        """
        workers = (
            self.supervisor, self.mail_reader, self.mail_sender, self.errand_runner, self,
        )  # fmt: skip
        seen: list = []
        while True:
            beats = [worker.beats for worker in workers]
            if any([seen[i] == beats[i] for i in range(len(seen))]):
                raise RuntimeError("stuck: " + str(seen) + str(beats))
            seen = beats
            # Wake those that have nothing to do, so that their counts advance, too.
            for event in (self.mail_sender.owed, self.errand_runner.wanted, self._changed):
                event.set()
            for _ in range(_ROUNDS):
                self.board.watchdog.feed()
                await asyncio.sleep(_FEED)

    async def keep_deadlines(self):
        """Call the device's `tick` at its deadlines, which any event may change."""
        device = self.device
        while True:
            self.beats += 1
            self._changed.clear()
            deadline = device.next_deadline()
            delay = LONGEST_SLEEP if deadline is None else self.until(deadline)
            if delay:
                await bounded(self._changed, delay / 1000)
            else:
                device.tick(self.now())
                self.settle()
                if device.next_deadline() == deadline:
                    raise RuntimeError("a deadline is still there after its tick")


def _start(board):
    from firmware.compose import begin, compose

    app = compose(board)
    begin(app)
    release("firmware.compose")
    return app


async def run_forever(board):
    """Run the firmware on a board. Ends only with an exception."""
    await _start(board).failed()
