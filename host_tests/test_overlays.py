"""Overlays: code in files of its own does what it did, and takes no memory while it is unused."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from host_tests.test_linker import APP, link, run
from tools.bench.vm import VmChip
from tools.bench.world import Host, World
from tools.build import ROOT, linked_tree
from tools.linker.cold import Plan
from tools.linker.lines import translate
from tools.linker.program import LinkError

OVERLAYS = {"firmware/overlays.py": (ROOT / "firmware/overlays.py").read_text(encoding="utf-8")}
RESIDENT = ["firmware.app.*"]


def both(root: Path, files: Mapping[str, str], plan: Plan | None = None):
    """Run a program linked with overlays and without; return its overlays' texts."""
    files = {**OVERLAYS, **files}
    files[APP] = "from firmware.overlays import drop\n" + files[APP]
    linked = link(root, files, plan=plan or Plan(resident=RESIDENT))
    result = run(root, linked)
    (root / "plain").mkdir()
    assert result == run(root / "plain", link(root / "plain", files))
    return result, {name: one.text for name, one in linked.items() if name.startswith("cold")}


def test_a_method_and_a_function_are_elsewhere(tmp_path: Path) -> None:
    files = {
        "lib/a.py": "WORD = 'a'\n\n\ndef helper(text):\n    return text + WORD\n\n\n"
        "class A:\n    def __init__(self, start):\n        self._start = start\n\n"
        "    def _more(self, text):\n        return helper(self._start + text)\n\n"
        "    def tell(self, text='-', *, end='.'):\n        return self._more(text) + end\n",
        APP: "from a import A, helper\n\n\ndef run_forever():\n    a = A('>')\n    kept = a.tell\n"
        "    drop()\n"
        "    return [a.tell(), kept('x', end='!'), helper('h'), hasattr(a, 'nothing')]\n",
    }
    result, cold = both(tmp_path, files)
    assert result == [">-a.", ">xa!", "ha", False]
    [text] = cold.values()
    assert "def tell" in text and "_more" not in text  # a private name has become a short one


def test_super_is_found_wherever_the_base_is(tmp_path: Path) -> None:
    base = "class Base:\n    def __init__(self, value):\n        self.value = value\n\n"
    base += "    def cold(self, add=0):\n        return ['base', self.value + add]\n\n"
    base += "    def warm(self):\n        return 'warm'\n\n    def hook(self):\n        pass\n"
    files = {
        "lib/base.py": base,
        "lib/more.py": "from base import Base\n\n\nclass More(Base):\n"
        "    def __init__(self, value):\n        super().__init__(value)\n        self.own = 1\n\n"
        "    def cold(self, add=0):\n        return super().cold(add + self.own) + ['more']\n\n"
        "    def warm(self):\n        return super().warm() + '!'\n\n"
        "    def both(self):\n        return [super().warm(), super().cold()]\n",
        APP: "from base import Base\nfrom more import More\n\n\ndef run_forever():\n"
        "    m = More(5)\n"
        "    return [m.cold(), m.warm(), m.both(), m.hook(), Base(1).cold(2), Base(1).hook()]\n",
    }
    for resident in ([], ["base.Base.warm"], ["more.More.*"], ["base.*"]):
        result, cold = both(tmp_path / str(len(str(resident))), files, Plan(RESIDENT + resident))
        more = ["base", 6, "more"]
        assert result == [more, "warm!", ["warm", ["base", 5]], None, ["base", 3], None]
        assert cold


def test_what_a_base_keeps_is_not_hidden_by_it(tmp_path: Path) -> None:
    """A base's method in memory would be found before one in an overlay."""
    files = {
        "lib/a.py": "class Base:\n    word = 'base'\n\n    def tell(self):\n"
        "        return self.word\n\n\n"
        "class Loud(Base):\n    def tell(self):\n        return 'loud'\n",
        APP: "from a import Base, Loud\n\n\ndef run_forever():\n"
        "    return [Base().tell(), Loud().tell()]\n",
    }
    result, cold = both(tmp_path, files, Plan([*RESIDENT, "a.Base.tell"]))
    assert result == ["base", "loud"] and not cold


