# SPDX-License-Identifier: MIT
"""The SIM card: its lock, its identity, and the short messages it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.bench.network import tpdu

REC_UNREAD, REC_READ, STO_UNSENT, STO_SENT = range(4)
CAPACITY = 20
PHONEBOOKS = {"SM": 250, "ME": 100, "ON": 3, "FD": 10}  # places

READY = "READY"
PIN = "SIM PIN"
PUK = "SIM PUK"


@dataclass
class StoredMessage:
    """A message in a slot: its status (27.005 stat) and its PDU, service centre first."""

    status: int
    pdu: bytes


class Storage:
    """Numbered slots; a new message takes the lowest free one.

    Attributes:
        first: the number of the first slot; modules count from 1 or from 0.
        on_delete: called with the PDU of each message that is deleted.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.first = 1
        self.on_delete: Callable[[bytes], None] = lambda pdu: None
        self.slots: dict[int, StoredMessage] = {}

    @property
    def used(self) -> int:
        return len(self.slots)

    @property
    def full(self) -> bool:
        return len(self.slots) >= self.capacity

    @property
    def numbers(self) -> range:
        """The numbers of all slots."""
        return range(self.first, self.first + self.capacity)

    def add(self, message: StoredMessage) -> int | None:
        """Store a message; return its slot, or None if there is no room."""
        for index in self.numbers:
            if index not in self.slots:
                self.slots[index] = message
                return index
        return None

    def delete(self, index: int) -> None:
        """Empty a slot; an empty one stays empty."""
        message = self.slots.pop(index, None)
        if message is not None:
            self.on_delete(message.pdu)

    def items(self) -> list[tuple[int, StoredMessage]]:
        """Return slots and messages in the order of the slots."""
        return sorted(self.slots.items())


class SimCard:
    """The card in the modem's holder.

    Attributes:
        present: it is in the holder.
        state: "READY", "SIM PIN" or "SIM PUK": what it asks for.
        storage: its messages, kept without power.
        phonebooks: by the name that AT+CPBS has for each: place -> (number, name).
        on_change: called when the card is taken, put in or swapped for a locked one.
        slow_ms: added to everything that reads or writes the card.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.present = True
        self.pin_enabled = False
        self.state = READY
        self.pin = "1234"
        self.puk = "12345678"
        self.pin_tries = 3
        self.puk_tries = 10
        self.imsi = "244051234567890"
        self.iccid = "8935805051234567890F"
        self.smsc = "+358508771010"
        self.storage = Storage(capacity)
        self.phonebooks: dict[str, dict[int, tuple[str, str]]] = {name: {} for name in PHONEBOOKS}
        self.phonebooks["SM"] = {
            1: ("+358508771000", "Customer care"),
            7: ("112", "Hätä & häiriö"),
        }
        self.slow_ms = 0
        self.on_change: Callable[[], None] = lambda: None

    @property
    def ready(self) -> bool:
        return self.present and self.state == READY

    def remove(self) -> None:
        """Take the card out."""
        self.present = False
        self.on_change()

    def insert(self) -> None:
        """Put a working, unlocked card in; its messages are those that it had."""
        self.present = True
        self.pin_enabled = False
        self.pin_tries = 3
        self.state = READY
        self.on_change()

    def lock_pin(self, pin: str = "1234") -> None:
        """Put in a card that asks for its PIN."""
        self.present = True
        self.pin_enabled = True
        self.pin = pin
        self.pin_tries = 3
        self.state = PIN
        self.on_change()

    def lock_puk(self) -> None:
        """Put in a card whose PIN was wrong too often."""
        self.lock_pin(self.pin)
        self.pin_tries = 0
        self.state = PUK
        self.on_change()

    def fill(self, pdu: bytes | None = None) -> None:
        """Fill every free slot with messages that were read long ago, in another phone."""
        if pdu is None:
            then = tpdu.decode_time(bytes.fromhex("52102121000000"))
            body = tpdu.encode_deliver("+358400000000", "An old message", then)[0]
            pdu = tpdu.encode_smsc(self.smsc) + body
        while self.storage.add(StoredMessage(REC_READ, pdu)) is not None:
            pass

    def power_cycled(self) -> None:
        """The modem powers the card up again: a card with a PIN asks for it again."""
        if self.pin_enabled and self.state == READY:
            self.state = PIN

    def enter_pin(self, pin: str) -> bool:
        """Return True if the PIN is right; three wrong ones lock the card."""
        if pin == self.pin:
            self.pin_tries = 3
            self.state = READY
            return True
        self.pin_tries -= 1
        if self.pin_tries <= 0:
            self.state = PUK
        return False

    def enter_puk(self, puk: str, new_pin: str) -> bool:
        """Return True if the PUK is right; the card then has the new PIN."""
        if puk != self.puk:
            self.puk_tries -= 1
            return False
        self.pin, self.pin_tries, self.puk_tries = new_pin, 3, 10
        self.state = READY
        return True
