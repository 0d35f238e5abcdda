"""The built-in thermometer and what depends on it (manual 70x, chapter 7; spec chapter 5).

Settings and readings are whole degrees of the device's own unit, without its letter: Celsius, or
Fahrenheit on a US unit. What is kept has the letter, and is compared as exactly as everywhere.
"""

from powersocket.features.alert_numbers import AlertNumbers
from powersocket.features.temperature_alerts import TemperatureAlerts
from powersocket.features.thermometer import Thermometer
from powersocket.features.thermostat import Thermostat
from powersocket.parameters import Choice, Incorrect, Number, Refusal
from powersocket.temperature import Temperature, nearest
from powersocket.texts import upper

_WARM_UP = 600  # s from power-up to the first reading


class Degrees(Temperature):
    """Whole degrees of one unit, from low to high; default as it is kept, "" for OFF."""

    def __init__(self, name, default, low, high, unit):
        super().__init__(name, default)
        self.low = low
        self.high = high
        self.unit = unit

    def parse(self, text):
        value = super().parse(text if upper(text) == "OFF" else text + self.unit)
        if value and not self.low <= int(value[:-1]) <= self.high:
            raise Incorrect
        return value

    def valid(self, value):
        try:
            return value == self.default or (
                type(value) is str and self.parse(value[:-1]) == value
            )
        except Incorrect:
            return False

    def show(self, value):
        return value[:-1] or "OFF"


def _us(device):
    return device.config.get("US")


class BuiltInThermometer(Thermometer):
    """Warm from the device around it: TEMPCAL is taken off, and for ten minutes it says nothing.

    Chapters: TEMPCAL 7.4.
    """

    section = "thermometer"
    defaults = {"from": 0}  # uptime in seconds of the first reading after power-up
    survives_reset = True
    parameters = (Number("TEMPCAL", 5, 1, 9),)

    def __init__(self, device):
        super().__init__(device)
        self._waits = False

    def _calibration(self):
        return 16 * self.device.get("TEMPCAL")

    def start(self, cause, now):
        if cause != "restart":
            self.state["from"] = now + _WARM_UP
            self.device.changed()
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
        if _us(self.device):
            return str(nearest(9 * value + 32 * 80, 80)) + "F"
        return str(nearest(value, 16)) + "C"

    def _text(self, now):
        return "No data yet" if now < self.state["from"] else super()._text(now)


class OwnThermostat(Thermostat):
    """Says it in its own words.

    Chapters: THERMOSTAT 7.2; TEMPOFF 7.2; THERMALERT 7.3.
    """

    limit = "TEMPOFF"
    limit_line = "TEMPOFF="
    alert = "THERMALERT"
    sensor_alert = ""
    note = "Attention!"

    def __init__(self, device):
        super().__init__(device)
        limit = ("50F", 32, 122, "F") if _us(device) else ("10C", 0, 50, "C")
        self.parameters = (
            Choice("THERMOSTAT", ("HEATING", "COOLING")),
            Degrees("TEMPOFF", *limit),
            Choice("THERMALERT", ("OFF", "ON")),
        )

    def assign(self, parameter, request):
        if parameter.name == self.alert and parameter.parse(request.argument) == "ON":
            if not self.device.get("ALERTNUMBER"):
                raise Refusal("No ALERTNUMBERs!")
        return super().assign(parameter, request)


class OwnTemperatureAlerts(TemperatureAlerts):
    """TRISEALERT and TFALLALERT.

    Chapters: TRISEALERT 7.3; TFALLALERT 7.3.
    """

    def __init__(self, device):
        super().__init__(device)
        limits = (14, 122, "F") if _us(device) else (-10, 50, "C")
        self.parameters = (Degrees("TRISEALERT", "", *limits), Degrees("TFALLALERT", "", *limits))


class OwnAlertNumbers(AlertNumbers):
    """Without an alert number THERMALERT is off.

    Chapters: ALERTNUMBER 5.3.
    """

    def parameter_changed(self, name, now):
        if not self.device.get(name):
            self.device.set("THERMALERT", "OFF")
