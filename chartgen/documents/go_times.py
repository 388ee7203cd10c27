"""Dates, times and durations as Helm's checks of `format` read them."""

from __future__ import annotations

import re

_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = (
    r"(?P<hour>[0-9]{2}|\+[0-9]|-0):(?P<minute>[0-9]{2}|\+[0-9]|-0):(?P<second>[0-9]{2}|\+[0-9]|-0)(?:\.[0-9]+)?"
    r"(?:[zZ]|(?P<sign>[+-])(?P<hours>[0-9]{2}|\+[0-9]|-0):(?P<minutes>[0-9]{2}|\+[0-9]|-0))"
)
_DURATION = (
    r"P(?:[0-9]+W|(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?)"
)
_STAMP = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:[.,][0-9]+)?"
    r"(?:Z|[+-](?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(text: str) -> bool:
    """`YYYY-MM-DD`, a day that the calendar has; there is a year 0."""
    found = re.fullmatch(_DATE, text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] + (is_leap and month == 2)


def is_time(text: str) -> bool:
    """`hh:mm:ss`, a fraction, and `Z` or an offset; a leap second only at midnight of UTC.

    Go's Atoi reads `+1` and `-0` as numbers, so they pass for two digits.
    """
    found = re.fullmatch(_TIME, text)
    if found is None:
        return False
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    if hour > 23 or minute > 59 or second > 60:
        return False
    if found["sign"]:
        hours, minutes = int(found["hours"]), int(found["minutes"])
        if hours > 23 or minutes > 59:
            return False
        total = hour * 60 + minute - (1 if found["sign"] == "+" else -1) * (hours * 60 + minutes)
        total += 24 * 60 if total < 0 else 0
        hour, minute = divmod(total, 60)
    return second < 60 or (hour, minute) == (23, 59)


def is_date_time(text: str) -> bool:
    """A date, `T` or `t`, a time."""
    return text[10:11] in {"T", "t"} and is_date(text[:10]) and is_time(text[11:])


def is_stamp(text: str) -> bool:
    """What Go's `time.Time` reads from JSON: RFC 3339 with a `T`, and less strict in hours, fractions and offsets."""
    found = _STAMP.fullmatch(text)
    if found is None or not is_date(found["date"]):
        return False
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    in_day = int(found["hour"]) < 24 and int(found["minute"]) < 60 and int(found["second"]) < 60
    return in_day and hours <= 24 and minutes <= 60


def is_duration(text: str) -> bool:
    """`P`, then weeks alone, or years, months, days and after `T` hours, minutes, seconds, in this order."""
    return bool(re.fullmatch(_DURATION, text))


def is_period(text: str) -> bool:
    """Two instants, or an instant and a duration in either order, with `/` between."""
    start, slash, end = text.partition("/")
    if not slash:
        return False
    if start.startswith("P"):
        return is_duration(start) and is_date_time(end)
    return is_date_time(start) and (is_duration(end) if end.startswith("P") else is_date_time(end))
