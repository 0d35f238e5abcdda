# SPDX-License-Identifier: MIT
"""AT commands: the line, identity, settings, power."""

from __future__ import annotations

from datetime import datetime

from tools.bench.modem.charset import CHARSETS
from tools.bench.modem.families import RATES
from tools.bench.modem.module import Module
from tools.bench.modem.table import (
    EXECUTE,
    LOCAL,
    NO_FINAL,
    READ,
    WRITE,
    AtError,
    Latency,
    Request,
    command,
    setting,
)

BAUD_RATES = (0, *RATES)
IMEI = "869170031234567"


def _basic(name: str, field: str, most: int) -> None:
    def execute(modem: Module, request: Request) -> None:
        value = int(request.args or 0)
        if value > most:
            raise AtError
        setattr(modem.settings, field, value)

    command(name, EXECUTE)(execute)


_basic("E", "echo", 1)
_basic("V", "verbose", 1)
_basic("Q", "quiet", 1)
_basic("X", "x", 4)

setting("+CMEE", "cmee", range(3))
setting("+CIURC", "ciurc", range(2))
setting("+EXUNSOL", "exunsol", range(2))
setting("+CFGRI", "cfgri", range(3))
setting("+CNETLIGHT", "cnetlight", range(2))
setting("+CSMINS", "csmins", range(2))
setting("+CSCLK", "csclk", range(3))
setting("+CBATCHK", "cbatchk", range(2))
setting("S0", "s0", range(256))


def _register(number: int) -> None:
    def write(modem: Module, request: Request) -> None:
        modem.settings.registers[number] = request.number(range(256))

    def read(modem: Module, request: Request) -> None:
        modem.info(f"{modem.settings.registers[number]:03d}")

    command(f"S{number}", WRITE)(write)
    command(f"S{number}", READ)(read)


for _number in (3, 4, 5, 6, 7, 8, 10):
    _register(_number)


@command("&W")
def save(modem: Module, request: Request) -> None:
    """Store the profile."""
    modem.memory.save(modem.settings)


@command("Z")
def reset_profile(modem: Module, request: Request) -> None:
    """Back to the stored profile."""
    modem.memory.reset_profile(modem.settings)


@command("&F")
def factory(modem: Module, request: Request) -> None:
    """Back to the factory's profile."""
    modem.memory.factory(modem.settings)


@command("&V")
def view(modem: Module, request: Request) -> None:
    """Show the active profile."""
    lines = [f"{n.upper()}: {getattr(modem.settings, n)}" for n in modem.family.profile]
    modem.info("ACTIVE PROFILE\r\n" + "\r\n".join(lines))


def _identity(name: str, short: str = "") -> None:
    """Register a question for what the family is; `short` is asked for by the same answer."""

    def execute(modem: Module, request: Request) -> None:
        modem.info("\r\n".join(modem.family.identity[name]))

    command(name)(execute)
    if short:
        command(short)(execute)


_identity("I")
_identity("+CGMI", "+GMI")
_identity("+CGMM", "+GMM")
_identity("+CGMR", "+GMR")
_identity("+GCAP")


@command("+CGSN")
@command("+GSN")
def serial_number(modem: Module, request: Request) -> None:
    modem.info(IMEI)


@command("+IPR", WRITE, test="(0,1200,2400,4800,9600,19200,38400,57600,115200),()")
def set_rate(modem: Module, request: Request) -> None:
    """Another baud rate, from behind the OK on; 0 is autobauding from the next start on."""
    rate = request.number(modem.family.allowed.get("+IPR", BAUD_RATES))
    modem.settings.ipr = rate
    modem.change_baud(rate)


@command("+IPR", READ)
def rate(modem: Module, request: Request) -> None:
    modem.info(f"+IPR: {modem.settings.ipr}")


@command("+IFC", WRITE, test="(0-2),(0-2)")
def set_flow_control(modem: Module, request: Request) -> None:
    first, second = request.ints(range(3), range(3))
    modem.settings.ifc = (first or 0, second or 0)


