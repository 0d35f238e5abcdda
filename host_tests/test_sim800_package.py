# SPDX-License-Identifier: MIT
"""lib/sim800 for others: its package for mip, and its example."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from mpremote import mip

from host_tests.interop.modem import ModemProcess
from tools.bench.runners.cpython import CPythonChip
from tools.bench.runners.vm import VmChip
from tools.bench.world.world import World

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "lib" / "sim800"
EXAMPLE = LIBRARY / "examples" / "answer.py"
BUILT_IN = {"asyncio", "collections", "sys"}
ANN = "+358401111111"


class Board:
    """What mpremote wants of a board: a file system."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def fs_exists(self, path: str) -> bool:
        return (self._root / path).exists()

    def fs_mkdir(self, path: str) -> None:
        (self._root / path).mkdir()

    def fs_writefile(self, path: str, data: bytes, **_: Any) -> None:
        (self._root / path).write_bytes(data)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder into which `mpremote mip install` has put the library."""
    mip._install_package(Board(tmp_path), str(LIBRARY / "package.json"), None, "lib", None, False)
    return tmp_path / "lib"


def test_the_package_has_every_module(installed: Path) -> None:
    package = json.loads((LIBRARY / "package.json").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert package["version"] == project["version"]
    shipped = [path for path in LIBRARY.rglob("*.py") if "examples" not in path.parts]
    names = sorted(str(path.relative_to(LIBRARY)) for path in shipped)
    there = installed / "sim800"
    assert sorted(str(path.relative_to(there)) for path in there.rglob("*.py")) == names
    for name in names:
        assert (installed / "sim800" / name).read_text() == (LIBRARY / name).read_text()


def test_it_needs_nothing_but_itself() -> None:
    for path in LIBRARY.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                roots = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots = {(node.module or "").split(".")[0]}
            else:
                continue
            assert roots <= BUILT_IN | {"sim800"}, (path.name, roots)


def test_the_documentation_shows_the_example() -> None:
    code = EXAMPLE.read_text().partition("\n\n\n")[2]
    assert 0 < len(code.splitlines()) <= 20
    assert code in (ROOT / "docs" / "sim800.md").read_text()


def check_answers(world: World) -> None:
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


def test_the_example_answers() -> None:
    from host_tests.vm_app.answer import run_forever

    check_answers(World(chip_factory=lambda host: CPythonChip(host, run_forever)))


def test_the_example_answers_on_the_vm() -> None:
    program = "host_tests/vm_app/answer.py"
    options: dict[str, Any] = {
        "application": program.removesuffix(".py").replace("/", "."),
        "extra": [program, "lib/sim800/examples/answer.py"],
    }
    check_answers(World(chip_factory=lambda host: VmChip(host, **options)))


def test_what_was_installed_answers_on_a_computer(installed: Path) -> None:
    """By itself, in real time, at the modem of `python -m tools.bench modem`."""
    with ModemProcess("--pty") as modem:
        modem.ready()
        example = subprocess.Popen(
            [sys.executable, "-m", "tools.answer", modem.place],
            env={"PYTHONPATH": str(installed)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            modem.do(f"sms {ANN} Hello")
            modem.wait(f"sms_to {ANN} You said: Hello")
        finally:
            example.terminate()
            example.wait()
