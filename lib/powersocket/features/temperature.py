"""Thermometer, thermostat and temperature alerts (manual chapter 7; spec chapter 4)."""

from powersocket import const
from powersocket.degrees import (
    DEGREE,
    HIGHEST,
    LOWEST,
    Temperature,
    exact,
    exact_reading,
    show_reading,
)
from powersocket.features import Feature
from powersocket.settings import OFF_ON, Choice

_FAILURES = const(3)  # in a row make a failed sensor

# What became of the alert for a failed sensor; kept over a restart.
_READY = const(0)  # the next failure is reported
_REPORTED = const(1)  # reported; not again until a setting is changed
_CHANGED = const(2)  # a setting was changed: reported again once the sensor has been back


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
        if value is not None and LOWEST <= value <= HIGHEST:
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
        """Return a reading as this model shows it."""
        return show_reading(value)

    def text(self, now):
        """Return the last reading, or why there is none."""
        return "No sensor" if self.value is None else self.show(self.value)

    def status(self, now):
        return ("TEMP: " + self.text(now),)

    def tell(self, request):
        """7.1 | `TEMPERATURE: 25C(77F)` or `TEMPERATURE: No sensor`"""
        return "TEMPERATURE: " + self.text(request.now)


class Thermostat(Feature):
    """Switches the socket at every reading that calls for the other state.

    There is no lock: an order by anybody else stands until the next reading. Only an alarm that
    holds the relay has priority (spec chapter 4). A model with other words has a subclass with
    other names and texts.

    Chapters: THERMOSTAT 7.2; SWITCHOFFTEMP 7.2; SWITCHOFFALERT 7.3; TSENSFAILALERT 7.3.
    """

    section = "thermostat"
    defaults = {"on": False, "sensor": _READY}
    limit = "SWITCHOFFTEMP"
    limit_line = "Switch-off temperature: "
    alert = "SWITCHOFFALERT"
    note = "Note!"
    parameters: tuple = (
        Choice("THERMOSTAT", ("HEATING", "COOLING")),
        Temperature("SWITCHOFFTEMP", "10C"),
        Choice("SWITCHOFFALERT", OFF_ON),
        Choice("TSENSFAILALERT", OFF_ON),
    )
    commands = (
        ("THERMOSTATON", "switch", ""),
        ("THERMOSTATOFF", "switch", ""),
    )

    # --- events ---

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
        elif state["on"] and device.thermometer.failed and state["sensor"] == _READY:
            # With no alert number yet, whoever is added while the sensor has failed is alerted.
            if settings.get("TSENSFAILALERT") == "ON" and settings["ALERTNUMBER"]:
                self.change(sensor=_REPORTED)
                device.alert("sensor", "Temperature sensor failed!", now)

    def _control(self, value, now):
        device = self.device
        above = exact_reading(value) - exact(device.settings[self.limit])
        heating = device.settings["THERMOSTAT"] == "HEATING"
        on = above < 0 if heating else above > 0
        if on == device.socket.on:
            return
        device.socket.order(on, now)
        if not on and device.settings[self.alert] == "ON":
            text = "Switch-off temperature reached! TEMP: " + device.thermometer.show(value)
            device.alert("limit", text + "\nPower socket OFF", now)

    # --- commands ---

    def _lines(self):
        """Return the three lines that replies are made of: kind, limit, state."""
        device = self.device
        limit = device.parameters[self.limit].show(device.settings[self.limit])
        return (
            "THERMOSTAT=" + device.settings["THERMOSTAT"],
            self.limit_line + limit,
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
        """7.2 | `{name} - OK`, when on the settings, and a note"""
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

    Chapters: TRISEALERT 7.3; TFALLALERT 7.3.
    """

    section = "temperature_alerts"
    defaults = {"rise": False, "fall": False}  # reported, and not back by a degree since
    parameters: tuple = (Temperature("TRISEALERT", ""), Temperature("TFALLALERT", ""))

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
                if past <= -DEGREE:
                    self.change(**{key: False})
            elif past > 0 and device.settings["ALERTNUMBER"]:
                # With no alert number yet, whoever is added while it lasts is alerted.
                self.change(**{key: True})
                device.alert(key, words + device.thermometer.show(value), now)