def test_what_stays_in_any_case(tmp_path: Path) -> None:
    """Properties, errors, and what is asked of a class or when a module is loaded."""
    files = {
        "lib/a.py": "def early():\n    return [1]\n\n\ndef default(value=early()):\n"
        "    return value\n\n\nTABLE = [early()]\n\n\nclass Fault(Exception):\n"
        "    def __init__(self, text):\n        super().__init__(text + '!')\n\n\n"
        "class A:\n    @property\n    def size(self):\n        return 7\n\n"
        "    def asked(self):\n        return self.size\n",
        APP: "from a import A, Fault, TABLE, default\n\n\ndef run_forever():\n    try:\n"
        "        raise Fault('f')\n    except Fault as error:\n"
        "        return [str(error), A.asked(A()), A().size, TABLE, default()]\n",
    }
    result, cold = both(tmp_path, files)
    assert result == ["f!", 7, 7, [[1]], [1]]
    assert all("size" not in text and "asked" not in text for text in cold.values())


def test_short_names_do_not_meet(tmp_path: Path) -> None:
    """Parameters, private attributes and functions, names in texts, closures, errors."""
    files = {
        "lib/a.py": "_factor = 3\n\n\ndef _a(value, other):\n    return value * other\n\n\n"
        "def scaled(values, _b=2):\n    items = [v * _factor for v in values]\n\n"
        "    def add(values, more=_b):\n        return [v + more for v in values]\n\n"
        "    return add(items) + [(lambda values: values)(_b)]\n\n\n"
        "class A:\n    def __init__(self, owner):\n        self._owner = owner\n"
        "        self._told = []\n        self._kept = 'kept'\n\n"
        "    def _note(self, owner):\n        try:\n            self._told.append(owner.missing)\n"
        "        except AttributeError as error:\n"
        "            self._told.append(type(error).__name__)\n"
        "        return [self._owner, self._told, getattr(self, '_kept')]\n\n"
        "    def tell(self, **named):\n        return self._note(owner=named)\n\n\n"
        "class B(A):\n    def __init__(self):\n        super().__init__('b')\n"
        "        self._more = _a(value=2, other=4)\n\n"
        "    def all(self, *values):\n        return [self._more, self.tell(), values]\n",
        APP: "from a import B, scaled\n\n\ndef run_forever():\n"
        "    return [scaled([1, 2]), B().all(1, 2)]\n",
    }
    result, _ = both(tmp_path, files)
    assert result == [[5, 8, 2], [8, ["b", ["AttributeError"], "kept"], (1, 2)]]


def test_a_plan_that_names_nothing_is_refused(tmp_path: Path) -> None:
    files = {
        **OVERLAYS,
        APP: "from firmware.overlays import drop\n\n\ndef run_forever():\n    drop()\n",
    }
    with pytest.raises(LinkError, match=r"nothing is called lib\.gone"):
        link(tmp_path, files, plan=Plan(resident=["lib.gone"]))


def test_a_traceback_from_an_overlay_leads_to_the_source() -> None:
    lines = json.loads((linked_tree() / "lines.json").read_text())
    overlays = [name for name in lines if name.startswith("cold")]
    assert len(overlays) > 20
    for name in overlays:
        for place, path, line in lines[name]:
            assert (
                translate(f'File "{name}", line {place}', lines) == f'File "{path}", line {line}'
            )
            assert (ROOT / path).read_text().splitlines()[line - 1].strip()


class _Counting(VmChip):
    """A chip that tells which overlays are loaded."""

    def overlays(self) -> list[str]:
        return [name for name in self.modules() if name.startswith("cold")]


def _online(chips: list[_Counting]) -> World:
    def factory(host: Host) -> _Counting:
        chips.append(_Counting(host))
        return chips[-1]

    world = World(vm="micropython", chip_factory=factory)
    world.power_on()
    assert world.run_until(lambda: world.online, 60_000)
    world.run_for(60_000)
    return world


def test_overlays_come_and_go() -> None:
    chips: list[_Counting] = []
    world = _online(chips)
    chip = chips[-1]
    assert chip.overlays() == []
    live = chip.measure()
    for text in ("ALERTNUMBER+31600000001", "SWITCHOFFTEMP=20C", "THERMOSTATON", "ALARMON"):
        world.network.deliver("+31600000001", text)
        world.run_until(lambda: bool(chip.overlays()), 20_000)
        assert 0 < len(chip.overlays()) <= 5
        world.run_for(30_000)
    world.run_for(30_000)
    assert chip.overlays() == []
    # An hour of readings, rules and a thermostat: nothing is loaded for them.
    for _ in range(60):
        world.run_for(60_000)
        assert chip.overlays() == []
    # Every name is kept for ever, once; a conservative collector may keep a little more.
    assert chip.measure() < live + 24_000
    world.close()
