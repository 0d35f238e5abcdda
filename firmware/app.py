"""The composition root: builds the device around a board's ports, runs and joins its tasks."""

import asyncio

from powersocket import indicators, models
from powersocket.device import Device
from sim800.errors import ModemError
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from firmware.errands import Runner
from firmware.log import Log
from firmware.mailbox import Mailbox
from firmware.postman import Postman
from firmware.store import Store
from firmware.thermometer import Watch
from firmware.uptime import LONGEST_SLEEP, Uptime


class WorkerFailed(Exception):
    """A task ended that must never end."""


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
        self._link = Supervisor(self._modem, board.modem_power, self.log)
        self._mailbox = Mailbox(self, self._modem, self._link)
        self._postman = Postman(self, self._modem, self._link)
        self._errands = Runner(self, self._link, {"ussd": self._ask_operator})
        self._thermometer = Watch(self, board.thermometer)
        self._deadline = asyncio.Event()
        self._failed = asyncio.Event()
        self._failure: Exception = WorkerFailed()
        self._level = None
        self._patterns = {}

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
        self._move_relay()
        self._show()
        if not device.outbox.empty():
            self._postman.owed.set()
        if device.errands.first() is not None:
            self._errands.wanted.set()
        if device.reading_wanted:
            self._thermometer.wanted.set()
        self._deadline.set()

    def _move_relay(self):
        level = self.device.socket.on
        if level != self._level:
            self._board.relay.remember(level)
            self._board.relay.set(level)
            self._level = level

    def _show(self):
        patterns = indicators.patterns(self.device)
        for name in patterns:
            if name in self._board.leds and self._patterns.get(name) != patterns[name]:
                self._board.leds[name].show(patterns[name])
        self._patterns = patterns

    def link_changed(self):
        """The modem's state changed."""
        link = self.device.link
        link.alive = self._link.alive
        link.sim = self._modem.sim
        link.registered = self._modem.registered
        link.dbm = (
            None if self._modem.rssi == 99 else 2 * self._modem.rssi - 113
        )  # 3GPP 27.007, 8.5
        self._show()
        self._postman.owed.set()
        self._errands.wanted.set()

    def _network_time(self, local, quarters):
        """The network told the time."""
        self.device.network_time(local, quarters, self.now())
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
        self.device.start(self._uptime.cause, self.now())
        self.settle()
        workers = [
            ("reader", self._modem.read_forever),
            ("calls", self._modem.calls.run_forever),
            ("link", self._link.run_forever),
            ("mailbox", self._mailbox.run_forever),
            ("postman", self._postman.run_forever),
            ("errands", self._errands.run_forever),
            ("deadlines", self._keep_deadlines),
            ("button", self._watch_button),
        ]
        if self.device.thermometer is not None:
            workers.append(("thermometer", self._thermometer.run_forever))
        tasks = [asyncio.create_task(self._guard(name, run)) for name, run in workers]
        await self._failed.wait()
        for task in tasks:
            task.cancel()
        raise self._failure

    async def _guard(self, name, run):
        try:
            await run()
            self._failure = WorkerFailed(name + " ended")
        except Exception as error:
            self.log("task " + name + " failed: " + repr(error))
            self._failure = error
        self._failed.set()

    async def _watch_button(self):
        """Hand every press of the hidden button to the device."""
        while True:
            ms = await self._board.button.released()
            self.device.button(ms, self.now())
            self.settle()
            if self.device.restart_wanted:
                self._board.restart("factory reset")

    async def _keep_deadlines(self):
        """Tick the device when it asked for it; look anew whenever something has changed."""
        while True:
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


async def run_forever(board):
    """Run the firmware on a board; ends only by an exception."""
    await App(board).run_forever()
