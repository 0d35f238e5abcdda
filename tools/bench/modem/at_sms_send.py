# SPDX-License-Identifier: MIT
"""AT commands: writing and sending short messages (27.005)."""

from __future__ import annotations

from tools.bench.modem import at_sms
from tools.bench.modem import at_sms_text as text_mode
from tools.bench.modem.module import Module
from tools.bench.modem.sim_card import STO_SENT, STO_UNSENT, StoredMessage
from tools.bench.modem.table import (
    EXECUTE,
    PROMPT,
    WRITE,
    AtError,
    Latency,
    Request,
    Steps,
    command,
)
from tools.bench.network import tpdu


def _body_pdu(length: int, body: bytes | None) -> bytes:
    """Return the PDU that was typed. AtError 304: it is none, or of another length."""
    try:
        pdu = bytes.fromhex((body or b"").decode("ascii").strip())
        _, inner = tpdu.split_smsc(pdu)
    except ValueError:
        raise AtError("CMS", 304) from None
    if len(inner) != length:
        raise AtError("CMS", 304)
    return pdu


@command("+CMGS", WRITE, Latency(30, 300))
def send_message(modem: Module, request: Request) -> Steps:
    """Prompt, body, and the network's answer: `+CMGS: <reference>`."""
    at_sms.require_service(modem)
    values = request.values()
    if not modem.settings.cmgf and not values[0].isdigit():
        raise AtError("CMS", 304)
    if not values[0]:
        raise AtError("CMS", 304)
    modem.sending = True
    try:
        body = yield PROMPT
        if body is None:
            return None
        if modem.settings.cmgf:
            pdu = text_mode.submit_pdu(modem, values[0], body)
        else:
            pdu = _body_pdu(int(values[0]), body)
        reference = yield from _submit(modem, pdu)
        if modem.habits.gives_reference:
            modem.info(f"+CMGS: {reference}")
    finally:
        modem.sending = False
    return None


def _submit(modem: Module, pdu: bytes) -> Steps:
    """Hand a message to the network. It has it well before the modem says so."""
    sca, inner = tpdu.split_smsc(pdu)
    try:
        submit = tpdu.decode_submit(inner)
    except tpdu.TpduError:
        yield 50
        raise AtError("CMS", 304) from None
    if sca == b"\0" and not at_sms.smsc(modem):
        yield 50
        raise AtError("CMS", 330)
    while modem.habits.sms_after_call and modem.calls.call is not None:
        yield 500
    total = modem.delay(Latency(modem.network.send_ms, modem.family.send_ms))
    yield total * 7 // 10
    if not modem.service.registered or not modem.network.coverage:
        raise AtError("CMS", 331)
    if not modem.service.messages:
        raise AtError("CMS", 500)  # T-SIM7600X#85
    reference = modem.message_reference = (modem.message_reference + 1) & 0xFF
    code = modem.network.submit(submit, reference)
    yield total - total * 7 // 10
    if code:
        raise AtError("CMS", code)
    return str(reference)


@command("+CMGW", WRITE, Latency(60, 5000))
@command("+CMGW", EXECUTE, Latency(60, 5000))
def write_message(modem: Module, request: Request) -> Steps:
    """Store a message to be sent with CMSS."""
    at_sms.require_service(modem)
    values = request.values()
    body = yield PROMPT
    if body is None:
        return None
    if modem.settings.cmgf:
        pdu = text_mode.submit_pdu(modem, values[0], body)
    else:
        pdu = _body_pdu(int(values[0]) if values[0].isdigit() else -1, body)
    yield at_sms.slow(modem) + at_sms.PER_ENTRY_MS
    index = at_sms.storage(modem, 1).add(StoredMessage(STO_UNSENT, pdu))
    if index is None:
        raise AtError("CMS", 322)
    modem.info(f"+CMGW: {index}")
    return None


@command("+CMSS", WRITE, Latency(30, 300))
def send_stored(modem: Module, request: Request) -> Steps:
    """Send a stored message."""
    at_sms.require_service(modem)
    message = at_sms.storage(modem, 1).slots.get(at_sms.slot(modem, request.values()[0]))
    if message is None or message.status not in (STO_UNSENT, STO_SENT):
        raise AtError("CMS", 321)
    modem.sending = True
    try:
        reference = yield from _submit(modem, message.pdu)
    finally:
        modem.sending = False
    message.status = STO_SENT
    modem.info(f"+CMSS: {reference}")
    return None
