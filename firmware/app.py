"""The application: settles what the device decides, keeps its time, runs and guards the tasks."""

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
from firmware.uptime import Uptime
from firmware.watches import MainsWatch, ThermometerWatch

_FEED = const(20)  # s between two feeds of the watchdog, which bites after a minute
_LOOK = const(900)  # s in which every worker advances: no message or call takes so long,
_IDLE = const(600)  # nor a pause of one that has nothing to do
_KEPT = const(25)  # lines of the log
_WIDTH = const(160)  # characters of a line
_NO_SIGNAL = const(99)  # +CSQ, 3GPP 27.007, 8.5


class App:
    """What lives on between the ports of `board` and the portable device.

    Made by `firmware/compose.py`, which gives it its parts and starts its tasks.

    now(): the uptime in seconds; until(deadline): the ms until an uptime in seconds, an hour at
    most; lines: the last ones of the log; tasks: by name; workers: those that `pause`.
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
        self._changed = asyncio.Event()  # the next deadline may be another one now
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
        """Give a relay its level, after NVS, from which boot.py sets it at the next start."""
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
        self.mail_sender.wanted.set()
        self.errand_runner.wanted.set()
        refused = supervisor.refused
        if refused and refused != device.record.get("pin"):
            device.record["pin"] = refused  # tried once, and not after a restart either
            device.dirty = True
            self.settle()

    def contact(self, closed):
        """The loop of the sensor input changed, or is so at the start."""
        self.device.alarm.contact(closed, self.now())
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
            self.device.clock.network_time(found[0], found[1], self.now())
            self.settle()

    # --- tasks ---

    async def failed(self):
        """Wait until a task fails; then end the others, and raise what it raised."""
        count = 0
        while count != len(self.tasks):  # `stop` has ended some: the failure of one is none
            count = len(self.tasks)
            try:
                await asyncio.gather(*self.tasks.values())
            except asyncio.CancelledError:
                if count == len(self.tasks):
                    raise
            except Exception as error:
                gc.collect()  # it may be a lack of memory
                self.stop(())
                self.log("a task failed: " + repr(error))
                raise

    def stop(self, kept):
        """Before the chip restarts or sleeps: end all tasks but those of these names."""
        for name in list(self.tasks):
            if name not in kept:
                self.tasks.pop(name).cancel()

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

        A worker that does not advance fails the application. The other tasks wait for a pin, or
        for the modem: they advance if the supervisor does.
        """
        beats: list = []
        look = 0  # uptime in seconds at which the workers are looked at
        while True:
            self.board.watchdog.feed()
            self._changed.clear()
            if self.now() >= look:
                look = self.now() + _LOOK
                beats = self._advanced(beats)
            self._tick()
            await bounded(self._changed, self.until(self._due()) / 1000)

    def _advanced(self, seen):
        """Return the beats of all workers; raise RuntimeError if one has those of the last look."""
        beats = [worker.beats for worker in self.workers] + [self.supervisor.beats]
        if any([seen[i] == beats[i] for i in range(len(seen))]):
            raise RuntimeError("stuck: " + str(seen) + str(beats))
        return beats

    def _tick(self):
        """Wake the workers and tick the device if they are due."""
        device, now = self.device, self.now()
        for worker in self.workers:
            if worker.due is not None and worker.due <= now:
                worker.due = None
                worker.wanted.set()
        deadline = device.next_deadline()
        if deadline is not None and deadline <= now:
            device.tick(now)
            self.settle()
            if device.next_deadline() == deadline:
                raise RuntimeError("a deadline was not taken")

    def _due(self):
        """Return the uptime in seconds at which something is due: the watchdog, if nothing else."""
        dues = [worker.due for worker in self.workers] + [self.device.next_deadline()]
        return min([due for due in dues if due is not None] + [self.now() + _FEED])


def _start(board):
    from firmware.compose import begin, compose

    app = compose(board)
    begin(app)
    release("firmware.compose")
    return app


async def run_forever(board):
    """Run the firmware on a board; ends only by an exception."""
    await _start(board).failed()
