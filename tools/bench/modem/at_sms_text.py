# SPDX-License-Identifier: MIT
"""Text mode of the short message commands: enough for the AT programs of others."""

from __future__ import annotations

from tools.bench.modem import charset
from tools.bench.modem.module import Module
from tools.bench.modem.sim_card import STO_UNSENT, StoredMessage
from tools.bench.modem.table import READ, WRITE, AtError, Request, command
from tools.bench.network import tpdu

STATUS_REPORT = 2  # TP-MTI, from the centre (23.040, 9.2.3.1)
STATES = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL")


@command("+CSMP", WRITE)
def set_parameters(modem: Module, request: Request) -> None:
    byte = range(256)
    given = request.ints(byte, byte, byte, byte)
    old = modem.settings.csmp
    modem.settings.csmp = tuple(o if g is None else g for g, o in zip(given, old, strict=True))


@command("+CSMP", READ)
def parameters(modem: Module, request: Request) -> None:
    modem.info("+CSMP: " + ",".join(map(str, modem.settings.csmp)))


def status_of(name: str) -> int:
    """Return the number of a status. AtError: there is none of that name."""
    if name.upper() not in STATES:
        raise AtError("CMS", 305)
    return STATES.index(name.upper())


def show(modem: Module, text: str) -> str:
    """Return text as the character set in use shows it."""
    return charset.show(modem.settings.cscs, text)


def understand(modem: Module, text: str) -> str:
    """Return what was typed in the character set in use. AtError: it is not in that set."""
    try:
        return charset.understand(modem.settings.cscs, text)
    except ValueError:
        raise AtError("CMS", 305) from None


def _number(modem: Module, text: str) -> str:
    """Return a number that was typed; only UCS2 makes it hex."""
    return understand(modem, text) if modem.settings.cscs == "UCS2" else text


def _user_data(modem: Module, dcs: int, udhi: bool, length: int, data: bytes) -> str:
    """A body as text; UCS2, 8-bit and anything with a header comes as hex."""
    alphabet = tpdu.coding(dcs)
    if udhi or alphabet != "gsm7":
        return data.hex().upper()
    return show(modem, tpdu.from_septets(tpdu.unpack(data, length)))


def _stamp(data: bytes) -> str:
    moment = tpdu.decode_time(data)
    offset = moment.utcoffset()
    quarters = 0 if offset is None else int(offset.total_seconds()) // 900
    return moment.strftime("%y/%m/%d,%H:%M:%S") + f"{quarters:+03d}"


def deliver_lines(modem: Module, pdu: bytes) -> tuple[str, str]:
    """Return the fields after the status, and the body, of a received message."""
    _, inner = tpdu.split_smsc(pdu)
    first = inner[0]
    sender, rest = tpdu.decode_address(inner[1:])
    dcs, stamp, length, data = rest[1], rest[2:9], rest[9], rest[10:]
    header = f'"{show(modem, sender)}","","{_stamp(stamp)}"'
    if modem.settings.csdh:
        kind = 145 if sender.startswith("+") else 129
        smsc = modem.sim.smsc
        header += f',{kind},{first},{rest[0]},{dcs},"{smsc}",145,{length}'
    return header, _user_data(modem, dcs, bool(first & 0x40), length, data)


def report_line(modem: Module, pdu: bytes) -> str:
    """Return a status report as text mode shows it: <fo>,<mr>,<ra>,<tora>,<scts>,<dt>,<st>."""
    _, inner = tpdu.split_smsc(pdu)
    number, rest = tpdu.decode_address(inner[2:])
    stamps = f'"{_stamp(rest[:7])}","{_stamp(rest[7:14])}",{rest[14]}'
    return f'{inner[0]},{inner[1]},"{show(modem, number)}",{inner[3]},{stamps}'


def entry(modem: Module, index: int | None, message: StoredMessage) -> str:
    """Return a message as +CMGL (with its index) and +CMGR (without) show it."""
    name = "+CMGR: " if index is None else f"+CMGL: {index},"
    head = f'{name}"{STATES[message.status]}",'
    try:
        return _entry(modem, head, message)
    except (tpdu.TpduError, IndexError):  # nothing that can be read
        return f'{head}"","",""\r\n{message.pdu.hex().upper()}'


def _entry(modem: Module, head: str, message: StoredMessage) -> str:
    if message.status >= STO_UNSENT:
        submit = tpdu.decode_submit(tpdu.split_smsc(message.pdu)[1])
        return f'{head}"{show(modem, submit.to)}",""\r\n{show(modem, submit.text)}'
    if tpdu.split_smsc(message.pdu)[1][0] & 3 == STATUS_REPORT:
        return head + report_line(modem, message.pdu)
    header, body = deliver_lines(modem, message.pdu)
    return f"{head}{header}\r\n{body}"


def submit_pdu(modem: Module, number: str, body: bytes) -> bytes:
    """Return the PDU of a message that was typed as text. AtError: it cannot be sent so."""
    first, validity, protocol, dcs = modem.settings.csmp
    text = body.decode("latin-1").replace("\r", "\n")
    to = _number(modem, number)
    if tpdu.coding(dcs) == "ucs2":
        try:
            data = bytes.fromhex(text) if modem.settings.cscs != "UCS2" else b""
        except ValueError:
            data = text.encode("utf-16-be")
        if modem.settings.cscs == "UCS2":
            data = understand(modem, text).encode("utf-16-be")
        length = len(data)
        most = 140
    else:
        text = understand(modem, text)
        if not tpdu.is_gsm7(text):
            raise AtError("CMS", 305)
        septets = tpdu.to_septets(text)
        data, length, most = tpdu.pack(septets), len(septets), 160
    if length > most:
        raise AtError("CMS", 305)
    return (
        b"\0"
        + bytes((first & ~0x18 | 0x10, 0))
        + tpdu.encode_address(to)
        + bytes((protocol, dcs, validity, length))
        + data
    )
