"""The application: settles what the device decides, keeps its time, runs and guards the tasks."""

import asyncio

from powersocket.device import Device
from sim800.calls import ACTIVE, ALERTING, DIALING
from sim800.link import bounded
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware.lights import Lights
from firmware.log import Log
from firmware.mail import MailReader, MailSender
from firmware.phone import ErrandRunner
from firmware.seldom import release
from firmware.store import Store
from firmware.uptime import LONGEST_SLEEP, Uptime
from firmware.watches import MainsWatch, ThermometerWatch

_FEED = 20  # s between two feeds of the watchdog, which bites after a minute
_ROUNDS = 45  # feeds in which every worker must have advanced: no message or call takes 15 minutes
_NO_SIGNAL = 99  # +CSQ, 3GPP 27.007, 8.5


class WorkerFailed(Exception):
    """A task ended that must never end, or is stuck."""


class App:
    """What lives on between the ports of `board` and the portable device.

    Its parts are made by `firmware/compose.py`. `workers`: (name, coroutine function) of each task
    that has still to be started.
    """

    log: Log
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
    workers: list

    def __init__(self, board):
        self.board = board
        self.uptime = Uptime(board.clock, board.cause)
        self.beats = 0  # passes of the deadlines' loop
        self._changed = asyncio.Event()  # the next deadline may be another one now
        self._failed = asyncio.Event()
        self._failure: Exception | None = None
        self._levels = [None, None]  # of socket and micro relay, as NVS has them
        self._tasks = {}
        _compose(self)

    # --- time ---

    def now(self):
        """Return the uptime in seconds."""
        return self.uptime.seconds()

    def until(self, deadline):
        """Return the ms until an uptime in seconds; an hour at most."""
        return self.uptime.until(deadline)

    # --- the one way of every event: device, commit, then the world ---

    def settle(self, lazily=False):
        """Commit what the device changed; then move the relays, show the LEDs, wake the tasks.

        lazily: what changed need not be on flash before the next change is.
        """
        device = self.device
        if device.dirty:
            device.dirty = not (lazily or self.store.commit(device.record))
        self._move(0, device.socket, self.board.relay, device.get("POWERSTATE") == "OFF")
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
        status = device.link
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
            device.changed()
            self.settle()

    def network_time(self, local, quarters):
        """The network gave the time: local seconds since 2000, quarter hours from GMT."""
        self.device.network_time(local, quarters, self.now())
        self.settle()

    # --- tasks ---

    async def run_forever(self):
        """Run until a task fails; then raise what it raised."""
        self._begin()
        await self._failed.wait()
        self.stop(())
        raise self._failure

    def _begin(self):
        """Start the device, then the tasks."""
        cause = self.board.reset_cause
        starts = self.device.record["starts"]
        count = starts.get(cause)
        starts[cause] = count + 1 if type(count) is int else 1
        self.device.changed()
        self.log("start: " + cause + " " + str(starts))
        self.device.start(self.uptime.cause, self.now())
        self.settle()
        while self.workers:
            name, run = self.workers.pop(0)
            self._tasks[name] = asyncio.create_task(self._guard(name, run))

    def stop(self, kept):
        """Before the chip restarts or sleeps: end all tasks but those of these names."""
        for name in list(self._tasks):
            if name not in kept:
                self._tasks.pop(name).cancel()

    async def _guard(self, name, run):
        try:
            await run()
            raise WorkerFailed("it ended")
        except Exception as error:
            self.log("task " + name + " failed: " + repr(error))
            self._failure = error
            self._failed.set()

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
                raise WorkerFailed("stuck: " + str(seen) + str(beats))
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
                    raise WorkerFailed("a deadline was not taken")


def _compose(app):
    from firmware.compose import compose

    compose(app)
    release("firmware.compose")


async def run_forever(board):
    """Run the firmware on a board; ends only by an exception."""
    await App(board).run_forever()
