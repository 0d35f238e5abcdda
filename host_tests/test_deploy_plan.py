# SPDX-License-Identifier: MIT
"""What a deploy copies, removes and keeps, for every state that a board may be in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.board.deploy_plan import NEW, OWNERS, START, Plan, Step, plan

OURS = {"powersocket", "sim800", "ds18b20"}
BUILD = {
    "boot.py": "boot 2",
    "main.py": "main 2",
    "firmware/app.mpy": "app 2",
    "firmware/hardware.mpy": "hardware",
    "lib/powersocket/features/alarm.mpy": "alarm 2",
    "lib/sim800/at.mpy": "at 2",
}
MINE = {OWNERS: "my map"}
RECORDS = {
    "record0.json": "r0",
    "record1.json": "r1",
    "crash.log": "crash",
    "crash.old": "crash before",
    "backup.tar": "backup",
}
OLDER = {
    **BUILD,
    "boot.py": "boot 1",
    "firmware/app.mpy": "app 1",
    "lib/sim800/at.mpy": "at 1",
    "lib/powersocket/features/gone.mpy": "gone",
    "firmware/gone.mpy": "gone",
}
# Of the time when modules were joined into few files.
JOINED = {
    "boot.py": "boot 1",
    "main.py": "main 1",
    "firmware/app.mpy": "app 1",
    "firmware/hardware.mpy": "hardware 1",
    "lib/part_talk.mpy": "talk",
    "lib/part_gsm707.mpy": "707",
    "lib/cold1.mpy": "cold 1",
    "lib/cold58.mpy": "cold 58",
}
FOREIGN = {
    "app.py": "theirs",
    "umqtt.py": "theirs",
    "lib/umqtt/simple.mpy": "theirs",
    "lib/ssd1306.py": "theirs",
}
FOLDERS = {"firmware/": "", "lib/": "", "data/": ""}


@dataclass
class Case:
    """A state of the board, and what is planned; `kept` is what else there is."""

    board: Mapping[str, str]
    copy: list[str] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    replace: bool = False
    here: Mapping[str, str] = field(default_factory=lambda: MINE)


CASES = {
    "empty": Case({}, copy=[*BUILD, OWNERS]),
    "empty, and no pin map here": Case({}, copy=[*BUILD], here={}),
    "the same": Case({**BUILD, **MINE, **FOLDERS}),
    "the same, another pin map": Case({**BUILD, OWNERS: "of the board"}),
    "the same, another pin map, to be replaced": Case(
        {**BUILD, OWNERS: "of the board"}, copy=[OWNERS], replace=True
    ),
    "the same, no pin map here": Case({**BUILD, OWNERS: "of the board"}, here={}),
    "older": Case(
        {**OLDER, **MINE},
        copy=["boot.py", "firmware/app.mpy", "lib/sim800/at.mpy"],
        remove=["firmware/gone.mpy", "lib/powersocket/features/gone.mpy"],
    ),
    "modules joined into few files": Case(
        {**JOINED, **MINE, **RECORDS},
        copy=[*BUILD],
        remove=[path for path in JOINED if path.startswith("lib/")],
    ),
    "a .py beside each .mpy": Case(
        {**BUILD, **MINE, "firmware/app.py": "x", "lib/sim800/at.py": "x"},
        remove=["firmware/app.py", "lib/sim800/at.py"],
    ),
    "a .mpy beside boot.py and main.py": Case(
        {**BUILD, **MINE, "boot.mpy": "x", "main.mpy": "x"}, remove=["boot.mpy", "main.mpy"]
    ),
    "a .mpy beside the pin map": Case(
        {**BUILD, **MINE, "firmware/board.mpy": "x"}, remove=["firmware/board.mpy"]
    ),
    "sources instead of the program": Case(
        {**MINE, "boot.py": "x", "firmware/__init__.py": "x", "lib/sim800/at.py": "x"},
        copy=[*BUILD],
        remove=["firmware/__init__.py", "lib/sim800/at.py"],
    ),
    "a module of ours as a file in lib": Case(
        {**BUILD, **MINE, "lib/ds18b20.mpy": "x"}, remove=["lib/ds18b20.mpy"]
    ),
    "another project": Case(
        {**FOREIGN, "boot.py": "theirs", "main.py": "theirs"}, copy=[*BUILD, OWNERS]
    ),
    "another project's firmware/": Case(
        {"firmware/wifi.py": "theirs", "firmware/sub/x.py": "theirs"},
        copy=[*BUILD, OWNERS],
        remove=["firmware/sub/x.py", "firmware/wifi.py"],
    ),
    "settings, crashes, a backup": Case({**BUILD, **MINE, **RECORDS}),
    "settings, without a program": Case({**RECORDS, **MINE}, copy=[*BUILD]),
    "cut off while it copied": Case(
        {**OLDER, **MINE, "boot.py" + NEW: "boot 2", "firmware/app.mpy" + NEW: "half"},
        staged=["boot.py"],
        copy=["firmware/app.mpy", "lib/sim800/at.mpy"],
        remove=["firmware/gone.mpy", "lib/powersocket/features/gone.mpy"],
    ),
    "cut off while it switched": Case(
        {
            **{path: there for path, there in BUILD.items() if path != "firmware/app.mpy"},
            **MINE,
            "firmware/app.mpy" + NEW: "app 2",
            "lib/sim800/at.mpy": "at 1",
            "lib/sim800/at.mpy" + NEW: "at 2",
        },
        staged=["firmware/app.mpy", "lib/sim800/at.mpy"],
    ),
    "cut off at the end of the switch": Case(
        {**{path: there for path, there in BUILD.items() if path != START}, **MINE}
        | {START + NEW: "main 2"},
        staged=[START],
    ),
    "left by a deploy of another version": Case(
        {**BUILD, **MINE, "main.py" + NEW: "main 3", "firmware/new.mpy" + NEW: "3"},
        left=["firmware/new.mpy" + NEW, "main.py" + NEW],
    ),
    "cut off while it replaced the pin map, which is kept now": Case(
        {**BUILD, OWNERS: "of the board", OWNERS + NEW: "my map"}, left=[OWNERS + NEW]
    ),
    "folders where files must be": Case(
        {**MINE, **FOLDERS, "main.py/": "", "firmware/app.mpy/": ""},
        copy=[*BUILD],
        blocked=["firmware/app.mpy/", "main.py/"],
    ),
    "a folder where a file is brought": Case(
        {**MINE, "boot.py" + NEW + "/": ""}, copy=[*BUILD], blocked=["boot.py" + NEW + "/"]
    ),
    "a folder in the place of the pin map": Case(
        {**BUILD, OWNERS + "/": ""}, copy=[OWNERS], blocked=[OWNERS + "/"]
    ),
    "files where folders must be": Case(
        {"lib": "x", "firmware": "x"}, copy=[*BUILD, OWNERS], blocked=["firmware", "lib"]
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_plan_copies_removes_and_keeps_what_the_case_says(case: Case) -> None:
    wanted = {**BUILD, **case.here}
    done = plan(wanted, case.board, OURS, case.replace)
    assert done.copy == sorted(case.copy)
    assert done.staged == sorted(case.staged)
    assert done.left == case.left
    assert done.remove == sorted(case.remove)
    assert done.blocked == case.blocked
    untouched = {path for path in case.board if not path.endswith("/")}
    untouched -= {*done.remove, *done.left, *done.brought, *(path + NEW for path in done.brought)}
    assert {*done.kept} == {
        path for path in untouched if path not in wanted or (path == OWNERS and not case.replace)
    }
    assert done.empty == (case.copy == case.staged == case.left == case.remove == [])


def test_main_py_goes_first_and_comes_back_last() -> None:
    aside, back = Step("rename", START, START + NEW), Step("rename", START + NEW, START)
    app = Step("rename", "firmware/app.mpy" + NEW, "firmware/app.mpy")
    changed = {**BUILD, "firmware/app.mpy": "app 1"}
    assert plan(BUILD, changed, OURS, False).switch == [aside, app, back]
    changed[START] = "main 1"
    assert plan(BUILD, changed, OURS, False).switch == [Step("remove", START), app, back]
    assert plan(BUILD, BUILD, OURS, False).switch == []
    stale = {**BUILD, "lib/sim800/old/gone.mpy": "x", "lib/sim800/old/": "", "lib/mine/": ""}
    assert plan(BUILD, stale, OURS, False).switch == [
        aside,
        Step("remove", "lib/sim800/old/gone.mpy"),
        Step("rmdir", "lib/sim800/old"),
        Step("rmdir", "lib/mine"),
        back,
    ]


class FlashModel:
    """The board's files and folders, which take the steps of a plan."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)
        self.folders = parents(files)

    def listing(self) -> dict[str, str]:
        return self.files | dict.fromkeys((f"{folder}/" for folder in self.folders), "")

    def steps(self, done: Plan, wanted: Mapping[str, str]) -> Iterator[None]:
        """Do a plan as deploy.py does it; at each yield the power may fail."""
        for path in done.left:
            del self.files[path]
            yield
        for folder in done.folders:
            self.folders.add(folder)
            yield
        for path in done.copy:
            assert parents([path]) <= self.folders
            self.files[path + NEW] = "half"
            yield
            self.files[path + NEW] = wanted[path]
            yield
        for step in done.switch:
            self.take(step)
            yield

    def take(self, step: Step) -> None:
        if step.act == "rename":  # takes the other's place
            self.files[step.to] = self.files.pop(step.path)
        elif step.act == "remove":
            del self.files[step.path]
        else:
            assert step.act == "rmdir"
            self.folders.remove(step.path)
            assert parents(self.files) <= self.folders

    def program(self) -> dict[str, str]:
        return {path: there for path, there in self.files.items() if not path.endswith(NEW)}


