# SPDX-License-Identifier: MIT
"""AT commands: short messages (27.005), what is received, stored, read and deleted.

PDU mode in full; for text mode see `at_sms_text`, for sending `at_sms_send`.
"""

from __future__ import annotations

from tools.bench.modem import at_sms_text as text_mode
from tools.bench.modem.at_network import require_sim
from tools.bench.modem.module import Module
from tools.bench.modem.sim_card import (
    REC_READ,
    REC_UNREAD,
    STO_SENT,
    STO_UNSENT,
    Storage,
    StoredMessage,
)
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
    setting,
)

ALL = 4
PER_ENTRY_MS = 15
BULK = Latency(120, 25000)


def require_service(modem: Module) -> None:
    """Raise the error of a message command while SIM or message service are not ready."""
    if modem.habits.data_only:
        raise AtError
    require_sim(modem, "CMS")
    if not modem.service.sms_ready:
        raise AtError("CMS", 314)


def storage(modem: Module, which: int) -> Storage:
    """Return the storage for reading (0), writing and sending (1) or receiving (2)."""
    name = modem.settings.cpms[which]
    return modem.me_storage if name.startswith("ME") else modem.sim.storage


def slow(modem: Module) -> int:
    """Return what a slow card adds (ms)."""
    return modem.sim.slow_ms


# -- what comes from the network --------------------------------------------------------------


def store_received(modem: Module, pdu: bytes, note: str = "") -> str:
    """Store or hand out a message from the network; "ok" or "full".

    Args:
        note: what +CMTI says after the slot, as it does for an MMS push.
    """
    mode, mt = modem.settings.cnmi[:2]
    name = modem.settings.cpms[2]
    if mt in (2, 3) and mode:
        if modem.settings.cmgf:
            header, body = text_mode.deliver_lines(modem, pdu)
            modem.urc(f"+CMT: {header}\r\n{body}")
        else:
            modem.urc(f'+CMT: "",{len(pdu) - 1 - pdu[0]}\r\n{pdu.hex().upper()}')
        return "ok"
    index = storage(modem, 2).add(StoredMessage(REC_UNREAD, pdu))
    if index is None:
        return "full"
    if mt == 1 and mode:
        habits = modem.habits
        modem.urc(f'+CMTI: "{habits.memory or name}",{index}{note}{habits.tail}')
    return "ok"


def report_received(modem: Module, pdu: bytes) -> None:
    """Hand out a status report as CNMI asks: not at all, +CDS, or stored with +CDSI."""
    ds = modem.settings.cnmi[3]
    if ds == 1 and modem.settings.cmgf:
        modem.urc("+CDS: " + text_mode.report_line(modem, pdu))
    elif ds == 1:
        modem.urc(f"+CDS: {len(pdu) - 1 - pdu[0]}\r\n{pdu.hex().upper()}")
    elif ds == 2:
        index = storage(modem, 2).add(StoredMessage(REC_UNREAD, pdu))
        if index is not None:
            modem.urc(f'+CDSI: "{modem.settings.cpms[2]}",{index}')


# -- settings ---------------------------------------------------------------------------------

setting("+CSDH", "csdh", range(2))


def _until_sms_ready(modem: Module) -> None:
    """Some refuse AT+CMGF as long as the messages have not been read; some for ever."""
    if modem.habits.data_only:
        raise AtError
    refusal = modem.habits.cmgf_refused
    if refusal and not modem.service.sms_ready:
        raise AtError("CME", 3) if refusal == "CME" else AtError()


setting("+CMGF", "cmgf", range(2), before=_until_sms_ready)


@command("+CNMI", WRITE, test="(0,1,2,3),(0,1,2,3),(0,2),(0,1,2),(0,1)")
def set_indications(modem: Module, request: Request) -> None:
    given = request.ints(range(4), range(4), (0, 2), range(3), range(2))
    old = modem.settings.cnmi
    new = tuple(o if g is None else g for g, o in zip(given, old, strict=True))
    if modem.family.lte and new[0] != 1 and (new[1] == 3 or new[3] == 1):
        raise AtError("CMS", 303)  # A76 9.2.9, S76 9.2.9
    modem.settings.cnmi = new


@command("+CNMI", READ)
def indications(modem: Module, request: Request) -> None:
    modem.info("+CNMI: " + ",".join(map(str, modem.settings.cnmi)))


def _counts(modem: Module, names: bool) -> str:
    parts = []
    for which, name in enumerate(modem.settings.cpms):
        store = storage(modem, which)
        count = f"{store.used},{store.capacity}"
        parts.append(f'"{name}",{count}' if names else count)
    return ",".join(parts)


@command("+CPMS", WRITE, SIM, test='("SM","ME","MT"),("SM","ME","MT"),("SM","ME","MT")')
def set_memories(modem: Module, request: Request) -> None:
    if modem.habits.cmgf_refused == "CME":
        require_sim(modem, "CMS")
    else:
        _until_sms_ready(modem)
        require_service(modem)
    given = [value.upper() for value in request.values()]
    if len(given) > 3 or any(value not in modem.family.memories for value in given):
        raise AtError("CMS", 302)
    modem.settings.cpms = (*given, *modem.settings.cpms[len(given) :])
    modem.info("+CPMS: " + _counts(modem, names=False))


@command("+CPMS", READ, SIM)
def memories(modem: Module, request: Request) -> None:
    require_service(modem)
    modem.info("+CPMS: " + _counts(modem, names=True))


@command("+CSCA", WRITE, SIM)
def set_service_centre(modem: Module, request: Request) -> None:
    require_sim(modem, "CME")
    modem.settings.csca = request.values()[0]


