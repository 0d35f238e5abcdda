# SPDX-License-Identifier: MIT
"""The operator and the phones: coverage, message centre, calls, USSD, network time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tools.bench.kernel import Event, Kernel
from tools.bench.network import tpdu
from tools.bench.network.calls import Exchange, Handset, InCall, OutCall

DEFAULT_CLOCK = datetime(2026, 1, 5, 12, 0, 0, tzinfo=UTC)
HIDDEN = "hidden"
# What a network can have, as people name it, and as `Network` does.
OFFERS = {"2G": "gsm", "LTE": "lte", "calls": "voice", "SMS": "sms"}


@dataclass(frozen=True)
class Delivered:
    """A message from the device that has reached a phone, its parts joined."""

    at: int
    to: str
    text: str


@dataclass
class _Waiting:
    pdu: bytes
    note: str = ""
    ends: str = ""  # the sender whose message is complete with this part


class Modem(Handset, Protocol):
    """What the network knows of the modem that registers with it."""

    started: bool
    hung: bool

    @property
    def smsc(self) -> str: ...
    def service_changed(self) -> None: ...
    def receive_message(self, pdu: bytes, note: str = "") -> str: ...
    def receive_report(self, pdu: bytes) -> None: ...


class Network:
    """Everything beyond the modem's aerial.

    Attributes:
        messages: what the device sent to phones, in order of completion.
        calls: calls that the device made; `incoming`: those to the device.
        ussd: code -> the operator's answer; None: it stays silent; not in it: refused.
        ussd_ms: when it comes. ussd_dcs: the coding scheme of what the default alphabet can say.
        refusals: CMS codes for the next messages that the device submits.
        denied, roaming: how the network treats the SIM.
        gsm, lte: the technologies that there are, 2G and 4G. voice, sms: whether LTE has calls
            (VoLTE) and messages for the SIM; GSM has.
        registration_ms, delivery_ms, send_ms, phone_ms, retry_ms: how long its parts take.
        notice: called with every event that a page would show.
    """

    def __init__(self, kernel: Kernel, clock: datetime | None = DEFAULT_CLOCK) -> None:
        self.kernel = kernel
        self.modem: Modem | None = None
        self.operator = "TestNet"
        self.own_number = "+358409999999"
        self.messages: list[Delivered] = []
        self.ussd: dict[str, str | None] = {}
        self.ussd_ms = 2500
        self.ussd_dcs = 15
        self.refusals: list[int] = []
        self.denied = False
        self.roaming = False
        self.registration_ms = 2900
        self.delivery_ms = 1500
        self.send_ms = 3000
        self.phone_ms = 800
        self.retry_ms = 300_000
        self.report_ms = 3000
        self.notice: Callable[[str, str], None] = lambda kind, text: None
        self._clock = clock
        self.gsm = self.lte = self.voice = self.sms = True
        self._lost = False
        self._signal: int | None = -67
        self._queue: deque[_Waiting] = deque()
        self._attempt: Event | None = None
        self._retry: Event | None = None
        self._stamps: dict[str, set[datetime]] = {}
        self._sent: dict[tuple[str, str], list[bytes]] = {}
        self._senders: dict[bytes, str] = {}  # by the last PDU of each message
        self._reference = 0
        self._parts: dict[tuple[str, int, int], dict[int, str]] = {}
        self.exchange = Exchange(self)

    # -- coverage -----------------------------------------------------------------------------

    @property
    def coverage(self) -> bool:
        """True if the device can hear the network."""
        return not self._lost and self._signal is not None

    @property
    def signal(self) -> int | None:
        """Received level in dBm; None: nothing is received."""
        return self._signal

    @signal.setter
    def signal(self, dbm: int | None) -> None:
        self._signal = dbm
        self._coverage_changed()

    def offer(self, what: str, there: bool) -> None:
        """Have one of gsm, lte, voice and sms from now on, or no longer."""
        if what not in OFFERS.values():
            raise ValueError(f"no network offers {what}")
        setattr(self, what, there)
        self._coverage_changed()

    @property
    def lost(self) -> bool:
        """True while the network is away, whatever the signal would be."""
        return self._lost

    def lose(self) -> None:
        """The network goes away."""
        self._lost = True
        self._coverage_changed()

    def restore(self) -> None:
        """The network is back."""
        self._lost = False
        self._coverage_changed()

    def _coverage_changed(self) -> None:
        if self.modem is not None and self.modem.started and not self.modem.hung:
            self.modem.service_changed()
        if self.coverage:
            self._pump()  # a loss too short for the modem to notice

    def device_registered(self) -> None:
        """The modem has registered: what waited for it is due."""
        self._pump()

    def memory_available(self) -> None:
        """The modem has room again, or can take messages."""
        self._pump()

    # -- time ---------------------------------------------------------------------------------

    def set_clock(self, clock: datetime | None) -> None:
        """Set the network's local time (aware), or None: it gives none."""
        passed = timedelta(milliseconds=self.kernel.now)
        self._clock = None if clock is None else clock - passed

    @property
    def began(self) -> datetime | None:
        """Local time at world time 0, aware; None if the network gives none."""
        return self._clock

    def local_time(self) -> datetime | None:
        """Return the network's local time, aware; None if it gives none."""
        if self._clock is None:
            return None
        return self._clock + timedelta(milliseconds=self.kernel.now)

    def utc_time(self) -> datetime | None:
        """Return the same in UTC."""
        local = self.local_time()
        return None if local is None else local.astimezone(UTC)

    @property
    def zone_quarters(self) -> int:
        """The local zone in quarter hours east of Greenwich."""
        offset = None if self._clock is None else self._clock.utcoffset()
        return 0 if offset is None else int(offset.total_seconds()) // 900

    def centre_time(self) -> datetime:
        """Return the message centre's time; it has one even if the network gives none."""
        local = self.local_time()
        if local is None:
            local = DEFAULT_CLOCK + timedelta(milliseconds=self.kernel.now)
        return local.replace(microsecond=0)

    # -- messages to the device ---------------------------------------------------------------

    def deliver(
        self,
        sender: str,
        text: str,
        scts: datetime | None = None,
        again: bool = False,
        flash: bool = False,
    ) -> list[bytes]:
        """Send a message to the device; kept and tried again while it cannot be reached.

        Args:
            sender: "+..", "0..", a short code, a name of up to 11 letters, or "hidden".
            scts: the service centre time stamp, aware; by default the centre's time. No two
                messages of a sender bear the same: the centre counts up.
            again: the duplicate, to the bit, of the last message with this sender and text.
            flash: of class 0.

        Returns:
            its PDUs, as the SIM will hold them.

        Raises:
            ValueError: `again`, but there was no such message.
        """
        if again:
            pdus = self._sent.get((sender, text))
            if pdus is None:
                raise ValueError(f"no message from {sender} to repeat: {text}")
        else:
            pdus = self._encode(sender, text, scts, flash)
            self._sent[sender, text] = pdus
            self._senders[pdus[-1]] = sender
        self.notice("sms_from", f"{sender} {text}")
        for pdu in pdus[:-1]:
            self.deliver_pdu(pdu)
        self.deliver_pdu(pdus[-1], ends=sender)
        return pdus

    def _encode(self, sender: str, text: str, scts: datetime | None, flash: bool) -> list[bytes]:
        address = "" if sender == HIDDEN else sender
        self._reference = (self._reference + 1) & 0xFF
        stamp = self._unused_stamp(sender, scts or self.centre_time())
        prefix = tpdu.encode_smsc(self._smsc())
        parts = tpdu.encode_deliver(address, text, stamp, self._reference, flash)
        return [prefix + part for part in parts]

    def _unused_stamp(self, sender: str, stamp: datetime) -> datetime:
        used = self._stamps.setdefault(sender, set())
        stamp = stamp.replace(microsecond=0)
        while stamp in used:
            stamp += timedelta(seconds=1)
        used.add(stamp)
        return stamp

    def _smsc(self) -> str:
        return "+358508771010" if self.modem is None else self.modem.smsc

    def deliver_pdu(self, pdu: bytes, note: str = "", ends: str = "") -> None:
        """Send a raw PDU, service centre first: a malformed one, a status report, a push.

        Args:
            note: what +CMTI says after the slot, such as `,"MMS PUSH"`.
            ends: the sender of the message that is complete with it, to be reported.
        """
        self._queue.append(_Waiting(pdu, note, ends))
        self._pump()

    @property
    def waiting(self) -> int:
        """Number of messages (parts) that the device has not taken yet."""
        return len(self._queue)

    def _pump(self) -> None:
        if not self._queue or (self._attempt is not None and self._attempt.pending):
            return
        if self._retry is not None:
            self._retry.cancel()
        self._attempt = self.kernel.after(self.delivery_ms, self._try)

    def _try(self) -> None:
        if not self._queue or self.modem is None:
            return
        result = "unreachable"
        if self.coverage:
            first = self._queue[0]
            result = self.modem.receive_message(first.pdu, first.note)
        if result == "ok":
            taken = self._queue.popleft()
            if taken.ends:
                self.notice("sms_taken", taken.ends)
            self._pump()
        else:
            self._retry = self.kernel.after(self.retry_ms, self._pump)

    def deleted(self, pdu: bytes) -> None:
        """The device has deleted a message from the SIM: it is done with it."""
        if sender := self._senders.get(pdu):
            self.notice("sms_read", sender)

    # -- messages from the device -------------------------------------------------------------

    def submit(self, submit: tpdu.Submit, reference: int) -> int:
        """Take a message from the device; return 0, or the CMS code with which it is refused."""
        if self.refusals:
            return self.refusals.pop(0)
        self.kernel.after(self.phone_ms, lambda: self._reach_phone(submit))
        if submit.report and self.modem is not None:
            sent = self.centre_time()
            self.kernel.after(self.report_ms, lambda: self._report(submit.to, reference, sent))
        return 0

    def _reach_phone(self, submit: tpdu.Submit) -> None:
        text = submit.text
        if submit.part is not None and not submit.complete:
            part = submit.part
            key = (submit.to, part.reference, part.total)
            pieces = self._parts.setdefault(key, {})
            pieces[part.number] = text
            if len(pieces) < part.total:
                return
            del self._parts[key]
            text = "".join(pieces[i] for i in sorted(pieces))
        self.messages.append(Delivered(self.kernel.now, submit.to, text))
        self.notice("flash_to" if submit.flash else "sms_to", f"{submit.to} {text}")
        if submit.to == self.own_number:
            self.deliver(self.own_number, text)

    def _report(self, to: str, reference: int, sent: datetime) -> None:
        pdu = tpdu.encode_status_report(reference, to, sent, self.centre_time())
        if self.modem is not None:
            self.modem.receive_report(tpdu.encode_smsc(self._smsc()) + pdu)

    # -- calls --------------------------------------------------------------------------------

    @property
    def calls(self) -> list[OutCall]:
        return self.exchange.outgoing

    @property
    def incoming(self) -> list[InCall]:
        return self.exchange.incoming

    def call(self, caller: str) -> InCall:
        """A phone (or "hidden") calls the device, for 30 s at most."""
        return self.exchange.call(caller)

    def hang_up(self, caller: str) -> None:
        """That phone ends its call with the device, whoever made it."""
        self.exchange.hang_up(caller)

    def pick_up(self, number: str) -> bool:
        """That phone answers the device's call; return False if it does not ring."""
        return self.exchange.pick_up(number)

    def treat_calls(self, number: str, how: str) -> None:
        """How a phone treats calls from the device: answer, reject, ignore, busy, unreachable."""
        self.exchange.treat_calls(number, how)
