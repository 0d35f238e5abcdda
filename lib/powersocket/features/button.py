"""The hidden button: switches the socket, resets to the factory's settings (chapters 4.3, 14)."""

from powersocket.feature import Feature

SHORT = 2000  # ms: a longer press switches nothing
RESET = 10000  # ms: a press of this length resets


class Button(Feature):
    """Environment Pro's button: one long press resets.

    hint: ms of a press after which the LEDs show that it will do something; 0: they do not.
    """

    hint = RESET

    section = "button"
    # reset: the device starts for the first time after a reset: that is a switching on.
    defaults = {"reset": False}

    def __init__(self, device):
        super().__init__(device)
        device.press_hint = self.hint

    def button(self, ms, now):
        device = self.device
        if ms >= RESET:
            device.factory_reset(now)
        elif ms <= SHORT:
            if device.alarm is not None and device.alarm.enabled:
                device.alarm.order(False, now)
            else:
                device.socket.order(not device.socket.on, now)

    def reset(self, now):
        self.state["reset"] = True

    def start(self, cause, now):
        if self.state["reset"]:
            self.state["reset"] = False
            self.device.switched_on = True
            self.device.changed()
