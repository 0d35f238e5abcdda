# SPDX-License-Identifier: MIT
"""AT command: USSD."""

from __future__ import annotations

from tools.bench.modem import charset
from tools.bench.modem.at_network import require_sim
from tools.bench.modem.module import Module
from tools.bench.modem.service import LTE
from tools.bench.modem.table import READ, WRITE, AtError, Latency, Request, Steps, command
from tools.bench.network import tpdu

DCS_UCS2 = 72


@command("+CUSD", READ)
def ussd_mode(modem: Module, request: Request) -> None:
    modem.info(f"+CUSD: {modem.settings.cusd}")


def _code(modem: Module, text: str) -> str:
    if modem.settings.cscs != "UCS2":
        return text
    try:
        return charset.understand("UCS2", text)
    except ValueError:
        raise AtError("CME", 3) from None


def _answer(modem: Module, text: str) -> str:
    """The operator's answer in the character set in use; what is coded as UCS2 comes as hex."""
    habits, dcs = modem.habits, modem.network.ussd_dcs
    shown = charset.show(modem.settings.cscs, text)
    if not tpdu.is_gsm7(text):
        dcs = DCS_UCS2
    if dcs == DCS_UCS2 or habits.ussd_hex:
        shown = charset.show("UCS2", text)
    comma = ", " if habits.ussd_blanks else ","
    scheme = f"{comma}{dcs}" if habits.ussd_scheme else ""
    return f'+CUSD: {habits.ussd_state}{comma}"{shown}"{scheme}'


@command("+CUSD", WRITE, Latency(150, 5000), test="(0-2)")
def ussd(modem: Module, request: Request) -> Steps:
    """1 shows answers, 0 does not, 2 cancels; with a code: sends it, the answer is a URC."""
    values = request.values()
    if values[0] not in ("0", "1", "2"):
        raise AtError("CME", 3)
    mode = int(values[0])
    if mode == 2:
        modem.ussd_session += 1
        return None
    modem.settings.cusd = mode
    if len(values) < 2:
        return None
    code = _code(modem, values[1])
    require_sim(modem)
    if not modem.service.registered:
        raise AtError("CME", 30)
    if modem.service.technology == LTE and modem.settings.ims:
        if modem.family.ussd == "ERROR":
            raise AtError
        modem.after(modem.network.ussd_ms, lambda: modem.urc("+CUSD: " + modem.family.ussd))
        return None
    modem.ussd_session += 1
    session = modem.ussd_session
    network = modem.network
    network.notice("ussd", code)

    def answer() -> None:
        if (
            session != modem.ussd_session
            or not modem.service.registered
            or not modem.settings.cusd
        ):
            return
        if code not in network.ussd:
            modem.urc("+CUSD: 4" if modem.habits.ussd_blanks else "+CUSD:4")
            return
        text = network.ussd[code]
        if text is not None:
            modem.urc(_answer(modem, text))

    modem.after(network.ussd_ms, answer)
    if modem.habits.ussd_before_ok:
        yield network.ussd_ms + 200
    return None
