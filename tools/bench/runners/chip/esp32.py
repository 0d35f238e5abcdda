# SPDX-License-Identifier: MIT
"""`esp32` of the board world. MicroPython."""

import wire

WAKEUP_ALL_LOW, WAKEUP_ANY_HIGH = 0, 1
_RTC_PINS = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39)


def wake_on_ext0(pin, level):
    """Choose the pin that ends deep sleep; only the RTC's can."""
    if pin.number not in _RTC_PINS:
        raise ValueError("invalid pin")
    wire.emit("wake_on", str(pin.number) + " " + str(level))


class NVS:
    """Integers that survive once they are committed; keys have 15 characters at most."""

    def __init__(self, namespace):
        if len(namespace) > 15:
            raise OSError(-4361, "ESP_ERR_NVS_KEY_TOO_LONG")
        self._new = {}

    def get_i32(self, key):
        """Return a value. Raises OSError if there is none."""
        if key in self._new:
            return self._new[key]
        value = wire.call("nvs.get", key)
        if value == "-":
            raise OSError(-4354, "ESP_ERR_NVS_NOT_FOUND")
        return int(value)

    def set_i32(self, key, value):
        """Set a value, to be committed."""
        if len(key) > 15:
            raise OSError(-4361, "ESP_ERR_NVS_KEY_TOO_LONG")
        self._new[key] = int(value)

    def commit(self):
        """Make what was set stay."""
        for key, value in self._new.items():
            wire.call("nvs.set", key + " " + str(value))
        self._new = {}
