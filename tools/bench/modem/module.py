# SPDX-License-Identifier: MIT
"""The simulated module without its AT commands: power, line, habits, faults, time.

The facts are in the AT manual V1.12 and the hardware design, and in families.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tools.bench.kernel import Event, Kernel
from tools.bench.modem import service
from tools.bench.modem.calls import Calls
from tools.bench.modem.families import SIM800L, Family
from tools.bench.modem.habits import Habits, habits
from tools.bench.modem.line import ANY_RATE, Line
from tools.bench.modem.settings import Memory
from tools.bench.modem.sim_card import SimCard, Storage
from tools.bench.modem.table import AtError, Latency
from tools.bench.modem.terminal import Terminal
from tools.bench.network.operator import Network

NOISE_MS = 3000


class Module:
    """What the handlers of the AT commands are given; `Sim800` is the whole of it.

    Args:
        family: what kind of module it is.
        ipr: its stored baud rate; 0 is autobauding, as from the factory.
        auto_start: PWRKEY is tied low, the module starts with its supply.

    Attributes:
        latency: "typical", "maximum" (the manual's column) or "seeded" (in between, `seed`).
        hot_plug: a SIM put back is found without a restart (SIM_DET wired).
        deaf: registered, but nothing from the network reaches it, until it registers again.
        boots: times that it started.
        habits: what its firmware does where firmwares differ; see `adopt`.
        faults: what befalls the next commands of a name; see `fault`.
    """

    def __init__(
        self,
        kernel: Kernel,
        line: Line,
        sim: SimCard,
        network: Network,
        *,
        family: Family = SIM800L,
        ipr: int = 115200,
        auto_start: bool = True,
        seed: int = 1,
    ) -> None:
        self.kernel = kernel
        self.line = line
        self.sim = sim
        self.network = network
        self.family = family
        self.memory = Memory(family, ipr=ipr)
        self.me_storage = Storage(family.me_places)
        self.me_storage.first = sim.storage.first = family.first_slot
        self.auto_start = auto_start
        self.latency = "typical"
        self.hot_plug = False
        self.battery_mv = 4050
        self.supply = False
        self.on = False
        self.started = False
        self.hung = False
        self.deaf = False
        self.boots = 0
        self.habits = Habits()
        self.faults: dict[str, list[AtError | str]] = {}
        self.notice: Callable[[str, str], None] = lambda kind, text: None
        self._random = random.Random(seed)
        self._off_at = -family.rest_ms
        self._key: list[Event] = []  # what PWRKEY does if it is held on
        self._epoch = 0
        self._synced = False
        self._new_baud: int | None = None
        self._boot_urcs = True
        self.message_reference = 0
        self.sending = False
        self.ussd_session = 0
        self.settings = self.memory.after_restart()
        self.terminal = Terminal(self)
        self.calls = Calls(self)
        self.service = service.Service(self, self.calls.network_lost)
        line.to_modem.sink = self._receive
        sim.on_change = self.service.sim_changed

    # -- power --------------------------------------------------------------------------------

    def power(self, on: bool) -> None:
        """Give the module its supply, or take it away."""
        if on == self.supply:
            return
        self.supply = on
        if on:
            if self.auto_start:
                self._start()
        else:
            self.release_pwrkey()
            self._stop()
            self.notice("modem", "off")

    def pwrkey(self, ms: int) -> None:
        """Press PWRKEY for `ms`, from now on: starts the module, or shuts a running one down."""
        self.press_pwrkey()
        self.kernel.after(ms, self.release_pwrkey)

    def press_pwrkey(self) -> None:
        """Press PWRKEY; what that does depends on how long until it is released."""
        self.release_pwrkey()
        family, after = self.family, self.kernel.after
        if not self.supply:
            return
        if self.on:
            self._key = [after(family.pwrkey_off_ms, self.shut_down)]
        elif self.kernel.now >= self._off_at + family.rest_ms:
            self._key = [after(family.pwrkey_on_ms, self._start)]
            if family.held_off:
                self._key.append(after(family.pwrkey_off_ms, self.shut_down))

    def release_pwrkey(self) -> None:
        """Let go of PWRKEY."""
        for event in self._key:
            event.cancel()
        self._key = []

    def reset(self, ms: int = 1 << 30) -> None:
        """Press RST for `ms`, from now on, by default for long enough; the module restarts."""
        family = self.family
        if self.supply and ms >= family.reset_ms and (self.on or family.reset_starts):
            self._stop()
            self.after(family.reset_ms, self._start)

    def shut_down(self, text: str | None = None) -> None:
        """Power down in order: leave the network, say so, be off.

        Args:
            text: what it says; None: what its family says.
        """
        if not self.on:
            return
        text = self.family.power_down if text is None else text
        if text:
            self.urc(text)
        self._stop(keep_line=True)
        self._off_at = self.kernel.now
        self.notice("modem", "off")

    def _start(self) -> None:
        self._stop()
        self.boots += 1
        self.on = True
        self.settings = self.memory.after_restart()
        self.terminal.reset()
        self.service.reset()
        self.calls.reset()
        self._synced = self.settings.ipr != 0
        self.line.modem_baud = self.settings.ipr or 115200
        if not self._synced:
            self.line.to_modem.receive_baud = ANY_RATE
        self.notice("modem", "boot")
        power_up = self.habits.power_up
        self.line.to_device.write(self.family.power_up if power_up is None else power_up)
        self.after(self.family.boot_ms, self._ready)
        if self.settings.cfun != 0:
            self.after(self.family.sim_ms, self.service.start_sim)

    def _ready(self) -> None:
        self.started = True
        for word in self.family.boot_words:
            self.boot_urc(word)
        if not self.family.lte:
            self.after(20, lambda: self.boot_urc(f"+CFUN: {self.settings.cfun}"))
        self._warn()
        self._rustle()

    def _stop(self, keep_line: bool = False) -> None:
        self._epoch += 1
        self.on = self.started = self.hung = self.deaf = self.sending = False
        self.terminal.reset()
        self.calls.power_lost()
        self.service.reset()
        if not keep_line:
            self.line.to_device.clear()

    @property
    def smsc(self) -> str:
        """The service centre that the SIM names."""
        return self.sim.smsc

    def service_changed(self) -> None:
        """The network came or went."""
        self.service.update()

    @property
    def radio_on(self) -> bool:
        return self.started and self.settings.cfun == 1

    @property
    def reachable(self) -> bool:
        """True if the network can get anything through to it."""
        return self.on and not self.hung and not self.deaf and self.service.registered

    @property
    def callable(self) -> bool:
        """True if the network can put a call through to it."""
        return self.reachable and self.service.voice

    @property
    def online(self) -> bool:
        """Registered, its messages read since, and no fault in the way."""
        return self.reachable and self.service.storage_read and self.service.covered

    # -- habits -------------------------------------------------------------------------------

    def adopt(self, *names: str) -> None:
        """Have these habits; warnings and noise begin with the next start.

        KeyError: there is none of that name.
        """
        self.habits = habits(names)

    def _warn(self) -> None:
        """The supply is low all the time."""
        if self.habits.warning_ms:
            self.urc("UNDER-VOLTAGE WARNNING")
            self.after(self.habits.warning_ms, self._warn)

    def _rustle(self) -> None:
        """The line is noisy all the time."""
        if self.habits.idle_noise:
            self.line.to_device.write(self.habits.idle_noise)
            self.after(NOISE_MS, self._rustle)

    # -- faults -------------------------------------------------------------------------------

    def hang(self) -> None:
        """Be silent, on the line and to the network, until power or reset is worked."""
        if self.on:
            self._epoch += 1
            self.terminal.reset()
            self.calls.power_lost()
            self.hung = True
            self.sending = False
            self.notice("modem", "hang")

    def restart(self) -> None:
        """Restart for no reason, without a word."""
        if self.supply:
            self._stop()
            self.after(200, self._start)

    def brown_out(self) -> None:
        """The supply sags: two warnings, power down, and a start when it has recovered."""
        if not self.on:
            return
        self.urc("UNDER-VOLTAGE WARNNING")
        self.after(500, lambda: self.urc("UNDER-VOLTAGE WARNNING"))
        self.after(1000, self._under_voltage)

    def _under_voltage(self) -> None:
        self.shut_down(self.family.low_power_down)
        self.after(3000, self._start)

    def go_deaf(self) -> None:
        """Stay registered, but take nothing from it until ATH, COPS, CFUN or a restart."""
        self.deaf = True

    def hear(self) -> None:
        """No longer be deaf."""
        if self.deaf:
            self.deaf = False
            self.network.memory_available()

    def fault(self, command: str, *results: AtError | str) -> None:
        """Let the next commands of this name fail: an AtError each, or "silent" for no answer."""
        self.faults.setdefault(command, []).extend(results)

    def take_fault(self, command: str) -> AtError | str | None:
        """Return what befalls this command now."""
        waiting = self.faults.get(command)
        return waiting.pop(0) if waiting else None

    # -- line ---------------------------------------------------------------------------------

    def _receive(self, data: bytes) -> None:
        if not self.started or self.hung:
            return
        if not self._synced:
            at = data.upper().find(b"AT")
            if at < 0:
                return
            self._synced = True
            self.line.modem_baud = self.line.device_baud
            data = data[at:]
        self.terminal.receive(data)

    def write(self, data: bytes) -> None:
        """Send to the ESP32, if the module can."""
        if data and self.started and not self.hung and self._synced:
            self.line.to_device.write(data)

    def urc(self, text: str) -> None:
        """Send an unsolicited result code."""
        self.terminal.unsolicited(text)

    def boot_urc(self, text: str) -> None:
        """Send a URC that autobauding suppresses."""
        if self.settings.ipr != 0:
            self.urc(text)

    def info(self, text: str) -> None:
        """Add a line to the answer of the command that runs."""
        self.terminal.info(text)

    def change_baud(self, rate: int) -> None:
        """Use another rate as soon as the present answer is out."""
        self._new_baud = rate

    def line_done(self) -> None:
        """A command line has ended."""
        rate, self._new_baud = self._new_baud, None
        if rate:
            self.kernel.at(self.line.to_device.free_at, lambda: self._set_baud(rate))
        self.memory.auto_save(self.settings)

    def _set_baud(self, rate: int) -> None:
        self.line.modem_baud = rate

    # -- time ---------------------------------------------------------------------------------

    def after(self, ms: int, fn: Callable[[], None]) -> Event:
        """Call `fn` in `ms`, unless the modem restarts, hangs or loses power before."""
        epoch = self._epoch

        def fire() -> None:
            if epoch == self._epoch:
                fn()

        return self.kernel.after(ms, fire)

    def delay(self, latency: Latency) -> int:
        """Return how long a command takes now."""
        if self.latency == "maximum":
            # Still within it: the answer has to travel too.
            ms = max(latency.typical, latency.maximum - 50)
        elif self.latency == "seeded":
            span = max(0, latency.maximum - latency.typical)
            ms = latency.typical + int(span * self._random.random() ** 4)
        else:
            ms = latency.typical
        return ms