@command("+IFC", READ)
def flow_control(modem: Module, request: Request) -> None:
    modem.info("+IFC: {},{}".format(*modem.settings.ifc))


@command("+CSCS", WRITE, test="(" + ",".join(f'"{name}"' for name in CHARSETS) + ")")
def set_character_set(modem: Module, request: Request) -> None:
    value = request.values()[0].upper()
    if value not in CHARSETS:
        raise AtError("CME", 3)
    modem.settings.cscs = value


@command("+CSCS", READ)
def character_set(modem: Module, request: Request) -> None:
    modem.info(f'+CSCS: "{modem.settings.cscs}"')


@command("+CFUN", WRITE, Latency(400, 10000), test="(0,1,4),(0-1)")
def set_function(modem: Module, request: Request) -> str | None:
    """0 minimum, 1 full, 4 flight mode; ",1" restarts."""
    level, restart = request.ints((0, 1, 4), range(2))
    assert level is not None
    before = modem.settings.cfun
    if {before, level} == {0, 4} and not modem.family.lte:
        raise AtError("CME", 797)
    modem.settings.cfun = level
    if restart:
        modem.memory.auto_save(modem.settings)
        modem.after(150, modem.restart)
        return None
    if before != level:
        modem.hear()
        if level == 0:
            modem.service.shut_sim()
            modem.after(20, lambda: modem.urc(modem.family.sim_gone))
        elif before == 0:
            modem.after(800, modem.service.start_sim)
        modem.service.update()
    return None


@command("+CFUN", READ)
def function(modem: Module, request: Request) -> None:
    modem.info(f"+CFUN: {modem.settings.cfun}")


@command("+CPOWD", WRITE, test="(0-1)")
def power_down(modem: Module, request: Request) -> str:
    """1 says NORMAL POWER DOWN in place of OK; 0 says nothing."""
    text = "NORMAL POWER DOWN" if request.number(range(2)) else ""
    modem.after(100, lambda: modem.shut_down(text))
    return NO_FINAL


@command("+CBC", latency=LOCAL)
def battery(modem: Module, request: Request) -> None:
    if modem.family.lte:
        modem.info(f"+CBC: {modem.battery_mv / 1000:.3f}V")
        return
    level = max(0, min(100, (modem.battery_mv - 3400) // 8))
    modem.info(f"+CBC: 0,{level},{modem.battery_mv}")


@command("+CCLK", READ)
def clock(modem: Module, request: Request) -> None:
    modem.info(f'+CCLK: "{modem.service.clock()}"')


@command("+CCLK", WRITE)
def set_clock(modem: Module, request: Request) -> None:
    """yy/MM/dd,hh:mm:ss+zz, the zone in quarter hours."""
    value = request.values()[0]
    try:
        modem.service.set_clock(
            datetime.strptime(value[:17], "%y/%m/%d,%H:%M:%S"), int(value[17:] or 0)
        )
    except ValueError:
        raise AtError("CME", 3) from None


setting("+CLTS", "clts", range(2))


@command("+CMIC", WRITE, test="(0-3),(0-15)")
def set_microphone(modem: Module, request: Request) -> None:
    """Gain of a channel; both parameters are needed."""
    channel, gain = request.ints(range(4), range(16), least=2)
    if channel is None or gain is None:
        raise AtError("CME", 3)
    gains = list(modem.settings.cmic)
    gains[channel] = gain
    modem.settings.cmic = tuple(gains)


@command("+CMIC", READ)
def microphone(modem: Module, request: Request) -> None:
    modem.info("+CMIC: " + ",".join(f"({i},{g})" for i, g in enumerate(modem.settings.cmic)))


setting("+CLVL", "clvl", range(101))


@command("+CADC", READ, Latency(50, 2000))
def voltage(modem: Module, request: Request) -> None:
    modem.info("+CADC: 1,0")
