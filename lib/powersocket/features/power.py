# SPDX-License-Identifier: MIT
"""The mains: alerts when they fail and return; on battery the device sleeps (manual chapter 11).

The application ignores failures of less than two seconds, and reports a longer one with the uptime
at which it began. Power-up and waking from sleep count as a return of the mains; a restart of the
chip does not.
"""

from powersocket import const
from powersocket.features import Feature

_LONGEST = const(1200)  # s on battery before the device sleeps, even with messages left to send


class PowerNotifier(Feature):
    """Alerts if POWERALERT is on, or if the model has no such setting.


    Attributes: `battery`: the device has one, and can report a failure; `spent`: the time allowed
    on battery is over.
    """

    battery = True
    spent = False
    section = "power"
    survives_reset = True  # the state of the mains is not a setting

    @property
    def failed(self):
        """True from a reported failure until the reported return."""
        return self.state["failed"]

    def start(self, cause, now):
        if self.failed and self.state["since"] > now:  # stored before the uptime began at 0 again
            self.change(since=now)
        if cause != "restart" and not self.device.on_battery:
            self.mains(True, now)

    def mains(self, on, now):
        if self.failed == on:
            self.change(failed=not on, since=now)
        self.spent = False
        if self.device.settings.get("POWERALERT", "ON") == "ON":
            self.device.alert("power", "Power restored!" if on else "Power failed!", now)

    def deadline(self):
        return self.state["since"] + _LONGEST if self.failed and not self.spent else None

    def tick(self, now):
        self.spent = True

    def may_sleep(self):
        """Return True if the device, on battery, has nothing left to do, or no time left."""
        device = self.device
        if not self.failed:
            return False
        if self.spent:
            return True
        listening = device.microphone is not None and device.microphone.open
        return not (device.outbox.entries or device.errands.entries or listening)
