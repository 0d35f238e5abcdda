"""The power notifier of the GSM 706 (manual 70x, chapter 11)."""

from powersocket.features.power_notifier import PowerNotifier


class PowerBack(PowerNotifier):
    """Without a battery a failure cannot be told, only that it is over."""

    battery = False
