# SPDX-License-Identifier: MIT
"""The page's server and what stands behind it, without a browser."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from page_kit import broken, until, with_bench

from tools.bench.__main__ import main
from tools.bench.scenario import observations as o
from tools.bench.scenario import play as playing
from tools.bench.scenario.grammar import parse_line
from tools.bench.scenario.steps import NOWHERE
from tools.bench.scenario.view import tell
from tools.bench.web.background import served
from tools.bench.web.bench import Bench, OrderError
from tools.bench.web.chronicle import LINES_A_BATCH, MESSAGES, Chronicle
from tools.bench.web.clients import QUEUE, Client
from tools.bench.web.commands import models, ready
from tools.bench.web.orders import carry_out
from tools.bench.web.orders import parse as parse_order
from tools.bench.web.room import Room
from tools.bench.web.server import HOST, Server
from tools.bench.web.watch import set_point
from tools.bench.world.world import World

ANNA = "+31600000001"


# -- who may come in ----------------------------------------------------------------------------


def test_only_this_computer_and_our_own_page_come_in() -> None:
    with served() as bench:

        async def ask(path: str, **headers: str) -> tuple[int, Any]:
            async with (
                aiohttp.ClientSession() as session,
                session.get(bench.url + path, headers=headers) as answer,
            ):
                return answer.status, answer.headers

        port = bench.url.rsplit(":", 1)[1].strip("/")
        own = bench.url.rstrip("/")
        status, headers = asyncio.run(ask(""))
        assert status == 200 and "default-src 'self'" in headers["Content-Security-Policy"]
        assert asyncio.run(ask("", Host=f"localhost:{port}"))[0] == 200
        assert asyncio.run(ask("static/main.js", Origin=own))[0] == 200
        assert asyncio.run(ask("vendor/uPlot.esm.js"))[0] == 200
        for refused in (
            {"Host": "evil.example"},
            {"Host": f"evil.example:{port}"},
            {"Host": "127.0.0.1"},
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": f"http://127.0.0.1:{int(port) + 1}"},
        ):
            for path in ("", "scenario", "settings", "socket", "static/main.js"):
                assert asyncio.run(ask(path, **refused))[0] == 403, (refused, path)
        assert asyncio.run(ask("static/../server.py"))[0] == 404
        assert bench.server._runner is not None
        assert [address[0] for address in bench.server._runner.addresses] == [HOST]


def test_a_web_socket_has_to_say_where_it_comes_from() -> None:
    with served() as bench:

        async def connect(**headers: str) -> int:
            async with aiohttp.ClientSession() as session:
                try:
                    async with session.ws_connect(bench.url + "socket", headers=headers) as socket:
                        message = json.loads(await socket.receive_str())
                        assert message["type"] == "snapshot"
                except aiohttp.WSServerHandshakeError as refusal:
                    return refusal.status
                return 101

        assert asyncio.run(connect()) == 403
        assert asyncio.run(connect(Origin="http://evil.example")) == 403
        assert asyncio.run(connect(Origin=bench.url.rstrip("/"))) == 101


def test_a_taken_port_is_left_to_whoever_has_it() -> None:
    async def talk(bench: Bench) -> None:
        first, second = Server(bench), Server(bench)
        await first.start(0)
        port = int(first.url.rsplit(":", 1)[1].strip("/"))
        await second.start(port)
        assert second.url != first.url and second.url.startswith(f"http://{HOST}:")
        await second.close()
        await first.close()

    with_bench(talk)


# -- orders -------------------------------------------------------------------------------------


def test_an_order_is_carried_out() -> None:
    async def talk(bench: Bench) -> None:
        await carry_out(bench, {"order": "do", "step": f"{ANNA} > ON"})
        await until(lambda: bench.state()["gauges"]["socket"])
        assert bench.state()["gauges"]["cause"] == f"SMS {ANNA}"

    with_bench(talk)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"order": "do", "step": "socket onn"}, "did you mean"),
        ({"order": "do", "step": f"{ANNA} answers"}, "is not calling"),
        ({"order": "do", "step": "model EP"}, "stands only before"),
        ({"order": "speed", "speed": -1}, "not negative"),
        ({"order": "room", "appliance": "oven", "outside": 5}, "oven"),
        ({"order": "restart", "model": "EP", "vm": "dos"}, "dos"),
        ({"order": "load", "settings": "[]"}, "no settings"),
        ({"order": "load", "settings": '{"model":"EP","us":false,"record":3}'}, "no settings"),
        ({"order": "format c:"}, "not"),
        ({}, "not"),
    ],
)
def test_an_order_is_refused_with_a_reason(order: dict[str, Any], reason: str) -> None:
    async def talk(bench: Bench) -> None:
        with pytest.raises(OrderError, match=reason):
            await carry_out(bench, order)

    with_bench(talk)


@pytest.mark.parametrize("text", ["[1", "[1]"])
def test_what_is_no_order_is_refused(text: str) -> None:
    with pytest.raises(OrderError):
        parse_order(text)


def test_a_pause_and_the_next_event() -> None:
    async def talk(bench: Bench) -> None:
        await until(lambda: bench.session.online)
        bench.set_speed(0)
        await asyncio.sleep(0.1)
        await bench.do(f"{ANNA} > OFF60")
        now = bench.session.now
        await asyncio.sleep(0.3)
        assert bench.session.now == now
        bench.skip()  # to the answer
        await until(lambda: bench.session.now > now)
        await asyncio.sleep(0.2)
        assert 3_000 < bench.session.now - now < 20_000 and bench.session.speed == 0
        bench.skip()  # to the end of OFF60
        await until(lambda: bench.state()["gauges"]["socket"])
        assert 60_000 < bench.session.now - now < 80_000

    with_bench(talk)


def test_settings_are_saved_and_loaded_and_their_scenario_is_played(tmp_path: Path) -> None:
    async def talk(bench: Bench) -> None:
        await until(lambda: bench.session.online)
        await bench.do(f"{ANNA} > RESTARTTIME=7")
        await until(lambda: "RESTARTTIME" in bench.saved())
        saved = bench.saved()
        generation = bench.generation
        await bench.restart("EP", "cpython", False)
        assert bench.generation == generation + 1 and "RESTARTTIME" not in bench.saved()
        await carry_out(bench, {"order": "load", "settings": saved})
        await until(lambda: bench.session.online)
        await bench.do(f"{ANNA} > RESTARTTIME?")
        await until(lambda: any(m["way"] == "to_phone" for m in bench.snapshot()["messages"]))
        texts = [m["text"] for m in bench.snapshot()["messages"]]
        assert texts[-1] == "RESTARTTIME=7 seconds"
        (tmp_path / "loaded.scn").write_text(bench.recorded())

    with_bench(talk)
    assert main(["play", str(tmp_path / "loaded.scn")]) == playing.HELD


# -- crashes and hangs --------------------------------------------------------------------------


def test_a_crash_is_shown_and_a_new_start_helps() -> None:
    with served(make=broken("end", 20)) as bench:
        wait(lambda: bench.bench.fault is not None)
        assert bench.bench.fault and bench.bench.fault["kind"] == "crash"
        assert "ValueError: first line" in bench.bench.fault["text"]
        bench.call(bench.bench.restart("EP", "cpython", False))
        wait(lambda: bench.bench.session.online)
        assert bench.bench.fault is None


def test_a_hang_is_shown_while_it_lasts_and_a_device_that_only_hangs_stops() -> None:
    with served(make=broken("spin", 2.6)) as bench:
        wait(lambda: bench.bench.state()["stuck"] > 0)
        wait(lambda: bench.bench.fault is not None)
        assert bench.bench.fault and "not idle after 2.6 s" in bench.bench.fault["text"]
        wait(lambda: bool(bench.bench.problem))
        assert "failed again and again" in bench.bench.problem
        with pytest.raises(OrderError, match="stands still"):
            bench.do("+1 > ON")
        bench.call(bench.bench.restart("EP", "cpython", False))
        wait(lambda: bench.bench.session.online)
        assert not bench.bench.problem


def wait(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


# -- slow pages ---------------------------------------------------------------------------------


def test_a_slow_page_gets_everything_again_instead_of_what_it_missed() -> None:
    class Slow:
        def __init__(self) -> None:
            self.taken: list[dict[str, Any]] = []
            self.may = asyncio.Event()

        async def send_str(self, data: str) -> None:
            await self.may.wait()
            self.taken.append(json.loads(data))

    async def go() -> None:
        state = 0
        sink = Slow()
        client = Client(sink, lambda: {"type": "snapshot", "n": state})
        sending = asyncio.create_task(client.send())
        for state in range(QUEUE * 3):
            client.put(json.dumps({"type": "news", "n": state}))
            await asyncio.sleep(0)
        assert client.skipped >= 1 and client._queue.qsize() <= QUEUE
        sink.may.set()
        await asyncio.sleep(0.05)
        kinds = [message["type"] for message in sink.taken]
        last = len(kinds) - 1 - kinds[::-1].index("snapshot")
        assert last >= 1
        numbers = [message["n"] for message in sink.taken[last:]]
        assert numbers == sorted(numbers) and numbers[-1] == state
        sending.cancel()

    asyncio.run(go())


def test_nothing_of_the_past_grows_without_bound() -> None:
    chronicle = Chronicle(21.0, None)
    for at in range(3000):
        chronicle.notice(o.UartTraffic(at, True, "AT"))
        chronicle.notice(o.MessageFromPhone(at, ANNA, "ON"))
    past = chronicle.past()
    assert len(past["messages"]) == MESSAGES and past["messages"][-1]["at"] == 2999
    news = chronicle.take_new()
    assert len(news["trace"]) == LINES_A_BATCH and news["left_out"] == [3000 - LINES_A_BATCH]
    assert chronicle.take_new() == {}


# -- small parts --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", models())
def test_a_model_has_ready_commands_that_say_what_they_do(model: str) -> None:
    commands = [command for group in ready(model) for command in group["commands"]]
    assert len(commands) > 10 and all(command["reply"] for command in commands)
    assert {"ON", "STATUS"} <= {command["typed"] for command in commands}


def test_the_set_point_is_what_the_record_says() -> None:
    assert set_point({}) is None
    assert set_point({"thermostat": {"on": True}}) == 10
    record = {"thermostat": {"on": True}, "settings": {"SWITCHOFFTEMP": "68F"}}
    assert set_point(record) == 20
    assert set_point({"thermostat": {"on": True}, "settings": {"TEMPOFF": 12}}) == 12


def test_a_room_follows_what_is_plugged_in_and_what_is_set() -> None:
    world = World()
    try:
        room = Room(world)
        world.run_for(3_600_000)
        assert world.thermometer.celsius == 21
        room.set("heater", 5.0)
        world.run_for(3_600_000)
        cooled = world.thermometer.celsius
        assert 14 < cooled < 18  # nothing heats: it goes towards what is outside
        world._set_pin("relay", True)
        world.run_for(3_600_000)
        assert world.thermometer.celsius > cooled + 5
        world.thermometer.celsius = 30.0
        world.run_for(60_000)
        assert 29.5 < world.thermometer.celsius < 31
    finally:
        world.close()


@pytest.mark.parametrize("line", ['record {"settings": {"RESTARTTIME": 5}}', f"{ANNA} answers"])
def test_a_step_that_the_page_writes_is_read_back(line: str) -> None:
    assert parse_line(line, NOWHERE).render() == line


def test_a_message_that_was_refused_has_the_devices_reason() -> None:
    async def talk(bench: Bench) -> None:
        await until(lambda: bench.session.online)
        for step in (
            f"{ANNA} > MAKEMEBOSS",
            "+1555 > ON",
            f"{ANNA} > ON",
            f"{ANNA} > {'x' * 31}",
            f"{ANNA} > ON again",
            f"{ANNA} > OFF @ 2026-01-03 12:00:00 +00:00",
        ):
            await bench.do(step)
        await bench.do("wait 1m")
        await asyncio.sleep(0.05)
        sent = [m for m in bench.snapshot()["messages"] if m["way"] == "to_device"]
        assert [m.get("refused") for m in sent] == [
            None,
            "not on the list",
            None,
            "longer than 30 characters",
            "a copy of an earlier one",
            "too old",
        ]

    with_bench(talk)


def test_the_terminal_shows_why_a_message_was_refused() -> None:
    line = o.DeviceLog(5, "12 message: refused, not on the list")
    assert tell(line, False) == ("the device refused a message: not on the list", "bad")
    assert tell(line, True) == ("log       12 message: refused, not on the list", "trace")
    assert tell(o.DeviceLog(5, "12 mail: refused"), False) is None


@pytest.mark.parametrize("command", ["page", "run", "play x.scn"])
def test_a_vm_that_there_is_not_is_said_in_a_sentence(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*command.split(), "--vm", "micropython-9"])
    error = capsys.readouterr().err
    assert "there is no VM 'micropython-9'; there is cpython, micropython" in error
    assert "Traceback" not in error