@command("+CSCA", READ, SIM)
def service_centre(modem: Module, request: Request) -> None:
    if not modem.service.sms_ready:
        require_sim(modem, "CME")
        raise AtError("CME", 14)
    number = smsc(modem)
    modem.info(f'+CSCA: "{number}",{145 if number.startswith("+") else 129}')


def smsc(modem: Module) -> str:
    """Return the service centre in use."""
    return modem.sim.smsc if modem.settings.csca is None else modem.settings.csca


@command("+CSMS", WRITE, test="(0-1)")
def set_service(modem: Module, request: Request) -> None:
    modem.settings.csms = request.number(range(2))
    modem.info("+CSMS: 1,1,1")


@command("+CSMS", READ)
def message_service(modem: Module, request: Request) -> None:
    modem.info(f"+CSMS: {modem.settings.csms},1,1,1")


# -- reading and deleting ---------------------------------------------------------------------


def _entry(modem: Module, index: int | None, message: StoredMessage) -> str:
    """Return a message as +CMGL (with its index) and +CMGR (without) show it."""
    if modem.settings.cmgf:
        return text_mode.entry(modem, index, message)
    name = "+CMGR: " if index is None else f"+CMGL: {index},"
    length = len(message.pdu) - 1 - message.pdu[0]
    return f'{name}{message.status},"",{length}\r\n{message.pdu.hex().upper()}'


@command("+CMGL", TEST)
def list_test(modem: Module, request: Request) -> None:
    texts = ",".join(f'"{name}"' for name in text_mode.STATES)
    modem.info(f"+CMGL: ({texts})" if modem.settings.cmgf else "+CMGL: (0-4)")


@command("+CMGL", EXECUTE, Latency(40, 20000))
@command("+CMGL", WRITE, Latency(40, 20000))
def list_messages(modem: Module, request: Request) -> Steps:
    """All messages of a status; mode 1 leaves them unread."""
    require_service(modem)
    values = request.values() if request.form == WRITE else [""]
    if modem.settings.cmgf:
        status = text_mode.status_of(values[0] or "REC UNREAD")
    elif (values[0] or "0") in "01234":
        status = int(values[0] or 0)
    else:
        raise AtError("CMS", 304)
    keep = values[1:2] == ["1"]
    found = [
        (index, message)
        for index, message in storage(modem, 0).items()
        if status == ALL or message.status == status
    ]
    yield slow(modem) + (0 if modem.latency == "maximum" else PER_ENTRY_MS * len(found))
    if found:
        modem.info("\r\n".join(_entry(modem, *entry) for entry in found))
    for _, message in found:
        if message.status == REC_UNREAD and not keep:
            message.status = REC_READ
    modem.service.storage_read = True
    return None


def slot(modem: Module, value: str) -> int:
    if not value.isdigit() or int(value) not in storage(modem, 0).numbers:
        raise AtError("CMS", 321)
    return int(value)


@command("+CMGR", WRITE, SIM)
def read_message(modem: Module, request: Request) -> Steps:
    """One message; an empty slot gives OK alone."""
    require_service(modem)
    values = request.values()
    index = slot(modem, values[0])
    yield slow(modem) + PER_ENTRY_MS
    message = storage(modem, 0).slots.get(index)
    if message is not None:
        modem.info(_entry(modem, None, message))
        if message.status == REC_UNREAD and values[1:2] != ["1"]:
            message.status = REC_READ
    modem.service.storage_read = True
    return None


@command("+CMGD", TEST)
def delete_test(modem: Module, request: Request) -> None:
    numbers = storage(modem, 0).numbers
    modem.info(f"+CMGD: ({numbers[0]}-{numbers[-1]}),(0-4)")


@command("+CMGD", WRITE, Latency(60, 5000))
def delete_message(modem: Module, request: Request) -> Steps:
    """A slot, or with a flag: 1 the read, 2 and the sent, 3 and the unsent, 4 all."""
    require_service(modem)
    values = request.values()
    flag = (values[1:2] or ["0"])[0] or "0"
    if flag not in ("0", "1", "2", "3", "4") or len(values) > 2:
        raise AtError("CMS", 303)
    store = storage(modem, 0)
    index = slot(modem, values[0]) if flag == "0" else 0
    yield slow(modem) + (0 if flag == "0" else modem.delay(BULK) - modem.delay(SIM))
    doomed = (REC_READ,), (REC_READ, STO_SENT), (REC_READ, STO_SENT, STO_UNSENT), range(4)
    if flag == "0":
        if modem.family.lte and index not in store.slots:
            raise AtError("CMS", 321)
        store.delete(index)
    else:
        _delete_all(store, doomed[int(flag) - 1])
    modem.network.memory_available()
    return None


def _delete_all(store: Storage, statuses: tuple[int, ...] | range) -> None:
    for index, message in store.items():
        if message.status in statuses:
            store.delete(index)


@command("+CMGDA", WRITE, BULK)
def delete_many(modem: Module, request: Request) -> Steps:
    """1 read, 2 unread, 3 sent, 4 unsent, 5 received, 6 all; in text mode by name."""
    require_service(modem)
    value = request.values()[0].upper()
    names = ("DEL READ", "DEL UNREAD", "DEL SENT", "DEL UNSENT", "DEL INBOX", "DEL ALL")
    kinds: tuple[tuple[int, ...], ...] = (
        (REC_READ,),
        (REC_UNREAD,),
        (STO_SENT,),
        (STO_UNSENT,),
        (REC_READ, REC_UNREAD),
        (0, 1, 2, 3),
    )
    valid = names if modem.settings.cmgf else tuple("123456")
    if value not in valid:
        raise AtError("CMS", 303)
    yield slow(modem)
    _delete_all(storage(modem, 0), kinds[valid.index(value)])
    modem.network.memory_available()
    return None
