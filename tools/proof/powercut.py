# SPDX-License-Identifier: MIT
"""Cuts the power at every flash operation, restarts the chip at every instant, of every change.

`python -m tools.proof.powercut [--sample N] [--vm ..]` prints how many cuts and restarts were
tried; the exit status is 1 if one of them lost, doubled or tore something.

For each kind of change the firmware first runs undisturbed, and its flash operations and instants
between the arrival of the order and the end of all it causes are counted. Then the same is played
once for each of them, with the power cut before, within and after that operation, or with the
chip restarted at that instant. Afterwards the device must start, the new value must be there, the
order must have been carried out once, and the answer must have come, on time or late. There is
one span in which a reply may be missing: once it is marked as given to the modem it is not sent
again, lest it come twice (docs/storage.md).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from tools.bench.world.world import World

OWNER = "+31600000001"
FRIEND = "+31600000002"
TIME = re.compile(r", \d\d/\d\d/\d\d,\d\d:\d\d:\d\d")
PLACES = ("before", "within", "after")
SETTLED = 90_000  # ms in which all is done that a change causes
ONLINE = 180_000  # ms to be back on line at most


@dataclass(frozen=True)
class Case:
    """One kind of change.

    Attributes:
        orders: what the owner sends before; each is answered.
        act: sets the change off.
        replies: what the owner must get for it, once each.
        ask, old, new: a question, and its answer before and after the change, without its time.
        cut: the answer if the power was cut, if that is another one.
        alert: the messages are an alert, which may come twice but never not at all.
        socket: level of the relay when all is done; None if a power cut may change it.
    """

    name: str
    act: Callable[[World], object]
    replies: tuple[str, ...]
    ask: str = ""
    old: str = ""
    new: str = ""
    cut: str = ""
    orders: tuple[tuple[str, str], ...] = ()
    alert: bool = False
    socket: bool | None = None


def message(text: str) -> Callable[[World], object]:
    """Return an act: the owner sends a text."""
    return lambda world: world.network.deliver(OWNER, text)


CASES = (
    Case(
        "a parameter",
        message("RESTARTTIME=77"),
        ("RESTARTTIME=77 - OK",),
        ask="RESTARTTIME?",
        old="RESTARTTIME=10 seconds",
        new="RESTARTTIME=77 seconds",
    ),
    Case(
        "a list",
        message("SECNUMBER-358402"),
        # Carried out a second time it would answer `Incorrect value!`.
        ("SECNUMBER-358402 - OK",),
        ask="SECNUMBER?",
        old="SECNUMBERs: 358401, 358402",
        new="SECNUMBERs: 358401",
        orders=(
            ("SECNUMBER+358401", "SECNUMBER+358401 - OK"),
            ("SECNUMBER+358402", "SECNUMBER+358402 - OK"),
        ),
    ),
    Case("a timer", message("ON600"), ("Power ON for 600 seconds",)),
    Case(
        "a command with reply",
        message("ON"),
        ("Power socket ON",),
        ask="WHY",
        old="Power socket OFF by power-up",
        new=f"Power socket ON by SMS {OWNER}",
        cut="Power socket ON by power-up",
        socket=True,
    ),
    Case(
        "an order that is too old",
        lambda world: world.network.deliver(
            OWNER, "ON", world.network.centre_time() - timedelta(hours=25)
        ),
        ("ON - Message is too old!",),
        socket=False,
    ),
    Case(
        "a list, by somebody else",
        lambda world: world.network.deliver(FRIEND, "SECNUMBER+358402"),
        (f"Changed by {FRIEND}: SECNUMBER+358402",),
        ask="SECNUMBER?",
        old="No SECNUMBERs!",
        new="SECNUMBERs: 358402",
        orders=(
            ("ALERTME", "Your phone number has been assigned for all types of alerts!"),
            ("NOTICE=ON", "NOTICE=ON - OK"),
            ("SMSCONFIRM=OFF", "SMSCONFIRM=OFF - OK"),
        ),
        alert=True,
    ),
    Case(
        "an alert",
        lambda world: setattr(world.thermometer, "celsius", 40.0),
        ("Temperature rise alert! TEMP: 40C(104F)",),
        orders=(
            ("ALERTME", "Your phone number has been assigned for all types of alerts!"),
            ("TRISEALERT=35C", "TRISEALERT=35C(96F) - OK"),
        ),
        alert=True,
    ),
    Case(
        "an alarm",
        lambda world: world.contact.set(True),
        ("ALARM! Sensor is active",),
        orders=(
            ("ALERTME", "Your phone number has been assigned for all types of alerts!"),
            ("RELAYTIME=ON", "RELAYTIME=ON - OK"),
            ("ALARMON", "ALARMON - OK\nALARM function: Enabled"),
        ),
        ask="SHOWALARMLOG",
        alert=True,
        socket=True,
    ),
    Case(
        "an alarm by call and message",
        lambda world: world.contact.set(True),
        ("ALARM! Sensor is active",),
        orders=(
            ("ALERTME", "Your phone number has been assigned for all types of alerts!"),
            ("ALERT=CALL", "ALERT=CALL - OK"),
            ("CALLSMS=ON", "CALLSMS=ON - OK"),
            ("ALARMON", "ALARMON - OK\nALARM function: Enabled"),
        ),
        ask="SHOWALARMLOG",
        alert=True,
    ),
    Case(
        "a reset to defaults",
        lambda world: world.button.press(11_000),
        (),
        ask="RESTARTTIME?",
        old="RESTARTTIME=77 seconds",
        new="RESTARTTIME=10 seconds",
        orders=(("RESTARTTIME=77", "RESTARTTIME=77 - OK"),),
        socket=False,
    ),
)


class Failed(Exception):
    """The device broke its promise; the text says how."""


class Run:
    """One life of the device: prepared, changed, disturbed once, and judged."""

    def __init__(self, case: Case, vm: str) -> None:
        self.case = case
        self.world = World(vm=vm)
        self.world.power_on()
        self.disturbed = False
        self._online()
        for order, reply in case.orders:
            self._say(order, reply)
        self.world.run_for(5_000)
        self.seen = len(self.world.network.messages)
        self.ops = self.world.flash.ops.total

    def _online(self) -> None:
        if not self.world.run_until(lambda: self.world.online, ONLINE):
            raise Failed("not on line")
        self.world.run_for(1_000)

    def _say(self, order: str, reply: str) -> None:
        count = len(self.world.network.messages)
        self.world.network.deliver(OWNER, order)
        done = self.world.run_until(lambda: len(self.world.network.messages) > count, SETTLED)
        got = self.world.network.messages[-1].text if done else "nothing"
        if got.split("\nTime:")[0] != reply:
            raise Failed(f"{order} was answered by {got!r}, not {reply!r}")

    def undisturbed(self) -> tuple[int, int]:
        """Return the flash operations and the instants that the change takes."""
        self.case.act(self.world)
        instants = 0
        limit = self.world.now + SETTLED
        while self.world.step(limit):
            instants += 1
            if self._settled():
                break
        self.world.run_for(5_000)
        self._judge(self.case.socket)
        return self.world.flash.ops.total - self.ops, instants + 5

    def _settled(self) -> bool:
        got = self.world.network.messages[self.seen :]
        return bool(self.case.replies) and len(got) >= len(self.case.replies)

    def cut(self, operation: int, place: str) -> None:
        """Cut the power at a flash operation of the change; judge what is left."""
        self.world.flash.cut(after_ops=operation, where=place)
        self.case.act(self.world)
        self.world.run_until(lambda: self.world.power_cuts > 0, SETTLED)
        if not self.world.power_cuts:
            self.world.flash.no_cut()
            return
        self.disturbed = True
        began = self._begun()
        self.world.run_for(3_000)
        self.world.power_on()
        self._judge_after(None, began)

    def restart(self, instant: int) -> None:
        """Restart the chip at an instant of the change; judge what is left."""
        self.case.act(self.world)
        limit = self.world.now + SETTLED
        for _ in range(instant):
            if not self.world.step(limit):
                break
        self.disturbed = True
        began = self._begun()
        self.world.restart_chip()
        self._judge_after(self.case.socket, began)

    def _begun(self) -> bool:
        """Tell whether a reply had been marked as given to the modem."""
        return any(entry[3] for record in self._records() for entry in record.get("outbox", ()))

    def _records(self) -> list[dict[str, Any]]:
        """Return the records on flash that can be read, the newest last."""
        found = []
        for slot in (0, 1):
            head, _, body = (self.world.flash.load(slot) or b"").partition(b"\n")
            with contextlib.suppress(ValueError, IndexError):
                found.append((int(head.split()[1]), json.loads(body)))
        return [record for _, record in sorted(found, key=lambda each: each[0])]

    def _judge_after(self, socket: bool | None, began: bool) -> None:
        self.world.run_for(1_000)
        self._online()
        self.world.run_for(SETTLED)
        self._judge(socket, began)

    def _judge(self, socket: bool | None, began: bool = False) -> None:
        case, world = self.case, self.world
        if world.crash_texts:
            raise Failed("crash: " + world.crash_texts[0])
        got = [m.text.split("\nTime:")[0] for m in world.network.messages[self.seen :]]
        for reply in case.replies:
            count = got.count(reply)
            if count > 1 and not case.alert:
                raise Failed(f"answered {count} times: {got}")
            if count == 0 and not (began and not case.alert):
                raise Failed(f"no {reply!r}; came: {got}")
        # The return of power is reported to the alert numbers.
        also = ("Power restored!",) if world.power_cuts else ()
        strange = [text for text in got if text not in case.replies + also]
        if strange:
            raise Failed(f"came as well: {strange}")
        # What has left is counted for SMSLIMIT, and what may have left.
        left, counted = len(world.network.messages), self._records()[-1]["budget"]["sent"]
        if not left <= counted <= left + 2 * self.disturbed:
            raise Failed(f"{left} messages have left, {counted} are counted")
        if socket is not None and world.relay_on != socket:
            raise Failed(f"the socket is {'on' if world.relay_on else 'off'}")
        if case.ask:
            answers = (case.new,) if case.replies or not self.disturbed else (case.old, case.new)
            count = len(world.network.messages)
            world.network.deliver(OWNER, case.ask)
            world.run_until(lambda: len(world.network.messages) > count, SETTLED)
            answer = TIME.sub("", world.network.messages[-1].text)
            if world.power_cuts and case.cut:
                answers = (*answers, case.cut)
            if case.ask == "SHOWALARMLOG":
                if answer == "No alarms!":
                    raise Failed("the alarm is not in the log")
            elif answer not in answers:
                raise Failed(f"{case.ask} is answered by {answer!r}")


def disturbances(operations: int, instants: int) -> Iterator[tuple[str, Callable[[Run], None]]]:
    """Yield every cut and restart of a change as (what, how)."""
    for operation in range(operations):
        for place in PLACES:
            yield (
                f"power cut {place} flash operation {operation + 1}",
                partial(_cut, operation=operation, place=place),
            )
    for instant in range(instants):
        yield (
            f"chip restart at instant {instant}",
            partial(_restart, instant=instant),
        )


def _cut(run: Run, operation: int, place: str) -> None:
    run.cut(operation, place)


def _restart(run: Run, instant: int) -> None:
    run.restart(instant)


def torture(case: Case, vm: str, every: int) -> tuple[int, int, list[str]]:
    """Return the cuts and restarts of a change that were tried, and the failures."""
    run = Run(case, vm)
    operations, instants = run.undisturbed()
    run.world.close()
    failures = []
    cuts = restarts = 0
    for number, (what, disturb) in enumerate(disturbances(operations, instants)):
        if number % every:
            continue
        cuts += "cut" in what
        restarts += "restart" in what
        run = Run(case, vm)
        try:
            disturb(run)
        except Failed as failed:
            failures.append(f"{case.name}, {what}: {failed}")
        finally:
            run.world.close()
    return cuts, restarts, failures


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="tools.proof.powercut", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--sample", type=int, default=1, help="try only each N-th disturbance")
    parser.add_argument("--vm", default="cpython", help="cpython (default) or micropython")
    args = parser.parse_args(argv)
    began = time.monotonic()
    all_cuts = all_restarts = 0
    all_failures: list[str] = []
    for case in CASES:
        cuts, restarts, failures = torture(case, args.vm, args.sample)
        print(f"{case.name}: {cuts} power cuts, {restarts} chip restarts, {len(failures)} failed")
        all_cuts, all_restarts = all_cuts + cuts, all_restarts + restarts
        all_failures += failures
    for failure in all_failures:
        print("FAILED", failure)
    extent = "every one" if args.sample == 1 else f"each {args.sample}th"
    print(
        f"{all_cuts} power cuts and {all_restarts} chip restarts on {args.vm} ({extent}),"
        f" {len(all_failures)} failed, {time.monotonic() - began:.0f} s"
    )
    return 1 if all_failures else 0


if __name__ == "__main__":
    sys.exit(main())
