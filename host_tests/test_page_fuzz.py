# SPDX-License-Identifier: MIT
"""Random clicks on the bench page: what is downloaded then replays, on both VMs.

A click on a control does a scenario step, which is what this does, too. FUZZ=20 tries twenty
times as much.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tools.bench import web
from tools.bench.scenario.files import parse
from tools.bench.scenario.player import Player, Result, make_world
from tools.bench.web.bench import Bench, Choice, OrderError

ANNA, BEN = "+31600000001", "+31600000002"
TIMES = int(os.environ.get("FUZZ", "1"))
PAGE = (Path(web.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
BUTTONS = sorted(set(re.findall('data-step="([^"]+)"', PAGE)))
TEXTS = (
    *("ON", "OFF", "STATUS", "ON30", "MAKEMEBOSS", "ALARMON", "ALERT=CALL", "THERMOSTATON"),
    *("SWITCHOFFTEMP=22C", "PASSWORD=12abc", "12abcON", "PASSWORD=NO", "RING=SWITCH", "nonsense"),
    *("SECLIST=ON", "SMSCONFIRM=OFF", "ON\nOFF", "DATE", "RESTARTTIME=7", ""),
)
CLICKS = st.one_of(
    st.sampled_from(BUTTONS),
    st.sampled_from([f"{who} > {text!r}" for who in (ANNA, BEN) for text in TEXTS]).map(
        lambda step: step.replace("'", '"')
    ),
    st.sampled_from(
        [f"{ANNA} {does}" for does in ("calls", "hangs up", "answers", "will answer")]
    ),
    st.sampled_from(["power off", "power on", "mains off", "mains on", "contact closed"]),
    st.sampled_from(["contact open", "network lost", "network back", "temperature missing"]),
    st.sampled_from(["sim missing", "sim back", "sim pin", "button down", "button up"]),
    st.integers(-300, 600).map(lambda tenths: f"temperature {tenths / 10}"),
    st.sampled_from([*("wait 10s", "wait 7.123s", "wait 2m", "wait 1h"), "heater", "next event"]),
)


def click(clicks: list[str], vm: str) -> str:
    """Do the clicks, some in one instant; return the recording."""

    async def go() -> str:
        bench = Bench(Choice(vm), speed=math.inf)
        await bench.start()
        try:
            async with asyncio.timeout(120):
                while not bench.session.online:
                    await asyncio.sleep(0.01)
                bench.set_speed(0)
                for what in clicks:
                    await one(bench, what)
                await bench.do("wait 1m")
                await asyncio.sleep(0.05)  # the recording listens on this loop
            return bench.recorded()
        finally:
            await bench.close()

    return asyncio.run(go())


async def one(bench: Bench, what: str) -> None:
    if what == "heater":
        bench.set_room("heater", 5.0)
    elif what == "next event":
        before = bench.session.now
        bench.skip()
        async with asyncio.timeout(30):
            while bench.session.now == before:
                await asyncio.sleep(0.01)
    else:
        try:
            await bench.do(what)
        except OrderError:
            return  # nobody rings, say: the page shows why, and it is not recorded


def play(text: str, vm: str) -> Result:
    """Play a recording."""
    return Player(lambda setting: make_world(setting, vm)).play_steps(Path("it"), parse(text))


@pytest.mark.parametrize("vm", ["cpython", "micropython-1.24.1"])
def test_whatever_was_clicked_replays_on_both_vms(vm: str) -> None:
    @settings(
        max_examples=(4 if vm == "cpython" else 1) * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    @given(st.lists(CLICKS, min_size=3, max_size=15))
    @example(["button press", "button hold 5s", f"{ANNA} > OFF"])
    def check(clicks: list[str]) -> None:
        text = click(clicks, vm)
        for other in ("cpython", "micropython-1.24.1"):
            result = play(text, other)
            assert result.held, f"{clicks}\n{result.failures[0]}\n{text}"

    check()
