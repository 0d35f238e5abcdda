# SPDX-License-Identifier: MIT
"""What the page shows of the past: observations turned into JSON, and the newest of them kept.

A page that is opened late, or was too slow, gets all of it at once; the others get what is new.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from tools.bench.scenario import observations as o
from tools.bench.scenario.steps import FailThermometer, SetContact, SetTemperature
from tools.bench.scenario.view import printable, tell

Json = dict[str, Any]

NOTES, MESSAGES, TRACE, POINTS = 400, 400, 600, 20_000  # how much is kept
OVER = ("rejected", "busy", "unreachable", "unanswered", "cancelled", "ended", "dropped", "missed")
LINES_A_BATCH = 200  # of AT traffic and log; nobody reads more in a twentieth of a second


class Chronicle:
    """The past of one world.

    Attributes:
        left_out: lines of AT traffic and log that no page was sent: too many at once.
    """

    def __init__(self, celsius: float | None, set_point: float | None) -> None:
        self._notes: deque[Json] = deque(maxlen=NOTES)
        self._messages: deque[Json] = deque(maxlen=MESSAGES)
        self._traffic: deque[Json] = deque(maxlen=TRACE)
        self._log: deque[Json] = deque(maxlen=TRACE)
        self._calls: dict[str, Json] = {}
        self._untaken: deque[Json] = deque(maxlen=MESSAGES)
        self._unread: deque[Json] = deque(maxlen=MESSAGES)  # taken by the modem
        self._refused = ""  # why the message that the device is about to delete was refused
        self._point: list[Any] = [0, celsius, set_point, 0, 0, 1]
        self._points: deque[list[Any]] = deque([list(self._point)], maxlen=POINTS)
        self._new: dict[str, list[Any]] = {}
        self._number = 0
        self.left_out = 0

    def past(self) -> Json:
        """Return everything that is kept."""
        return {
            "notes": list(self._notes),
            "messages": list(self._messages),
            "trace": [*self._log, *self._traffic],
            "calls": list(self._calls.values()),
            "points": list(self._points),
        }

    def take_new(self) -> Json:
        """Return what has come since the last call, and count from here on."""
        new, self._new = self._new, {}
        for kind, most in (("messages", MESSAGES), ("notes", NOTES), ("points", POINTS)):
            if len(new.get(kind, [])) > most:
                new[kind] = new[kind][-most:]
        trace = new.get("trace", [])
        if len(trace) > LINES_A_BATCH:
            self.left_out += len(trace) - LINES_A_BATCH
            new["trace"] = trace[-LINES_A_BATCH:]
            new["left_out"] = [self.left_out]
        return new

    def notice(self, seen: o.Observation) -> None:
        """Take note of an observation."""
        match seen:
            case o.MessageFromPhone():
                self._message(seen.at, "to_device", seen.sender, seen.text)
            case o.MessageToPhone():
                self._message(seen.at, "to_phone", seen.to, seen.text)
            case o.CallChanged():
                self._call(seen)
            case o.UartTraffic():
                self._line(seen.at, "sent" if seen.sent else "received", seen.text)
            case o.DeviceLog():
                self._line(seen.at, "log", seen.text)
                if seen.refused or " mail: " in seen.text:  # it could not be deleted
                    self._refused = seen.refused
            case o.OtherEvent(kind="sms_taken"):
                self._taken(seen)
            case o.OtherEvent(kind="sms_read"):
                self._read(seen)
        self._draw(seen)
        self._tell(seen)

    # -- kinds of news --------------------------------------------------------------------------

    def _add(self, kind: str, item: Any) -> None:
        self._new.setdefault(kind, []).append(item)

    def _message(self, at: int, way: str, who: str, text: str) -> None:
        self._number += 1
        item = {"id": self._number, "at": at, "way": way, "who": who, "text": text}
        self._messages.append(item)
        self._add("messages", item)
        if way == "to_device":
            self._untaken.append(item)

    def _taken(self, seen: o.OtherEvent) -> None:
        """The modem has got the oldest message of that phone."""
        for item in self._untaken:
            if item["who"] == seen.text:
                self._untaken.remove(item)
                item["taken"] = seen.at
                self._unread.append(item)
                self._add("taken", {"id": item["id"], "at": seen.at})
                return

    def _read(self, seen: o.OtherEvent) -> None:
        """The device has deleted the oldest message of that phone; its log has just said why."""
        item = next((item for item in self._unread if item["who"] == seen.text), None)
        if item is None:
            return
        self._unread.remove(item)
        if self._refused:
            item["refused"] = self._refused
            self._add("refused", {"id": item["id"], "why": self._refused})
        self._refused = ""

    def _call(self, seen: o.CallChanged) -> None:
        call = {
            "at": seen.at,
            "by_device": seen.by_device,
            "number": seen.number,
            "state": seen.state,
            "over": seen.state in OVER,
        }
        self._calls[seen.number] = call
        self._add("calls", call)

    def _line(self, at: int, kind: str, text: str) -> None:
        item = {"at": at, "kind": kind, "text": printable(text)}
        (self._log if kind == "log" else self._traffic).append(item)
        self._add("trace", item)

    def _tell(self, seen: o.Observation) -> None:
        if isinstance(seen, o.StepDone) and seen.held and not seen.expectation:
            return  # it would only repeat what was clicked
        if isinstance(seen, o.StepBegun):
            if isinstance(seen.step, (SetContact, SetTemperature, FailThermometer)):
                self._note(seen.at, seen.step.render(), "world")
            return
        told = tell(seen, False)
        if told is not None:
            self._note(seen.at, printable(told[0]), told[1])

    def _note(self, at: int, text: str, style: str) -> None:
        item = {"at": at, "text": text, "style": style}
        self._notes.append(item)
        self._add("notes", item)

    # -- the plot -------------------------------------------------------------------------------

    def _draw(self, seen: o.Observation) -> None:
        """Add a point if something that is drawn has changed."""
        _, celsius, goal, socket, contact, mains = self._point
        match seen:
            case o.StepBegun(step=SetTemperature() as step):
                celsius = step.celsius
            case o.StepBegun(step=FailThermometer()):
                celsius = None
            case o.StepBegun(step=SetContact() as step):
                contact = int(step.closed)
            case o.RelaySwitched(relay="socket"):
                socket = int(seen.on)
            case o.OtherEvent(kind="room"):
                celsius = float(seen.text.split()[1])
            case o.OtherEvent(kind="setpoint"):
                goal = json.loads(seen.text)
            case o.OtherEvent(kind="mains"):
                mains = int(seen.text)
        point = [seen.at, celsius, goal, socket, contact, mains]
        if point[1:] != self._point[1:]:
            self._point = point
            self._points.append(point)
            self._add("points", point)
