"""The composition root: builds the device around a board's ports, runs and joins its tasks."""

import asyncio

from powersocket import models
from powersocket.device import Device
from powersocket.errands import CALL, NOTE
from sim800.calls import ACTIVE, ALERTING, DIALING
from sim800.errors import ModemError
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware import button, mains
from firmware.calls import Caller
from firmware.errands import Runner
from firmware.incoming import Incoming
from firmware.lights import Lights
from firmware.log import Log
from firmware.mailbox import Mailbox
from firmware.postman import Postman
from firmware.store import Store
from firmware.thermometer import Watch
from firmware.uptime import LONGEST_SLEEP, Uptime

_FEED = 20  # s between two feeds of the watchdog, which bites after a minute
_ROUNDS = 45  # feeds in which every worker must have advanced: no message or call takes 15 minutes


class WorkerFailed(Exception):
    """A task ended that must never end, or is stuck."""


class App:
    """Everything between the ports of `board` and the portable device."""

    def __init__(self, board):
        self._board = board
        self._uptime = Uptime(board.clock, board.cause)
        self.log = Log(board.log, self.now)
        self._store = Store(board.flash, self.log)
        model = models.load(board.config["MODEL"])
        record = self._store.load()
        self.device = Device(
            model, board.config, board.unique_id, record, self.log, self._store.load
        )
        self._modem = Modem(board.uart, self.log, self.link_changed)
        self._modem.on_time = self._network_time
        link = self._link = Supervisor(self._modem, board.modem_power)
        link.pin = board.config.get("PIN") or ""
        link.refused = self.device.record.get("pin", "")
        self._mailbox = Mailbox(self, self._modem, self._link)
        self._postman = Postman(self, self._modem, self._link)
        self._talk = _talk(self, self._modem) if self.device.microphone is not None else None
        caller = Caller(self._modem.calls, self._talk)
        kinds = {"ussd": self._ask_operator, "call": caller.ring}
        self._errands = Runner(self, self._link, kinds, self._held)
        self._thermometer = Watch(self, board.thermometer)
        self._deadline = asyncio.Event()
        self._failed = asyncio.Event()
        self._failure: Exception = WorkerFailed()
        self._levels = [None, None]
        self.beats = 0  # passes of the deadlines' loop
        self.device.on_battery = self.device.battery and not board.mains.value
        self._lights = Lights(self.device, board.leds)
        self._incoming = Incoming(self, self._modem, self._talk)
        self._mains = mains.Watch(self, board, self._stop)
        self._button = button.Watch(self, board.button, self._lights, self._stop, board.restart)
        self._tasks = {}

    # --- time ---

    def now(self):
        """Return the uptime in seconds."""
        return self._uptime.seconds()

    def until(self, deadline):
        """Return the ms until an uptime in seconds; an hour at most."""
        return self._uptime.until(deadline)

    # --- the one way of every event: device, commit, then the world ---

    def receive(self, message):
        """Hand a message to the device; when this returns, it has been carried out and kept."""
        self.device.receive(message, self.now())
        self.settle()

    def settle(self, lazily=False):
        """Commit what the device changed, then move the relay, show the LEDs, wake the postman.

        lazily: what changed need not be on flash before the next change is.
        """
        device = self.device
        if device.dirty:
            device.dirty = not (lazily or self._store.commit(device.record))
        self._move_relays()
        self._lights.show()
        if not device.outbox.empty():
            self._postman.owed.set()
        if device.errands.first() is not None:
            self._errands.wanted.set()
        self._errands.obey()
        if device.reading_wanted:
            self._thermometer.wanted.set()
        if device.on_battery:
            self._mains.quiet.set()
        self._deadline.set()

    def _move_relays(self):
        # Bit 1: boot.py leaves it off when power comes back; a chip that restarts keeps its level.
        device, board = self.device, self._board
        off = device.get("POWERSTATE") == "OFF"
        relays = ((device.socket, board.relay, off), (device.micro, board.microrelay, True))
        for number, (relay, port, off) in enumerate(relays):
            if relay is not None:
                kept = int(relay.on) | 2 * off
                if kept != self._levels[number]:
                    self._levels[number] = kept
                    port.remember(kept)
                    port.set(kept & 1)

    def _held(self, errand):
        """Who listens is not cut off by another call, but by an alarm's."""
        return (
            self._talk is not None
            and self._talk.going_on()
            and errand[0] == CALL
            and errand[2] != NOTE
        )

    def link_changed(self):
        """The modem's state changed."""
        microphone = self.device.microphone
        if microphone is not None:
            state = self._modem.calls.state
            microphone.open = state == ACTIVE
            microphone.calling = state in (DIALING, ALERTING)
        link = self.device.link
        link.alive = self._link.alive
        link.sim = self._modem.sim if self._link.centre else "NO CENTRE"
        link.registered = self._modem.registered
        link.dbm = (
            None if self._modem.rssi == 99 else 2 * self._modem.rssi - 113
        )  # 3GPP 27.007, 8.5
        self._lights.show()
        self._postman.owed.set()
        self._errands.wanted.set()
        refused = self._link.refused
        if refused and refused != self.device.record.get("pin"):
            self.device.record["pin"] = refused  # tried once, and not after a restart either
            self.device.changed()
            self.settle()

    def _network_time(self, line):
        """The network sent the time. Raises ValueError, IndexError."""
        moment = _moment(line)
        if moment is not None:
            self.device.network_time(moment[0], moment[1], self.now())
            self.settle()

    async def _ask_operator(self, code):
        """Do the errand of a USSD code: return the answer, "" if there is none."""
        try:
            return await self._modem.ussd(code)
        except ModemError as error:
            self.log("operator: " + str(error))
            return ""

    # --- tasks ---

    async def run_forever(self):
        """Run until a task fails; then raise what it raised."""
        self._count_start()
        self.device.start(self._uptime.cause, self.now())
        self.settle()
        for name, run in self._workers():
            self._tasks[name] = asyncio.create_task(self._guard(name, run))
        await self._failed.wait()
        self._stop(())
        raise self._failure

    def _workers(self):
        """Return (name, coroutine function) of each task that this model and board need."""
        workers = [
            ("reader", self._modem.read_forever),
            ("calls", self._modem.calls.run_forever),
            ("link", self._link.run_forever),
            ("mailbox", self._mailbox.run_forever),
            ("postman", self._postman.run_forever),
            ("errands", self._errands.run_forever),
            ("deadlines", self._keep_deadlines),
            ("lights", self._lights.run_forever),
            ("button", self._button.run_forever),
            ("incoming", self._incoming.run_forever),
            ("watchdog", self._feed_watchdog),
        ]
        if self.device.press_hint:
            workers.append(("presses", self._button.watch_presses))
        if self._talk is not None:
            workers.append(("talk", self._talk.run_forever))
        if self.device.battery:
            workers.append(("mains", self._mains.run_forever))
            workers.append(("sleep", self._mains.sleep_when_quiet))
        if self.device.thermometer is not None:
            workers.append(("thermometer", self._thermometer.run_forever))
        if self.device.alarm is not None:
            workers += _contacts(self, self._board)
        return workers

    def _count_start(self):
        """Count the starts of each cause in the record."""
        cause = self._board.reset_cause
        starts = self.device.record["starts"]
        count = starts.get(cause)
        starts[cause] = count + 1 if type(count) is int else 1
        self.device.changed()
        self.log("start: " + cause + " " + str(starts))

    def _stop(self, kept):
        """Before the chip restarts or sleeps: end all tasks but those of these names."""
        for name in list(self._tasks):
            if name not in kept:
                self._tasks.pop(name).cancel()

    async def _guard(self, name, run):
        try:
            await run()
            self._failure = WorkerFailed(name + " ended")
        except Exception as error:
            self.log("task " + name + " failed: " + repr(error))
            self._failure = error
        self._failed.set()

    async def _feed_watchdog(self):
        """Feed the watchdog while every worker advances; one that does not fails the application.

        The others wait for a pin, or for the link: that advances if the supervisor does.
        """
        workers = (self._link, self._mailbox, self._postman, self._errands, self)
        seen: list = []
        while True:
            beats = [worker.beats for worker in workers]
            if any([seen[i] == beats[i] for i in range(len(seen))]):
                raise WorkerFailed("stuck: " + str(seen) + str(beats))
            seen = beats
            # Those that have nothing to do turn once.
            for event in (self._postman.owed, self._errands.wanted, self._deadline):
                event.set()
            for _ in range(_ROUNDS):
                self._board.watchdog.feed()
                await asyncio.sleep(_FEED)

    async def _keep_deadlines(self):
        """Tick the device when it asked for it; look anew whenever something has changed."""
        while True:
            self.beats += 1
            self._deadline.clear()
            deadline = self.device.next_deadline()
            delay = LONGEST_SLEEP if deadline is None else self.until(deadline)
            if delay:
                try:
                    await asyncio.wait_for(self._deadline.wait(), delay / 1000)
                except asyncio.TimeoutError:
                    pass
            else:
                self.device.tick(self.now())
                self.settle()
                if self.device.next_deadline() == deadline:
                    raise WorkerFailed("a deadline was not taken")


# Imported where it is wanted: a model that has no use for it does not load it.


def _talk(app, modem):
    from firmware.talk import Talk

    return Talk(app, modem)


def _contacts(app, board):
    from firmware.contact import ContactWatch, JackWatch

    found = [("contact", ContactWatch(app, board.contact).run_forever)]
    if board.jack is not None:
        found.append(("jack", JackWatch(app, board.jack).run_forever))
    return found


def _moment(line):
    """Read a line that holds the time; sim800.clock is released again: it comes once a start."""
    import sys

    import sim800
    from sim800.clock import moment

    try:
        return moment(line)
    finally:
        # A dict of MicroPython keeps the value of a deleted key: None comes first.
        sys.modules["sim800.clock"] = sim800.clock = None  # type: ignore[assignment]
        del sys.modules["sim800.clock"], sim800.clock


async def run_forever(board):
    """Run the firmware on a board; ends only by an exception."""
    await App(board).run_forever()
