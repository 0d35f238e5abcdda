# SPDX-License-Identifier: MIT
"""Thermometer, thermostat and temperature alerts (manual chapter 7; spec chapter 4).

Temperatures are integers: readings in 1/16 degree Celsius, settings as they were typed. A setting
is stored as text, `54F`, because no whole number of degrees Celsius is the same: 54F is 12.22 C.
Values are compared in 1/144 degree Celsius. A sixteenth of a degree is nine of these, a degree
Fahrenheit is 80, so only what is shown is ever rounded (spec chapter 4).
"""

from powersocket import const
from powersocket.features import Feature
from powersocket.settings import Incorrect, Parameter, upper, whole

_LOWEST = const(-55 * 16)  # what a DS18B20 can report, 1/16 degree
_HIGHEST = const(125 * 16)

_DEGREE = const(144)  # a degree Celsius in 1/144

# The limits of a setting in each unit; they are the same temperatures.
_LIMITS = {"C": (-55, 120), "F": (-67, 248)}

_FAILURES = const(3)  # in a row make a failed sensor

# What became of the alert for a failed sensor, as the record has it.
_READY = const(0)  # the next failure is reported
_REPORTED = const(1)  # reported; not again until a setting is changed
_CHANGED = const(2)  # a setting was changed: reported again once the sensor has been back


