"""Whether a text is a former report, which a new one may replace. All else that a file holds is somebody's own."""

from __future__ import annotations

import os
import re

_HEAD = r"(?:error|warning)"
_COUNT = r"\d+ (?:error|warning)s?(?:, \d+ warnings?)?"
_IGNORED = r"(?:; \d+ findings? ignored)?"
_TEXT = re.compile(
    rf"(?:{_HEAD}\[CG\d{{3}}\]: .*\n\n{_COUNT}|no findings in \d[^\n]*?){_IGNORED}\n",
    re.DOTALL,
)
_LINES = {
    "concise": re.compile(rf"(?:(?:.+: )?{_HEAD} CG\d{{3}} .*\n)+"),
    "github": re.compile(r"(?:::(?:error|warning|notice) .*\n)+"),
}
_JUNIT = re.compile(r'\s*(?:<\?xml[^>]*\?>\s*)?<testsuites name="chartgen"[^<>]*(?:/>|>.*</testsuites>)\s*', re.DOTALL)
_CODE = re.compile(r"CG\d{3}")
_MOST_BYTES = 256 * 1024 * 1024
_OF_SOURCES = (".yaml", ".yml", ".tpl", ".env")


def may_be_replaced(file: str, format_: str) -> bool:
    """Whether a file may be overwritten by a report: it is a former one, or empty and not named as a source is."""
    try:
        with open(file, "rb") as opened:
            data = opened.read(_MOST_BYTES)
        text = data.decode("utf-8")
    except (OSError, ValueError):
        return False
    name = os.path.basename(os.path.realpath(file))
    return is_former_report(text, format_) if text else not (name.startswith(".") or name.endswith(_OF_SOURCES))


def is_former_report(text: str, format_: str) -> bool:
    """Whether a text that is not empty is a report of chartgen in a format."""
    if format_ == "text":
        return _TEXT.fullmatch(text) is not None
    if format_ in _LINES:
        return _LINES[format_].fullmatch(text) is not None
    if format_ == "junit":
        return _JUNIT.fullmatch(text) is not None
    return _is_document(text, format_)


def _is_document(text: str, format_: str) -> bool:
    import json  # noqa: PLC0415 - most reports go to new files

    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return False
    match format_, held:
        case "json", {"version": int(), "summary": {"errors": int()}, "findings": list()}:
            return True
        case "sarif", {"runs": [{"tool": {"driver": {"name": "chartgen"}}}]}:
            return True
        case "gitlab", list():
            return all(isinstance(each, dict) and _CODE.fullmatch(str(each.get("check_name"))) for each in held)
        case _:
            return False
