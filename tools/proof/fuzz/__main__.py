# SPDX-License-Identifier: MIT
"""`make fuzz`: atheris against each target, from the inputs in host_tests/corpus/ on.

Prints how many inputs each target got, and what they covered of the device's code: `edges`, ways
from one instruction to the next, and `features`, edges taken once, twice or more often. An input
that breaks a promise is written to build/found/; the exit status is then 1.

What each target found stays in build/fuzz/, and the next run goes on with it. `--keep` takes the
shortest inputs that cover as many edges into host_tests/corpus/.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from tools.build import ROOT
from tools.proof.fuzz.targets import TARGETS

PLACE = ROOT / ".venv" / "atheris"
CORPUS = ROOT / "host_tests" / "corpus"
WORK = ROOT / "build" / "fuzz"
FOUND = ROOT / "build" / "found"
HANGS = 60  # s for one input, also on a busy machine
LAST = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


class FuzzError(Exception):
    """It cannot run; the text says what to do."""


def install() -> None:
    """Install atheris into a folder of its own: only this needs its 35 MB.

    Raises:
        FuzzError: pip could not.
    """
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pin = tomllib.loads(text)["tool"]["powersocket"]["fuzz"]["atheris"]
    if (PLACE / pin).exists():
        return
    print(f"installing {pin} into {PLACE.relative_to(ROOT)}", flush=True)
    shutil.rmtree(PLACE, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.call([*pip, "--no-deps", "--target", str(PLACE), pin]):
        raise FuzzError(f"{pin} could not be installed: it needs Linux on x86-64, and a network")
    (PLACE / pin).touch()  # last: so an interrupted run is simply run again


def fuzz(name: str, runs: int, seconds: int) -> bool:
    """Run a target and print what came of it; return whether it held.

    Args:
        runs: inputs.
        seconds: the end comes earlier after so many; 0 for no such end.
    """
    for folder in (WORK / name, CORPUS / name, FOUND):
        folder.mkdir(parents=True, exist_ok=True)
    target = TARGETS[name]
    options = [f"-runs={runs}", f"-max_len={target.longest}", f"-timeout={HANGS}"]
    options += [f"-max_total_time={seconds}", f"-artifact_prefix={FOUND}/fuzz-{name}-"]
    words = target.words()
    if words:
        list_of_words = WORK / f"{name}.words"
        list_of_words.write_text("".join(f"{_quoted(word)}\n" for word in sorted(words)))
        options.append(f"-dict={list_of_words}")
    began, spent = time.monotonic(), _spent()
    output, status = _run([name, *options, str(WORK / name), str(CORPUS / name)])
    if status:
        print(output[-4000:])
    last = LAST.findall(output)
    if last:
        inputs, edges, features, kept = map(int, last[-1])
        rate = inputs / max(_spent() - spent, 1)
        print(
            f"{name}: {inputs:,} inputs, {edges} edges, {features:,} features, {kept} kept,"
            f" {'failed' if status else '0 failed'}, {time.monotonic() - began:.0f} s,"
            f" {rate:,.0f} inputs a second of processor time",
            flush=True,
        )
    return status == 0


def keep(name: str) -> None:
    """Make a target's corpus the shortest inputs that cover what all inputs so far do."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-set_cover_merge=1", "-use_counters=0", folder]
        _, status = _run([name, *options, str(CORPUS / name), str(WORK / name)])
        kept = sorted(Path(folder).iterdir())
        if status or not kept:
            raise FuzzError(f"{name}: libFuzzer could not merge the inputs")
        shutil.rmtree(CORPUS / name)
        (CORPUS / name).mkdir()
        for number, file in enumerate(sorted(kept, key=lambda file: file.stat().st_size)):
            shutil.copyfile(file, CORPUS / name / f"{number:03d}")
    print(f"{name}: {len(kept)} inputs kept in {(CORPUS / name).relative_to(ROOT)}")


def _spent() -> float:
    """Return the processor time in s of all that ran and has ended."""
    times = os.times()
    return times.children_user + times.children_system


def _quoted(word: str) -> str:
    """Return a word as libFuzzer's dictionaries have it."""
    return '"' + "".join(f"\\x{octet:02x}" for octet in word.encode()) + '"'


def _run(arguments: list[str]) -> tuple[str, int]:
    """Run atheris; return what it said, and its exit status."""
    roots = os.pathsep.join(map(str, (PLACE, ROOT, ROOT / "lib")))
    command = [sys.executable, "-m", "tools.proof.fuzz.one", *arguments]
    environment = {**os.environ, "PYTHONPATH": roots}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, check=False, errors="replace"
    )
    return done.stdout + done.stderr, done.returncode


def main() -> int:
    """Run it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.proof.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each target")
    parser.add_argument(
        "--seconds", type=int, default=0, help="for each target at most; 0: no end"
    )
    parser.add_argument("--keep", action="store_true", help="write host_tests/corpus/ afterwards")
    args = parser.parse_args()
    names = args.targets or list(TARGETS)
    if not set(names) <= set(TARGETS):
        parser.error(f"the targets are {', '.join(TARGETS)}")
    try:
        install()
        held = [fuzz(name, args.runs, args.seconds) for name in names]
        for name in names if args.keep else ():
            keep(name)
    except FuzzError as error:
        print(f"fuzz: {error}", file=sys.stderr)
        return 1
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
