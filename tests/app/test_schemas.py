"""The messages: what `json.dumps` says of datetimes cannot be said of ours, wherever they go."""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field, ValidationError, create_model
from redis import Redis

from backend.models.record import JobRecord
from backend.models.schemas import JobList, JobResultResponse, JobStatusResponse, JobWork, Message, State
from tests.redis_server import RedisServer

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
NAIVE = AT.replace(tzinfo=None)
FIELDS: dict[str, Any] = {"id": "j1", "state": "running", "created_at": AT, "updated_at": AT, "expires_at": AT}


class NaiveStatus(BaseModel):
    """A message as one writes it at first."""

    id: str
    created_at: datetime


def test_the_naive_way_is_not_serializable() -> None:
    naive = NaiveStatus(id="j1", created_at=AT)

    with pytest.raises(TypeError, match="Object of type datetime is not JSON serializable"):
        json.dumps(naive.model_dump())
    with pytest.raises(TypeError, match="Object of type datetime is not JSON serializable"):
        JSONResponse(naive.model_dump())


def messages() -> list[Message]:
    """One of each, with a datetime in every field that may have one."""
    status = JobStatusResponse(**FIELDS | {"started_at": AT, "finished_at": AT, "state": State.SUCCEEDED})
    result = JobResultResponse.model_validate(
        {"id": "j1", "state": State.SUCCEEDED, "finished_at": AT, "result": {"at": AT}}
    )
    record = JobRecord(status=status, work=JobWork(prompt="x"), attempt=1)
    return [status, result, JobList(jobs=[status]), record]


@pytest.mark.parametrize("message", messages(), ids=lambda each: type(each).__name__)
def test_our_way_is_the_same_through_every_door(message: Message) -> None:
    text = message.model_dump_json()

    assert json.loads(json.dumps(message.model_dump())) == json.loads(text)
    assert json.loads(bytes(JSONResponse(message.model_dump()).body)) == json.loads(text)
    assert json.loads(bytes(JSONResponse(message.model_dump(mode="json")).body)) == json.loads(text)
    assert "2026-01-02T03:04:05.678901Z" in text
    assert type(message).model_validate_json(text) == message
    assert type(message).model_validate(message.model_dump()) == message


def test_redis_gives_back_what_it_was_given(redis: RedisServer) -> None:
    with Redis.from_url(redis.url) as client:
        for message in messages():
            client.set("message", message.model_dump_json())
            stored = client.get("message")

            assert isinstance(stored, bytes)
            assert type(message).read_stored(stored) == message


@pytest.mark.parametrize("field", ["created_at", "started_at", "updated_at", "finished_at", "expires_at"])
@pytest.mark.parametrize("value", [NAIVE, "2026-01-02T03:04:05", "2026-01-02"])
def test_a_naive_instant_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        JobStatusResponse(**FIELDS | {field: value})


def test_an_instant_of_any_zone_is_made_utc() -> None:
    status = JobStatusResponse(**FIELDS | {"created_at": AT.astimezone(timezone(timedelta(hours=5, minutes=30)))})

    assert (status.created_at, status.created_at.tzinfo) == (AT, UTC)
    assert status.model_dump()["created_at"] == "2026-01-02T03:04:05.678901Z"


def test_a_default_is_validated_as_a_value_is() -> None:
    # Without `validate_default`, a naive default is taken.
    plain = create_model("plain", at=(AwareDatetime, Field(default=NAIVE)))
    ours = create_model("ours", __base__=Message, at=(AwareDatetime, Field(default=NAIVE)))

    assert plain().at == NAIVE  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        ours()


def test_a_message_cannot_be_changed_into_a_wrong_one() -> None:
    status = JobStatusResponse(**FIELDS)

    with pytest.raises(ValidationError):
        status.updated_at = NAIVE
    with pytest.raises(ValueError, match="names no instant"):
        status.model_copy(update={"updated_at": NAIVE}).model_dump_json()


def test_old_naive_entries_are_read_as_utc() -> None:
    old = json.dumps({"id": "j1", "state": "queued", "created_at": "2026-01-02T03:04:05.678901", "updated_at": "2026-01-02T03:04:05"}
        | {"expires_at": "2026-01-02 03:04:05", "started_at": None, "worker": "a field that is not there any more"})  # fmt: skip
    status = JobStatusResponse.read_stored(old)

    assert status.created_at == AT
    assert status.updated_at == status.expires_at == AT.replace(microsecond=0)
    assert status.updated_at <= AT  # naive ones could not be compared
    assert JobStatusResponse.model_validate_json(status.model_dump_json()) == status


def test_an_old_entry_with_nonsense_is_refused() -> None:
    with pytest.raises(ValidationError):
        JobStatusResponse.read_stored('{"id": "j1", "state": "queued", "created_at": "soon"}')


class Text(str, Enum):  # noqa: UP042 - what a StrEnum is not: its str() is "Text.A"
    A = "a"


class Colour(Enum):
    RED = "red"
    AT = AT


