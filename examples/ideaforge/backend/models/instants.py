"""Instants: aware in, UTC inside, and one written form, which JSON, Redis and JavaScript share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

STORED = {"stored": True}
"""The context of validation for what was written before instants had to be aware: there, a naive one is UTC."""


def written(instant: datetime) -> str:
    """An instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ`: always UTC, always 27 characters, so that texts sort as instants do.

    JavaScript's `Date` reads it and keeps milliseconds: the last three digits are cut off, not rounded.

    Raises:
        ValueError: it is naive, so nobody knows which instant it is; or it is not within the years 1 to 9999 in UTC.
    """
    text = utc(instant).isoformat(timespec="microseconds")
    return f"{text.removesuffix('+00:00')}Z"


def utc(instant: datetime) -> datetime:
    """The same instant in UTC.

    Raises:
        ValueError: as of `written`.
    """
    if instant.utcoffset() is None:
        raise ValueError("a datetime without a zone names no instant: give it a tzinfo")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("in UTC, it is not within the years 1 to 9999") from None


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def _aware_if_stored(value: object, info: ValidationInfo) -> object:
    if not (info.context or {}).get("stored"):
        return value
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.utcoffset() is None:
        return value.replace(tzinfo=UTC)
    return value


Instant = Annotated[datetime, BeforeValidator(_aware_if_stored), AfterValidator(utc)]
"""A datetime that names an instant, in UTC. A naive one is refused, but for what is read with the context `STORED`."""
