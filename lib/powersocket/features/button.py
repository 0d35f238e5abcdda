# SPDX-License-Identifier: MIT
"""The hidden button: switches the socket, resets to factory defaults (chapters 4.3 and 14)."""

from powersocket import const
from powersocket.features import Feature

_SHORT = const(2000)  # ms: a longer press switches nothing
_RESET = const(10000)  # ms: a press of this length resets


class Button(Feature):
    """Environment Pro's button: one long press resets.

    hint: ms after which the LEDs show that a press is long enough to reset; 0: they never do.
    asking: a first press asked for a reset, and a second one has to confirm it.
    """

    hint = _RESET
    asking = False
    section = "button"

    def pressed(self, ms, now):
        device = self.device
        if ms >= _RESET:
            device.factory_reset(now)
        elif ms <= _SHORT:
            if device.alarm is not None and device.alarm.enabled:
                device.alarm.order(False, now, "button")
            else:
                device.socket.order(not device.socket.on, now, "button")

    def reset(self, now):
        self.change(reset=True)

    def start(self, cause, now):
        if self.state["reset"]:
            self.change(reset=False)
            self.device.switched_on = self.device.booting = True
