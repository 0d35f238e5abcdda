"""The application: settles what the device decides, keeps its time, runs and guards the tasks."""

import asyncio

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

_FEED = 20  # s between two feeds of the watchdog, which bites after a minute
_ROUNDS = 45  # feeds in which every worker must have advanced: no message or call takes 15 minutes
_KEPT = 25  # lines of the log
_WIDTH = 160  # characters of a line
_NO_SIGNAL = 99  # +CSQ, 3GPP 27.007, 8.5


class App:
    """What lives on between the ports of `board` and the portable device.

    Made by `firmware/compose.py`, which gives it its parts and starts its tasks.

    now(): the uptime in seconds; until(deadline): the ms until an uptime in seconds, an hour at
    most; lines: the last ones of the log; tasks: by name.
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
        self.beats = 0  # passes of the deadlines' loop
        self._changed = asyncio.Event()  # the next deadline may be another one now
        self._failed = asyncio.Event()
        self._failure = Exception()
        self._levels = [None, None]  # of socket and micro relay, as NVS has them
        self.tasks: dict = {}

    def log(self, line):
        """Print a line and keep it for a while; secrets and texts of messages never come here."""
        line = str(self.now()) + " " + line[:_WIDTH]
        self.lines.append(line)
        if len(self.lines) > _KEPT:
            self.lines.pop(0)
        self.board.log(line)

    def load(self, features, record=None):
        """Return the stored record, or the given one, complete, and the settings in it."""
        from powersocket.record import complete

        if record is None:
            record = self.store.load()
        settings = complete(record, features)
        release("powersocket.record")
        return record, settings

    # --- the one way of every event: device, commit, then the world ---

    def settle(self, lazily=False):
        """Commit what the device changed; then move the relays, show the LEDs, wake the tasks.

        lazily: what changed need not be on flash before the next change is.
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
        """Give a relay its level, and boot.py what it does before this program runs."""
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
            device.record["pin"] = refused  # tried once, and not after a restart either
            device.dirty = True
            self.settle()

    def contact(self, closed):
        """The loop of the sensor input changed, or is so at the start."""
        self.device.contact(closed, self.now())
        self.settle()

    def jack(self, plugged):
        """The sensor's jack was plugged in or pulled out, or is so at the start."""
        self.device.sensor_plugged = plugged

    def network_time(self, line):
        """The network sent the time. Raises ValueError, IndexError."""
        from sim800.clock import moment

        try:
            found = moment(line)
        finally:
            release("sim800.clock")
        if found is not None:
            self.device.network_time(found[0], found[1], self.now())
            self.settle()

    # --- tasks ---

    async def failed(self):
        """Wait until a task fails; then end the others, and raise what it raised."""
        await self._failed.wait()
        self.stop(())
        raise self._failure

    def stop(self, kept):
        """Before the chip restarts or sleeps: end all tasks but those of these names."""
        for name in list(self.tasks):
            if name not in kept:
                self.tasks.pop(name).cancel()

    async def guard(self, name, run, *args):
        """Run a task; that it ends, or what it raises, fails the application."""
        try:
            await run(*args)
            raise RuntimeError("it ended")
        except Exception as error:
            self._failure = error
            self._failed.set()
            try:
                self.log("task " + name + " failed: " + repr(error))
            except MemoryError:
                pass  # it was that, and a collection is still to come

    async def feed_watchdog(self):
        """Feed the watchdog while every worker advances; one that does not fails the application.

        The others wait for a pin, or for the modem: they advance if the supervisor does.
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
            # Those that have nothing to do turn once.
            for event in (self.mail_sender.owed, self.errand_runner.wanted, self._changed):
                event.set()
            for _ in range(_ROUNDS):
                self.board.watchdog.feed()
                await asyncio.sleep(_FEED)

    async def keep_deadlines(self):
        """Tick the device when it asked for it; look again whenever something has changed."""
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
                    raise RuntimeError("a deadline was not taken")


def _start(board):
    from firmware.compose import begin, compose

    app = compose(board)
    begin(app)
    release("firmware.compose")
    return app


async def run_forever(board):
    """Run the firmware on a board; ends only by an exception."""
    await _start(board).failed()
