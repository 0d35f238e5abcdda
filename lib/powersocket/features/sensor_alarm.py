"""The sensor input and the ALARM function (manual chapter 9; spec chapter 4).

An alarm is logged, moves the socket and tells the alert numbers; then nothing is detected for a
minute. With ALERT=SMSCHANGE the socket follows every change at once, and what is told is the
difference to what was told last. So a contact that flaps costs one message a minute at most, and
no commit but that of the message (and of the socket, if it has to follow).
"""

from powersocket.commands import ANSWERED, CTRL, INF, PLAIN, QUERY
from powersocket.errands import CALL
from powersocket.feature import Feature
from powersocket.features import alarm_log
from powersocket.features.alarm_cycle import CallCycle
from powersocket.parameters import Choice

_PAUSE = 60  # s from the end of a cycle to the next alarm
_ALARM = "ALARM! "  # every message of an alarm begins so
_ACTIVE = _ALARM + "Sensor is active"
_RETURNED = _ALARM + "Sensor is not active"


class SensorAlarm(Feature):
    """Attributes: `enabled`, the ALARM function is enabled; `active`, the sensor is.

    Chapters: SENSORTYPE 9.1; ALERT 9.2.
    """

    idle = "No act"  # of the line of STATUS
    ends: tuple = ("answered",)  # results of a call after which nobody else is told
    section = "alarm"
    # ready: uptime in seconds at which something is detected again; reported, moved: with
    # SMSCHANGE, the value that was told last, and whether the socket is in the state of an
    # activation; cycle: of the calls, see alarm_cycle.py.
    defaults = {
        "on": False,
        "ready": 0,
        "reported": False,
        "moved": False,
        "cycle": [],
        "log": [],
    }
    parameters: tuple = (
        Choice("SENSORTYPE", ("NO", "NC")),
        Choice("ALERT", ("SMS", "CALL", "SMSCHANGE", "OFF")),
    )

    def commands(self):
        return (
            (PLAIN, "ALARMON", CTRL, "enable"),
            (PLAIN, "ALARMOFF", CTRL, "disable"),
            (QUERY, "ALARM", INF, "tell"),
            (PLAIN, "SHOWALARMLOG", CTRL, "show_log", ANSWERED),
        )

    def __init__(self, device):
        super().__init__(device)
        device.alarm = self
        self._cycle = CallCycle(device, self.section, self.ends)
        self._closed = None  # the loop; None until the contact was told for the first time
        self._changed = 0  # uptime in seconds of its last change
        self._arming = False  # switched on: an active sensor is an alarm, whatever was told before
        self._cut_off = False  # a restart ended the last call of a cycle

    @property
    def enabled(self):
        return self.state["on"]

    @property
    def active(self):
        return self._closed is not None and self._closed == (self._get("SENSORTYPE") == "NO")

    def _get(self, name):
        return self.device.get(name)

    # --- events ---

    def start(self, cause, now):
        self._cycle.resume(now)
        if cause == "power" and self.state["ready"]:
            self.state["ready"] = 0  # of an uptime that is over
            self.device.changed()
        if self._cut_off:
            self._pause(now)
        elif cause != "restart":
            self._arming = True

    def contact(self, closed, now):
        if closed == self._closed:
            return
        # With the first one, the record tells what was before.
        before = self.state["moved"] if self._closed is None else self.active
        self._closed = closed
        self._changed = now
        arming, self._arming = self._arming, False
        if arming and self.active and self.enabled:
            self._arm(now)
        elif self._detecting() and self._get("ALERT") == "SMSCHANGE" and before != self.active:
            self._move(now)
        self._look(now)

    def deadline(self):
        if not self.enabled:
            return None
        if self._cycle.running:
            return self._cycle.deadline()
        return self.state["ready"] if self._wanted() else None

    def tick(self, now):
        if self._cycle.running:
            self._cycle.give_up()
            self._pause(now)
        else:
            self._look(now)

    def errand_done(self, kind, argument, note, result, now):
        if kind == CALL and self._cycle.called(note, result, now):
            self._cut_off = result is None  # told before the start of this feature
            self._pause(now)

    def status(self, now):
        return (
            "ALARMF: " + self._word(),
            "ALARM status: " + ("Active" if self.active else self.idle),
        )

    # --- what is detected ---

    def order(self, on, now):
        """Enable or disable the ALARM function, by whatever cause; what is so already stays so."""
        if on == self.enabled:
            return
        self.state["on"] = on
        self.device.changed()
        if on:
            self._arm(now)
        else:
            self._cycle.cancel()
            self.device.outbox.drop_alerts((_ALARM,))
            self._finish(now)

    def _arm(self, now):
        """Begin anew; a cycle that runs goes on.

        A sensor that is active already makes its alarm at the next tick, which is at once, but
        after the reply to a command is owed: so that comes first.
        """
        self.state["reported"] = self.state["moved"] = False
        self.device.changed()
        self._changed = now
        if not self._cycle.running:
            self.state["ready"] = 0

    def _detecting(self):
        return self.enabled and self._closed is not None and not self._cycle.running

    def _wanted(self):
        """True if the sensor would make an alarm, or has returned, but for the pause."""
        if not self._detecting():
            return False
        if self._get("ALERT") == "SMSCHANGE":
            return self.active != self.state["reported"]
        return self.active

    def _look(self, now):
        if not self._wanted() or now < self.state["ready"]:
            return
        if self._get("ALERT") == "SMSCHANGE":
            self._report(now)
        else:
            self._alarm(now)
        if not self._cycle.running:
            self._pause(now)

    def _alarm(self, now):
        """An activation with ALERT=SMS, CALL or OFF."""
        self._log(now)
        self._activate(now)
        numbers = self._get("ALERTNUMBER")
        if self._get("ALERT") == "CALL" and numbers:
            when = self.device.time_text(now)
            text = _ACTIVE if when is None else _ACTIVE + "\nTime: " + when
            self._cycle.begin(numbers, text, now)
        elif self._get("ALERT") == "SMS":
            self.device.alert(_ACTIVE, now)

    def _report(self, now):
        """A change with ALERT=SMSCHANGE; told is when it was, not when the pause ended."""
        self.state["reported"] = self.active
        if self.active:
            self._log(self._changed)
            if not self.state["moved"]:
                self._move(now)
        self.device.alert(_ACTIVE if self.active else _RETURNED, self._changed)

    def _log(self, when):
        self.state["log"] = alarm_log.add(self.state["log"], self.device.time_text(when))
        self.device.changed()

    def _pause(self, now):
        # Now is a whole second that has begun: one more, so that the pause is never cut short.
        self.state["ready"] = now + _PAUSE + 1
        self.device.changed()

    def _move(self, now):
        """A relay follows a change of the sensor."""
        moved = False
        if self.active:
            moved = self._activate(now)
        else:
            self._release(now)
        if moved != self.state["moved"]:
            self.state["moved"] = moved
            self.device.changed()

    # --- what it does to a relay: of the models ---

    def _activate(self, now):
        """The sensor is active; return True if the socket is in the state of an activation."""
        return False

    def _release(self, now):
        """The sensor returned."""

    def _finish(self, now):
        """End what lasts for a time."""

    # --- commands ---

    def assign(self, parameter, request):
        before = self._get(parameter.name)
        reply = super().assign(parameter, request)
        changed = self._get(parameter.name) != before
        if changed and self.enabled and parameter.name in ("SENSORTYPE", "ALERT"):
            self._arm(request.now)
        return reply

    def enable(self, request):
        """9.4 | `ALARMON - OK\\nALARM function: Enabled`"""
        self.order(True, request.now)
        return "ALARMON - OK\n" + self._function()

    def disable(self, request):
        """9.4 | `ALARMOFF - OK\\nALARM function: Disabled`"""
        self.order(False, request.now)
        return "ALARMOFF - OK\n" + self._function()

    def tell(self, request):
        """9.4 | `ALARM function: Disabled\\nSensor(s): Connected\\nALARM status: No activity`"""
        plug = "Sensor(s): " + ("Connected" if self.device.sensor_plugged else "Not connected")
        status = "ALARM status: " + ("Active" if self.active else "No activity")
        return "\n".join((self._function(), plug, status))

    def show_log(self, request):
        """9.5 | a line an activation, `yy/mm/dd:hh:mm`, the newest last, or `No alarms!`"""
        return alarm_log.show(self.state["log"])

    def _function(self):
        return "ALARM function: " + self._word()

    def _word(self):
        return "Enabled" if self.enabled else "Disabled"
