"""The hidden button: switches the socket, resets to the factory's settings (chapter 4.3)."""

from powersocket.feature import Feature

_SHORT = 2000  # ms: a longer press switches nothing
_RESET = 10000  # ms: a press of this length resets


class Button(Feature):
    """Environment Pro's button: one long press resets."""

    def button(self, ms, now):
        if ms >= _RESET:
            self.device.factory_reset(now)
        elif ms <= _SHORT:
            self.device.socket.order(not self.device.socket.on, now)