def result(value: object) -> Any:
    made = JobResultResponse.model_validate(
        {"id": "j1", "state": State.SUCCEEDED, "finished_at": AT, "result": {"it": value}}
    )
    return json.loads(made.model_dump_json())["result"]["it"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (AT, "2026-01-02T03:04:05.678901Z"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(3, 4, 5), "03:04:05"),
        (timedelta(days=1, milliseconds=1), 86400.001),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1E+3"),
        (Colour.RED, "red"),
        (Colour.AT, "2026-01-02T03:04:05.678901Z"),
        (State.QUEUED, "queued"),
        (b"\xff\x00", "/wA="),
        (2**53 - 1, 2**53 - 1),
        (True, True),
        (-0.0, -0.0),
        ((1, [None, {"a": {AT}}]), [1, [None, {"a": ["2026-01-02T03:04:05.678901Z"]}]]),
        ({"b", "a"}, ["a", "b"]),
        ({1, 2, 10, 9, 2.5, "b"}, [1, 2, 2.5, 9, 10, "b"]),
        (deque([2, 1]), [2, 1]),
        (range(3), [0, 1, 2]),
        ({"b": 1, "a": 2}.keys(), ["b", "a"]),
        ({"b": NAIVE.year}.values(), [2026]),
        ({Text.A: 1, Colour.RED: 2}, {"a": 1, "red": 2}),
        (Text.A, "a"),
        (NaiveStatus(id="x", created_at=AT), {"id": "x", "created_at": "2026-01-02T03:04:05.678901Z"}),
        ("\u2028 \U0001f600", "\u2028 \U0001f600"),
    ],
)
def test_a_result_is_written_in_json_s_own_kinds(value: object, expected: object) -> None:
    assert result(value) == expected


class Open(BaseModel, extra="allow"):
    """A model that keeps what it does not know."""

    known: int


CIRCLE: list[object] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (NAIVE, "result.it: a datetime without a zone names no instant"),
        ([1, {"at": NAIVE}], "result.it[1].at: a datetime without a zone"),
        (
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
            "result.it: in UTC, it is not within the years 1 to 9999",
        ),
        (time(1, tzinfo=UTC), "result.it: a time with a zone"),
        (float("nan"), "result.it: JSON has no nan"),
        (float("-inf"), "result.it: JSON has no -inf"),
        (Decimal("NaN"), "result.it: JSON has no NaN"),
        (2**53, "result.it: JavaScript would round the integer 9007199254740992"),
        ({1: 2}, "result.it: the key 1 is no text"),
        pytest.param(10**5000, "result.it: JavaScript would round the integer of 16610 bits", id="long integer"),
        pytest.param({10**5000: 1}, "result.it: the key, an integer of 16610 bits, is no text", id="long key"),
        (memoryview(b"x"), "result.it: memoryview has no form in JSON"),
        ("\ud800", "result.it: half of a surrogate pair"),
        ({"\udfff": 1}, "result.it: half of a surrogate pair"),
        (object(), "result.it: object has no form in JSON"),
        (1j, "result.it: complex has no form in JSON"),
        (CIRCLE, "nested deeper than 50"),
        ({Colour.RED: 1, "red": 2}, "result.it: two keys are 'red' in JSON"),
        (Open.model_validate({"known": 1, "other": NAIVE}), "result.it.other: a datetime without a zone"),
    ],
)
def test_a_result_that_json_cannot_have_is_refused_when_it_is_written(value: object, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        result(value)

    assert said in str(refused.value)


def test_what_is_put_into_a_result_later_is_written_as_well() -> None:
    made = JobResultResponse(id="j1", state=State.SUCCEEDED, finished_at=AT, result={})
    made.result["at"] = AT  # type: ignore[assignment]
    expected = {"at": "2026-01-02T03:04:05.678901Z"}

    assert json.loads(json.dumps(made.model_dump()))["result"] == expected
    assert json.loads(made.model_dump_json())["result"] == expected
    made.result["at"] = NAIVE  # type: ignore[assignment]
    for dump in (made.model_dump, made.model_dump_json):
        with pytest.raises(ValueError, match="a datetime without a zone names no instant"):
            dump()


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # they say the same
def test_what_was_not_validated_is_written_as_well() -> None:
    status = JobStatusResponse(**FIELDS)
    for unchecked in (
        status.model_copy(update={"message": AT}),
        JobStatusResponse.model_construct(**FIELDS | {"message": AT}),
    ):
        for found in (
            unchecked.model_dump(),
            dict(unchecked),
            dict(JobList.model_construct(jobs=[unchecked]))["jobs"][0],
        ):
            assert json.loads(json.dumps(found))["message"] == "2026-01-02T03:04:05.678901Z"


@pytest.mark.parametrize("progress", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_have_is_refused_by_every_door(progress: float) -> None:
    status = JobStatusResponse(**FIELDS).model_copy(update={"progress": progress})

    for message in (status, JobList.model_construct(jobs=[status])):
        for dump in (message.model_dump, message.model_dump_json):
            with pytest.raises(ValueError, match=f"progress: JSON has no {progress}"):
                dump()


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # they say the same
@pytest.mark.parametrize("value", [b"abc", timedelta(days=1), AT, UUID(int=1)])
def test_what_was_not_validated_is_the_same_text_through_every_door(value: object) -> None:
    status = JobStatusResponse.model_construct(**FIELDS | {"message": value})

    assert status.model_dump_json().encode() == JSONResponse(status.model_dump()).body


def test_a_message_is_serialisable_as_a_dictionary_of_itself() -> None:
    status = JobStatusResponse(**FIELDS)

    assert json.loads(json.dumps(dict(status))) == json.loads(status.model_dump_json())
    assert status.model_dump(include={"id"}) == {"id": "j1"}
