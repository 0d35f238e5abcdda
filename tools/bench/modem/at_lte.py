# SPDX-License-Identifier: MIT
"""AT commands that only the LTE families have; for A76 and S76 see families.py."""

from __future__ import annotations

from tools.bench.modem.at_general import IMEI, set_rate
from tools.bench.modem.at_network import PLMN
from tools.bench.modem.module import Module
from tools.bench.modem.service import CELL, GSM, LAC, LTE
from tools.bench.modem.table import (
    READ,
    WRITE,
    AtError,
    Latency,
    Request,
    command,
    setting,
)

setting("+CVHU", "cvhu", range(2))
setting("+CTZU", "ctzu", range(2))
setting("+CTZR", "ctzr", range(2))
setting("+CGSMS", "cgsms", range(4))
setting("+CMICGAIN", "cmicgain", range(9))
setting("+COUTGAIN", "coutgain", range(9))
setting("+CSDVC", "csdvc", (1, 3))


@command("+IPREX", WRITE)
def keep_rate(modem: Module, request: Request) -> None:
    """Another baud rate, for good."""
    set_rate(modem, request)
    modem.memory.save_ipr(modem.settings.ipr)


@command("+IPREX", READ)
def kept_rate(modem: Module, request: Request) -> None:
    modem.info(f"+IPREX: {modem.memory.after_restart().ipr}")


@command("+CNMP", WRITE, Latency(100, 10_000))
def set_mode(modem: Module, request: Request) -> None:
    """Which networks it may use: 2 any, 13 GSM alone, 38 LTE alone."""
    modem.settings.cnmp = request.number(modem.family.allowed["+CNMP"])
    modem.service.update()


@command("+CNMP", READ)
def mode(modem: Module, request: Request) -> None:
    modem.info(f"+CNMP: {modem.settings.cnmp}")


@command("+CNSMOD", READ)
def technology(modem: Module, request: Request) -> None:
    """1 GSM, 8 LTE (A76 4.2.11)."""
    shown = {GSM: 1, LTE: 8}.get(modem.service.technology, 0)
    modem.info(f"+CNSMOD: {modem.settings.cnsmod},{shown}")


@command("+CPSI", READ)
def system_information(modem: Module, request: Request) -> None:
    """The cell; the figures of its signal are those of A76 4.2.9, always the same."""
    plmn = f"{PLMN[:3]}-{PLMN[3:]}"
    cells = {
        LTE: f"LTE,Online,{plmn},0x{LAC},{int(CELL, 16)},318,EUTRAN-BAND3,1650,5,0,21,67,255,19",
        GSM: f"GSM,Online,{plmn},0x{LAC},{int(CELL, 16)},24 EGSM 900,-64,0,37-37",
    }
    modem.info("+CPSI: " + cells.get(modem.service.technology, "NO SERVICE,Online"))


@command("+CRESET")
def reset(modem: Module, request: Request) -> None:
    """OK, and it starts again."""
    modem.after(150, modem.restart)


@command("+CPOF")
def power_off(modem: Module, request: Request) -> None:
    """OK, and it is off; it says nothing more."""
    modem.after(100, modem.shut_down)


@command("+SIMCOMATI")
def identity(modem: Module, request: Request) -> None:
    lines = [line for line in modem.family.identity["I"] if not line.startswith("IMEI")]
    modem.info("\r\n".join([*lines[:3], f"IMEI: {IMEI}"]))


@command("*IMSRCFG", WRITE)
def ims(modem: Module, request: Request) -> None:
    """`*IMSRCFG="switch"` asks, `*IMSRCFG="switch",off` sets (A76 4.2.3)."""
    values = request.values()
    if values[0] != "switch" or (len(values) > 1 and values[1].upper() not in ("ON", "OFF")):
        raise AtError
    if len(values) == 1:
        modem.info(f'*IMSRCFG: "switch","{"on" if modem.settings.ims else "off"}"')
    else:
        modem.settings.ims = values[1].upper() == "ON"
