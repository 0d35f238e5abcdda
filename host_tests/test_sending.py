# SPDX-License-Identifier: MIT
"""A reply leaves once or not at all, whatever becomes of its sending (the whole firmware)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from host_tests.world_kit import on_line
from tools.bench.modem.table import AtError
from tools.bench.world.world import World

ANN = "+358401234567"
REPLY = "Power socket ON"


@pytest.fixture
def world() -> Iterator[World]:
    world = on_line(World())
    world.run_for(3_000)
    yield world
    assert world.crashes == 0, world.crash_texts
    world.close()


def replies(world: World) -> list[str]:
    return [message.text for message in world.network.messages]


def tries(world: World) -> Callable[[], int]:
    """Return what counts the tries to send from now on."""
    seen: list[str] = []
    world.observe(lambda kind, text: seen.append(text) if kind == "uart_tx" else None)
    return lambda: sum("CMGS" in text for text in seen)


def sent_on(world: World) -> None:
    """ON has been received, and the modem asks for the body of the reply."""
    world.network.deliver(ANN, "ON")
    assert world.run_until(lambda: world.modem.terminal.prompting, 20_000)


@pytest.mark.parametrize("code", [38, 42, 47, 304, 331, 310, 515])
def test_transient_refusals_are_tried_again(world: World, code: int) -> None:
    world.network.refusals = [code, code]
    world.network.deliver(ANN, "ON")
    world.run_for(300_000)
    assert replies(world) == [REPLY]


@pytest.mark.parametrize("code", [8, 21, 28, 50])
def test_final_refusals_are_not(world: World, code: int) -> None:
    count = tries(world)
    world.network.refusals = [code]
    world.network.deliver(ANN, "ON")
    world.run_for(3600_000)
    assert replies(world) == []
    assert count() == 1


@pytest.mark.parametrize("code", [224, 225, 226, 332, 500, 197])
def test_what_may_have_left_is_not_sent_again(world: World, code: int) -> None:
    count = tries(world)
    world.network.refusals = [code]
    world.network.deliver(ANN, "ON")
    world.run_for(3600_000)
    assert count() == 1


def test_an_alert_from_a_modem_that_gives_no_reference(world: World) -> None:
    """Its first OK may be of something else, so that alert comes twice; no other does."""
    world.modem.adopt("no-reference")
    for text in ("ALERTNUMBER+" + ANN, "SENSORTYPE=NO", "SMSCONFIRM=OFF", "ALARMON"):
        world.network.deliver(ANN, text)
        world.run_for(60_000)
    world.run_for(120_000)
    seen = len(world.network.messages)
    for _ in range(3):
        world.contact.set(True)
        world.run_for(30_000)
        world.contact.set(False)
        world.run_for(3600_000)
    texts = [message.text for message in world.network.messages[seen:]]
    assert len(texts) in (3, 4), texts


def test_a_long_reply_goes_on_when_its_first_part_may_have_left(world: World) -> None:
    """The first OK after a start is in doubt, if this modem gives no references."""
    world.modem.adopt("no-reference")
    world.network.deliver(ANN, "HELP")
    world.run_for(300_000)
    (text,) = replies(world)
    assert text.startswith("Socket: ON OFF") and text.endswith("HELP SETTINGS"), text


def test_a_long_reply_ends_when_the_modem_does_not_come_back(world: World) -> None:
    count = tries(world)
    world.network.deliver(ANN, "HELP")
    assert world.run_until(lambda: world.modem.terminal.prompting, 20_000)
    world.modem.hang()
    world.run_for(600_000)
    assert replies(world) == []
    assert count() == 1
    assert world.online


def test_a_modem_that_says_only_error(world: World) -> None:
    """Before the body was given it is certain that nothing has left: tried again."""
    world.modem.fault("+CMGS", AtError(), AtError())
    world.network.deliver(ANN, "ON")
    world.run_for(300_000)
    assert replies(world) == [REPLY]


@pytest.mark.parametrize("fault", ["restart", "hang"])
def test_the_modem_goes_down_before_the_body_is_given(world: World, fault: str) -> None:
    world.network.deliver(ANN, "ON")
    modem = world.modem
    assert world.run_until(lambda: (modem.terminal.running or "").startswith("AT+CMGS"), 20_000)
    getattr(modem, fault)()
    world.run_for(400_000)
    assert world.relay_on
    assert replies(world) == [REPLY]


@pytest.mark.parametrize("fault", ["restart", "hang", "brown_out"])
@pytest.mark.parametrize("after", [200, 1_500, 2_500, 2_950])
def test_the_modem_goes_down_after_it(world: World, fault: str, after: int) -> None:
    """From 70 % of the sending on the network has it (sim800): never twice."""
    sent_on(world)
    world.run_for(after)
    getattr(world.modem, fault)()
    world.run_for(400_000)
    assert len(replies(world)) <= 1
    assert world.online


@pytest.mark.parametrize("lost", [True, False], ids=["result lost", "result late"])
def test_no_result_within_the_maximum_time(world: World, lost: bool) -> None:
    sent_on(world)
    if lost:
        world.line.to_device.hook = lambda data: [] if b"+CMGS:" in data else None
    else:
        world.modem.latency = "maximum"
        world.network.send_ms = 70_000
    world.run_for(200_000)
    world.line.to_device.hook = None
    world.modem.latency = "typical"
    world.network.send_ms = 3_000
    assert replies(world) == [REPLY]
    world.network.deliver(ANN, "OFF")
    world.run_for(60_000)
    assert replies(world) == [REPLY, "Power socket OFF"]


def test_garbage_on_the_line_while_sending(world: World) -> None:
    sent_on(world)
    for at in range(0, 3000, 250):
        world.kernel.after(at, lambda: world.line.to_device.inject(b"\x00\xff+C\r\n\x80OK?\r\n"))
    world.run_for(120_000)
    assert replies(world) == [REPLY]
