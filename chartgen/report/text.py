"""The report for people: each finding with its excerpt, the other operands, the rule and the help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chartgen.finding import Finding, Note, Severity
from chartgen.report.counts import Counts, counted
from chartgen.report.printable import printable
from chartgen.source import Span

RULE = "rule"
"""The message of the note that tells where a rule is written; it is shown in a line of its own."""


_LINE_SHOWN = 160
"""How much of a long line an excerpt shows, in code points."""


def render(findings: Sequence[Finding], counts: Counts | None = None) -> str:
    """All findings in order of place, and a line that counts them.

    When there are none: what was judged, or nothing at all without `counts`.
    """
    ignored = f"; {counted(counts.ignored, 'finding')} ignored" if counts is not None and counts.ignored else ""
    if not findings:
        return "" if counts is None else f"no findings in {counts.judged()}{ignored}\n"
    blocks = [
        printable("\n".join(_finding(finding))) for finding in sorted(findings, key=lambda finding: finding.order)
    ]
    return "\n\n".join([*blocks, count(findings) + ignored]) + "\n"


def count(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or `no findings`."""
    severities = [finding.severity for finding in findings]
    parts = [counted(number, severity.value) for severity in Severity if (number := severities.count(severity))]
    return ", ".join(parts) or "no findings"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity.value}[{finding.code}]: {finding.message}"
    width = len(str(finding.primary.line)) if finding.primary else 1
    margin = " " * width
    if finding.primary:
        yield from _excerpt(finding.primary, finding.label, margin)
    yield from (_note(note, margin) for note in finding.notes)
    if finding.layer and finding.primary and finding.layer != finding.primary.source.name:
        yield f"{margin} = layer: {finding.layer}"
    if finding.help:
        yield f"{margin} = help: {finding.help}"


def _excerpt(span: Span, label: str, margin: str) -> Iterator[str]:
    text = span.source.line(span.line)
    start = span.column - 1
    end_line, end_column = span.end_line_column
    end = min(end_column - 1, len(text)) if end_line == span.line else len(text)
    text, start, end = _cut(text, start, end)
    text = "".join(character if character == "\t" or character.isprintable() else "\ufffd" for character in text)
    carets = "^" * max(_width(text[start:end]), 1)
    yield f"{margin}--> {span.place()}"
    if not text and not span.source.text:  # a file that is not there, or empty
        return
    yield f"{margin} |"
    yield f"{span.line} | {text}".rstrip()
    yield f"{margin} | {_blank(text[:start])}{carets} {label}".rstrip()


def _cut(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line around the marked place, and the place in it."""
    if len(text) <= _LINE_SHOWN:
        return text, start, end
    first = max(start - _LINE_SHOWN // 2, 0)
    last = min(first + _LINE_SHOWN, len(text))
    before, after = "..." if first else "", "..." if last < len(text) else ""
    shift = first - len(before)
    return before + text[first:last] + after, start - shift, min(end, last) - shift


def _note(note: Note, margin: str) -> str:
    if note.span is None:
        return f"{margin} = note: {note.message}"
    if note.message == RULE:
        return f"{margin} = rule: {note.span.place()}"
    return f"{margin}::: {note.span.place()} {note.message}"


def _blank(text: str) -> str:
    """Spaces as wide as the text on a terminal; tabs stay, since their width is the terminal's."""
    return "".join("\t" if character == "\t" else " " * _width(character) for character in text)


def _width(text: str) -> int:
    import unicodedata  # noqa: PLC0415 - where nothing is found, nothing is shown

    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
