"""What the annotation says of the last change with chartgen, and since when a key at the latest holds what it does."""

from __future__ import annotations

import json
from collections.abc import Mapping

from chartgen.cluster.api import FIELD_MANAGER
from chartgen.cluster.live import LiveMap
from chartgen.cluster.writers import CHANGE_ANNOTATION, Writer
from chartgen.records import dataclass, field


@dataclass(frozen=True)
class LastChange:
    """Who, when, why, and the texts that were set (None: taken away); empty where the annotation does not say so.

    `since` has, for other keys that were written with chartgen, and for those that were put back, since when at the latest each holds its
    text. `sum` is the chart's sum in the pods' template at that time, where that was seen. After a change was put back, `undid` is the time from which on it had been in force.
    """

    by: str = ""
    when: str = ""
    why: str = ""
    texts: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    id: str = ""
    since: Mapping[str, str] = field(default_factory=dict, hash=False)
    undid: str = ""
    sum: str = ""


def last_change(live: LiveMap) -> LastChange | None:
    """The last change with chartgen; None where there was none, or the annotation is no object."""
    try:
        found = json.loads(live.annotations.get(CHANGE_ANNOTATION, ""))
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    by, when, why, id_, undid, sum_ = (_text(found.get(name)) for name in ("by", "when", "why", "id", "undid", "sum"))
    texts = {key: text for key, text in _object(found.get("set")).items() if text is None or isinstance(text, str)}
    since = {key: _text(at) for key, at in _object(found.get("since")).items()}
    return LastChange(by, when, why, texts, id_, since, undid, sum_)


def writer_of(live: LiveMap, key: str) -> Writer | None:
    """The first of those who wrote what a key holds: none has changed it since.

    Who updated it, if anybody did, was before all who applied it: it would not be theirs if it had held that text, and not be theirs any more if it
    had been given another since.
    """
    wrote = (each for each in live.writers if key in each.keys)
    return min(wrote, key=lambda each: (each.is_applier, each.at), default=None)


def known_since(live: LiveMap, key: str) -> str:
    """Since when at the latest a key holds its text; empty where that is not known."""
    writer, said = writer_of(live, key), last_change(live)
    if writer is None:
        return ""
    is_ours = writer.manager == FIELD_MANAGER and said is not None
    return said.since.get(key, writer.at) if is_ours and said is not None else writer.at


def carried(live: LiveMap, texts: Mapping[str, str | None]) -> dict[str, str]:
    """Since when the other keys that chartgen wrote hold their texts: the next change moves the time of all of them."""
    ours = (each for each in live.writers if each.manager == FIELD_MANAGER)
    keys = sorted({key for each in ours for key in each.keys} - texts.keys())
    return {key: at for key in keys if (at := known_since(live, key))}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