def parents(paths: Iterable[str]) -> set[str]:
    found = set()
    for path in paths:
        names = path.split("/")[:-1]
        found |= {"/".join(names[: n + 1]) for n in range(len(names))}
    return found


PLACES = sorted(
    {
        *BUILD,
        *OLDER,
        *JOINED,
        *MINE,
        *RECORDS,
        *FOREIGN,
        "boot.mpy",
        "firmware/app.py",
        "firmware/board.mpy",
    }
)
POOL = [*PLACES, *(path + NEW for path in PLACES)]
HASHES = sorted({*BUILD.values(), *MINE.values(), "other", "half"})
BOARDS = st.dictionaries(
    st.sampled_from(POOL), st.sampled_from(HASHES), max_size=len(POOL)
) | st.sets(st.sampled_from(sorted(BUILD))).map(lambda some: {path: BUILD[path] for path in some})


def is_program(path: str) -> bool:
    """Say what is ours, in other words than deploy_plan.py."""
    if path == OWNERS:
        return False
    parts = path.removesuffix(NEW).split("/")
    if len(parts) == 1:
        return parts[0] in ("boot.py", "boot.mpy", "main.py", "main.mpy")
    return parts[0] == "firmware" or (
        parts[0] == "lib"
        and (parts[1].split(".")[0] in OURS or parts[1].startswith(("part_", "cold")))
    )


