# SPDX-License-Identifier: MIT
"""AT commands: SIM and network."""

from __future__ import annotations

from tools.bench.modem import charset
from tools.bench.modem.module import Module
from tools.bench.modem.service import EMERGENCY, LTE, SEARCHING
from tools.bench.modem.sim_card import PIN, PUK, READY
from tools.bench.modem.table import (
    EXECUTE,
    READ,
    SIM,
    TEST,
    WRITE,
    AtError,
    Latency,
    Request,
    Steps,
    command,
)

PLMN = "24405"


def require_sim(modem: Module, kind: str = "CME") -> None:
    """Raise the error of a command that needs a SIM that is not there, locked or not read yet."""
    codes = {
        "": (10, 310),
        PIN: (11, 311),
        PUK: (12, 316),
        "NOT READY": (797 if modem.settings.cfun == 0 else 772, 310),
    }
    if modem.family.lte:
        codes["NOT READY"] = (13, 313)
    seen = modem.service.sim_seen
    if seen == READY and modem.service.sim_up:
        return
    cme, cms = codes.get(seen, (14, 314)) if seen is not None else (14, 314)
    raise AtError(kind, cme if kind == "CME" else cms)


@command("+CPIN", READ, SIM)
def pin_state(modem: Module, request: Request) -> None:
    seen = modem.service.sim_seen
    if seen in (READY, PIN, PUK):
        modem.info(f"+CPIN: {seen}")
    elif seen == "NOT READY" and not modem.family.lte:
        modem.info("+CPIN: NOT READY")
    elif seen is None:
        raise AtError("CME", modem.family.sim_early)
    else:
        require_sim(modem)


@command("+CPIN", WRITE, Latency(300, 5000))
def enter_pin(modem: Module, request: Request) -> None:
    """The PIN, or the PUK and a new PIN."""
    sim, values = modem.sim, request.values()
    seen = modem.service.sim_seen
    if seen == PIN and len(values) == 1:
        right = sim.enter_pin(values[0])
    elif seen == PUK and len(values) == 2:
        right = sim.enter_puk(*values)
    elif seen == PUK:
        raise AtError("CME", 12)
    elif seen in ("", None):
        raise AtError("CME", 10 if seen == "" else 14)
    else:
        raise AtError("CME", 3)
    if not right:
        modem.service.sim_seen = sim.state
        raise AtError("CME", 12 if sim.state == PUK else 16)
    modem.after(30, lambda: modem.urc("+CPIN: READY"))
    modem.after(50, modem.service.sim_unlocked)
    modem.service.sim_seen = READY


@command("+SPIC", EXECUTE, SIM)
def tries_left(modem: Module, request: Request) -> None:
    sim = modem.sim
    rest = "0,10" if modem.family.lte else "3,10"
    modem.info(f"+SPIC: {max(0, sim.pin_tries)},{sim.puk_tries},{rest}")


@command("+CIMI", EXECUTE, Latency(20, 20000))
def imsi(modem: Module, request: Request) -> None:
    require_sim(modem)
    modem.info(modem.sim.imsi)


@command("+CCID", EXECUTE, Latency(20, 2000))
@command("+CICCID", EXECUTE, Latency(20, 2000))
def iccid(modem: Module, request: Request) -> None:
    require_sim(modem)
    modem.info(("+ICCID: " if modem.family.lte else "") + modem.sim.iccid)


@command("+CNUM", EXECUTE, SIM)
def own_number(modem: Module, request: Request) -> None:
    require_sim(modem)


def _registration(name: str, field: str) -> None:
    def write(modem: Module, request: Request) -> None:
        value = request.number(range(3))
        if modem.habits.keeps_creg:
            setattr(modem.settings, field, value)

    def read(modem: Module, request: Request) -> None:
        n = getattr(modem.settings, field)
        modem.info(f"{name}: {n},{modem.service.stat_of(name)}{modem.service.location(n)}")

    command(name, WRITE, test="(0-2)")(write)
    command(name, READ)(read)


_registration("+CREG", "creg")
_registration("+CGREG", "cgreg")
_registration("+CEREG", "cereg")


ATTACH = Latency(100, 75000)


@command("+CGATT", READ, ATTACH)
def attachment(modem: Module, request: Request) -> None:
    """1: attached to the packet service, which nobody here uses."""
    modem.info(f"+CGATT: {modem.settings.cgatt if modem.service.registered else 0}")


@command("+CGATT", WRITE, ATTACH, test="(0,1)")
def attach(modem: Module, request: Request) -> None:
    attached = request.number(range(2))
    require_sim(modem)
    modem.settings.cgatt = attached


@command("+CSQ")
def signal(modem: Module, request: Request) -> None:
    """rssi 0..31 for -113..-51 dBm, 99 unknown; bit errors, of which LTE knows nothing."""
    modem.info(f"+CSQ: {rssi(modem)},{99 if modem.family.lte else 0}")


def rssi(modem: Module) -> int:
    """Return the received signal as +CSQ counts it."""
    dbm = modem.network.signal
    if dbm is None or not modem.service.covered or not modem.radio_on:
        return 99
    if dbm <= -115:
        return 0
    return max(1, min(31, (dbm + 114) // 2))


@command("+COPS", READ)
def operator(modem: Module, request: Request) -> None:
    settings = modem.settings
    name = charset.show(settings.cscs, modem.network.operator)
    shown = f',{settings.cops_format},"{PLMN if settings.cops_format == 2 else name}"'
    if modem.family.lte:
        shown += ",7" if modem.service.technology == LTE else ",0"
    modem.info(f"+COPS: {settings.cops_mode}" + (shown if modem.service.registered else ""))


@command("+COPS", TEST, Latency(15000, 45000))
def operators(modem: Module, request: Request) -> None:
    name = charset.show(modem.settings.cscs, modem.network.operator)
    found = f'(2,"{name}","{name}","{PLMN}"),' if modem.service.covered else ""
    modem.info(f"+COPS: {found},(0-4),(0-2)")


@command("+COPS", WRITE, Latency(50, 100))
def select_operator(modem: Module, request: Request) -> Steps:
    """0 automatic, 1 manual, 2 leave the network, 3 format only, 4 manual then automatic."""
    mode = request.values()[0]
    if mode not in ("0", "1", "2", "3", "4"):
        raise AtError("CME", 3)
    require_sim(modem)
    if mode == "3":
        modem.settings.cops_format = request.ints(range(4), range(3), least=2)[1] or 0
        return None
    modem.settings.cops_mode = 0 if mode == "4" else int(mode)
    modem.hear()
    modem.service.reselect()
    if mode == "2":
        return None
    waited, most = 0, 120_000 if modem.latency == "maximum" else 30_000
    while not modem.service.registered and waited < most:
        if modem.service.stat == EMERGENCY:  # for data alone: that is all there is
            return None
        if modem.service.stat != SEARCHING:
            raise AtError("CME", 30)
        yield 500
        waited += 500
    if not modem.service.registered:
        raise AtError("CME", 30)
    return None
