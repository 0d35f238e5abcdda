# SPDX-License-Identifier: MIT
"""`onewire` of the board world. MicroPython."""

from machine import take


class OneWireError(Exception):
    """Nobody answered the reset."""


class OneWire:
    """A bus."""

    def __init__(self, pin):
        if pin.number >= 34:
            raise ValueError("pin can only be input")
        take(pin.number, "1-Wire")
        self.pin = pin
