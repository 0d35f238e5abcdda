"""The mains: its failure and its return are reported; on battery the device sleeps when it can.

Who watches the mains passes over a failure of less than two seconds, and reports a longer one
with the uptime at which it began. Switching on after all power was gone, and waking from a sleep,
are a return of the mains; a restart of the chip is none (manual chapter 11).
"""

from powersocket import const
from powersocket.features import Feature

_LONGEST = const(1200)  # s on battery, whatever is still to be sent


class PowerNotifier(Feature):
    """Reports to the alert numbers if POWERALERT is on, or if the model has no such setting.

    Chapters: POWERALERT 11.

    Attributes: `battery`, the device goes on without mains, and can report that they failed;
    `spent`, the time on it is over.
    """

    battery = True
    spent = False
    section = "power"
    survives_reset = True  # whether there is mains power is no setting

    @property
    def failed(self):
        """True from a failure that was reported until the return that was."""
        return self.state["failed"]

    def start(self, cause, now):
        if self.failed and self.state["since"] > now:  # of an uptime that is over
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
        """Tell whether the device, on battery, has nothing left to do, or no time left."""
        device = self.device
        if not self.failed:
            return False
        if self.spent:
            return True
        listening = device.microphone is not None and device.microphone.open
        return not (device.outbox.entries or device.errands.entries or listening)
