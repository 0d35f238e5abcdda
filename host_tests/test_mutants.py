# SPDX-License-Identifier: MIT
"""The mutation run: what is changed, what is left alone, and that the sample is repeatable."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tools.proof import mutants
from tools.proof.mutant_tests import TestMap, function_of, users_of

pytestmark = pytest.mark.xdist_group("mutants")

SOURCE = '''"""Words."""

LIMIT = 3


class Thing:
    """More words."""

    def do(self, a, b=None):
        """And more."""
        if a < LIMIT and not b:
            self.log("not told: " + str(a))
            self.count += 1
            return "é" + str(a)
        self.state["x"] = [a - 1 if b else a]
        self.send(b"AT+%d" % a)
        return False
'''.encode()


@cache
def changes() -> list[str]:
    return [mutant.change for mutant in mutants.mutants("a.py", SOURCE)]


@pytest.mark.parametrize(
    "change",
    [
        "3  ->  (4)",
        "3  ->  (2)",
        "a < LIMIT  ->  (a <= LIMIT)",
        "a < LIMIT and (not b)  ->  (a < LIMIT or not b)",
        "not b  ->  (b)",
        "self.count += 1  ->  pass",
        "return 'é' + str(a)  ->  return None",
        "'é'  ->  ('é~')",
        "'é' + str(a)  ->  ('é')",
        "self.state['x'] = [a - 1 if b else a]  ->  pass",
        "a - 1  ->  (a + 1)",
        "a - 1 if b else a  ->  (a - 1 if not b else a)",
        "False  ->  (True)",
        "b'AT+%d'  ->  (b'AT+%d~')",
    ],
)
def test_conditions_numbers_texts_and_results_are_changed(change):
    assert change in changes()


@pytest.mark.parametrize("word", ["ords", "more", "not told", "return False", "self.log", "//"])
def test_docstrings_logs_and_annotations_are_left_alone(word):
    assert word not in "\n".join(changes())


def test_every_mutant_is_python_and_differs():
    whole = ast.dump(ast.parse(SOURCE))
    for mutant in mutants.mutants("a.py", SOURCE):
        changed = mutant.apply(SOURCE)
        assert ast.dump(ast.parse(changed)) != whole, mutant
        assert changed.count(b"\n") == SOURCE.count(b"\n"), mutant


def test_every_mutant_of_the_code_is_python():
    for name, made in mutants.everything(mutants.ROOT).items():
        source = (mutants.ROOT / name).read_bytes()
        for mutant in made[::40]:
            ast.parse(mutant.apply(source))


def test_the_sample_is_repeatable_and_of_all_files():
    first, sizes = mutants.sample(mutants.ROOT, 140, 5)
    files = {mutant.file for mutant in first}
    assert files == set(mutants.everything(mutants.ROOT))
    assert set(sizes) == {"lib/ds18b20.py", "lib/powersocket", "lib/sim800"}
    assert 100 < len(set(first)) == len(first) < 200 < sum(sizes.values())
    assert first == mutants.sample(mutants.ROOT, 140, 5)[0]
    assert first != mutants.sample(mutants.ROOT, 140, 6)[0]


def test_the_function_around_a_line():
    tree = ast.parse("@a\n@b\ndef f():\n    def g():\n        pass\n    return g\nx = 1\n")
    assert [function_of(tree, line) for line in range(1, 8)] == [1, 1, 1, 4, 4, 1, None]


def test_who_runs_what_stands_outside_of_functions():
    texts = {"lib/p/a.py": "", "lib/p/b.py": "from p import a\n", "lib/p/ab.py": "import abc\n"}
    assert users_of("lib/p/a.py", texts) == ["lib/p/a.py", "lib/p/b.py"]


def test_the_order_of_tests():
    seconds = {"a::1": 1.0, "a::2": 2.0, "b::1": 5.0, "s[x.scn]": 3.0, "s[y.scn]": 4.0}
    order = TestMap(seconds).order
    assert order(seconds, 99) == ["a::1", "a::2", "s[x.scn]", "s[y.scn]", "b::1"]
    assert order(seconds, 6) == ["a::1", "a::2", "s[x.scn]"]
    assert order(["b::1"], 1) == ["b::1"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return mutants.Bench(tmp_path_factory.mktemp("copy").resolve())


def a_map(bench, *tests: str) -> TestMap:
    """Let the tests run in the copy; -> what they ran."""
    file = bench.tree / "map.json"
    status, output = bench._pytest(["-k", "not micropython", *tests], 60, MUTANT_MAP=str(file))
    assert status == 0, output
    return TestMap.load(file)


def test_the_map_says_which_tests_run_a_function(bench):
    portable = "host_tests/portable"
    made = a_map(bench, f"{portable}/test_calendar.py", f"{portable}/test_commands.py")
    ran = {file for file, _ in made.tests}
    assert "lib/powersocket/calendar.py" in ran
    assert not any(file.startswith("lib/sim800") for file in ran)
    names = made.of_files(["lib/powersocket/interpreter.py"])
    assert names
    assert all("test_commands.py" in name for name in names)


def test_a_mutant_is_made_in_the_copy_alone_and_judged_there(bench, monkeypatch):
    name = f"{mutants.CODE}/powersocket/calendar.py"
    path = mutants.ROOT / name
    source = path.read_bytes()
    bench.map = a_map(bench, "host_tests/portable/test_calendar.py")
    verdicts = [bench.judge(mutant) for mutant in mutants.mutants(name, source)[:8:4]]
    assert any("test_calendar.py::" in verdict for verdict in verdicts)
    assert (bench.tree / name).read_bytes() == source == path.read_bytes()
    assert bench.judge(mutants.Mutant(name, 1, 0, 0, "\n", "nothing")) == ""
    first = min(line for file, line in bench.map.tests if file == name and line > 1)
    at = sum(map(len, source.splitlines(keepends=True)[:first]))
    hangs = mutants.Mutant(name, first + 1, at, at, "    while True: pass\n", "hangs")
    monkeypatch.setattr(mutants, "PATIENCE", 4)
    assert bench.judge(hangs) == "time"


def test_the_copy_is_what_runs(bench):
    (bench.tree / mutants.CODE / "powersocket/version.py").write_text("VERSION = 'of the copy'\n")
    told = ["-c", "import powersocket.version as v; print(v.VERSION)"]
    assert bench._run(told, 30) == (0, "of the copy\n")
    assert bench._run(["-c", "while True: pass"], 0.5)[0] == -1
