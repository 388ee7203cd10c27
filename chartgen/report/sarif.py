"""The report for code scanning and editors: SARIF 2.1.0, the OASIS standard.

A result always has a file, since GitHub refuses the whole report for one that has none: what is in no file (a flag, the
standard input) is told at the first file that was judged, and its message says where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from chartgen import __version__
from chartgen.edits import Edit
from chartgen.finding import CODES, Finding, Note, Severity, is_error
from chartgen.report.fingerprints import fingerprints
from chartgen.report.parts import parts
from chartgen.report.places import file_path, is_file, repository_path, uri, utf16_column
from chartgen.report.printable import printable
from chartgen.report.run import Run
from chartgen.source import Span

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"

_ROOT = "%SRCROOT%"
_REGION = ("startLine", "startColumn", "endLine", "endColumn")
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(findings: Sequence[Finding], run: Run) -> str:
    """One log of one run, with a rule for each code that occurs, also when there are no findings.

    File names are relative to the repository. Columns count UTF-16 code units.
    """
    ordered = sorted(findings, key=lambda finding: finding.order)
    codes = sorted({finding.code for finding in ordered})
    marks = fingerprints(ordered, run)
    results: list[Json] = [_result(*each, codes, run) for each in zip(ordered, marks, strict=True)]
    log: dict[str, Json] = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver([_rule(code, ordered) for code in codes])},
                "invocations": [_invocation(run)],
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the repository."}}},
                "columnKind": "utf16CodeUnits",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _driver(rules: list[Json]) -> Json:
    return {
        "name": "chartgen",
        "informationUri": "https://chartgen.dev",
        "semanticVersion": __version__,
        "shortDescription": {"text": "Judges the values of Helm charts."},
        "rules": rules,
    }


def _rule(code: str, findings: Iterable[Finding]) -> Json:
    own = [finding for finding in findings if finding.code == code]
    about = f"{CODES[code][:1].upper()}{CODES[code][1:]}."
    return {
        "id": code,
        "shortDescription": {"text": about},
        "fullDescription": {"text": about},
        "help": {"text": f"{about} Each result of {code} says how to mend it."},
        "defaultConfiguration": {"level": "error" if any(map(is_error, own)) else "warning"},
        "properties": {"precision": "very-high", "tags": ["helm", "values"]},
    }


def _invocation(run: Run) -> Json:
    invocation: dict[str, Json] = {"executionSuccessful": not run.stops, "exitCode": run.exit_code}
    if run.stops:
        stops: list[Json] = [{"level": "error", "message": {"text": printable(stop)}} for stop in run.stops]
        invocation["toolConfigurationNotifications"] = stops
    return invocation


def _result(finding: Finding, mark: str, codes: list[str], run: Run) -> Json:
    result: dict[str, Json] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": "error" if finding.severity is Severity.ERROR else "warning",
        "message": {"text": _without_links("; ".join(parts(finding)) + ".")},
        "locations": [_location(finding, run)],
        "partialFingerprints": {"chartgen/v1": mark},
    }
    notes = [note for note in finding.notes if is_file(note.span)]
    if notes:
        result["relatedLocations"] = [_note(number, note, run) for number, note in enumerate(notes)]
    fixes = list(_fixes(finding, run))
    if fixes:
        result["fixes"] = fixes
    return result


def _without_links(text: str) -> str:
    """The text of a message, in which brackets before a parenthesis would be a link."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _location(finding: Finding, run: Run) -> Json:
    if finding.primary is not None and is_file(finding.primary):
        location = _physical(finding.primary, run)
    else:
        artifact, start = _artifact(file_path(finding, run)), dict.fromkeys(_REGION, 1)
        location = {"physicalLocation": {"artifactLocation": artifact, "region": {**start}}}
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.path}]
    return location


def _note(number: int, note: Note, run: Run) -> Json:
    location = {} if note.span is None else _physical(note.span, run)
    return {"id": number, **location, "message": {"text": _without_links(printable(note.message))}}


def _physical(span: Span, run: Run) -> dict[str, Json]:
    artifact = _artifact(repository_path(span.source.name, run.root))
    return {"physicalLocation": {"artifactLocation": artifact, "region": _region(span)}}


def _artifact(path: str) -> Json:
    reference = uri(path)
    return {"uri": reference} if reference.startswith("file:") else {"uri": reference, "uriBaseId": _ROOT}


def _region(span: Span) -> Json:
    end_line, end_column = span.end_line_column
    columns = utf16_column(span, span.line, span.column), utf16_column(span, end_line, end_column)
    return {**dict(zip(_REGION, (span.line, columns[0], end_line, columns[1]), strict=True))}


def _fixes(finding: Finding, run: Run) -> Iterator[Json]:
    """Each of the changes that make the finding go away, those of flags left out."""
    for edits in dict.fromkeys((finding.edits, *finding.alternatives)):  # the standard wants no two alike
        if edits and all(is_file(edit.span) for edit in edits):
            changes: dict[str, list[Json]] = {}
            for edit in edits:
                changes.setdefault(repository_path(edit.span.source.name, run.root), []).append(_replacement(edit))
            those: list[Json] = [
                {"artifactLocation": _artifact(path), "replacements": replacements}
                for path, replacements in changes.items()
            ]
            yield {"artifactChanges": those}


def _replacement(edit: Edit) -> Json:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