class Temperature(Parameter):
    """Whole degrees and the letter of their unit, `10C` or `50F`; shown in both, `10C(50F)`.

    default: such a text; or "" for OFF, and then OFF can be typed, too.
    """

    def parse(self, text):
        word = upper(text)
        if word == "OFF" and self.default == "":
            return ""
        unit = word[-1:]
        if unit not in _LIMITS:
            raise Incorrect
        low, high = _LIMITS[unit]
        number = word[:-1]
        if number[:1] == "-":
            degrees = -whole(number[1:], 0, -low)
        else:
            degrees = whole(number, 0, high)
        if not low <= degrees <= high:
            raise Incorrect
        return str(degrees) + unit

    def typed(self, value):
        return value[: len(value) - len(self.suffix)] or "OFF"

    def show(self, value):
        if not value:
            return "OFF"
        degrees = int(value[:-1])
        if value[-1] == "F":
            return _both((degrees - 32) * 5 // 9, degrees)
        if degrees == _LIMITS["C"][0]:  # the low end is odd in Fahrenheit, and exact
            return _both(degrees, _LIMITS["F"][0])
        return _both(degrees, 2 * ((9 * degrees + 165) // 10))  # the nearest even, ties up


class Thermometer(Feature):
    """TEMPERATURE; also checks each reading before the other features get it.

    Attribute `value`: the last good reading in 1/16 degree Celsius; None if there was none since
    the start, or if the sensor has failed.
    """

    commands = (("TEMPERATURE", "tell", "always"),)
    value = None
    _failures = 0

    @property
    def failed(self):
        """True if the last three readings failed."""
        return self._failures >= _FAILURES

    def take(self, value, now):
        """Take a reading, None if it failed; return the one to use.

        After a single failure that is still the last good one.
        """
        if value is not None and _LOWEST <= value <= _HIGHEST:
            if self.failed:
                self.device.log("thermometer: the sensor is back")
            # TEMPCAL: by how many degrees the device itself warms a built-in sensor.
            self.value = value - 16 * self.device.settings.get("TEMPCAL", 0)
            self._failures = 0
        elif not self.failed:
            self._failures += 1
            if self.failed:
                self.device.log("thermometer: the sensor has failed")
                self.value = None
        return self.value

    def show(self, value):
        """Return a reading as this model shows it: in both units."""
        return _both(celsius(value), fahrenheit(value))

    def text(self, now):
        """Return the last reading, or why there is none."""
        return "No sensor" if self.value is None else self.show(self.value)

    def status(self, now):
        return ("TEMP: " + self.text(now),)

    def tell(self, request):
        """`TEMPERATURE: 25C(77F)` or `TEMPERATURE: No sensor`"""
        return "TEMPERATURE: " + self.text(request.now)


class Thermostat(Feature):
    """Switches the socket at every reading that calls for the other state.

    There is no lock: an order by anybody else stands until the next reading. Only an alarm that
    holds the relay has priority (spec chapter 4). HYSTERESIS, MINTIME and SENSORFAIL guard what
    is plugged in (spec chapter 10.5). A model with other words has a subclass with other names
    and texts.
    """

    section = "thermostat"
    limit = "SWITCHOFFTEMP"
    limit_line = "Switch-off temperature: "
    alert = "SWITCHOFFALERT"
    note = "Note!"
    commands = (
        ("THERMOSTATON", "switch", ""),
        ("THERMOSTATOFF", "switch", ""),
    )
    _free: int | None = None  # uptime in s at which MINTIME lets it do what it wants

    # --- events ---

    def uptime_ends(self):
        # Nobody knows how long ago the last switching was.
        if self.state["switched"] >= 0:
            self.change(switched=0)

    def deadline(self):
        return self._free

    def tick(self, now):
        self._free = None
        self.device.reading_wanted = True

    def parameter_changed(self, name, now):
        if self.state["sensor"] == _REPORTED:
            self.change(sensor=_CHANGED)

    def reading(self, value, now):
        device, settings, state = self.device, self.device.settings, self.state
        if value is not None:
            if state["sensor"] == _CHANGED:
                self.change(sensor=_READY)
            if state["on"] and not device.alarm.holds():
                self._control(value, now)
        elif state["on"] and device.thermometer.failed:
            wish = settings["SENSORFAIL"]
            if wish != "KEEP" and not device.alarm.holds():
                self._switch(wish == "ON", now)
            self._report(now)

    def _report(self, now):
        """Alert that the sensor has failed, once."""
        device = self.device
        if self.state["sensor"] == _READY:
            # With no alert number yet, whoever is added while the sensor has failed is alerted.
            if device.settings.get("TSENSFAILALERT") == "ON" and device.addresses():
                self.change(sensor=_REPORTED)
                device.alert("sensor", "Temperature sensor failed!", now)

    def _control(self, value, now):
        device = self.device
        needed = exact_reading(value) - exact(device.settings[self.limit])
        if device.settings["THERMOSTAT"] == "HEATING":
            needed = -needed
        on = needed > 0
        if on == device.socket.on or 0 < needed < _difference(device.settings["HYSTERESIS"]):
            return
        pause, switched = 60 * device.settings["MINTIME"], self.state["switched"]
        if pause and 0 <= switched and now <= switched + pause:
            self._free = switched + pause + 1  # now is a second that has begun
            return
        self._switch(on, now)
        if not on and device.settings[self.alert] == "ON":
            text = "Switch-off temperature reached! TEMP: " + device.thermometer.show(value)
            device.alert("limit", text + "\nPower socket OFF", now)

    def _switch(self, on, now):
        if on != self.device.socket.on:
            self.device.socket.order(on, now, "thermostat")
            self.change(switched=now)

    # --- commands ---

    def shown_limit(self):
        """Return the switch-off temperature as replies show it."""
        return self.device.parameter(self.limit).show(self.device.settings[self.limit])

    def _lines(self):
        """Return the three lines that replies are made of: kind, limit, state."""
        return (
            "THERMOSTAT=" + self.device.settings["THERMOSTAT"],
            self.limit_line + self.shown_limit(),
            "THERMOSTAT: " + ("Enabled" if self.state["on"] else "Disabled"),
        )

    def assign(self, parameter, request):
        reply = super().assign(parameter, request)
        kind, limit, state = self._lines()
        if parameter.name == "THERMOSTAT":
            return "\n".join((reply, limit, state))
        if parameter.name == self.limit:
            return "\n".join((reply, kind, state))
        return reply

    def query(self, parameter, request):
        if parameter.name == "THERMOSTAT":
            kind, limit, state = self._lines()
            return "\n".join((state, kind, limit))
        return super().query(parameter, request)

    def switch(self, request):
        """`{name} - OK`, when on the settings, and a note"""
        on = request.name == "THERMOSTATON"
        if self.state["on"] != on:
            self.change(on=on)
            self.parameter_changed("THERMOSTAT", request.now)  # it counts as a changed setting
        reply = request.name + " - OK\n"
        if not on:
            return reply + self.note + " Thermostat was disabled!"
        self.device.reading_wanted = True
        kind, limit, _ = self._lines()
        return reply + "\n".join((kind, limit, self.note + " Thermostat is working now!"))


# Parameter, direction, key of its state, words.
_ALERTS = (
    ("TRISEALERT", 1, "rise", "Temperature rise alert! TEMP: "),
    ("TFALLALERT", -1, "fall", "Temperature fall alert! TEMP: "),
)


class TemperatureAlerts(Feature):
    """One alert when a reading passes a limit; the next only after it was back by a degree.

    Independent of the thermostat.
    """

    section = "temperature_alerts"

    def parameter_changed(self, name, now):
        self.change(**{"rise" if name == "TRISEALERT" else "fall": False})
        self.device.reading_wanted = True  # the temperature may be past the new limit already

    def reading(self, value, now):
        device = self.device
        for parameter, direction, key, words in _ALERTS:
            limit = device.settings[parameter]
            if value is None or not limit:
                continue
            past = direction * (exact_reading(value) - exact(limit))
            if self.state[key]:
                if past <= -_DEGREE:
                    self.change(**{key: False})
            elif past > 0 and device.addresses():
                # With no alert number yet, whoever is added while it lasts is alerted.
                self.change(**{key: True})
                device.alert(key, words + device.thermometer.show(value), now)


# --- units ---


def exact(value):
    """Return a setting, `10C` or `50F`, in 1/144 degree Celsius."""
    degrees = int(value[:-1])
    return _DEGREE * degrees if value[-1] == "C" else 80 * (degrees - 32)


def _difference(value):
    """Return a difference, `1C` or `2F`, in 1/144 degree Celsius."""
    return int(value[:-1]) * (_DEGREE if value[-1] == "C" else 80)


def exact_reading(value):
    """Return a reading in 1/16 degree Celsius in 1/144 degree Celsius."""
    return 9 * value


def celsius(value):
    """Return a reading in 1/16 degree Celsius to the nearest whole degree Celsius."""
    return _nearest(value, 16)


def fahrenheit(value):
    """Return a reading in 1/16 degree Celsius to the nearest whole degree Fahrenheit."""
    return _nearest(9 * value + 32 * 80, 80)


def _both(celsius, fahrenheit):
    return "%dC(%dF)" % (celsius, fahrenheit)


def _nearest(number, divisor):
    """Return a quotient rounded to the nearest, halves away from zero; the divisor is even."""
    half = divisor // 2
    return (number + half) // divisor if number >= 0 else -((half - number) // divisor)
