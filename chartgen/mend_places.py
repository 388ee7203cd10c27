"""Where the values of a stack can be changed: in which of the given files, or by which flag."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

from chartgen.documents.form import dotted
from chartgen.documents.inserted import insertion, replacement
from chartgen.documents.layers import Layer, Leaf
from chartgen.documents.layers import Path as Steps
from chartgen.documents.nodes import Plain, Scalar
from chartgen.documents.scalars import Value
from chartgen.documents.written import Written
from chartgen.edits import Edit
from chartgen.records import dataclass
from chartgen.source import Source

_FLAG = re.compile(r"--(set(?:-json|-string|-file|-literal)?) ")
_SIMPLE_KEY = re.compile(r"[\w-]+")
_SIMPLE_TEXT = re.compile(r"[\w:/.@+-]+")


class View(Protocol):
    """The effective values of one chart, which know where each came from."""

    @property
    def values(self) -> Mapping[str, Plain]:
        """The values as plain data."""

    def leaf(self, path: Steps) -> Leaf | None:
        """The value at a path, or None."""


@dataclass(frozen=True)
class Places:
    """The places of the values of one chart.

    `given` are the layers that may be changed, in order: those of the user, or the chart's own values.yaml where it is
    judged by itself. `prefix` is the chart's place in them.
    """

    view: View
    given: Sequence[Layer]
    prefix: Steps = ()
    helm_version: int = 4

    @cached_property
    def files(self) -> list[Written]:
        """The given files, in order; flags are none."""
        return [
            Written(layer.node.span.source, layer.node, self.helm_version, layer.part)
            for layer in self.given
            if not _FLAG.match(layer.name)
        ]

    def file_of(self, path: Steps) -> int:
        """Which of the files the value at a path is from; -1 if it is from none."""
        leaf = self.view.leaf(path)
        return self._number(leaf.node.span.source) if leaf is not None else -1

    def edit(self, path: Steps, value: Value, siblings: Sequence[str] = (), told: int = -1) -> Edit | None:
        """The edit that makes the value at a path another one; None where no file can.

        `told` is the file that is preferred: where an earlier one has the value, it is overridden there, so that who
        shares the earlier one keeps it. A value that no file has enters the last one that has its siblings.
        """
        leaf, own = self.view.leaf(path), self.file_of(path)
        if leaf is not None and (not isinstance(leaf.node, Scalar) or (own < 0 and self.flag_of(path))):
            return None
        whole = (*self.prefix, *path)
        if own < 0:
            found = (insertion(file, whole, value, siblings) for file in reversed(self.files))
            return next((edit for edit in found if edit is not None), None)
        edit = insertion(self.files[told], whole, value, siblings) if told > own else None
        if edit is None and leaf is not None:
            edit = replacement(self.files[own], leaf.node.span, value)
        # A value from a merge key cannot change where it is written, but a line below the merge key beats it.
        return edit or insertion(self.files[own], whole, value, siblings)

    def words(self, edit: Edit, path: Steps, told: Source | None) -> str:
        """What an edit of the value at a path does, for people; the file is named where it is not the one that is `told`.

        A value that is not written yet is added to its group, which is named: in braces its text begins with a comma.
        """
        text, where = edit.text.strip(), "" if edit.span.source is told else f" in {edit.span.source.name}"
        if edit.span.start != edit.span.end or ":" not in text:
            return f"write {text}{where}"
        group = dotted((*self.prefix, *path[:-1]))
        return f"add {text.removeprefix(',').strip()}{f' to {group}' if group else ''}{where}"

    def flag_of(self, path: Steps) -> str:
        """The kind of flag that set the value at a path, without dashes; empty if none did."""
        leaf = self.view.leaf(path)
        flag = _FLAG.match(leaf.layer.name) if leaf is not None else None
        return flag[1] if flag and self.file_of(path) < 0 else ""

    def instead(self, path: Steps, value: Value) -> str:
        """The flag to pass instead of the one that set the value at a path; empty where that takes more words."""
        kind = self.flag_of(path)
        name = ".".join(map(str, (*self.prefix, *path)))
        if not kind or not all(isinstance(key, str) and _SIMPLE_KEY.fullmatch(key) for key in path):
            return ""
        if isinstance(value, str):
            return f"--set-string {name}={value}" if _SIMPLE_TEXT.fullmatch(value) else ""
        plainly = isinstance(value, bool | int) and kind != "set-json"
        return f"--{'set' if plainly else 'set-json'} {name}={json.dumps(value)}"

    def _number(self, source: Source) -> int:
        return next((place for place, file in enumerate(self.files) if file.source is source), -1)
