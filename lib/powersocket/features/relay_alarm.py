"""RELAYTIME: what the sensor does to the socket (manual chapter 9.3)."""

from powersocket.errands import NOTE
from powersocket.features.sensor_alarm import SensorAlarm
from powersocket.parameters import Parameter, whole
from powersocket.texts import upper

_LONGEST = 65000  # s


class RelayTime(Parameter):
    """`0`, `ON`, `OFF`, or one of these and the seconds after which it is over: `ON60`."""

    def __init__(self, name):
        super().__init__(name, "0")

    def parse(self, text):
        word = upper(text)
        for state in ("ON", "OFF"):
            if word.startswith(state):
                seconds = word[len(state) :]
                return state + (str(whole(seconds, 1, _LONGEST)) if seconds else "")
        return str(whole(word, 0, 0))


class RelayAlarm(SensorAlarm):
    """An alarm that moves the main socket.

    Chapters: SENSORTYPE 9.1; ALERT 9.2; RELAYTIME 9.3.
    """

    parameters = SensorAlarm.parameters + (RelayTime("RELAYTIME"),)

    def _activate(self, now):
        value = self._get("RELAYTIME")
        if value == "0":
            return False
        on, seconds = _split(value)
        if seconds:
            self.device.socket.order_for(on, int(seconds), now, NOTE)
        else:
            self.device.socket.order(on, now)
        return True

    def _release(self, now):
        value = self._get("RELAYTIME")
        if value != "0":
            self.device.socket.order(not _split(value)[0], now)

    def _finish(self, now):
        """End a time that is running, if it is the sensor's and not somebody else's."""
        self.device.socket.end(NOTE, now)


def _split(value):
    on = value.startswith("ON")
    return on, value[2 if on else 3 :]
