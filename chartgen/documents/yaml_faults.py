"""What there is to say of YAML that libyaml reads and Helm does not, or not as its author thinks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chartgen.documents.keys import key_kind
from chartgen.documents.limits import MAX_TOLD
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.finding import Finding, Note, Severity
from chartgen.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPE = re.compile(r"\\.", re.DOTALL)


class FaultError(Exception):
    """Helm refuses a document; the reader of the file catches it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def fault(code: str, message: str, span: Span, help_text: str = "") -> FaultError:
    """An error at a place, to be raised."""
    return FaultError(Finding(code, Severity.ERROR, message, span, help=help_text))


def no_key(span: Span) -> FaultError:
    """CG104: a list or a mapping as a key; most often it is the braces of a template."""
    is_template = span.source.text[span.start - 1 : span.start + 1] == "{{"
    if is_template:
        place = Span(span.source, span.start - 1, span.start + 1)
        return fault(
            "CG104", "values files are no templates: `{{` opens two mappings here", place, "put the text in quotes"
        )
    return fault("CG104", "a list or a mapping cannot be a key", span, "write a text as the key")


def question_mark(span: Span) -> FaultError:
    """CG102: to go-yaml, unlike libyaml, `?` between brackets begins a key wherever it stands."""
    return fault("CG102", "Helm cannot read a `?` between brackets without quotes", span, "put the text in quotes")


def check_escapes(span: Span) -> None:
    r"""See that a double-quoted text has no `\/`, which libyaml knows and go-yaml does not.

    Raises:
        FaultError: it has.
    """
    for match in _ESCAPE.finditer(span.text):
        if match[0] == "\\/":
            place = Span(span.source, span.start + match.start(), span.start + match.end())
            raise fault("CG102", "Helm does not know the escape `\\/`", place, "write `/` alone")


def check_tag_end(properties: Span) -> None:
    """See that the tag of an empty value between brackets ends where libyaml thinks: go-yaml reads on over a comma.

    Raises:
        FaultError: it does not.
    """
    if "!" in properties.text and properties.source.text[properties.end : properties.end + 1] in (",", "]"):
        raise fault("CG102", "Helm reads this tag on", properties, "put a blank behind the tag, or remove it")


def written_twice(first: Entry, second: Entry) -> Finding:
    """CG103 for two keys of one mapping that are one key to Helm."""
    message = f"the key {second.key} is written twice: the last one counts"
    if first.key_span.text != second.key_span.text:
        message = f"{first.key_span.text} and {second.key_span.text} are one key, {second.key}: the last one counts"
        if key_kind(first.key_span.text) != key_kind(second.key_span.text):
            message = f"{first.key_span.text} and {second.key_span.text} are one key, {second.key}: Helm takes either, by chance"
    return _twice(message, first, second, "remove one of them")


def merged_over(first: Entry, second: Entry, place: Span) -> Finding:
    """CG103 for a key that a merge key behind it replaces, against YAML's own rule."""
    finding = _twice(f"`<<` replaces the key {first.key} that stands before it", first, second, "write `<<` first")
    return Finding(finding.code, finding.severity, finding.message, place, notes=finding.notes, help=finding.help)


def warn(findings: list[Finding], finding: Finding) -> None:
    """Add a finding to those of a text, unless there are very many."""
    if len(findings) < MAX_TOLD:
        findings.append(finding)
    elif len(findings) == MAX_TOLD:
        message = "more keys than these are written twice"
        findings.append(Finding(finding.code, finding.severity, message, finding.primary, help=finding.help))


def _twice(message: str, first: Entry, second: Entry, help_text: str) -> Finding:
    note = Note(f"{first.key} is first written here", first.key_span)
    return Finding("CG103", Severity.WARNING, message, second.key_span, notes=(note,), path=second.key, help=help_text)


def unholdable(node: Node, bad_entries: dict[int, Entry], path: str = "") -> Iterator[Finding]:
    """CG104 for every infinity, NaN and key in the tree that JSON cannot hold."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            inner = f"{path}.{entry.key}" if path else entry.key
            if id(entry) in bad_entries:
                yield _bad_key(entry, path)
            yield from unholdable(entry.value, bad_entries, inner)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from unholdable(item, bad_entries, f"{path}[{index}]")
    elif isinstance(node.value, float) and node.value - node.value != 0:
        yield _bad_number(node, path)


def _bad_key(entry: Entry, path: str) -> Finding:
    if not entry.key:
        message, help_text = "there is no key before this colon", "write one, in quotes if it is to be empty"
    else:
        message, help_text = f"{entry.key} cannot be a key: Helm has no string for it", "write the key in quotes"
    return Finding("CG104", Severity.ERROR, message, entry.key_span, path=path, help=help_text)


def _bad_number(node: Scalar, path: str) -> Finding:
    message = f"{node.span.text} is not a number that JSON holds"
    return Finding(
        "CG104",
        Severity.ERROR,
        message,
        node.span,
        path=path,
        found=node.span.text,
        expected="a finite number",
        help="write a number, or put the text in quotes",
    )
