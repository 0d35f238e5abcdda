"""The power notifier of the GSM 707 (manual 70x, chapter 11)."""

from powersocket.features.power_notifier import PowerNotifier


class TalkingNotifier(PowerNotifier):
    """Who listens on battery is not cut off by the sleep, but by the end of the time."""

    def may_sleep(self):
        return super().may_sleep() and (self.spent or not self.device.microphone.open)
