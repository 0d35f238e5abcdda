# SPDX-License-Identifier: MIT
"""A device with a sensor, for the portable tests, and what its alarms say."""

from device_kit import FRIEND, OWNER, Kit

ACTIVE = "ALARM! Sensor is active"
RETURNED = "ALARM! Sensor is not active"


class House(Kit):
    """A kit with a sensor, open at first; its owner is on the list, and FRIEND after her."""

    def __init__(self, *texts, record=None, numbers=(OWNER, FRIEND), model="EP"):
        super().__init__(record, model=model)
        self.writes = 0
        self.contact(False)
        for number in numbers:
            self.say_all("ALERTNUMBER+" + number)
        self.say_all(*texts)

    def commit(self):
        self.writes = getattr(self, "writes", 0) + self.device.dirty
        super().commit()

    def contact(self, closed, after=0):
        """So many seconds later the loop is closed or opened; return the alerts that are owed."""
        self.wait(after)
        self.device.alarm.contact(closed, self.now)
        self.commit()
        return self.alerts()

    def alerts(self):
        """Return the texts that were owed to the owner, and send everything."""
        return [text for to, text in self.post() if to == OWNER]

    def alerts_after(self, seconds):
        self.wait(seconds)
        return self.alerts()

    def arm(self):
        """ALARMON; return the alerts that come with its reply."""
        assert self.say("ALARMON") == "ALARMON - OK\nALARM function: Enabled"
        return self.alerts_after(0)

    def disarm(self):
        assert self.say("ALARMOFF") == "ALARMOFF - OK\nALARM function: Disabled"

    def calls(self):
        """Return the calls that are ordered, with whether they have begun."""
        return [(e[1], e[3]) for e in self.device.errands.entries if e[0] == "call"]

    def begin(self):
        """The first errand begins; return it."""
        errand = self.device.errands.first()
        self.device.errands.begin(errand)
        self.commit()
        return errand

    def ring(self, result="unanswered"):
        """The next call is made; return whom it rang, and how long."""
        errand = self.begin()
        self.wait(25)
        self.device.errands.done(errand, result, self.now)
        self.commit()
        return errand[1]

    def set_clock(self):
        """2026-11-20 08:00:00 at this moment."""
        self.device.clock.network_time(848476800, 4, self.now)
        self.commit()
        assert self.device.clock.text(self.now) == "26/11/20,08:00:00"

    def restart(self, closed=False):
        super().restart()
        return self.contact(closed)

    def power_cycle(self, closed=False):
        """All power goes and comes back; return the alerts of the alarm."""
        super().power_cycle()
        return [text for text in self.contact(closed) if text.startswith("ALARM!")]
