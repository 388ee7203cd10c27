"""The verdict on all that a command line asks to be judged: every file, every error, in one run.

What is wrong with one project, chart or settings schema stops only what it judges.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from chartgen.asked import VALUES, Asked, Work, plan_of
from chartgen.contents import Contents
from chartgen.documents.chart_source import VALUES_SCHEMA
from chartgen.documents.reading import STDIN, read_source
from chartgen.environments import in_environments, judge_of_project, placed, values_of_chart
from chartgen.finding import Finding, InvalidStop, is_error
from chartgen.homes import Homes, Kind
from chartgen.ignored import WORD, unignored, unused_entries
from chartgen.judges import judge_of_chart, judge_of_settings
from chartgen.many import on_all_cores
from chartgen.project_model import Project
from chartgen.records import dataclass, replace
from chartgen.source import Source
from chartgen.subjects import Subject, Subjects, subjects_of_home, subjects_of_project
from chartgen.validate import Judge

if TYPE_CHECKING:
    from chartgen.ignore_comments import Accepted


@dataclass(frozen=True)
class Verdict:
    """Accept, or reject with findings.

    `exit_code` is 2 where a project, chart or settings schema is wrong, 1 for errors in values, else 0. `stops` says
    what could not be used to judge. `judged` names the files and archives that were judged, `ignored` counts the
    findings that are accepted.
    """

    findings: tuple[Finding, ...]
    exit_code: int = 0
    stops: tuple[str, ...] = ()
    files: int = 0
    charts: int = 0
    environments: int = 0
    ignored: int = 0
    judged: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """The verdict of one home."""

    findings: list[Finding]
    files: int = 0
    charts: int = 0
    environments: int = 0
    ignored: int = 0
    judged: frozenset[str] = frozenset()
    stop: InvalidStop | None = None


class _Reader:
    """Reads each file of `kept` once, and remembers the texts in which comments may ignore findings."""

    def __init__(self, read: Callable[[str], Source | Finding]) -> None:
        self.read = read
        self.kept: dict[str, Source | Finding | None] = {}
        self.commented: dict[str, Source] = {}

    def __call__(self, path: str) -> Source | Finding:
        found = self.kept.get(path) or self.read(path)
        if path in self.kept:
            self.kept[path] = found
        if isinstance(found, Source):
            self.remember(found)
        return found

    def remember(self, source: Source) -> None:
        """Look for comments in a text, too."""
        if WORD in source.text:
            self.commented[source.name] = source


def verdict_of(asked: Asked, read: Callable[[str], Source | Finding] = read_source) -> Verdict:
    """The verdict on what is asked; `read` gives the text of a path.

    Raises:
        UsageStop: what is asked makes no sense; nothing was judged.
    """
    homes = Homes(read)
    plan = plan_of(asked, homes, read)
    parts = [_part(work, asked, homes, read) for work in plan.works]
    findings = [*plan.findings, *(finding for part in parts for finding in part.findings)]
    stops = [part.stop for part in parts if part.stop is not None]
    wrong = any(stop.exit_code == 2 for stop in stops) or any(map(_is_of_a_schema, findings))
    return Verdict(
        tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order)),
        exit_code=2 if wrong else int(any(map(is_error, findings))),
        stops=tuple(stop.message for stop in stops),
        files=sum(part.files for part in parts),
        charts=sum(part.charts for part in parts),
        environments=sum(part.environments for part in parts),
        ignored=sum(part.ignored for part in parts),
        judged=tuple(sorted(frozenset().union(*(part.judged for part in parts)))),
    )


def _is_of_a_schema(finding: Finding) -> bool:
    """Whether a schema or a project file is wrong, not a value; also the text of the schema of a chart in a chart."""
    if not is_error(finding):
        return False
    place = finding.primary.source.name if finding.code.startswith("CG1") and finding.primary is not None else ""
    return finding.code.startswith("CG3") or os.path.basename(place) == VALUES_SCHEMA


def _part(work: Work, asked: Asked, homes: Homes, read: Callable[[str], Source | Finding]) -> _Part:
    reader = _Reader(read)
    try:
        if work.home.kind is Kind.PROJECT:
            return _of_project(homes.project(work.home.path), work, asked, homes, reader)
        return _of_home(work, asked, reader)
    except InvalidStop as stop:
        return _Part(list(stop.findings), stop=stop)


def _of_home(work: Work, asked: Asked, reader: _Reader) -> _Part:
    path, is_chart = work.home.path, work.home.kind is Kind.CHART
    judge = judge_of_chart(path, reader) if is_chart else replace(judge_of_settings(path), read=reader)
    subjects = subjects_of_home(work, asked)
    complete = {source.name for source in _own_texts(judge)} if work.whole else set()
    told, ignored, _ = _told(judge, subjects, complete, reader, asked.helm_version)
    files = {file for subject in subjects.subjects for file in subject.files or (path,)}
    charts = int(is_chart and path in files)
    judged = _names(f"{path}/{VALUES}" if file == path and os.path.isdir(path) else file for file in files)
    return _Part([*judge.settings.warnings, *told], len(files) - charts, charts, ignored=ignored, judged=judged)


def _names(files: Iterable[str]) -> frozenset[str]:
    """What files are called in findings."""
    return frozenset(STDIN if file == "-" else file for file in files)


def _of_project(project: Project, work: Work, asked: Asked, homes: Homes, reader: _Reader) -> _Part:
    subjects = subjects_of_project(project, work, asked, homes)
    reader.kept = dict.fromkeys(file for subject in subjects.subjects if subject.environment for file in subject.files)
    try:
        judge = judge_of_project(project, reader)
    except InvalidStop as stop:
        return _Part([*project.warnings, *subjects.missing, *stop.findings], stop=stop)
    own = values_of_chart(project)
    everything = work.whole and not asked.environments
    if project.tree is not None:
        reader.remember(project.tree.span.source)  # the flags of environments are written there
    complete = {work.home.path, *(source.name for source in _own_texts(judge))} if everything else set()
    told, by_comments, all_read = _told(judge, subjects, complete, reader, asked.helm_version)
    told = [*project.warnings, *judge.settings.warnings, *told]
    left = unignored(told, project)
    ignored = by_comments + len(told) - len(left)
    files = {file for each in subjects.subjects for file in each.files or (() if each.environment else (own,))}
    if everything and all_read and not subjects.missing:
        left += unused_entries(told, project, files)
    return _Part(
        [*subjects.missing, *left],
        files=len(set(map(homes.real, files))),
        environments=len({each.environment for each in subjects.subjects if each.environment}),
        ignored=ignored,
        judged=_names(files),
    )


def _told(
    judge: Judge, subjects: Subjects, complete: set[str], reader: _Reader, helm_version: int
) -> tuple[list[Finding], int, bool]:
    """What is told of the subjects, how much of it comments accept, and whether every one was read."""
    told: list[tuple[str, Finding]] = []
    unread: set[str] = set()
    unruled: set[str] = set()
    own = [source.name for source in _own_texts(judge)]
    found_in = _judged(judge, subjects, reader, helm_version)
    for subject, found in zip(subjects.subjects, found_in, strict=True):
        told += [(subject.environment, placed(finding, subject.places)) for finding in found]
        errors = {finding.code for finding in found if is_error(finding)}
        names = {STDIN if file == "-" else file for file in subject.files}.union(own)
        if any(code.startswith("CG1") for code in errors):
            unread |= names
        if errors - {"CG203"}:
            unruled |= names

    told += [("", finding) for finding in _differences(judge, subjects)]

    def may_be_unused(accepted: Accepted) -> bool:
        name = accepted.span.source.name
        known = name in complete or name in subjects.complete
        return known and name not in (unruled if accepted.code == "CG203" else unread)

    for source in _own_texts(judge):
        reader.remember(source)
    findings, sources = list(in_environments(told)), reader.commented.values()
    if not sources:
        return findings, 0, not unread
    from chartgen.ignore_comments import without_accepted  # noqa: PLC0415 - few files have such comments

    left, ignored = without_accepted(findings, sources, may_be_unused, helm_version)
    return left, ignored, not unread


def _differences(judge: Judge, subjects: Subjects) -> Iterator[Finding]:
    """What the chart's own values say otherwise than the project file, where they are judged as they are."""
    if (
        subjects.project is not None
        and judge.has_guard
        and judge.defaults is not None
        and Subject() in subjects.subjects
    ):
        from chartgen.project_differences import difference_findings  # noqa: PLC0415 - values files alone need it not

        yield from difference_findings(subjects.project, judge.defaults.node)


def _judged(judge: Judge, subjects: Subjects, reader: _Reader, helm_version: int) -> Iterator[list[Finding]]:
    """The findings of each subject, in order."""
    contents = Contents(judge, subjects, reader, reader.read, helm_version)

    def findings(some: Sequence[Subject]) -> tuple[list[list[Finding]], dict[str, Source]]:
        return list(map(contents.findings, some)), reader.commented

    for found, commented in on_all_cores(findings, subjects.subjects):
        reader.commented |= commented
        yield from found


def _own_texts(judge: Judge) -> list[Source]:
    """What the defaults are written in: the values.yaml of the chart and of those in it."""
    if judge.chart is not None:
        return [chart.values for chart in judge.chart.all_charts()]
    return [judge.defaults.node.span.source] if judge.defaults is not None else []
