# SPDX-License-Identifier: MIT
"""The alarm wins: whatever call rings or operator is asked, the first number is called in 10 s.

A stranger's call begins, or ends, at every 50 ms around the alarm, on both VMs, in one life after
another of the same device.
"""

from __future__ import annotations

import pytest

from host_tests.world_kit import OWNER, ask, on_line
from tools.bench.network.calls import OutCall
from tools.bench.world.world import World

FRIEND = "+31600000002"
STRANGER = "+31699999999"
SECOND = 1000
STEP = 50  # ms
WITHIN = 10 * SECOND
VMS = ("cpython", "micropython")


def armed(vm: str, *orders: str) -> World:
    world = on_line(World(vm=vm))
    for order in ("MAKEMEBOSS", "ALERT=CALL", *orders, "ALARMON"):
        ask(world, order)
    world.network.treat_calls(OWNER, "answer")
    world.run_for(5 * SECOND)
    return world


def to(world: World, number: str, since: int) -> list[OutCall]:
    """Return the calls to a number, but for so many calls at the beginning."""
    return [call for call in world.network.calls[since:] if call.to == number]


def alarm(world: World) -> None:
    """The contact closes; hold that the owner is called in time and can answer, then be ready."""
    calls = len(world.network.calls)
    world.contact.set(True)
    assert world.run_until(lambda: len(world.network.calls) > calls, WITHIN), "not called"
    call = world.network.calls[calls]
    assert call.to == OWNER
    world.contact.set(False)
    assert world.run_until(lambda: call.over, 30 * SECOND)
    assert call.state == "ended", call.state  # it was answered: nobody took it for over before
    world.run_for(75 * SECOND)
    assert len(world.network.calls) == calls + 1, "called twice"


def around(world: World, ms: int, act: object) -> None:
    """Let an act happen so many ms after (or, negative, before) the alarm, which comes then."""
    world.kernel.after(max(0, ms), act)
    world.run_for(max(0, -ms))
    alarm(world)


@pytest.mark.parametrize("vm", VMS)
def test_a_call_that_begins_to_ring_around_the_alarm(vm: str) -> None:
    world = armed(vm)
    for ms in range(-6000, 4000, STEP):
        around(world, ms, lambda: world.network.call(STRANGER))
        world.network.hang_up(STRANGER)
        world.run_for(2 * SECOND)
    world.close()


@pytest.mark.parametrize("vm", VMS)
def test_a_call_that_ends_around_the_alarm(vm: str) -> None:
    world = armed(vm)
    for ms in range(-2000, 6000, STEP):
        world.network.call(STRANGER)
        world.run_for(6 * SECOND)
        around(world, ms, lambda: world.network.hang_up(STRANGER))
    world.close()


@pytest.mark.parametrize("vm", VMS)
def test_an_operator_who_does_not_answer(vm: str) -> None:
    world = armed(vm, "CREDITUMS=*100#")
    world.network.ussd["*100#"] = None
    for ms in range(-8000, 3000, 10 * STEP):
        around(world, ms, lambda: world.network.deliver(OWNER, "CREDIT"))
    texts = [message.text for message in world.network.messages if message.to == OWNER]
    assert "Execute error!" in texts[-1] or "No more error" in texts[-1]
    world.close()


def test_the_confirmation_of_a_call_gives_way() -> None:
    """The owner's call switches and he is called back: the alarm goes first at any moment.

    Its number is another one, so that no call can be taken for the other.
    """
    orders = ("RING=SWITCH", "RINGCONFIRM=CALL", f"ALERTNUMBER-{OWNER}", f"ALERTNUMBER{FRIEND}")
    world = armed("cpython", *orders)
    world.network.treat_calls(OWNER, "ignore")
    world.network.treat_calls(FRIEND, "answer")
    for ms in range(0, 18_000, 10 * STEP):
        level, before = world.relay_on, len(world.network.calls)
        world.network.call(OWNER)
        world.run_for(ms)
        world.contact.set(True)
        assert world.run_until(lambda n=before: bool(to(world, FRIEND, n)), WITHIN), ms
        world.contact.set(False)
        world.run_for(100 * SECOND)
        assert [call.state for call in to(world, FRIEND, before)] == ["ended"], ms
        assert ms < 4 * SECOND or world.relay_on != level, ms
        world.network.hang_up(OWNER)
        world.run_for(5 * SECOND)
    assert OWNER in {call.to for call in world.network.calls}
    world.close()


def test_a_callback_is_not_ended_by_the_end_of_another_call() -> None:
    world = on_line(World(model="GSM707"))
    for order in (f"SECNUMBER{OWNER}", "SECLIST=ON"):
        world.network.deliver(OWNER, order)
        world.run_for(10 * SECOND)
    world.network.treat_calls(OWNER, "answer")
    for ms in range(0, 10_000, 5 * STEP):
        before = len(world.network.calls)
        world.network.call(STRANGER)
        world.run_for(3 * SECOND)
        world.network.deliver(OWNER, "CALLBACK")
        world.kernel.after(ms, lambda: world.network.hang_up(STRANGER))
        assert world.run_until(lambda n=before: len(world.network.calls) > n, 30 * SECOND), ms
        call = world.network.calls[before]
        assert world.run_until(lambda c=call: c.state == "answered", 10 * SECOND), ms
        world.run_for(12 * SECOND)
        assert call.state == "answered", ms  # the microphone is open until he hangs up
        world.network.hang_up(OWNER)
        world.run_for(10 * SECOND)
        assert call.state == "ended" and len(world.network.calls) == before + 1, ms
    world.close()
