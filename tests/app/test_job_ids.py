"""Ids know their own, and nothing else."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.job_ids import JobIds
from tests.counts import examples

IDS = JobIds(b"a key")


@settings(max_examples=examples(2000))
@given(st.integers(0, 2**48 - 1))
def test_an_id_tells_when_it_was_made(at_ms: int) -> None:
    assert IDS.made_at_ms(IDS.new(at_ms)) == at_ms


@settings(max_examples=examples(2000))
@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1))
def test_ids_sort_as_their_times_do(one: int, other: int) -> None:
    if one != other:
        assert (IDS.new(one) < IDS.new(other)) == (one < other)


@settings(max_examples=examples(3000))
@given(st.text() | st.text("0123456789abcdefghijklmnopqrstuv", min_size=32, max_size=32))
def test_no_other_text_is_an_id(text: str) -> None:
    assert IDS.made_at_ms(text) is None


def test_an_id_is_known_as_it_was_made_alone() -> None:
    made = IDS.new()

    assert abs((IDS.made_at_ms(made) or 0) - time.time() * 1000) < 5000
    assert IDS.made_at_ms(made.upper()) is None
    assert JobIds(b"another key").made_at_ms(made) is None
    assert [
        at for at in range(32) if IDS.made_at_ms(made[:at] + ("0" if made[at] != "0" else "1") + made[at + 1 :])
    ] == []


def test_ids_of_one_moment_differ() -> None:
    assert len({IDS.new(1) for _ in range(1000)}) == 1000
