"""The report for people: each finding with its excerpt, the other operands, the rule and the help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chartgen.finding import Finding, Note, Severity
from chartgen.report.counts import counted
from chartgen.report.paint import Paint, plain
from chartgen.report.printable import printable
from chartgen.report.run import Run
from chartgen.source import Span

RULE = "rule"
"""The message of the note that tells where a rule is written; it is shown in a line of its own."""


def render(findings: Sequence[Finding], run: Run | None = None, paint: Paint = plain) -> str:
    """All findings in order of place, and a line that counts them.

    When there are none: what was judged, or nothing at all where that is not known.
    """
    counts = run.counts if run is not None else None
    ignored = f"; {counted(counts.ignored, 'finding')} ignored" if counts is not None and counts.ignored else ""
    if not findings:
        return "" if counts is None else f"no findings in {counts.judged()}{ignored}\n"
    blocks = [finding_text(finding, paint) for finding in sorted(findings, key=lambda finding: finding.order)]
    return "\n\n".join([*blocks, count(findings) + ignored]) + "\n"


def count(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or `no findings`."""
    severities = [finding.severity for finding in findings]
    parts = [counted(number, severity.value) for severity in Severity if (number := severities.count(severity))]
    return ", ".join(parts) or "no findings"


def finding_text(finding: Finding, paint: Paint = plain) -> str:
    """The lines of one finding."""
    return "\n".join(_finding(finding, paint))


def _finding(finding: Finding, paint: Paint) -> Iterator[str]:
    severity = finding.severity.value
    title = paint(severity, f"{severity}[{finding.code}]")
    yield title + paint("title", f": {printable(finding.message)}")
    width = len(str(finding.primary.line)) if finding.primary else 1
    margin = " " * width
    if finding.primary:
        yield from _excerpt(finding.primary, finding, margin, paint)
    yield from (_note(note, margin, paint) for note in finding.notes)
    if finding.layer and finding.primary and finding.layer != finding.primary.source.name:
        yield _fact("layer", printable(finding.layer), margin, paint)
    if finding.help:
        yield _fact("help", printable(finding.help), margin, paint)


def _excerpt(span: Span, finding: Finding, margin: str, paint: Paint) -> Iterator[str]:
    from chartgen.report.excerpt import caret_line, excerpt  # noqa: PLC0415 - clean runs do not pay for it

    yield f"{margin}{paint('frame', '-->')} {printable(span.place())}"
    shown = excerpt(span)
    if not shown.text and not span.source.text:  # a file that is not there, or empty
        return
    bar = paint("frame", "|")
    yield f"{margin} {bar}"
    yield f"{paint('frame', str(span.line))} {bar} {shown.text}".rstrip()
    blank, carets = caret_line(shown)
    marked = paint(finding.severity.value, f"{carets} {printable(finding.label)}".rstrip())
    yield f"{margin} {bar} {blank}{marked}"


def _note(note: Note, margin: str, paint: Paint) -> str:
    if note.span is None:
        return _fact("note", printable(note.message), margin, paint)
    if note.message == RULE:
        return _fact("rule", printable(note.span.place()), margin, paint)
    return f"{margin}{paint('frame', ':::')} {printable(note.span.place())} {printable(note.message)}"


def _fact(word: str, text: str, margin: str, paint: Paint) -> str:
    return f"{margin} {paint('frame', '=')} {paint('title', f'{word}:')} {text}"
