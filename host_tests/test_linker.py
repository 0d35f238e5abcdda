"""The linker: what it makes of a program does what the program did."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tools.linker.lines import translate
from tools.linker.linker import Linker
from tools.linker.program import LinkError, Program

APP = "firmware/app.py"


def link(root: Path, files: dict[str, str], entries=(), used=frozenset(), needed=None, plan=None):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    program = Program(root, files)
    wanted = {"firmware.app": {"run_forever"}} if needed is None else needed
    return {one.name: one for one in Linker(program, entries, wanted, set(used), plan).link()}


def run(root: Path, linked):
    """Import what was linked, as MicroPython would, and return what run_forever() returns."""
    for one in linked.values():
        path = root / "out" / (one.name.replace(".", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.text)
    code = (
        "import builtins; builtins.const = lambda value: value; "
        "from firmware.app import run_forever; print(repr(run_forever()))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=root / "out", capture_output=True
    )
    assert not done.returncode, done.stderr.decode()
    return ast.literal_eval(done.stdout.decode())


def both(tmp_path, files, **options):
    return run(tmp_path, link(tmp_path, files, **options))


def test_same_private_names_stay_apart(tmp_path):
    helper = "_x = [{value}]\n\n\ndef _help():\n    return _x\n\n\n"
    helper += "def {name}():\n    return _help()\n"
    files = {
        "lib/a.py": helper.format(name="a", value=1),
        "lib/b.py": helper.format(name="b", value=2),
        APP: "from a import a\nfrom b import b\n\n\ndef run_forever():\n    return a() + b()\n",
    }
    assert both(tmp_path, files) == [1, 2]


def test_a_local_name_does_not_hide_what_was_a_modules(tmp_path):
    files = {
        "lib/clock.py": "def text():\n    return 'clock'\n\n\n"
        "def value():\n    return [text() for _ in 'ab']\n",
        APP: "from clock import text as told, value\n\n\n"
        "def run_forever(text='mine'):\n    more = value()\n    return [told(), text, *more]\n",
    }
    assert both(tmp_path, files) == ["clock", "mine", "clock", "clock"]


def test_names_of_a_module(tmp_path):
    files = {
        "lib/pack/clock.py": "LIMIT = 5\n\n\ndef parse(text):\n    return int(text) + LIMIT\n",
        APP: "from pack import clock\n\n\ndef run_forever():\n    parse = '3'\n"
        "    return [clock.parse(parse), clock.LIMIT, (lambda clock: clock)(1)]\n",
    }
    assert both(tmp_path, files) == [8, 5, 1]


def test_constants_are_folded(tmp_path):
    files = {
        "lib/a.py": 'MODE = "m"\n_LONG = (\n    "one"\n    "two"\n)\n'
        "_ONCE = (1, 2)\nTWICE = (3,)\n"
        "DEEP = 2 * 30\n\n\ndef a():\n    return [MODE, _LONG, _ONCE, TWICE, TWICE, DEEP]\n",
        APP: "from a import MODE, a\n\n\ndef run_forever():\n    return [MODE, *a()]\n",
    }
    linked = link(tmp_path, files)
    text = linked["firmware.app"].text
    assert '_MODE = const("m")' in text and "_ONCE = const((1, 2))" in text
    assert "const(\n" in text and "TWICE = (3,)" in text
    expected = ["m", "m", "onetwo", (1, 2), (3,), (3,), 60]
    assert run(tmp_path, linked) == expected


def test_what_nothing_uses_is_left_out(tmp_path):
    files = {
        "lib/a.py": "class A:\n    def used(self):\n        return self._by_name('listed')\n\n"
        "    def _by_name(self, name):\n        return getattr(self, name)()\n\n"
        "    def listed(self):\n        return 1\n\n    def dead(self):\n        return Dead()\n\n"
        "    @property\n    def gone(self):\n        return 2\n\n\nclass Dead:\n    pass\n\n\n"
        "class Empty:\n    def dead(self):\n        pass\n",
        APP: "from a import A, Empty\n\n\ndef run_forever():\n    Empty()\n"
        "    return A().used()\n",
    }
    linked = link(tmp_path, files)
    text = linked["firmware.app"].text
    assert "dead" not in text and "Dead" not in text and "gone" not in text and "listed" in text
    assert run(tmp_path, linked) == 1
    assert "dead" in link(tmp_path, files, used={"dead"})["firmware.app"].text


MODELS = {
    "lib/base.py": 'BASE = "base"\n\n\nclass Base:\n    word = BASE\n',
    "lib/one.py": "from base import Base\n\n\nclass One(Base):\n    pass\n",
    "lib/both.py": "from base import BASE, Base\n\n\nclass Both(Base):\n    word = BASE + '2'\n",
    "lib/two.py": "from both import Both\n\n\nclass Two(Both):\n    pass\n",
    "lib/models.py": "def _first():\n    from both import Both\n    from one import One\n\n"
    "    return [One, Both]\n\n\ndef _second():\n    from two import Two\n\n    return [Two]\n\n\n"
    "MODELS = {'1': _first, '2': _second}\n",
    APP: "from base import Base\nfrom models import MODELS\n\n\ndef run_forever(model='1'):\n"
    "    return [cls.word for cls in MODELS[model]() + [Base]]\n",
}


def test_models_load_only_their_own(tmp_path):
    linked = link(tmp_path, MODELS)
    assert set(linked) == {"firmware.app", "part_1", "part_2", "part_3"}
    assert run(tmp_path, linked) == ["base", "base2", "base"]
    assert "class One" not in linked["firmware.app"].text


def test_an_entry_and_a_facade(tmp_path):
    files = {
        "firmware/level.py": "class Signal:\n    level = 1\n",
        "firmware/hardware.py": "from firmware.level import Signal\n\n\nclass Board(Signal):\n"
        "    pass\n",
        "lib/unused.py": "x = 1\n",
        APP: "from firmware.level import Signal\n\n\ndef run_forever():\n"
        "    return Signal.level\n",
    }
    needed = {
        "firmware.app": {"run_forever"},
        "firmware.hardware": {"Board"},
        "firmware.level": {"Signal"},
    }
    linked = link(tmp_path, files, ["firmware.hardware"], needed=needed)
    assert set(linked) == {"firmware.app", "firmware.hardware", "firmware.level"}
    assert linked["firmware.level"].text == "from firmware.app import Signal\n"
    assert linked["firmware.hardware"].text.startswith("from firmware.app import Signal\n")
    assert run(tmp_path, linked) == 1


def test_every_line_is_found_again(tmp_path):
    linked = link(tmp_path, MODELS)
    for one in linked.values():
        lines = one.text.splitlines()
        for number, line in enumerate(lines, 1):
            if "class " in line or "return" in line:
                place = translate(f'File "x.mpy", line {number}', {"x.mpy": one.parts})
                path, source = place[6:].split('", line ')
                assert MODELS[path].splitlines()[int(source) - 1] == line.replace("_BASE", "BASE")


def test_a_place_elsewhere_is_left():
    text = 'File "main.py", line 3, in main\n  File "x.mpy", line 1'
    assert translate(text, {"x.mpy": [(2, "lib/a.py", 1)]}) == text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("if True:\n    x = 1\n", "only definitions"),
        ("def run_forever():\n    global x\n    x = 1\n", "no global"),
        ("from a import missing\n\n\ndef run_forever():\n    missing()\n", "nothing is called"),
        ("from pack import b\n\n\ndef run_forever():\n    return b\n", "a module is no value"),
        ("def run_forever():\n    return '''a\n\n\n\n\n\nb'''\n", "empty lines"),
    ],
)
def test_what_cannot_be_linked_is_said(tmp_path, text, complaint):
    files = {"lib/a.py": "x = 1\n", "lib/pack/b.py": "y = 1\n", APP: text}
    with pytest.raises(LinkError, match=complaint):
        link(tmp_path, files)
