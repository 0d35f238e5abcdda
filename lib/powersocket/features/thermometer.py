"""The thermometer: TEMPERATURE, and what is a good reading (manual chapter 7.1)."""

from powersocket.commands import ANSWERED, CTRL, PLAIN
from powersocket.feature import Feature
from powersocket.temperature import HIGHEST, LOWEST, show_reading

_FAILURES = 3  # in a row make a failed sensor


class Thermometer(Feature):
    """Judges every reading before the other features hear of it.

    Attributes: `value`, 1/16 degree Celsius: the last good reading, None if there was none since
    the start or the sensor has failed; `failed`: the last three readings did.
    """

    def commands(self):
        return ((PLAIN, "TEMPERATURE", CTRL, "tell", ANSWERED),)

    def __init__(self, device):
        super().__init__(device)
        device.thermometer = self
        self.value = None
        self._failures = 0

    @property
    def failed(self):
        return self._failures >= _FAILURES

    def take(self, value, now):
        """Take a reading, None if it failed; return the one that counts in its place.

        A single failure is passed over: the last good value stands.
        """
        if value is not None and LOWEST <= value <= HIGHEST:
            if self.failed:
                self.device.log("thermometer: the sensor is back")
            self.value = value - self._calibration()
            self._failures = 0
        elif not self.failed:
            self._failures += 1
            if self.failed:
                self.device.log("thermometer: the sensor has failed")
                self.value = None
        return self.value

    def _calibration(self):
        """Return what is taken off each reading, in 1/16 degree Celsius."""
        return 0

    def show(self, value):
        """Return a reading as this model says it."""
        return show_reading(value)

    def _text(self, now):
        return "No sensor" if self.value is None else self.show(self.value)

    def status(self, now):
        return ("TEMP: " + self._text(now),)

    def tell(self, request):
        """7.1 | `TEMPERATURE: 25C(77F)` or `TEMPERATURE: No sensor`"""
        return "TEMPERATURE: " + self._text(request.now)
