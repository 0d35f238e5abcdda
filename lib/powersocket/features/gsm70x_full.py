# SPDX-License-Identifier: MIT
"""What GSM 706 and 707 have, but not their Light versions (manual 70x; spec chapter 5).

The micro relay (4.1), the built-in thermometer (7), the alarm (9), the microphone (10).
"""

from powersocket import const, outbox
from powersocket.features import Feature
from powersocket.features.alarm import SensorAlarm
from powersocket.features.gsm70x import NO_SECURITY
from powersocket.features.socket import Relay
from powersocket.features.temperature import (
    Temperature,
    Thermometer,
    Thermostat,
    celsius,
    fahrenheit,
)
from powersocket.settings import Incorrect, Number, Refusal, upper

_WARM_UP = const(600)  # s from power-up to the first reading
_CALLBACK_RING = const(" 30")  # s that the sender is rung


class MicroRelay(Relay):
    """A second, small relay. After a loss of power it is off."""

    section = "micro"
    commands = (
        ("ONM", "switch", ""),
        ("OFFM", "switch", ""),
        ("ONALL", "switch_all", ""),
        ("OFFALL", "switch_all", ""),
        ("RESTARTM", "restart", ""),
    )

    def start(self, cause, now):
        if cause != "restart":
            self.change(timer=[], on=False, since=now, by="power-up")

    def status(self, now):
        return ("Microrelay " + self.word(),)

    def switch(self, request):
        """`Microrelay {level}`"""
        level = request.name[:-1]  # ONM, OFFM
        self.order(level == "ON", request.now, request.by)
        return "Microrelay " + level

    def switch_all(self, request):
        """`All {level}`"""
        level = request.name[:-3]  # ONALL, OFFALL
        self.device.socket.order(level == "ON", request.now, request.by)
        self.order(level == "ON", request.now, request.by)
        return "All " + level

    def restart(self, request):
        """`Microrelay restarted`"""
        self.order_restart(request.now, request.by)
        return "Microrelay restarted"


class Degrees(Temperature):
    """Whole degrees in the device's unit, without its letter, which is stored with them."""

    def __init__(self, name, default, low, high, unit):
        super().__init__(name, default)
        self.low = low
        self.high = high
        self.suffix = unit

    def parse(self, text):
        if text[:1] == "-" and self.low >= 0:
            raise Incorrect
        value = super().parse(text if upper(text) == "OFF" else text + self.suffix)
        if value and not self.low <= int(value[:-1]) <= self.high:
            raise Incorrect
        return value

    def show(self, value):
        return value[:-1] or "OFF"


class BuiltInThermometer(Thermometer):
    """The device warms this sensor: TEMPCAL is subtracted, after ten minutes of warming up."""

    section = "thermometer"
    survives_reset = True
    parameters = (Number("TEMPCAL", 5, 1, 9),)

    def start(self, cause, now):
        if cause != "restart":
            self.change(**{"from": now + _WARM_UP})
        self._waits = now < self.state["from"]

    def deadline(self):
        return self.state["from"] if self._waits else None

    def tick(self, now):
        self._waits = False
        self.device.reading_wanted = True

    def parameter_changed(self, name, now):
        self.device.reading_wanted = True

    def take(self, value, now):
        return None if now < self.state["from"] else super().take(value, now)

    def show(self, value):
        if self.device.config.get("US"):
            return str(fahrenheit(value)) + "F"
        return str(celsius(value)) + "C"

    def text(self, now):
        return "No data yet" if now < self.state["from"] else super().text(now)


class OwnThermostat(Thermostat):
    """The thermostat in the GSM 70x's words."""

    limit = "TEMPOFF"
    limit_line = "TEMPOFF="
    alert = "THERMALERT"
    note = "Attention!"

    def assign(self, parameter, request):
        if parameter.name == self.alert and parameter.parse(request.argument) == "ON":
            if not self.device.addresses():
                raise Refusal("No ALERTNUMBERs!")
        return super().assign(parameter, request)


class MicroAlarm(SensorAlarm):
    """An activation switches the micro relay; a call answered or rejected ends the cycle."""

    idle = "No activity"
    ends = ("answered", "rejected")
    parameters = SensorAlarm.parameters + (Number("MICRORELAYTIME", 0, 0, 900, "seconds"),)

    def errand_done(self, kind, note, result, now):
        if kind == outbox.CALL and note == outbox.ALARM and result == "answered":
            self.finish(now, outbox.ALARM)
        super().errand_done(kind, note, result, now)

    def activate(self, now):
        seconds = self.device.settings["MICRORELAYTIME"]
        if seconds:
            self.device.micro.order_for(True, seconds, now, outbox.ALARM, outbox.ALARM)
            self.change(moved=True)

    def finish(self, now, by):
        self.device.micro.end(outbox.ALARM, now, by)

    def holds(self):
        return False  # the thermostat switches the other relay

    def tell(self, request):
        """`ALARM function: Disabled\nSensor(s): Connected\nALARM status: No activity\nMicro
        relay: Disabled`"""
        word = "Enabled" if self.device.settings["MICRORELAYTIME"] else "Disabled"
        return super().tell(request) + "\nMicro relay: " + word


class Microphone(Feature):
    """CALLBACK makes the device call the sender, who then hears the room.

    Every answered call, in either direction, has the microphone open. The application ends it
    after ten minutes, and sets `calling` and `open` for the LED.
    """

    parameters = (Number("MICLEVEL", 15, 0, 15),)
    commands = (("CALLBACK", "call_back", ""),)
    calling = False
    open = False

    def call_back(self, request):
        """no message: it calls the sender, or `No security setup!`"""
        if not self.device.security.configured():
            raise Refusal(NO_SECURITY)
        message = request.message
        if message.can_be_answered(False):
            self.device.errands.add(outbox.CALL, message.sender + _CALLBACK_RING, "callback")
        return
