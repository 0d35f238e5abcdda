"""The alarm of a device with a micro relay and a microphone (manual 70x, chapter 9)."""

from powersocket.errands import CALL, NOTE
from powersocket.features.sensor_alarm import SensorAlarm
from powersocket.parameters import Number


class MicroAlarm(SensorAlarm):
    """An activation switches the micro relay; who answers, or rejects, ends the cycle.

    Chapters: SENSORTYPE 9.1; ALERT 9.2; MICRORELAYTIME 9.3.
    """

    idle = "No activity"
    ends = ("answered", "rejected")
    parameters = SensorAlarm.parameters + (Number("MICRORELAYTIME", 0, 0, 900, "seconds"),)

    def errand_done(self, kind, argument, note, result, now):
        if kind == CALL and note == NOTE and result == "answered":
            self._finish(now)
        super().errand_done(kind, argument, note, result, now)

    def _activate(self, now):
        seconds = self._get("MICRORELAYTIME")
        if seconds:
            self.device.micro.order_for(True, seconds, now, NOTE)
        return False

    def _finish(self, now):
        self.device.micro.end(NOTE, now)

    def tell(self, request):
        """9.4 | `ALARM function: Disabled\nSensor(s): Connected\nALARM status: No activity\nMicro
        relay: Disabled`"""
        word = "Enabled" if self._get("MICRORELAYTIME") else "Disabled"
        return super().tell(request) + "\nMicro relay: " + word
