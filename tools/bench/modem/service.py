# SPDX-License-Identifier: MIT
"""The modem from its start to the network: SIM, registration, network time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tools.bench.kernel import Event
from tools.bench.modem import charset
from tools.bench.modem.parts import Whole
from tools.bench.modem.sim_card import READY

LOSS_NOTICED = 2000
IDLE, HOME, SEARCHING, DENIED, UNKNOWN, ROAMING, SMS_HOME, SMS_ROAMING = range(8)
EMERGENCY = 11
LTE, GSM = "LTE", "GSM"
MODES = {2: (LTE, GSM), 13: (GSM,), 38: (LTE,)}  # of AT+CNMP
LAC, CELL = "0145", "2A3B"


class Service:
    """What the modem has of SIM and network at the moment.

    Args:
        lost: called when the network has gone.

    Attributes:
        sim_up: the SIM was found, unlocked and read.
        call_ready, sms_ready: the URCs of these names were due.
        stat: registration as +CREG has it.
        technology: that of the network it is registered with, LTE or GSM; "": none.
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
        self.technology = ""
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
            modem.boot_urc(modem.family.no_sim)
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
        slow, habits, family = modem.sim.slow_ms, modem.habits, modem.family
        call_ms, sms_ms = habits.call_ready_ms, habits.sms_ready_ms
        modem.after(
            slow + (family.call_ready_ms if call_ms is None else call_ms), self._call_ready
        )
        if not habits.data_only:
            modem.after(
                slow + (family.sms_ready_ms if sms_ms is None else sms_ms), self._sms_ready
            )
        self.update()

    def _call_ready(self) -> None:
        if self.sim_up and not self.call_ready:
            self.call_ready = True
            if self._modem.settings.ciurc:
                self._modem.urc(self._modem.family.call_ready)

    def _sms_ready(self) -> None:
        if self.sim_up and not self.sms_ready:
            self.sms_ready = True
            self._modem.notice("modem", "sms ready")
            if self._modem.settings.ciurc:
                self._modem.urc(self._modem.family.sms_ready)
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
                modem.urc(modem.family.sim_gone)
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
        """Calls or messages can be had; not so where it may only make emergency calls."""
        return self.stat in (HOME, ROAMING, SMS_HOME, SMS_ROAMING)

    @property
    def voice(self) -> bool:
        """The network that it is registered with has calls for it."""
        return self.registered and (self.technology == GSM or self._modem.network.voice)

    @property
    def messages(self) -> bool:
        """The network that it is registered with has messages for it."""
        return self.registered and (self.technology == GSM or self._modem.network.sms)

    def _found(self) -> str:
        """Return the technology with which it can register now, the best first; "": none."""
        modem, network = self._modem, self._modem.network
        there = {LTE: network.lte, GSM: network.gsm}
        modes = MODES.get(modem.settings.cnmp, ()) if modem.family.lte else (GSM,)
        if not network.coverage:
            return ""
        return next((mode for mode in modes if there[mode]), "")

    @property
    def covered(self) -> bool:
        """It can hear a network of its kind."""
        return self._found() != ""

    def update(self) -> None:
        """SIM, radio or coverage changed: begin what follows from it."""
        modem, network, found = self._modem, self._modem.network, self._found()
        if not (modem.radio_on and self.sim_up and modem.settings.cops_mode != 2):
            self._cancel()
            self._set(IDLE)
        elif not found or (self.technology and self.technology != found):
            if self._registering is not None:
                self._registering.cancel()
                self._registering = None
            if self.registered or self.stat in (DENIED, EMERGENCY):
                if self._losing is None:
                    self._losing = modem.after(LOSS_NOTICED, self._lost)
            else:
                self._set(SEARCHING)
        else:
            if self._losing is not None:
                self._losing.cancel()
                self._losing = None
            if self.registered:
                self._set(self._stat())
            elif self._registering is None:
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
        if self.technology == LTE and self._modem.family.cgev:
            self._modem.urc("+CGEV: NW DETACH")
        self._set(SEARCHING)
        self._on_lost()
        self.update()

    def _registered(self) -> None:
        self._registering = None
        network = self._modem.network
        if network.denied:
            self._set(DENIED)
            return
        self.storage_read = False
        self.technology = self._found()
        if self.technology == LTE and self._modem.family.cgev:
            self._modem.urc("+CGEV: EPS PDN ACT 1")
        self._set(self._stat())
        self._modem.after(300, self.network_time)
        network.device_registered()

    def _stat(self) -> int:
        """Return how it is registered."""
        modem, network = self._modem, self._modem.network
        lte, roaming = self.technology == LTE, network.roaming
        if lte and modem.habits.data_only:
            return EMERGENCY
        if lte and modem.family.sms_only and not network.voice:
            return SMS_ROAMING if roaming else SMS_HOME
        return ROAMING if roaming else HOME

    def _set(self, stat: int) -> None:
        if stat == self.stat:
            return
        before = {name: self.stat_of(name) for name in ("+CREG", "+CGREG", "+CEREG")}
        self.stat = stat
        if stat in (IDLE, SEARCHING, DENIED):
            self.technology = ""
        modem, settings = self._modem, self._modem.settings
        modes = {"+CREG": settings.creg, "+CGREG": settings.cgreg, "+CEREG": settings.cereg}
        for name, n in modes.items():
            now = self.stat_of(name)
            if n and now != before[name]:
                modem.urc(f"{name}: {now}{self.location(n)}")
        modem.notice("modem", f"creg {stat}")

    def stat_of(self, name: str) -> int:
        """Return the registration as +CREG, +CGREG (GSM's packets) or +CEREG (LTE's) has it."""
        stat = self.stat
        if name == "+CREG" or stat in (IDLE, DENIED, EMERGENCY):
            return stat
        if stat in (SMS_HOME, SMS_ROAMING):
            stat = HOME if stat == SMS_HOME else ROAMING
        if name == "+CEREG" and self.technology == GSM:
            return IDLE
        return stat

    def location(self, n: int) -> str:
        """Return area, cell and, of the LTE families, technology as +CREG shows them in mode n."""
        if n != 2 or not self.registered:
            return ""
        act = f",{7 if self.technology == LTE else 0}" if self._modem.family.lte else ""
        return f',"{LAC}","{CELL}"{act}'

    # -- time ---------------------------------------------------------------------------------

    def network_time(self) -> None:
        """NITZ: the network sends the time."""
        modem = self._modem
        if modem.family.lte:
            self._network_time_of_lte()
            return
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

    def _network_time_of_lte(self) -> None:
        """AT+CTZU=1 sets the clock; AT+CTZR=1 reports: the time in it is UTC, the zone's sign is
        left out by the SIM7600 (A76 4.2.12 and 13, S76 4.2.17 and 18).
        """
        modem, network = self._modem, self._modem.network
        local, utc = network.local_time(), network.utc_time()
        if local is None or utc is None or not self.registered:
            return
        quarters = network.zone_quarters
        if modem.settings.ctzu:
            self.nitz = True
            self.set_clock(local.replace(tzinfo=None), quarters)
        if modem.settings.ctzr:
            zone = modem.family.zone.format(quarters)
            modem.urc(f"+CTZV: {zone},{utc:%y/%m/%d,%H:%M:%S},0")

    def set_clock(self, local: datetime, quarters: int) -> None:
        """Set the modem's own clock."""
        self._clock_base, self._clock_zone = local, quarters
        self._clock_at = self._modem.kernel.now

    def clock(self) -> str:
        """Return the modem's clock as +CCLK shows it; its family's epoch if it was never set."""
        return self.local().strftime("%y/%m/%d,%H:%M:%S") + f"{self._clock_zone:+03d}"

    def local(self) -> datetime:
        """Return the modem's clock."""
        elapsed = self._modem.kernel.now - self._clock_at
        return (self._clock_base or self._modem.family.epoch) + timedelta(milliseconds=elapsed)
