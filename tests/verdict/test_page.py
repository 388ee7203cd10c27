"""The corpus in the page: the generated reader says of each case what the other enforcers say, but for the mends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chartgen.enforce.typescript import reader_module
from chartgen.settings.judge import has_type
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from tests.reader import Readers
from tests.verdict.test_verdict import Verdict, corpus


def as_page(settings: Settings, values: Any) -> dict[str, Any] | None:
    """The values as a page has them; None where they name what is no setting, or a text stands for a number.

    A page's texts are read by the grammar of texts; in a values file they are of the wrong type.
    """
    raw = {}
    known = {setting.path: setting for setting in settings.settings}
    for path, value in leaves(values):
        if path not in known or (isinstance(value, str) and not has_type(known[path].type, value)):
            return None
        raw[known[path].env] = value
    return raw


def leaves(values: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The nested values that are no mapping, and not absent, with their paths."""
    if isinstance(values, dict) and (values or not above):
        for key, value in values.items():
            yield from leaves(value, (*above, key))
    elif values is not None:
        yield above, values


def of_a_page() -> list[Verdict]:
    """The cases whose values a page can have."""
    return [case for case in corpus() if as_page(load_settings(case.schema), case.values) is not None]


def without_mends(line: str) -> str:
    """What the page says: who looks at it cannot mend it."""
    return line.split("; ", 1)[0] if "expected" not in line else line.removeprefix("settings.")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """JavaScript, which runs generated readers."""
    with Readers() as made:
        yield made


def test_most_of_the_corpus_can_stand_in_a_page() -> None:
    assert len(of_a_page()) >= len(corpus()) * 0.6


@pytest.mark.parametrize("page", of_a_page(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def test_the_page_says_it(page: Verdict, readers: Readers) -> None:
    settings = load_settings(page.schema)
    raw = as_page(settings, page.values)
    assert raw is not None

    judged = readers.judge(reader_module(settings, "x"), raw)

    said = [refusal["message"] for refusal in judged["refused"]]
    assert [without_mends(line) for line in page.says] == said
    assert [without_mends(line) for line in page.warns] == (judged["warnings"] if not said else list(page.warns))
