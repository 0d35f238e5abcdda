"""lib/sim800 for others: its package for mip, and its example."""

from __future__ import annotations

import ast
import json
import runpy
import tomllib
from pathlib import Path
from typing import Any

from host_tests.modem_rig import Rig

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "lib" / "sim800"
ANN = "+358401111111"


def test_the_package_lists_every_module() -> None:
    package = json.loads((LIBRARY / "package.json").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = sorted(path.name for path in LIBRARY.glob("*.py"))
    assert package["urls"] == [[f"sim800/{name}", name] for name in names]
    assert package["version"] == project["version"]


def test_it_needs_nothing_but_itself() -> None:
    allowed = {"sim800", "asyncio", "collections", "sys"}
    for path in LIBRARY.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                roots = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots = {(node.module or "").split(".")[0]}
            else:
                continue
            assert roots <= allowed, (path.name, roots)


def test_the_example_answers() -> None:
    example = runpy.run_path(str(LIBRARY / "examples" / "answer.py"))

    async def scenario(rig: Rig) -> Any:
        return None

    rig = Rig(scenario)

    async def application(board: Any) -> None:
        await example["main"](board.uart, board.modem_power)

    rig._application = application  # type: ignore[method-assign]
    world = rig.world
    world.power_on()
    world.run_for(20_000)
    world.network.deliver(ANN, "Hello, wörld")
    world.run_for(20_000)
    world.network.deliver("Vodafone", "No answer possible")
    world.run_for(20_000)
    world.network.deliver(ANN, "again")
    world.run_for(20_000)
    texts = [message.text for message in world.network.messages]
    assert texts == ["You said: Hello, wörld", "You said: again"]
    assert world.sim.storage.used == 0
    assert world.crashes == 0, world.crash_texts
    world.close()
