"""Pages that Vite, Angular and Next made: a parser sees one script more, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import pytest

from tests.entrypoint import EP, GOOD, run, write_table

PAGES = sorted((Path(__file__).parent / "frameworks").glob("*.html"))


def events(page: bytes) -> list[Any]:
    """The page as html5lib reads it, as a list of what begins, ends and stands between."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    walked = html5lib.getTreeWalker("etree")(tree)
    return [{key: str(value) for key, value in token.items()} for token in walked]


@pytest.mark.parametrize("mode", ["inline", "file", "json"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_parser_sees_one_script_more_and_nothing_else(path: Path, mode: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(path.read_bytes())
    table = write_table(tmp_path / "settings.py")

    assert (
        run("--once", "--table", table, "--html", tmp_path / "index.html", "--mode", mode, environment=GOOD).returncode
        == 0
    )

    before, after = events(path.read_bytes()), events((tmp_path / "index.html").read_bytes())
    begins = next(place for place, token in enumerate(after) if "data-chartgen" in token.get("data", ""))
    size = 2 if mode == "file" else 3  # the begin and the end of the script, and what is in it
    assert after[begins]["name"] == after[begins + size - 1]["name"] == "script"
    assert before == after[:begins] + after[begins + size :]
    assert not [token for token in after[:begins] if token.get("name") in {"script", "body"}]


def test_the_pages_of_three_frameworks_are_here() -> None:
    assert [path.stem for path in PAGES] == ["angular", "next", "vite"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_encoding_stays_where_browsers_look_for_it(path: Path) -> None:
    made = b"".join(EP.with_element(path.read_bytes(), EP.element_of("inline", b"x=1;" * 1000, b"", "/")))

    assert EP.declared_encoding(made[:1024]) == "utf-8"
