"""The mains: its failure and its return are told; on battery the device sleeps when it can.

Who watches the mains passes over a failure of less than two seconds, and tells of a longer one
with the uptime at which it began. Switching on after all power was gone, and waking from a sleep,
are a return of the mains; a restart of the chip is none.
"""

from powersocket.feature import Feature

FAILED = "Power failed!"
RESTORED = "Power restored!"
LONGEST = 1200  # s on battery, whatever is still to be sent


class PowerNotifier(Feature):
    """Tells whoever is to be told.

    Attributes: `battery`, the device goes on without mains; `spent`, the time on it is over.
    """

    battery = True

    section = "power"
    # failed: mains power is away; since: uptime in seconds at which it went.
    defaults = {"failed": False, "since": 0}
    survives_reset = True  # whether there is mains power is no setting

    def __init__(self, device):
        super().__init__(device)
        device.power = self
        device.battery = self.battery
        self.spent = False

    @property
    def failed(self):
        """True from a failure that was reported until the return that was."""
        return self.state["failed"]

    def start(self, cause, now):
        state = self.state
        if state["failed"] and state["since"] > now:  # of an uptime that is over
            state["since"] = now
            self.device.changed()
        if cause != "restart" and not self.device.on_battery:
            self.mains(True, now)

    def mains(self, on, now):
        state = self.state
        if state["failed"] == on:
            state["failed"] = not on
            state["since"] = now
            self.device.changed()
        self.spent = False
        if self._wanted():
            self.device.alert(RESTORED if on else FAILED, now)

    def _wanted(self):
        return True

    def deadline(self):
        state = self.state
        return state["since"] + LONGEST if state["failed"] and not self.spent else None

    def tick(self, now):
        self.spent = True

    def may_sleep(self):
        """Tell whether the device, on battery, has nothing left to do, or no time left."""
        device = self.device
        if not self.failed:
            return False
        return self.spent or (device.outbox.empty() and device.errands.first() is None)
