"""Instants in all zones, through Node and back."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from backend.models.instants import STORED, Instant, now, utc, written
from tests.counts import examples

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
AWARE = st.datetimes(timezones=st.timezones(), allow_imaginary=True)
EDGES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00.000001Z",
    "9999-12-31T23:59:59.999999Z",
    "1969-12-31T23:59:59.999999Z",
]


def in_utc(moment: datetime) -> datetime | None:
    """Computed by hand; None where it is out of range."""
    offset = moment.utcoffset()
    assert offset is not None
    try:
        return moment.replace(tzinfo=UTC) - offset
    except OverflowError:
        return None


@settings(max_examples=examples(2000))
@given(AWARE)
@example(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=0))
@example(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1))
@example(datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")))  # a time that was left out
@example(datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo")))
@example(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=ZoneInfo("America/New_York")))
@example(datetime(1883, 11, 18, 12, 0, tzinfo=ZoneInfo("America/New_York")))  # offsets had seconds
def test_an_instant_of_any_zone_is_written_in_utc_and_read_as_the_same(moment: datetime) -> None:
    expected = in_utc(moment)
    if expected is None:
        with pytest.raises(ValidationError, match="not within the years 1 to 9999"):
            INSTANT.validate_python(moment)
        return
    text = written(INSTANT.validate_python(moment))

    assert INSTANT.validate_python(text) == INSTANT.validate_json(json.dumps(text)) == expected
    assert datetime.fromisoformat(text) == expected
    assert (len(text), text[-1]) == (27, "Z")


@settings(max_examples=examples(2000))
@given(AWARE, AWARE)
def test_texts_sort_as_instants_do(one: datetime, other: datetime) -> None:
    first, second = in_utc(one), in_utc(other)
    if first is not None and second is not None:
        assert (written(one) < written(other)) == (first < second)


@pytest.mark.parametrize("fold", [0, 1])
def test_the_two_half_past_two_of_a_night_in_october_are_two_instants(fold: int) -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)

    assert written(moment) == f"2026-10-25T0{fold}:30:00.000000Z"


@settings(max_examples=examples(1000))
@given(st.datetimes())
def test_a_naive_one_is_refused_but_for_old_entries_where_it_is_utc(moment: datetime) -> None:
    for value in (moment, moment.isoformat()):
        with pytest.raises(ValidationError):
            INSTANT.validate_python(value)

        assert INSTANT.validate_python(value, context=STORED) == moment.replace(tzinfo=UTC)
    with pytest.raises(ValueError, match="names no instant"):
        written(moment)


@pytest.mark.parametrize("text", EDGES)
def test_the_edges_of_time_are_read_and_written(text: str) -> None:
    assert INSTANT.validate_python(written(INSTANT.validate_python(text))) == datetime.fromisoformat(text)


def node(program: str, given_texts: list[str]) -> list[str]:
    done = subprocess.run(
        ["node", "-e", program], input=json.dumps(given_texts), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    read: list[str] = json.loads(done.stdout)
    return read


IN_NODE = """
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => String(new Date(text).getTime()))));
"""
OUT_OF_NODE = """
const times = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(times.map((time) => new Date(Number(time)).toISOString())));
"""


@settings(max_examples=examples(50))
@given(st.lists(st.datetimes(timezones=st.timezones()).filter(in_utc), min_size=10, max_size=40))
def test_node_reads_the_same_instant_to_the_millisecond(moments: list[datetime]) -> None:
    moments = [*moments, *map(datetime.fromisoformat, EDGES)]
    # JavaScript cuts off what is finer; before 1970 as well, where that is not toward zero.
    expected = [str((utc(each) - EPOCH) // timedelta(milliseconds=1)) for each in moments]

    assert node(IN_NODE, [written(each) for each in moments]) == expected
    back = node(OUT_OF_NODE, expected)
    assert [INSTANT.validate_python(each) for each in back] == [
        utc(each).replace(microsecond=each.microsecond // 1000 * 1000) for each in map(utc, moments)
    ]


def test_now_is_aware() -> None:
    assert now().tzinfo is UTC
