# SPDX-License-Identifier: MIT
"""The paced world: steps done to it while it runs, and what it lets be noticed."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

import pytest
from fake_world import Device, FakeWorld, mute, switch

from tools.bench.scenario import observations as o
from tools.bench.scenario.feed import Feed
from tools.bench.scenario.files import ScenarioError
from tools.bench.scenario.session import Session
from tools.bench.world.world import DeviceError, NotBuilt


def hold(
    talk: Callable[[Session], Awaitable[None]],
    device: Device = mute,
    speed: float = math.inf,
    world: FakeWorld | None = None,
) -> tuple[FakeWorld, list[o.Observation]]:
    """Run a session around a coroutine; return its world and what was noticed."""
    world = world or FakeWorld(device)
    noticed: list[o.Observation] = []

    async def main() -> None:
        session = Session(world, speed)  # type: ignore[arg-type]
        stream = session.subscribe()
        running = asyncio.create_task(session.run())
        session.switch_on()
        try:
            await asyncio.wait_for(talk(session), 20)
        finally:
            session.stop()
            await running
            noticed.extend([observation async for observation in stream])

    asyncio.run(main())
    assert world.closed
    return world, noticed


def test_a_step_is_done_and_what_follows_is_noticed() -> None:
    async def talk(session: Session) -> None:
        done = await session.do("+1 > ON")
        assert done.held and done.step == "+1 > ON" and not done.expectation
        assert (await session.do("+1 < Power socket ON")).held

    _, noticed = hold(talk, switch)
    kinds = [type(observation) for observation in noticed]
    assert kinds.index(o.MessageFromPhone) < kinds.index(o.MessageToPhone)
    message = next(x for x in noticed if isinstance(x, o.MessageToPhone))
    assert (message.to, message.text) == ("+1", "Power socket ON")
    assert o.OnlineChanged in kinds and kinds[-1] is o.StepDone


def test_expectations_run_side_by_side_and_fail_with_a_reason() -> None:
    async def talk(session: Session) -> None:
        outcomes = await asyncio.gather(
            session.do("+1 < nothing for 5s"),
            session.do("socket on within 2s"),
            session.do("asleep within 1h"),
        )
        assert [done.held for done in outcomes] == [True, False, False]
        assert outcomes[1].reason == "expected socket on within 2s; came socket off"
        assert outcomes[2].at - outcomes[0].at == 3_595_000

    hold(talk)


def test_what_is_no_step_raises_and_does_nothing() -> None:
    async def talk(session: Session) -> None:
        with pytest.raises(ScenarioError, match="did you mean `socket on`"):
            await session.do("socket onn")
        done = await session.do("model EP")
        assert not done.held and "stands only before anything else" in done.reason

    _, noticed = hold(talk)
    assert [str(x.step.render()) for x in noticed if isinstance(x, o.StepBegun)] == ["model EP"]


def test_what_is_not_built_says_so() -> None:
    def device(world: FakeWorld, sender: str, text: str) -> None:
        raise NotBuilt("faxes")

    async def talk(session: Session) -> None:
        assert (await session.do("+1 > x")).reason == "this is not built yet: faxes"

    hold(talk, device)


def test_the_world_keeps_real_time() -> None:
    async def talk(session: Session) -> None:
        began = time.monotonic()
        assert not (await session.do("socket on within 0.3s")).held
        assert 0.25 < time.monotonic() - began < 5

    hold(talk, speed=1.0)


def test_waiting_lets_time_go_by_at_full_speed() -> None:
    async def talk(session: Session) -> None:
        began = time.monotonic()
        assert (await session.do("wait 10h")).held
        assert session.now >= 36_000_000
        later = session.now
        await asyncio.sleep(0.1)
        assert 50 <= session.now - later < 5_000
        assert time.monotonic() - began < 5

    hold(talk, speed=1.0)


def test_speed_and_pause() -> None:
    async def talk(session: Session) -> None:
        began = session.now
        await asyncio.sleep(0.1)
        assert session.now == began
        session.speed = 600
        await asyncio.sleep(0.1)
        assert 30_000 < session.now - began < 600_000
        with pytest.raises(ValueError, match="not negative"):
            session.speed = -1

    hold(talk, speed=0)


def test_steps_that_are_not_over_at_the_end_are_reported() -> None:
    pending: list[asyncio.Task[o.StepDone]] = []

    async def talk(session: Session) -> None:
        pending.append(asyncio.create_task(session.do("asleep within 10h")))
        await session.do("contact closed")

    async def main() -> None:
        world = FakeWorld()
        session = Session(world)  # type: ignore[arg-type]
        running = asyncio.create_task(session.run())
        await talk(session)
        session.stop()
        await running
        assert (await pending[0]).reason == "the session is over"
        assert (await session.do("contact open")).reason == "the session is over"
        assert [x async for x in session.subscribe()] == []

    asyncio.run(main())


class Faulty(FakeWorld):
    """A world whose device is stopped by its runner some times."""

    faults = 1

    def step(self, limit: int) -> bool:
        if self.online and self.faults:
            self.faults -= 1
            raise DeviceError("it hung")
        return super().step(limit)


def test_a_device_that_was_stopped_is_restarted() -> None:
    async def talk(session: Session) -> None:
        await session.do("wait 1m")

    world, noticed = hold(talk, world=Faulty())
    assert [x.text for x in noticed if isinstance(x, o.DeviceFault)] == ["it hung"]
    assert world.restarts == ["fault"]


def test_a_device_that_cannot_be_run_ends_the_session() -> None:
    world = Faulty()
    world.faults = 100

    async def talk(session: Session) -> None:
        assert not (await session.do("asleep")).held

    with pytest.raises(DeviceError, match="it hung"):
        hold(talk, world=world)
    assert world.closed


def test_a_subscriber_that_is_slow_loses_the_oldest() -> None:
    async def main() -> None:
        feed = Feed(capacity=2)
        slow, gone = feed.subscribe(), feed.subscribe()
        gone.close()
        for number in range(5):
            feed.publish(o.DeviceLog(number, ""))
        assert slow.lost == 3
        assert (await anext(slow)).at == 3
        feed.close()
        assert [x.at async for x in slow] == [4]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("kind", "text", "observation"),
    [
        ("sms_to", "+1 two words\nmore", o.MessageToPhone(7, "+1", "two words\nmore")),
        ("sms_to", "+1 ", o.MessageToPhone(7, "+1", "")),
        ("sms_from", "hidden x", o.MessageFromPhone(7, "hidden", "x")),
        ("relay", "1", o.RelaySwitched(7, "socket", True)),
        ("microrelay", "0", o.RelaySwitched(7, "microrelay", False)),
        ("led", "gsm 1/3s", o.LedChanged(7, "gsm", "1/3s")),
        ("call", "out +1 ringing", o.CallChanged(7, True, "+1", "ringing")),
        ("call", "in hidden missed", o.CallChanged(7, False, "hidden", "missed")),
        ("uart_tx", "AT\\r", o.UartTraffic(7, True, "AT\\r")),
        ("log", "x", o.DeviceLog(7, "x")),
        ("crash", "a|b", o.DeviceCrashed(7, "a\nb")),
        ("power", "on", o.OtherEvent(7, "power", "on")),
    ],
)
def test_what_the_world_reports_is_typed(kind: str, text: str, observation: o.Observation) -> None:
    assert o.from_world(7, kind, text) == observation
