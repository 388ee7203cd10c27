"""A YAML text as the events of libyaml, and libyaml's errors as findings.

Events, not PyYAML's composed nodes: Helm allows an anchor to be defined twice and expands merge keys where they stand,
and nothing here may recurse as deep as its input likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from chartgen.finding import Finding, Note, Severity
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from yaml._yaml import CParser as _CParser

    CParser: type[_CParser] | None

    # As PyYAML's own, but marks are always set by a parser.
    class Mark:
        """A place in the text that the parser was given."""

        index: int

    class Event:
        """What the parser saw."""

        start_mark: Mark
        end_mark: Mark

    class DocumentStartEvent(Event):
        """A document begins; its version if a directive says one."""

        version: tuple[int, int] | None

    class NodeEvent(Event):
        """A node, with its anchor."""

        anchor: str | None

    class AliasEvent(NodeEvent):
        """`*anchor`."""

        anchor: str

    class ScalarEvent(NodeEvent):
        """A scalar; `implicit[0]` if it is plain, or its tag is `!`."""

        tag: str | None
        value: str
        style: str | None
        implicit: tuple[bool, bool]

    class CollectionStartEvent(NodeEvent):
        """A mapping or a sequence begins."""

        tag: str | None
        flow_style: bool | None

    class MappingStartEvent(CollectionStartEvent):
        """A mapping begins."""

    class MappingEndEvent(Event):
        """A mapping ends."""

    class SequenceStartEvent(CollectionStartEvent):
        """A sequence begins."""

    class SequenceEndEvent(Event):
        """A sequence ends."""
else:
    try:
        from yaml._yaml import CParser
    except ImportError:
        CParser = None
    from yaml.events import (
        AliasEvent,
        CollectionStartEvent,
        DocumentStartEvent,
        Event,
        MappingEndEvent,
        MappingStartEvent,
        NodeEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
    )

__all__ = [
    "AliasEvent",
    "CollectionStartEvent",
    "DocumentStartEvent",
    "Event",
    "MappingEndEvent",
    "MappingStartEvent",
    "NodeEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "event_parser",
    "syntax_finding",
]


class EventParser(Protocol):
    """What libyaml's parser and PyYAML's own share."""

    def get_event(self) -> Event:
        """The next event."""


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's own parser."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def event_parser(text: str) -> EventParser:
    """A parser of a text: libyaml's, or PyYAML's own where it was built without libyaml."""
    parser = _PureParser if CParser is None else CParser
    return cast("EventParser", parser(text))


def syntax_finding(source: Source, start: int, end: int, error: yaml.YAMLError) -> Finding:
    """CG102 (or CG105) for an error of the parser that read `source.text[start:end]`."""
    mark = isinstance(error, yaml.MarkedYAMLError) and (error.problem_mark or error.context_mark)
    if not isinstance(error, yaml.MarkedYAMLError) or not mark:
        return _bad_character(source, start)
    offset = min(start + mark.index, end)
    begun = offset if error.context_mark is None else min(start + error.context_mark.index, end)
    # Most files are YAML.
    from chartgen.documents.yaml_guesses import guess  # noqa: PLC0415
    from chartgen.documents.yaml_problems import beginning, problem  # noqa: PLC0415

    words = error.problem or "this is not YAML"
    likely = guess(source, Span(source, start, end), words, begun, offset)
    if likely is not None:
        return Finding(likely[0].code, Severity.ERROR, likely[0].message, likely[1], help=likely[0].help)
    found = problem(words, source.text[offset : offset + 1])
    primary, other = (begun, offset) if found.at_beginning else (offset, begun)
    note = Note(beginning(error.context or ""), _one_character(source, other))
    notes = (note,) if note.message and primary != other and not found.at_beginning else ()
    return Finding(
        found.code, Severity.ERROR, found.message, _one_character(source, primary), notes=notes, help=found.help
    )


def _one_character(source: Source, offset: int) -> Span:
    return Span(source, offset, min(offset + 1, len(source.text)))


def _bad_character(source: Source, start: int) -> Finding:
    match = Reader.NON_PRINTABLE.search(source.text, start)
    if match is None:
        return Finding("CG102", Severity.ERROR, "this is not YAML", _one_character(source, start))
    message = f"YAML does not allow the character U+{ord(match[0]):04X}"
    span = _one_character(source, match.start())
    return Finding("CG102", Severity.ERROR, message, span, help="remove it, or escape it in double quotes")
