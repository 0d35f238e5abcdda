# SPDX-License-Identifier: MIT
"""What a visitor meets first says what is so: README, issue forms, workflow, make help."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from powersocket import models

from host_tests.test_make import TARGETS
from tools.build import ROOT
from tools.docs import commands as commands_doc
from tools.owner.manual_page import anchor

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {anchor(heading) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(
        r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    ):
        if re.match(r"https?:", target):
            continue
        file, _, place = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), f"{page.name}: {target}"
        if place and path.suffix == ".md":
            assert place in _anchors(path.read_text(encoding="utf-8")), f"{page.name}: {target}"


def test_the_numbers_of_the_readme() -> None:
    readme = _text("README.md")
    scenarios = len(list((ROOT / "host_tests" / "scenarios").rglob("*.scn")))
    told = re.search(r"there are more than (\d+) of them", readme)
    assert told and int(told[1]) < scenarios < int(told[1]) + 50
    assert "one of the five models" in readme and len(commands_doc.names()) == 5
    for name in commands_doc.names():
        assert models.load(name).product.split()[1] in readme


def test_make_help_names_every_target_in_three_groups() -> None:
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert set(re.findall(r"^  make (\S+)", shown, re.M)) == set(TARGETS) - {"help"}
    assert re.findall(r"^(\w+)", shown, re.M) == ["Try", "Build", "Develop"]
    assert all(len(line) < 100 for line in shown.splitlines())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_an_issue_form_is_one_that_github_takes(form: Path) -> None:
    """GitHub refuses a form with a wrong key without a word."""
    written = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert set(written) == {"name", "description", "labels", "body"}
    ids = [part["id"] for part in written["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[a-z]+", each) for each in ids)
    required = []
    for part in written["body"]:
        assert part["type"] in ("markdown", "input", "textarea", "dropdown")
        assert set(part) <= {"type", "id", "attributes", "validations"}
        attributes = set(part["attributes"])
        if part["type"] == "markdown":
            assert attributes == {"value"}
            continue
        more = {"input": {"placeholder"}, "textarea": {"render"}, "dropdown": {"options"}}
        assert {"label"} <= attributes <= {"label", "description"} | more[part["type"]]
        required.append(part.get("validations", {}).get("required", False))
    assert any(required) and len(required) == len(ids)


def test_the_first_form_is_for_a_real_board() -> None:
    assert FORMS[0].name == "1-real-board.yml"
    assert "selftest" in FORMS[0].read_text(encoding="utf-8")


def test_the_workflow_does_what_a_developer_does() -> None:
    job = yaml.safe_load(_text(".github/workflows/ci.yml"))["jobs"]["test"]
    assert job["steps"][-1] == {"run": "bash .ci/run"}


def test_the_bench_starts_with_any_python() -> None:
    """`python3 -m tools.bench`, as the docs write it, finds the Python that has its packages."""
    python = Path(sys.base_prefix) / "bin" / "python3"
    command = [str(python), "-m", "tools.bench", "--help"]
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "play scenario files" in shown.stdout
