# SPDX-License-Identifier: MIT
"""What Environment Pro has and GSM 70x lacks: MAKEMEBOSS (chapter 3) and ALERTME (5.3) at a word,
an alarm that moves the main socket (9.3), and differences of temperature in two units (7.2).
"""

from powersocket import const, outbox
from powersocket.features import Feature
from powersocket.features.alarm import SensorAlarm
from powersocket.features.temperature import Temperature
from powersocket.settings import Incorrect, Parameter, upper, whole

_LONGEST_RELAYTIME = const(65000)  # s
_BOSS = const(
    "Your phone number has been assigned for all types of alerts and was added to security list"
    " which has been activated"
)
_ALERTED = const("Your phone number has been assigned for all types of alerts!")


class ShortCuts(Feature):
    """The sender becomes an alert number, and the boss."""

    commands = (
        ("MAKEMEBOSS", "make_me_boss", "Conf"),
        ("ALERTME", "alert_me", "Conf"),
    )

    def _with(self, name, number):
        return self.device.parameter(name).add(self.device.settings[name], number)

    def make_me_boss(self, request):
        """`Your phone number has been assigned for all types of alerts and was added to
        security list which has been activated`"""
        device, number = self.device, request.message.number
        if not number:
            return None
        alert, listed = self._with("ALERTNUMBER", number), self._with("SECNUMBER", number)
        device.set("ALERTNUMBER", alert)
        device.set("SECNUMBER", listed)
        device.set("SECLIST", "ON")
        return _BOSS

    def alert_me(self, request):
        """`Your phone number has been assigned for all types of alerts!`"""
        number = request.message.number
        if not number:
            return None
        self.device.set("ALERTNUMBER", self._with("ALERTNUMBER", number))
        return _ALERTED


class Difference(Temperature):
    """A difference in whole degrees, `0C` to `5C` or `0F` to `9F`."""

    widest = {"C": 5, "F": 9}  # the same difference

    def parse(self, text):
        value = super().parse(text)
        if text[:1] == "-" or int(value[:-1]) > self.widest[value[-1]]:
            raise Incorrect
        return value

    def show(self, value):
        return value


class RelayTime(Parameter):
    """`0`, `ON`, `OFF`, or one of these and the seconds after which it is over: `ON60`."""

    def parse(self, text):
        word = upper(text)
        for state in ("ON", "OFF"):
            if word.startswith(state):
                seconds = word[len(state) :]
                return state + (str(whole(seconds, 1, _LONGEST_RELAYTIME)) if seconds else "")
        return str(whole(word, 0, 0))


class SocketAlarm(SensorAlarm):
    """An alarm that moves the main socket, as RELAYTIME says."""

    idle = "No act"
    ends = ("answered",)
    parameters = SensorAlarm.parameters + (RelayTime("RELAYTIME", "0"),)

    def _relaytime(self):
        """Return (level, seconds as text) of an activation; "0" seconds: the relay is left."""
        value = self.device.settings["RELAYTIME"]
        on = value.startswith("ON")
        return on, value if value == "0" else value[2 if on else 3 :]

    def activate(self, now):
        on, seconds = self._relaytime()
        if seconds == "0":
            return
        if seconds:
            self.device.socket.order_for(on, int(seconds), now, outbox.ALARM, outbox.ALARM)
        else:
            self.device.socket.order(on, now, outbox.ALARM)
        self.change(holds=not seconds, moved=True)

    def release(self, now):
        on, seconds = self._relaytime()
        if seconds != "0":
            self.device.socket.order(not on, now, outbox.ALARM)

    def finish(self, now, by):
        self.change(holds=False)
        self.device.socket.end(outbox.ALARM, now, by)

    def holds(self):
        """Tell whether the thermostat has to leave the socket alone."""
        return self.state["holds"] or self.device.socket.timer_is(outbox.ALARM)
