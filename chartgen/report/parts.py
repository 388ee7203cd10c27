"""What a finding says, for reports that have no excerpt beside it."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.finding import Finding
from chartgen.report.places import is_file
from chartgen.report.printable import printable


def parts(finding: Finding) -> Iterator[str]:
    """What is wrong, the arithmetic, the facts that have no place in a file, and the mend; each on one line."""
    place = finding.primary
    where = f" in {place.source.name}" if place is not None and not is_file(place) else ""
    facts = (note.message for note in finding.notes if not is_file(note.span))
    for text in (finding.message + where, finding.label, *facts, finding.help and f"help: {finding.help}"):
        if text:
            yield printable(" ".join(text.split()))
