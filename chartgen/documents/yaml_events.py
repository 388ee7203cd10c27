"""A YAML text as the events of libyaml, and libyaml's errors as findings.

Events, not PyYAML's composed nodes: Helm allows an anchor to be defined twice and expands merge keys where they stand,
and nothing here may recurse as deep as its input likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import yaml

from chartgen.finding import Finding, Severity
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable


class EventParser(Protocol):
    """What the C parser and the pure one share."""

    def get_event(self) -> yaml.Event:
        """The next event; None past the end of the stream."""


try:
    from yaml._yaml import CParser

    event_parser: Callable[[str], EventParser] = CParser
except ImportError:  # a PyYAML built without libyaml
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class _PureParser(Reader, Scanner, Parser):
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)

    event_parser = _PureParser


def syntax_finding(source: Source, base: int, error: yaml.YAMLError) -> Finding:
    """CG102 for an error of the parser that read `source.text[base:]`."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        offset = base + (mark.index if mark else 0)
        message = error.problem or "this is not YAML"
    else:
        offset = _bad_character(source, base)
        message = "control characters are not allowed"
    offset = min(offset, len(source.text))
    return Finding("CG102", Severity.ERROR, message, Span(source, offset, min(offset + 1, len(source.text))))


def _bad_character(source: Source, base: int) -> int:
    from yaml.reader import Reader  # noqa: PLC0415 - on the way of an error only

    match = Reader.NON_PRINTABLE.search(source.text, base)
    return match.start() if match else base
