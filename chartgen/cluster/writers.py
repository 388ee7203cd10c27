"""Who wrote the fields of a ConfigMap, and when: as far as the API server keeps that (`managedFields`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chartgen.records import dataclass

CHANGE_ANNOTATION = "chartgen.dev/last-change"
"""The annotation that says who changed the ConfigMap last with chartgen, when, why, and what."""

_BESIDE_DATA = frozenset({".", f"f:{CHANGE_ANNOTATION}", "f:kubectl.kubernetes.io/last-applied-configuration"})
"""Annotations that change with the data."""


@dataclass(frozen=True)
class Writer:
    """One who wrote keys; `at` is when they last changed, added or took away any of their fields, so no key of theirs is newer.

    `has_more` says that they have fields beside the data, so that it need not have been a key. `is_applier`: by server-side apply, which takes
    a part in a key also where it holds the text already; then `at` stays what it was.
    """

    manager: str
    at: str
    keys: frozenset[str]
    has_more: bool
    is_applier: bool = False


def writers_of(metadata: Mapping[str, Any]) -> Iterator[Writer]:
    """The writers of the data. Who took a key away that another had written leaves no trace."""
    for each in metadata.get("managedFields") or []:
        fields = each.get("fieldsV1") or {}
        keys = frozenset(name.removeprefix("f:") for name in fields.get("f:data") or () if name != ".")
        about = fields.get("f:metadata") or {}
        annotations = (about.get("f:annotations") or {}).keys()
        has_more = bool(
            fields.keys() - {"f:data", "f:metadata"} or about.keys() - {"f:annotations"} or annotations - _BESIDE_DATA
        )
        if keys or annotations & _BESIDE_DATA:
            is_applier = each.get("operation") == "Apply"
            yield Writer(str(each.get("manager", "")), str(each.get("time", "")), keys, has_more, is_applier)
