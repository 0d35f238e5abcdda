# SPDX-License-Identifier: MIT
"""The sensor input and the ALARM function: cycle of calls, log, relay (manual chapter 9).

An alarm is logged, moves the socket and reports to the alert numbers; then nothing is detected for
a minute. With ALERT=SMSCHANGE the socket follows every change at once, and what is reported is the
difference to what was reported last. So a contact that flaps costs one message a minute at most,
and no commit but that of the message (and of the socket, if it has to follow).
"""

from powersocket import const, outbox
from powersocket.features import Feature, notify
from powersocket.settings import OFF_ON, Choice

_PAUSE = const(60)  # s from the end of a cycle to the next alarm
_ACTIVE = const("ALARM! Sensor is active")
_RETURNED = const("ALARM! Sensor is not active")
_LOG_ENTRIES = const(10)
_RING = const(" 20")  # s that each number is rung
_LONGEST_WAIT = const(1200)  # s that a call may wait for the network; then all get the message

_ORDERED = const(4)  # of a cycle: the uptime in s of the call


class SensorAlarm(Feature):
    """What all alarms do; what one does to a relay is of the model's class.

    Attributes: `enabled`, the ALARM function is enabled; `active`, the sensor is.

    idle: how an inactive sensor is shown by STATUS; ends: results of a call after which nobody
    else is called. What the class of a model hears, if it cares, besides every feature's events:

    activate(now)   the sensor is active: sets `moved` if a relay is in the state of an activation
    release(now)    the sensor returned, with SMSCHANGE
    finish(now, by) the ALARM function goes off: what lasts for a time ends
    """

    idle: str
    ends: tuple
    section = "alarm"
    parameters: tuple = (
        Choice("SENSORTYPE", ("NO", "NC")),
        Choice("ALERT", ("SMS", "CALL", "SMSCHANGE", "OFF")),
        Choice("CALLSMS", OFF_ON),
    )
    commands = (
        ("ALARMON", "switch", ""),
        ("ALARMOFF", "switch", ""),
        ("ALARM?", "tell", "Inf"),
        ("SHOWALARMLOG", "show_log", "always"),
    )
    _closed = None  # the loop; None until the contact was seen for the first time
    _cut_off = False  # a restart ended the last call of a cycle

    @property
    def enabled(self):
        return self.state["on"]

    @property
    def active(self):
        return self._closed == (self.device.settings["SENSORTYPE"] == "NO")

    def _follows(self):
        """Tell whether every change counts, not only activations."""
        return self.device.settings["ALERT"] == "SMSCHANGE"

    # --- events ---

    def uptime_ends(self):
        log = [self._shown(entry) for entry in self.state["log"]]
        self.change(log=log, ready=0)
        if self.state["cycle"]:
            numbers, index, text, when, _ = self.state["cycle"]
            text = text and self.device.stamped(text, when)
            self.change(cycle=[numbers, index, text, -1, 0])

    def start(self, cause, now):
        if self.state["cycle"] and self._call() is None:
            self._order_call()
        # Switched on: an active sensor is an alarm, whatever was reported before.
        self._arming = cause != "restart"
        if self._cut_off:
            self._arming = False
            self._pause(now)

    def contact(self, closed, now):
        """The sensor input's loop changed, or is so at the start."""
        if closed == self._closed:
            return
        # With the first one, the record says what was before.
        before = self.state["moved"] if self._closed is None else self.active
        self._closed = closed
        self._changed = now  # uptime in seconds of the last change
        arming, self._arming = self._arming, False
        if not self.active:
            self.change(holds=False)
        if arming and self.active and self.enabled:
            self._arm(now)
        elif self._detecting() and self._follows() and before != self.active:
            self._move(now)
        self._look(now)

    def deadline(self):
        cycle = self.state["cycle"]
        if cycle:
            call = self._call()
            begun = call is not None and call[outbox.BEGUN]  # that has an end of its own
            return None if begun else cycle[_ORDERED] + _LONGEST_WAIT
        return self.state["ready"] if self._wanted() else None

    def tick(self, now):
        if self.state["cycle"]:
            self._write_to_all(now)  # there is no network to call by
        else:
            self._look(now)

    def errand_done(self, kind, note, result, now):
        """A call of an alarm ended; result is None if a restart cut it off: nobody picked up."""
        if kind != outbox.CALL or note != outbox.ALARM or not self.state["cycle"]:
            return
        self._cut_off = result is None  # heard before the start of this feature
        numbers, index, text, when, _ = self.state["cycle"]
        if result in self.ends:
            self.change(cycle=[])
            self._pause(now)
        elif index + 1 == len(numbers) or result == "no voice":
            self._write_to_all(now)
        else:
            self.change(cycle=[numbers, index + 1, text, when, now])
            self._order_call()

    def status(self, now):
        status = "Active" if self.active else self.idle
        return ("ALARMF: " + self._word(), "ALARM status: " + status)

    # --- what is detected ---

    def order(self, on, now, by):
        """Enable or disable the ALARM function; what is so already stays so. by: see `Relay`."""
        if on == self.enabled:
            return
        self.change(on=on)
        if on:
            self._arm(now)
        else:
            self._end_calls()
            self.device.outbox.drop(outbox.ALARM)
            notify(self, "finish", now, by)

    def _arm(self, now):
        """Begin afresh; a cycle that runs goes on.

        A sensor that is active already makes its alarm at the next tick, which is at once, but
        after the reply to a command is owed: so that comes first.
        """
        # A change of SENSORTYPE may have made the sensor inactive.
        self.change(reported=False, moved=False, holds=self.state["holds"] and self.active)
        self._changed = now
        if not self.state["cycle"]:
            self.change(ready=0)

    def _detecting(self):
        return self.enabled and self._closed is not None and not self.state["cycle"]

    def _wanted(self):
        """Tell whether the sensor would make an alarm, or has returned, but for the pause."""
        reported = self._follows() and self.state["reported"]
        return self._detecting() and self.active != reported

    def _look(self, now):
        if not self._wanted() or now < self.state["ready"]:
            return
        if self._follows():
            self._report(now)
        else:
            self._alarm(now)
        if not self.state["cycle"]:
            self._pause(now)

    def _alarm(self, now):
        """An activation with ALERT=SMS, CALL or OFF."""
        device = self.device
        self._log(now)
        notify(self, "activate", now)
        numbers, way = device.addresses(), device.settings["ALERT"]
        both = way == "CALL" and device.settings["CALLSMS"] == "ON"
        if way == "CALL" and numbers:
            self.change(cycle=[numbers, 0, "" if both else _ACTIVE, now, now])
            self._order_call()
        if way == "SMS" or both:
            device.alert(outbox.ALARM, _ACTIVE, now)

    def _report(self, now):
        """A change with ALERT=SMSCHANGE, as of when it was, not of when the pause ended."""
        self.change(reported=self.active)
        if self.active:
            self._log(self._changed)
            if not self.state["moved"]:
                self._move(now)
        text = _ACTIVE if self.active else _RETURNED
        self.device.alert(outbox.ALARM, text, self._changed)

    def _log(self, when):
        entry = when if self.device.clock.text(when) is None else self._shown(when)
        self.change(log=(self.state["log"] + [entry])[-_LOG_ENTRIES:])

    def _shown(self, entry):
        if type(entry) is str:
            return entry
        text = self.device.clock.text(entry)
        return "not set" if text is None else text[:8] + ":" + text[9:14]

    def _pause(self, now):
        # Now is a whole second that has begun: one more, so that the pause is never cut short.
        self.change(ready=now + _PAUSE + 1)

    def _move(self, now):
        """A relay follows a change of the sensor."""
        if self.active:
            notify(self, "activate", now)
        else:
            notify(self, "release", now)
            self.change(moved=False)

    # --- the calls of an alarm: one number after the other until somebody answers (9.2) ---

    # They are kept in the record together with the errand of the call that is next or under way.
    # A restart finds both: a call that had begun is never begun again, the next number is called.
    # The numbers are those it began with, whatever becomes of the list.

    def _order_call(self):
        numbers, index = self.state["cycle"][:2]
        self.device.errands.add(outbox.CALL, numbers[index] + _RING, outbox.ALARM, True)

    def _call(self):
        for errand in self.device.errands.entries:
            if errand[outbox.KIND] == outbox.CALL and errand[outbox.NOTE] == outbox.ALARM:
                return errand
        return None

    def _end_calls(self):
        self.device.errands.cancel(outbox.CALL, outbox.ALARM)
        self.change(cycle=[])

    def _write_to_all(self, now):
        """Nobody answered: owe the message to everybody; it waits for the network.

        With CALLSMS the text is empty: the message was owed when the cycle began.
        """
        numbers, _, text, when, _ = self.state["cycle"]
        self._end_calls()
        if text:
            self.device.outbox.alert(outbox.ALARM, numbers, text, when)
        self._pause(now)

    # --- commands ---

    def assign(self, parameter, request):
        name, settings = parameter.name, self.device.settings
        before = settings[name]
        reply = super().assign(parameter, request)
        if self.enabled and name in ("SENSORTYPE", "ALERT") and settings[name] != before:
            self._arm(request.now)
        return reply

    def switch(self, request):
        """`{name} - OK` and `ALARM function: Enabled` or `Disabled`"""
        self.order(request.name == "ALARMON", request.now, request.by)
        return request.name + " - OK\nALARM function: " + self._word()

    def tell(self, request):
        """`ALARM function: Disabled\\nSensor(s): Connected\\nALARM status: No activity`"""
        plug = "Sensor(s): " + ("Connected" if self.device.sensor_plugged else "Not connected")
        status = "ALARM status: " + ("Active" if self.active else "No activity")
        return "\n".join(("ALARM function: " + self._word(), plug, status))

    def show_log(self, request):
        """a line an activation, `yy/mm/dd:hh:mm`, the newest last, or `No alarms!`"""
        return "\n".join([self._shown(entry) for entry in self.state["log"]]) or "No alarms!"

    def _word(self):
        return "Enabled" if self.enabled else "Disabled"
