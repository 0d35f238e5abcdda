# SPDX-License-Identifier: MIT
"""Every make target starts: its tools are there, and take the arguments that the Makefile gives.

Each tool is started in this process, and ends when it has read its arguments: what it does then
has tests of its own. What changes files is run to its end, in a folder with the Makefile alone.
"""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tools.build import ROOT

MAKEFILE = ROOT / "Makefile"
PHONY = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", MAKEFILE.read_text(encoding="utf-8"), re.M)
assert PHONY
TARGETS = PHONY[1].replace("\\", " ").split()
TOOL = re.compile(r"\.venv/bin/python (?:-u )?-m (\S+)(.*)")
# Other values of the variables, each of which changes a recipe.
VARIANTS = (
    "run TERMINAL=1 TRACE=1 MODEM=socket://localhost:1",
    "run OPEN=0",
    "run FAMILY=a7670",
    "play FAMILY=sim7600",
    "flash IMAGE=esp32.bin",
    "deploy OWNERS=1",
    "logs LISTEN=1",
    "dist IMAGE=esp32.bin",
    "image IMAGE=esp32.bin",
)
NO_TOOL = {"help", "venv", "clean"}

pytestmark = pytest.mark.xdist_group("make")  # the tools are slow to import, so only once


def make(*arguments: str, folder: Path = ROOT) -> str:
    """Run make without a look at .venv; return what it printed."""
    command = ["make", "-s", "-o", "venv", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


class Parsed(Exception):
    """A tool has read its arguments."""


@pytest.mark.parametrize("target", [*TARGETS, *VARIANTS])
def test_its_tools_take_their_arguments(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = argparse.ArgumentParser.parse_args

    def parsed(*arguments: object) -> NoReturn:
        parse(*arguments)  # type: ignore[call-overload]
        raise Parsed

    recipe = make("-n", *target.split()).replace("\\\n", " ")
    commands = TOOL.findall(recipe)
    assert commands or target in NO_TOOL
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parsed)
    for module, rest in commands:
        start(module, shlex.split(rest), monkeypatch)


def start(module: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if not module.startswith("tools."):
        importlib.import_module(module)  # pytest, ruff, mypy
        for path in arguments:
            assert not path.startswith(("host_tests", "mypy")) or (ROOT / path).exists(), path
        return
    if (ROOT / module.replace(".", "/")).is_dir():
        module += ".__main__"
    tool = importlib.import_module(module)
    source = Path(tool.__file__ or "").read_text(encoding="utf-8")
    assert '__name__ == "__main__"' in source
    if "argparse" in source:
        monkeypatch.setattr(sys, "argv", [module, *arguments])
        with pytest.raises(Parsed):
            tool.main()
    else:
        assert arguments == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(MAKEFILE, tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def test_venv_is_made_by_the_python_of_the_machine(folder: Path) -> None:
    command = ["make", "-s", "venv", "PYTHON=echo"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    assert done.stdout == "tools/install.py\n"
    assert (ROOT / "tools" / "install.py").exists()


def test_clean_leaves_what_was_not_built(folder: Path) -> None:
    for name in ("build", "tools/__pycache__", "tools/proof"):
        (folder / name).mkdir(parents=True)
    make("clean", folder=folder)
    assert {path.name for path in folder.iterdir()} == {
        *("Makefile", "pyproject.toml", ".venv", "tools"),
    }
    assert [path.name for path in (folder / "tools").iterdir()] == ["proof"]


def test_format_formats(folder: Path) -> None:
    (folder / "ugly.py").write_text("import os\nx = ( 1,2 )\n")
    make("format", folder=folder)
    assert (folder / "ugly.py").read_text() == "x = (1, 2)\n"
