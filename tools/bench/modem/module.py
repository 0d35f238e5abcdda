# SPDX-License-Identifier: MIT
"""The simulated module without its AT commands: power, line, habits, faults, time.

The facts are in the AT manual V1.12 and the hardware design.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tools.bench.kernel import Event, Kernel
from tools.bench.modem import service
from tools.bench.modem.calls import Calls
from tools.bench.modem.habits import Habits, habits
from tools.bench.modem.line import ANY_RATE, Line
from tools.bench.modem.settings import Memory
from tools.bench.modem.sim_card import SimCard, Storage
from tools.bench.modem.table import AtError, Latency
from tools.bench.modem.terminal import Terminal
from tools.bench.network.operator import Network

PWRKEY_ON_MS = 1000
PWRKEY_OFF_MS = 1500
RESET_MS = 105
POWER_DOWN_MS = 2000
NOISE_MS = 3000


class Module:
    """What the handlers of the AT commands are given; `Sim800` is the whole of it.

    Args:
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
        ipr: int = 115200,
        auto_start: bool = True,
        seed: int = 1,
    ) -> None:
        self.kernel = kernel
        self.line = line
        self.sim = sim
        self.network = network
        self.memory = Memory(ipr=ipr)
        self.me_storage = Storage(10)
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
            self._stop()
            self.notice("modem", "off")

    def pwrkey(self, ms: int) -> None:
        """Hold PWRKEY low for `ms`: starts the module, or shuts a running one down."""
        if not self.supply:
            return
        if not self.on and ms >= PWRKEY_ON_MS:
            self.after(PWRKEY_ON_MS, self._start)
        elif self.on and PWRKEY_OFF_MS <= ms <= 33000:
            self.kernel.after(PWRKEY_OFF_MS, self.shut_down)

    def reset(self) -> None:
        """Pull RST low for as long as it takes; the module restarts."""
        if self.supply:
            self._stop()
            self.after(RESET_MS, self._start)

    def shut_down(self, text: str = "NORMAL POWER DOWN") -> None:
        """Power down in order: leave the network, say so, be off."""
        if not self.on:
            return
        if text:
            self.urc(text)
        self._stop(keep_line=True)
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
        self.line.to_device.write(self.habits.power_up)
        self.after(service.RDY, self._ready)
        self.after(service.CFUN_URC, lambda: self.boot_urc(f"+CFUN: {self.settings.cfun}"))
        if self.settings.cfun != 0:
            self.after(service.SIM_UP, self.service.start_sim)

    def _ready(self) -> None:
        self.started = True
        self.boot_urc("RDY")
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
    def online(self) -> bool:
        """Registered, its messages read since, and no fault in the way."""
        return self.reachable and self.service.storage_read and self.network.coverage

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
        self.shut_down("UNDER-VOLTAGE POWER DOWN")
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