@settings(max_examples=400, deadline=None)
@given(BOARDS, st.sampled_from([MINE, {}]), st.booleans(), st.data())
def test_any_board_ends_with_the_build_and_what_was_kept(
    start: dict[str, str], here: dict[str, str], replace: bool, data: st.DataObject
) -> None:
    """Also if the power fails in the midst of it, as often as it likes; a second time is none."""
    wanted = {**BUILD, **here}
    flash = FlashModel(start)
    for _ in range(data.draw(st.integers(0, 2), label="power cuts")):
        work = flash.steps(plan(wanted, flash.listing(), OURS, replace), wanted)
        for _ in range(data.draw(st.integers(0, 40), label="steps before it")):
            next(work, None)
    for _ in flash.steps(plan(wanted, flash.listing(), OURS, replace), wanted):
        pass
    final = {path: there for path, there in start.items() if not is_program(path)} | BUILD
    if here and (replace or OWNERS not in start):
        final[OWNERS] = here[OWNERS]
    assert flash.files == final
    assert flash.folders == parents(final)
    again = plan(wanted, flash.listing(), OURS, replace)
    assert again.empty
    assert again.blocked == []


@settings(max_examples=200, deadline=None)
@given(BOARDS, st.booleans())
def test_a_board_starts_a_whole_program_or_nothing(start: dict[str, str], replace: bool) -> None:
    """What it ran before the switch, nothing in the switch, then the new one."""
    wanted = {**BUILD, **MINE}
    flash = FlashModel(start)
    old = flash.program()
    seen = [old]
    for _ in flash.steps(plan(wanted, flash.listing(), OURS, replace), wanted):
        if START in flash.files and flash.program() != seen[-1]:
            seen.append(flash.program())
    assert len(seen) <= 2
    assert START in flash.files
