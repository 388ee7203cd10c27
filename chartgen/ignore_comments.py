"""Findings that a comment in their file accepts, with a reason.

A comment `# chartgen: ignore[CG202] reason` accepts the findings that are told at its line, or, where it has a line of
its own, at the line below. Only the place told counts, not the other operands of a rule: when another layer breaks the
rule anew, the finding moves there, and whoever wrote that layer answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias

from chartgen.documents.content import is_dotenv
from chartgen.documents.limits import MAX_TOLD
from chartgen.documents.yaml_comments import comments_with
from chartgen.finding import CODES, Finding, Severity
from chartgen.ignored import WORD
from chartgen.names import did_you_mean, nearest
from chartgen.records import dataclass
from chartgen.source import Source, Span

_FORM = "`# chartgen: ignore[CG202] reason`"
_DIRECTIVE = re.compile(r"#[ \t]{0,8}chartgen:\s*(.*)", re.DOTALL)  # bounded: a line of a million # is read once
_IGNORE = re.compile(r"ignore\s*\[([^\]]*)\][\s:,;.\u2013\u2014-]*(.*)", re.DOTALL)
_CODE = re.compile(r"[^\s,]+")
# What does not parse cannot be accepted inside the file that does not parse.
_ACCEPTABLE = sorted({"CG103"} | {code for code in CODES if code[:3] in ("CG2", "CG4")} - {"CG209", "CG210"})
_FAMILIES = ("CG2xx", "CG4xx")
"""Each stands for all codes of findings in values, or in the wiring."""

_Place: TypeAlias = "tuple[str, int, str]"


@dataclass(frozen=True)
class Accepted:
    """A code that a comment accepts at a line of its file; `span` is the code in the comment."""

    code: str
    line: int
    span: Span


def accepted_by_comments(source: Source, helm_version: int = 4) -> tuple[list[Accepted], list[Finding]]:
    """What the comments of a values file accept, and CG210 for those that cannot be read."""
    accepted: list[Accepted] = []
    findings: list[Finding] = []
    comments = _comments(source, helm_version)
    below: dict[int, int] = {}
    for comment in reversed(comments):  # from the last one, so that a long run of comments is walked once
        if _is_alone(comment):
            below[comment.line] = _below(source, comment.line, below)
    for comment in comments:
        line = comment.line
        for item in _directive(comment):
            if isinstance(item, Finding):
                findings.append(item)
            else:
                accepted.append(Accepted(item.text, below.get(line, line), item))
    return accepted, findings


def _comments(source: Source, helm_version: int) -> list[Span]:
    if not is_dotenv(source.name):
        return comments_with(WORD, source, helm_version)
    from chartgen.documents.dotenv import dotenv_comments  # noqa: PLC0415 - most files are YAML

    return [comment for comment in dotenv_comments(source) if WORD in comment.text]


def _is_alone(comment: Span) -> bool:
    return not comment.source.line(comment.line)[: comment.column - 1].strip()


def _below(source: Source, line: int, known: dict[int, int]) -> int:
    """The first line below that is no comment; `known` are those of the lines below."""
    last = source.line_column(len(source.text))[0]
    below = line + 1
    while below < last and source.line(below).lstrip().startswith("#"):
        if below in known:
            return known[below]
        below += 1
    return below


def _directive(comment: Span) -> Iterator[Span | Finding]:
    """The codes that a comment accepts, and what is wrong with it; nothing if it is for people."""
    directive = _DIRECTIVE.search(comment.text)
    if directive is None:
        return
    said = directive[1].strip()
    form = _IGNORE.match(said)
    if form is None:
        word = (re.match(r"\w*", said) or [""])[0]
        if "[" in said or re.search(r"\bCG\d", said) or nearest(word, ["ignore"]):
            yield _unreadable(comment, "this comment ignores nothing", f"write {_FORM}")
        return
    start = comment.start + directive.start(1) + form.start(1)
    codes: dict[str, Span] = {}
    for code in _CODE.finditer(form[1]):
        codes.setdefault(code[0], Span(comment.source, start + code.start(), start + code.end()))
    if not codes:
        yield _unreadable(comment, "this comment names no code to ignore", f"write {_FORM}")
    elif not re.search(r"\w", form[2]):
        yield _unreadable(comment, "this comment gives no reason, so it ignores nothing", f"write {_FORM}")
    else:
        yield from (code if code.text in {*_ACCEPTABLE, *_FAMILIES} else _unknown_code(code) for code in codes.values())


def _unreadable(place: Span, message: str, help_text: str) -> Finding:
    return Finding("CG210", Severity.WARNING, message, place, found=place.text, expected=_FORM, help=help_text)


def _unknown_code(code: Span) -> Finding:
    if code.text in CODES:
        message = f"{code.text} cannot be ignored by a comment"
        return _unreadable(code, message, "only CG103 and findings in values (CG2xx) and wiring (CG4xx) can")
    message = f"{code.text} is not a code of chartgen's findings"
    return _unreadable(code, message, did_you_mean(code.text, _ACCEPTABLE))


def without_accepted(
    findings: Iterable[Finding],
    sources: Iterable[Source],
    may_be_unused: Callable[[Accepted], bool],
    helm_version: int = 4,
) -> tuple[list[Finding], int]:
    """The findings that no comment of the sources accepts, and how many were accepted.

    Among the findings are CG210 for comments that cannot be read, and CG209 for those that accept nothing, where
    `may_be_unused` says that this is known.
    """
    accepted: dict[_Place, list[Accepted]] = {}
    left: list[Finding] = []
    for source in sources:
        items, faults = accepted_by_comments(source, helm_version)
        left += faults
        for item in items:
            accepted.setdefault((source.name, item.line, item.code), []).append(item)
    used: dict[_Place, int] = {}
    for finding in findings:
        place = _accepting(finding, accepted)
        if place is not None:
            used[place] = used.get(place, 0) + 1
        else:
            left.append(finding)
    unused = (item for place, items in accepted.items() for item in (items[1:] if place in used else items))
    left += islice((_unused_comment(item) for item in unused if may_be_unused(item)), MAX_TOLD)
    return left, sum(used.values())


def _accepting(finding: Finding, accepted: Mapping[_Place, object]) -> _Place | None:
    """Which of those that are accepted the finding is: by its code, or by its family."""
    if not accepted or finding.primary is None:
        return None
    name, line = finding.primary.source.name, finding.primary.line
    codes = (finding.code, f"{finding.code[:3]}xx")
    places = ((name, line, code) for code in codes)
    return next((place for place in places if place in accepted), None)


def _unused_comment(accepted: Accepted) -> Finding:
    message = f"{accepted.code} does not occur here, so there is nothing to ignore"
    help_text = "remove the code, or the comment if it has no other"
    return Finding("CG209", Severity.WARNING, message, accepted.span, found=accepted.code, help=help_text)
