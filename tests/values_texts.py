"""Values as people write them: files of every style, for what changes a file and has to leave all else as it is."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from chartgen.documents.scalar_text import quoted

COMMENTS = ["", "", "", "  # 5 & *x: 'why' \"", "\t# a tab before it", "   ", " # 日本語 é"]
_PLAIN = re.compile(r"[a-z]{3,}")
_WORDS = frozenset({"yes", "true", "off", "null", "false"})


@st.composite
def values_texts(draw: st.DrawFn, values: dict[str, Any]) -> str:
    """A YAML text that says `settings: values`, with comments, quotes, brackets, anchors and line ends of all kinds."""
    head = draw(st.sampled_from(["", "# head\n", "---\n", "--- # head\n", "\n\n"]))
    text = head + draw(_block({"settings": values}, 0))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    tail = draw(st.sampled_from(["", "", "no newline", "# end", "...\n", "\n\n"]))
    return text.rstrip("\r\n") if tail == "no newline" else text + tail


@st.composite
def _block(draw: st.DrawFn, values: dict[str, Any], indent: int) -> str:
    step = draw(st.sampled_from([2, 4]))
    lines: list[str] = []
    for key, value in values.items():
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(["", " " * indent + "# about", "# to the left: 1"])))
        name = draw(st.sampled_from([key, key, f'"{key}"', f"'{key}'"]))
        after = draw(st.sampled_from(COMMENTS))
        if isinstance(value, dict) and value and draw(st.integers(0, 3)):
            below = draw(_block(value, indent + step))
            lines.append(f"{' ' * indent}{name}:{after}\n{below}".rstrip("\n"))
        else:
            lines.append(f"{' ' * indent}{name}:{draw(st.sampled_from([' ', '   ']))}{draw(flow(value))}{after}")
    return "".join(f"{line}\n" for line in lines)


@st.composite
def flow(draw: st.DrawFn, value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        gap = draw(st.sampled_from([" ", ""]))
        items = [f"{draw(st.sampled_from([key, json.dumps(key)]))}: {draw(flow(item))}" for key, item in value.items()]
        return "{" + gap + f",{gap or ' '}".join(items) + gap + "}"
    if isinstance(value, list):
        return "[" + ", ".join(draw(flow(item)) for item in value) + "]"
    before = draw(st.sampled_from(["", "", "", f"&a{draw(st.integers(0, 9))} "]))
    if isinstance(value, str):
        return before + draw(st.sampled_from(_quoted(value)))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return before + draw(st.sampled_from(["true", "True", "yes", "on"] if value else ["false", "no", "Off"]))
    number = format(Decimal(repr(value)), "f")
    return before + draw(st.sampled_from([number, number, f"!!int {number}" if isinstance(value, int) else number]))


def _quoted(text: str) -> list[str]:
    ways = [quoted(text)]
    if text.isprintable():
        ways.append("'" + text.replace("'", "''") + "'")
    if _PLAIN.fullmatch(text) and text not in _WORDS:
        ways += [text, text]
    return ways
