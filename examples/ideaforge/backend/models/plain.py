"""What a job returns, as JSON has it: decided when it is written, so that no poll fails on it later."""

from __future__ import annotations

import base64
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from uuid import UUID

from pydantic import BaseModel, JsonValue

from backend.models.instants import written

MOST = 2**53 - 1
"""The largest integer that JavaScript reads as it is."""

DEEPEST = 50
_LONG = 256  # bits; Python refuses to write much longer integers in digits
_SCALAR = (str, bytes, bytearray, memoryview)


def plain(value: object, path: str = "result", depth: int = 0) -> JsonValue:
    """A value as JSON's own kinds.

    - `datetime`: as `instants.written`; a naive one is refused
    - `date`, `time`: as ISO 8601 writes them; a `time` with a zone is refused, since without a day the zone has no offset
    - `timedelta`: its seconds, a number; exact up to 285 years
    - `UUID`, `Decimal`: texts; a `Decimal` keeps its digits, which a number would lose
    - an `Enum`: its value, as a key too
    - `bytes`: Base64 with `+`, `/` and padding
    - sets: sorted lists, numbers first and by their value; tuples and other iterables of known length: lists
    - models of Pydantic: objects of their fields

    Raises:
        ValueError: NaN and infinities, integers that JavaScript would round, half of a surrogate pair, keys that are no
            texts, two that are one text, nesting deeper than 50, and every other kind; the message names the place.
    """
    if depth > DEEPEST:
        raise ValueError(f"{path}: nested deeper than {DEEPEST}")
    if isinstance(value, Enum):
        return plain(value.value, path, depth + 1)
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        return _object({**fields, **(value.model_extra or {})}.items(), path, depth)
    if isinstance(value, Mapping):
        return _object(value.items(), path, depth)
    if isinstance(value, set | frozenset):
        found = [plain(each, f"{path}[]", depth + 1) for each in value]
        return sorted(found, key=_rank)
    if isinstance(value, Collection) and not isinstance(value, _SCALAR):
        return [plain(each, f"{path}[{at}]", depth + 1) for at, each in enumerate(value)]
    return _scalar(value, path)


def _rank(value: JsonValue) -> tuple[bool, float, str, str]:
    """Numbers by what they are, all else by its kind and its text."""
    if isinstance(value, int | float):
        return False, value, "", ""
    return True, 0, type(value).__name__, str(value)


def _object(items: Iterable[tuple[object, object]], path: str, depth: int) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for name, value in _pairs(items, path, depth):
        if name in found:
            raise ValueError(f"{path}: two keys are {name!r} in JSON")
        found[name] = value
    return found


def _pairs(items: Iterable[tuple[object, object]], path: str, depth: int) -> Iterator[tuple[str, JsonValue]]:
    for key, value in items:
        name = key.value if isinstance(key, Enum) else key
        if not isinstance(name, str):
            raise ValueError(f"{path}: the key{_shown(name)} is no text")  # noqa: TRY004 - Pydantic reports ValueError
        yield _text(name, path), plain(value, f"{path}.{name}", depth + 1)


def _shown(key: object) -> str:
    if isinstance(key, int) and key.bit_length() > _LONG:
        return f", an integer of {key.bit_length()} bits,"
    return f" {key!r}"


def _scalar(value: object, path: str) -> JsonValue:
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, path)
        case int():
            return _integer(value, path)
        case float():
            return _number(value, path)
        case UUID():
            return str(value)
        case Decimal():
            return _decimal(value, path)
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case _:
            return _of_time(value, path)


def _of_time(value: object, path: str) -> JsonValue:
    match value:
        case datetime():
            return _instant(value, path)
        case time() if value.tzinfo is not None:
            raise ValueError(f"{path}: a time with a zone has no offset without a day")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            raise ValueError(f"{path}: {type(value).__name__} has no form in JSON")


def _text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{path}: half of a surrogate pair is no text") from None
    return str.__str__(value)  # of a subclass, too, whose own str() may say something else


def _integer(value: int, path: str) -> int:
    if abs(value) > MOST:
        found = f"of {value.bit_length()} bits" if value.bit_length() > _LONG else value
        raise ValueError(f"{path}: JavaScript would round the integer {found}: write it as a text")
    return int(value)


def _number(value: float, path: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{path}: JSON has no {value}")
    return float(value)


def _decimal(value: Decimal, path: str) -> str:
    if not value.is_finite():
        raise ValueError(f"{path}: JSON has no {value}")
    return str(value)


def _instant(value: datetime, path: str) -> str:
    try:
        return written(value)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
