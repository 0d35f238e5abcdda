"""`onewire` of the board world. MicroPython."""


class OneWireError(Exception):
    """Nobody answered the reset."""


class OneWire:
    """A bus."""

    def __init__(self, pin):
        if pin.number >= 34:
            raise ValueError("pin can only be input")
        self.pin = pin
