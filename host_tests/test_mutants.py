"""The mutation run: what is changed, what is left alone, and that the sample is repeatable."""

from __future__ import annotations

import ast

import pytest

from tools import mutants

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
        return False
'''.encode()


def changes() -> list[str]:
    return [mutant.change for mutant in mutants.mutants("a.py", SOURCE)]


def test_what_is_changed():
    found = changes()
    for wanted in (
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
    ):
        assert wanted in found, wanted


def test_what_is_left_alone():
    text = "\n".join(changes())
    for word in ("ords", "more", "not told", "return False", "self.log"):
        assert word not in text, word


def test_every_mutant_is_python_and_differs():
    whole = ast.dump(ast.parse(SOURCE))
    for mutant in mutants.mutants("a.py", SOURCE):
        changed = mutant.apply(SOURCE)
        assert ast.dump(ast.parse(changed)) != whole, mutant
        assert changed.count(b"\n") == SOURCE.count(b"\n"), mutant


def test_every_mutant_of_the_code_is_python():
    for path in sorted((mutants.ROOT / mutants.CODE).rglob("*.py")):
        source = path.read_bytes()
        for mutant in mutants.mutants(path.name, source)[::7]:
            ast.parse(mutant.apply(source))


def test_the_sample_is_repeatable():
    first, total = mutants.sample(mutants.ROOT, 40, 5)
    assert len(set(first)) == 40 < total
    assert first == mutants.sample(mutants.ROOT, 40, 5)[0]
    assert first != mutants.sample(mutants.ROOT, 40, 6)[0]


@pytest.fixture
def bench(tmp_path):
    return mutants.Bench(tmp_path)


def test_a_mutant_is_made_in_the_copy_alone(bench, monkeypatch):
    assert any(name.endswith("test_thermostat.py") for name in bench.tests)  # by two kits
    assert not any(name.endswith("test_pdu_submit.py") for name in bench.tests)
    path = mutants.ROOT / mutants.CODE / "texts.py"
    source = path.read_bytes()
    mutant = mutants.mutants(f"{mutants.CODE}/texts.py", source)[0]
    seen = []

    def judged(*options: str) -> tuple[int, str]:
        seen.append((bench.tree / mutant.file).read_bytes())
        return 0, ""

    monkeypatch.setattr(bench, "_test", judged)
    monkeypatch.setattr(bench, "_play", judged)
    assert bench.judge(mutant) == ""
    assert seen == [mutant.apply(source)] * 2
    assert (bench.tree / mutant.file).read_bytes() == source == path.read_bytes()


def test_the_copy_is_what_runs(bench):
    (bench.tree / mutants.CODE / "version.py").write_text("VERSION = 'of the copy'\n")
    told = ["-c", "import powersocket.version as v; print(v.VERSION)"]
    assert bench._run(told, 30) == (0, "of the copy\n")
    assert bench._run(["-c", "while True: pass"], 0.5)[0] == -1
