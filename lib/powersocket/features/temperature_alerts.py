"""TRISEALERT and TFALLALERT: it became too warm, too cold (manual chapter 7.3)."""

from powersocket.feature import Feature
from powersocket.temperature import DEGREE, Temperature, exact, exact_reading

# Parameter, direction, key of its state, words.
_ALERTS = (
    ("TRISEALERT", 1, "rise", "Temperature rise alert! TEMP: "),
    ("TFALLALERT", -1, "fall", "Temperature fall alert! TEMP: "),
)


class TemperatureAlerts(Feature):
    """One message when a reading is past a value; the next after it was back by a degree.

    With or without the thermostat.
    """

    section = "temperature_alerts"
    defaults = {"rise": False, "fall": False}  # told, and not been back since
    parameters: tuple = (Temperature("TRISEALERT", ""), Temperature("TFALLALERT", ""))

    def parameter_changed(self, name, now):
        for parameter, _, told, _ in _ALERTS:
            if parameter == name:
                self.state[told] = False
                self.device.changed()
        self.device.reading_wanted = True  # is it past the value already?

    def reading(self, value, now):
        if value is None:
            return
        for parameter, direction, told, words in _ALERTS:
            limit = self.device.get(parameter)
            if limit:
                past = direction * (exact_reading(value) - exact(limit))
                self._compare(past, told, words, value, now)

    def _compare(self, past, told, words, value, now):
        device = self.device
        if self.state[told]:
            if past <= -DEGREE:
                self.state[told] = False
                device.changed()
        elif past > 0 and device.get("ALERTNUMBER"):
            # With nobody to tell, nothing was told: whoever is added while it lasts will be.
            self.state[told] = True
            device.alert(words + device.thermometer.show(value), now)
