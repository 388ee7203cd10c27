"""What holds for the source tree as a whole."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from chartgen.finding import CODES

APPLICATION_WORDS = re.compile(r"JOB_|pollInterval|ideaforge")
EMPTY_NAMES = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
LOCKS = ("requirements/run.txt", "requirements/app.txt", "requirements/test.txt")


def package_files(repository: Path) -> list[Path]:
    """Every text file of the package."""
    files = [
        file for file in (repository / "chartgen").rglob("*") if file.is_file() and "__pycache__" not in file.parts
    ]
    assert files, "the package is not where this test looks for it"
    return files


def test_the_package_knows_no_application(repository: Path) -> None:
    found = [
        f"{file.relative_to(repository)}:{number}"
        for file in package_files(repository)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if APPLICATION_WORDS.search(line)
    ]

    assert found == []


def test_every_file_has_a_name_that_says_what_is_in_it(repository: Path) -> None:
    files = [*package_files(repository), *(repository / "tests").rglob("*.py"), *(repository / "scripts").iterdir()]

    assert [file for file in files if file.stem.lower() in EMPTY_NAMES] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_package_index(repository: Path, lock: str) -> None:
    lines = (repository / lock).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "://" in line or re.match(r"\s*(-i|-f|--(extra-)?index|--find)", line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_requirement_by_hash(repository: Path, lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (repository / lock).read_text(encoding="utf-8").strip())[1:]

    assert len(blocks) > 10
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_the_locks_agree(repository: Path) -> None:
    *parts, full = (set(re.findall(r"^\S+==\S+", (repository / lock).read_text(), re.MULTILINE)) for lock in LOCKS)

    assert set().union(*parts) - full == set()


def test_each_requirement_is_in_the_locks(repository: Path) -> None:
    table = tomllib.loads((repository / "pyproject.toml").read_text())
    own, app = table["project"]["dependencies"], table["dependency-groups"]["app"]
    extras = [name for names in table["project"]["optional-dependencies"].values() for name in names]

    for lock, wanted in zip(LOCKS, (own, app, [*own, *app, *extras]), strict=True):
        locked = set(re.findall(r"^(\S+)==", (repository / lock).read_text(), re.MULTILINE))
        assert {re.split(r"[<>=!~ \[]", name)[0] for name in wanted} - locked == set()


def test_each_lint_exception_has_its_reason(repository: Path) -> None:
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    section = text.partition("[tool.ruff.lint]")[2].partition("[tool.ruff.lint.pydocstyle]")[0]
    lines = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line)]

    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"#\s+\w+", line)] == []


def test_each_link_of_the_documentation_leads_somewhere(repository: Path) -> None:
    pages = [*repository.glob("*.md"), *(repository / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())]

    assert len(links) > 20
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_each_code_has_a_row_in_the_reference_that_leads_to_its_page(repository: Path) -> None:
    page = (repository / "docs/reference/findings.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| \[`(CG\d+)`\]\(findings/\1\.md\) \|", page, re.MULTILINE) == sorted(CODES)
