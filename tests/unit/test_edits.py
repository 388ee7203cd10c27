"""A change by spans leaves all else as it was."""

from __future__ import annotations

import pytest

from chartgen.edits import Edit, apply_edits
from chartgen.source import Source, Span


def test_edits_are_made_wherever_they_stand_in_the_list() -> None:
    source = Source("values.yaml", "a: 1 # one\nb: 2\n")
    edits = [Edit(Span(source, 3, 4), "100"), Edit(Span(source, 14, 15), "x")]

    assert apply_edits(source.text, edits) == "a: 100 # one\nb: x\n"
    assert apply_edits(source.text, reversed(edits)) == "a: 100 # one\nb: x\n"


def test_edits_that_overlap_are_refused() -> None:
    source = Source("values.yaml", "abcdef")

    with pytest.raises(ValueError, match="overlap"):
        apply_edits(source.text, [Edit(Span(source, 0, 3), ""), Edit(Span(source, 2, 5), "")])
