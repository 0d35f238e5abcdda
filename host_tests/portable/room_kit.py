# SPDX-License-Identifier: MIT
"""A device with a thermometer, for the portable tests, and what its alerts say."""

from device_kit import Kit

SENSOR = "Temperature sensor failed!"


class Room(Kit):
    """A kit with a thermometer; `alerts` are those that its readings caused."""

    def read(self, celsius, wanted=()):
        """A minute later, a reading in degrees, None if it fails; check the alerts it makes."""
        self.now += 60
        raw = None if celsius is None else int(celsius * 16)
        assert raw is None or raw == celsius * 16
        self.device.reading(raw, self.now)
        self.committed = self.device.dirty
        box = self.device.outbox
        alerts = [box.text(entry) for entry in box.entries]
        assert alerts == list(wanted), (celsius, alerts)
        self.device.record["outbox"] = []  # sent
        self.commit()

    def control(self, text="10C", kind="HEATING"):
        self.say_all("ALERTME")
        self.say("THERMOSTAT=" + kind)
        self.say("SWITCHOFFTEMP=" + text)
        self.say("THERMOSTATON")

    def fail(self, wanted=()):
        """The sensor fails for good."""
        self.read(None)
        self.read(None)
        self.read(None, wanted)


def reached(temperature):
    return "Switch-off temperature reached! TEMP: " + temperature + "\nPower socket OFF"


def rise(temperature):
    return ["Temperature rise alert! TEMP: " + temperature]


def fall(temperature):
    return ["Temperature fall alert! TEMP: " + temperature]
