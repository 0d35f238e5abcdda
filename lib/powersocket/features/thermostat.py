"""The thermostat and its two alerts (manual chapters 7.2 and 7.3)."""

from powersocket.commands import CTRL, PLAIN
from powersocket.feature import Feature
from powersocket.parameters import Choice
from powersocket.temperature import Temperature, exact, exact_reading

# What became of the alert for a failed sensor; kept over a restart.
_READY = 0  # the next failure is told
_TOLD = 1  # it was told; not again until a setting is changed ..
_CHANGED = 2  # .. which it was, and the sensor has to come back first


class Thermostat(Feature):
    """Switches the socket at every reading with which its state does not agree.

    Whoever orders last acts: there is no lock, an order of somebody else stands until the next
    reading. A model that says it in other words has a subclass with other names and texts.

    Chapters: THERMOSTAT 7.2; SWITCHOFFTEMP 7.2; SWITCHOFFALERT 7.3; TSENSFAILALERT 7.3.
    """

    section = "thermostat"
    defaults = {"on": False, "sensor": _READY}
    limit = "SWITCHOFFTEMP"
    limit_line = "Switch-off temperature: "
    alert = "SWITCHOFFALERT"
    sensor_alert = "TSENSFAILALERT"
    note = "Note!"
    parameters: tuple = (
        Choice("THERMOSTAT", ("HEATING", "COOLING")),
        Temperature("SWITCHOFFTEMP", "10C"),
        Choice("SWITCHOFFALERT", ("OFF", "ON")),
        Choice("TSENSFAILALERT", ("OFF", "ON")),
    )

    # --- events ---

    def commands(self):
        return (
            (PLAIN, "THERMOSTATON", CTRL, "enable"),
            (PLAIN, "THERMOSTATOFF", CTRL, "disable"),
        )

    def parameter_changed(self, name, now):
        if self.state["sensor"] == _TOLD:
            self.state["sensor"] = _CHANGED
            self.device.changed()

    def reading(self, value, now):
        if value is not None:
            self._sensor_is_back()
            if self.state["on"]:
                self._control(value, now)
        elif self.state["on"] and self.device.thermometer.failed:
            self._tell_failure(now)

    def _control(self, value, now):
        above = exact_reading(value) - exact(self.device.get(self.limit))
        heating = self.device.get("THERMOSTAT") == "HEATING"
        on = above < 0 if heating else above > 0
        socket = self.device.socket
        if on == socket.on:
            return
        socket.order(on, now)
        if not on and self.device.get(self.alert) == "ON":
            shown = self.device.thermometer.show(value)
            text = "Switch-off temperature reached! TEMP: " + shown + "\nPower socket OFF"
            self.device.alert(text, now)

    def _sensor_is_back(self):
        if self.state["sensor"] == _CHANGED:
            self.state["sensor"] = _READY
            self.device.changed()

    def _tell_failure(self, now):
        device = self.device
        if self.state["sensor"] != _READY or not device.has(self.sensor_alert):
            return
        # Nobody to be told: whoever is added while the sensor is still failed is.
        if device.get(self.sensor_alert) == "ON" and device.get("ALERTNUMBER"):
            self.state["sensor"] = _TOLD
            device.alert("Temperature sensor failed!", now)

    # --- commands ---

    def assign(self, parameter, request):
        reply = super().assign(parameter, request)
        if parameter.name == "THERMOSTAT":
            return "\n".join((reply, self._limit(), self._enabled()))
        if parameter.name == self.limit:
            return "\n".join((reply, self._kind(), self._enabled()))
        return reply

    def query(self, parameter, request):
        if parameter.name == "THERMOSTAT":
            return "\n".join((self._enabled(), self._kind(), self._limit()))
        return super().query(parameter, request)

    def enable(self, request):
        """7.2 | `THERMOSTATON - OK`, the settings, `Note! Thermostat is working now!`"""
        self._switch(True, request.now)
        self.device.reading_wanted = True
        lines = ("THERMOSTATON - OK", self._kind(), self._limit())
        return "\n".join(lines + (self.note + " Thermostat is working now!",))

    def disable(self, request):
        """7.2 | `THERMOSTATOFF - OK`, `Note! Thermostat was disabled!`"""
        self._switch(False, request.now)
        return "THERMOSTATOFF - OK\n" + self.note + " Thermostat was disabled!"

    def _switch(self, on, now):
        if self.state["on"] != on:
            self.state["on"] = on
            self.device.changed()
            self.parameter_changed("THERMOSTAT", now)  # as good as a setting

    def _kind(self):
        return "THERMOSTAT=" + self.device.get("THERMOSTAT")

    def _limit(self):
        parameter = self.device.parameter(self.limit)
        return self.limit_line + parameter.show(self.device.get(self.limit))

    def _enabled(self):
        return "THERMOSTAT: " + ("Enabled" if self.state["on"] else "Disabled")
