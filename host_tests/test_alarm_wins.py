"""The alarm wins: whatever call rings or operator is asked, the first number is called in 10 s.

A stranger's call begins, or ends, at every 50 ms around the alarm, in one life after another of
the same device. On the VM a tenth of the instants; ALARM_WINS=all tries them all there, too.
"""

from __future__ import annotations

import os

import pytest

from tools.bench.world import World

OWNER = "+31600000001"
STRANGER = "+31699999999"
SECOND = 1000
STEP = 50  # ms
WITHIN = 10 * SECOND
VMS = {"cpython": 1, "micropython": 1 if os.environ.get("ALARM_WINS") == "all" else 10}


def armed(vm: str, *orders: str) -> World:
    world = World(vm=vm)
    world.power_on()
    assert world.run_until(lambda: world.online, 180 * SECOND)
    for order in ("MAKEMEBOSS", "ALERT=CALL", *orders, "ALARMON"):
        count = len(world.network.messages)
        world.network.deliver(OWNER, order)
        assert world.run_until(lambda count=count: len(world.network.messages) > count, 60_000)
    world.network.treat_calls(OWNER, "answer")
    world.run_for(5 * SECOND)
    return world


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
    for ms in range(-6000, 4000, STEP * VMS[vm]):
        around(world, ms, lambda: world.network.call(STRANGER))
        world.network.hang_up(STRANGER)
        world.run_for(2 * SECOND)
    world.close()


@pytest.mark.parametrize("vm", VMS)
def test_a_call_that_ends_around_the_alarm(vm: str) -> None:
    world = armed(vm)
    for ms in range(-2000, 6000, STEP * VMS[vm]):
        world.network.call(STRANGER)
        world.run_for(6 * SECOND)
        around(world, ms, lambda: world.network.hang_up(STRANGER))
    world.close()


@pytest.mark.parametrize("vm", VMS)
def test_an_operator_who_does_not_answer(vm: str) -> None:
    world = armed(vm, "CREDITUMS=*100#")
    world.network.ussd["*100#"] = None
    for ms in range(-8000, 3000, 10 * STEP * VMS[vm]):
        around(world, ms, lambda: world.network.deliver(OWNER, "CREDIT"))
    texts = [message.text for message in world.network.messages if message.to == OWNER]
    assert "Execute error!" in texts[-1] or "No more error" in texts[-1]
    world.close()


def test_the_last_call_of_two_listed_strangers_is_no_hindrance() -> None:
    """An owner's call that switches is carried out, then the alarm has the line."""
    world = armed("cpython", "RING=SWITCH", "RINGCONFIRM=CALL")
    world.network.treat_calls(OWNER, "ignore")
    calls = len(world.network.calls)
    world.network.call(OWNER)
    world.run_for(6 * SECOND)  # its confirmation is under way
    world.network.treat_calls(OWNER, "answer")
    world.contact.set(True)
    assert world.run_until(
        lambda: any(call.state == "ended" for call in world.network.calls[calls:]), 2 * WITHIN
    )
    world.close()
