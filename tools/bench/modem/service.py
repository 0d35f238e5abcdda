# SPDX-License-Identifier: MIT
"""The modem from its start to the network: SIM, registration, network time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tools.bench.kernel import Event
from tools.bench.modem import charset
from tools.bench.modem.parts import Whole
from tools.bench.modem.sim_card import READY

# Milliseconds from the start of the modem, as a module with a usual SIM shows them.
RDY = 2700
CFUN_URC = 2720
SIM_UP = 3600

LOSS_NOTICED = 2000
IDLE, HOME, SEARCHING, DENIED, UNKNOWN, ROAMING = range(6)
EPOCH_WITHOUT_NETWORK = datetime(2004, 1, 1)
LAC, CELL = "0145", "2A3B"


class Service:
    """What the modem has of SIM and network at the moment.

    Args:
        lost: called when the network has gone.

    Attributes:
        sim_up: the SIM was found, unlocked and read.
        call_ready, sms_ready: the URCs of these names were due.
        stat: registration as +CREG has it.
        nitz: the network has given the time since the modem started.
    """

    def __init__(self, modem: Whole, lost: Callable[[], None]) -> None:
        self._modem = modem
        self._on_lost = lost
        self._registering: Event | None = None
        self._losing: Event | None = None
        self.reset()

    def reset(self) -> None:
        for event in (self._registering, self._losing):
            if event is not None:
                event.cancel()
        self._registering = self._losing = None
        self.sim_up = False
        self.sim_seen: str | None = None
        self.call_ready = False
        self.sms_ready = False
        self.stat = IDLE
        self.storage_read = False
        self.nitz = False
        self._clock_base: datetime | None = None
        self._clock_at = self._modem.kernel.now
        self._clock_zone = 0

    # -- SIM ----------------------------------------------------------------------------------

    def sim_status(self) -> str:
        """Return what +CPIN says, "" if there is no card."""
        return self.sim_seen if self.sim_seen is not None else ""

    def start_sim(self) -> None:
        """Power the SIM up and see what it asks for."""
        modem, sim = self._modem, self._modem.sim
        if not sim.present:
            self.sim_seen = ""
            modem.boot_urc("+CPIN: NOT INSERTED")
            self.update()
            return
        sim.power_cycled()
        self.sim_seen = sim.state
        modem.boot_urc(f"+CPIN: {sim.state}")
        if sim.state == READY:
            self.sim_unlocked()

    def sim_unlocked(self) -> None:
        """The SIM needs nothing more: read it, and register."""
        modem = self._modem
        self.sim_up = True
        self.sim_seen = READY
        slow = modem.sim.slow_ms
        modem.after(modem.habits.call_ready_ms + slow, self._call_ready)
        modem.after(modem.habits.sms_ready_ms + slow, self._sms_ready)
        self.update()

    def _call_ready(self) -> None:
        if self.sim_up and not self.call_ready:
            self.call_ready = True
            if self._modem.settings.ciurc:
                self._modem.urc("Call Ready")

    def _sms_ready(self) -> None:
        if self.sim_up and not self.sms_ready:
            self.sms_ready = True
            self._modem.notice("modem", "sms ready")
            if self._modem.settings.ciurc:
                self._modem.urc("SMS Ready")
            self._modem.network.memory_available()

    def sim_changed(self) -> None:
        """The card was taken, put in or swapped while the modem runs."""
        modem, sim = self._modem, self._modem.sim
        if not modem.started or self.sim_seen is None:
            return
        if not (sim.present and sim.state == self.sim_seen == READY):
            was, self.sim_seen = self.sim_seen, ""
            self._sim_gone()
            if sim.present and sim.state != READY:
                self.sim_seen = sim.state
                modem.urc(f"+CPIN: {sim.state}")
            elif was:
                modem.urc("+CPIN: NOT READY")
        if sim.present and sim.state == READY and not self.sim_up and modem.hot_plug:
            modem.after(1000, self.start_sim)

    def _sim_gone(self) -> None:
        self.sim_up = self.call_ready = self.sms_ready = False
        self.update()

    def shut_sim(self) -> None:
        """CFUN=0: the SIM is powered down."""
        self.sim_seen = "NOT READY"
        self._sim_gone()

    # -- registration -------------------------------------------------------------------------

    @property
    def registered(self) -> bool:
        return self.stat in (HOME, ROAMING)

    def update(self) -> None:
        """SIM, radio or coverage changed: begin what follows from it."""
        modem, network = self._modem, self._modem.network
        if not (modem.radio_on and self.sim_up and modem.settings.cops_mode != 2):
            self._cancel()
            self._set(IDLE)
        elif not network.coverage:
            if self._registering is not None:
                self._registering.cancel()
                self._registering = None
            if self.stat in (HOME, ROAMING, DENIED):
                if self._losing is None:
                    self._losing = modem.after(LOSS_NOTICED, self._lost)
            else:
                self._set(SEARCHING)
        else:
            if self._losing is not None:
                self._losing.cancel()
                self._losing = None
            if not self.registered and self._registering is None:
                self._set(SEARCHING)
                self._registering = modem.after(network.registration_ms, self._registered)

    def reselect(self) -> None:
        """Leave the network and look for it again."""
        self._cancel()
        if self.registered:
            self._set(SEARCHING)
        self.update()

    def _cancel(self) -> None:
        for event in (self._registering, self._losing):
            if event is not None:
                event.cancel()
        self._registering = self._losing = None

    def _lost(self) -> None:
        self._losing = None
        self._set(SEARCHING)
        self._on_lost()

    def _registered(self) -> None:
        self._registering = None
        network = self._modem.network
        if network.denied:
            self._set(DENIED)
            return
        self.storage_read = False
        self._set(ROAMING if network.roaming else HOME)
        self._modem.after(300, self.network_time)
        network.device_registered()

    def _set(self, stat: int) -> None:
        if stat == self.stat:
            return
        self.stat = stat
        modem = self._modem
        if modem.settings.creg:
            modem.urc(f"+CREG: {stat}{self.location(modem.settings.creg)}")
        if modem.settings.cgreg:
            modem.urc(f"+CGREG: {stat}{self.location(modem.settings.cgreg)}")
        modem.notice("modem", f"creg {stat}")

    def location(self, n: int) -> str:
        """Return area and cell as +CREG shows them for mode `n`."""
        return f',"{LAC}","{CELL}"' if n == 2 and self.registered else ""

    # -- time ---------------------------------------------------------------------------------

    def network_time(self) -> None:
        """NITZ: the network sends the time."""
        modem = self._modem
        local = modem.network.local_time()
        if local is None or not self.registered or not modem.settings.clts:
            return
        quarters, utc, dst = modem.network.zone_quarters, modem.network.utc_time(), 0
        assert utc is not None
        self.nitz = True
        self.set_clock(local.replace(tzinfo=None), quarters)
        zone = f"{quarters:+d}"
        name = charset.show(modem.settings.cscs, modem.network.operator)
        modem.urc(f'*PSNWID: "244","91", "{name}", 0, "", 0')
        modem.urc(
            f"*PSUTTZ: {utc.year},{utc.month},{utc.day},{utc.hour},{utc.minute},{utc.second},"
            f'"{zone}",{dst}'
        )
        modem.urc(f'+CTZV: "{zone}"')
        modem.urc(f"DST: {dst}")

    def set_clock(self, local: datetime, quarters: int) -> None:
        """Set the modem's own clock."""
        self._clock_base, self._clock_zone = local, quarters
        self._clock_at = self._modem.kernel.now

    def clock(self) -> str:
        """Return the modem's clock as +CCLK shows it; 2004 if it was never set."""
        base = self._clock_base or EPOCH_WITHOUT_NETWORK
        elapsed = self._modem.kernel.now - self._clock_at
        now = base + timedelta(milliseconds=elapsed)
        return now.strftime("%y/%m/%d,%H:%M:%S") + f"{self._clock_zone:+03d}"
