"""The hidden button of the GSM 706 and 707: a reset in two presses (manual 70x, chapter 15)."""

from powersocket.features.button import Button

_ASK = 5000  # ms: a press of this length asks for a reset ..
_CONFIRM = 10  # .. which another one within so many seconds confirms


class TwoPresses(Button):
    """After a long press all LEDs but GSM blink; a second press in that time resets."""

    hint = 0

    def __init__(self, device):
        super().__init__(device)
        self._until = 0

    def button(self, ms, now):
        if self.device.asking:
            self.tick(now)
            self.device.factory_reset(now)
        elif ms >= _ASK:
            self._until = now + _CONFIRM + 1  # now is a second that has begun
            self.device.asking = True
        else:
            super().button(ms, now)

    def deadline(self):
        return self._until if self.device.asking else None

    def tick(self, now):
        self.device.asking = False
