"""The `--format` option, and the way of findings to those who asked for them: a stream, files, a step's summary.

The commands that find something share it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from chartgen.finding import Finding
from chartgen.records import dataclass, replace
from chartgen.report.formats import FORMATS, Run, render

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    _ParamType = click.ParamType["Report"]
else:
    _ParamType = click.ParamType  # not generic before click 8.4

_RELATIVE = frozenset({"sarif", "github", "gitlab"})
"""The formats in which files are named as the repository has them."""


@dataclass(frozen=True)
class Report:
    """One report that is asked for: its format, and its file; the stream without one."""

    format: str
    file: str = ""


class ReportType(_ParamType):
    """`FORMAT` or `FORMAT=FILE`."""

    name = "format"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Report:
        """The report of an argument."""
        if isinstance(value, Report):
            return value
        name, pair, file = str(value).partition("=")
        if name not in FORMATS:
            self.fail(f"{name!r} is not one of {', '.join(FORMATS)}", param, ctx)
        if pair and not file:
            self.fail(f"{value!r} names no file", param, ctx)
        return Report(name, "" if file == "-" else file)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click gives all three
        """The formats that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name, help=each.about) for name, each in FORMATS.items() if name.startswith(incomplete)]


def format_option(function: Callable[..., int]) -> Callable[..., int]:
    """`--format`, which gives a command its `reports`."""
    names = list(FORMATS)
    return click.option(
        "--format",
        "reports",
        type=ReportType(),
        multiple=True,
        metavar="FORMAT[=FILE]",
        help=f"{', '.join(names[:-1])} or {names[-1]}; into a FILE, if one is named. May be given more than once. "
        "Without a format for the output, text, and in GitHub Actions its annotations, too.",
    )(function)


@dataclass(frozen=True)
class Outputs:
    """Where reports go: the formats for the stream, in order, and the files of others."""

    stream: tuple[str, ...]
    files: tuple[Report, ...] = ()
    by_itself: bool = False

    @property
    def is_document(self) -> bool:
        """Whether a program reads the stream, so that nothing else may be written there."""
        return any(FORMATS[name].document for name in self.stream)

    @property
    def formats(self) -> set[str]:
        """All formats that are asked for."""
        return {*self.stream, *(report.format for report in self.files)}


def outputs_of(reports: Sequence[Report], inputs: Iterable[str] = ()) -> Outputs:
    """Where the reports go that are asked for; checked before anything is judged, or changed.

    Raises:
        click.UsageError: two would go to one place, or one over a file that is no former report.
        OutsideStop: a file cannot be written where it is to be.
    """
    named = [report.format for report in reports if not report.file]
    if len(named) > 1:
        message = f"--format {named[0]} and --format {named[1]} would both go to the standard output"
        raise click.UsageError(f"{message}: name a file for one of them, as in --format {named[1]}=FILE")
    files = tuple(report for report in reports if report.file)
    if files:
        _check(files, inputs)
    if named:
        return Outputs(tuple(named), files)
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    return Outputs(("text", "github") if in_actions else ("text",), files, by_itself=in_actions)


def _check(files: Sequence[Report], inputs: Iterable[str]) -> None:
    from chartgen.write import check_place

    seen: dict[str, Report] = {}
    judged = {os.path.realpath(name) for name in inputs}
    for report in files:
        place = os.path.realpath(report.file)
        if place in judged:
            message = f"--format {report.format}={report.file} would overwrite what is judged"
            raise click.UsageError(message)
        other = seen.setdefault(place, report)
        if other is not report:
            message = f"--format {other.format} and --format {report.format} would both go to {report.file}"
            raise click.UsageError(message)
        check_place(report.file)
        _check_former(report)


def _check_former(report: Report) -> None:
    """Refuse to overwrite what is no report, whatever it is: no list of what a run reads is as sure as this."""
    from chartgen.documents.reading import is_stream
    from chartgen.report.former import may_be_replaced

    if os.path.exists(report.file) and not is_stream(report.file) and not may_be_replaced(report.file, report.format):
        message = f"--format {report.format}={report.file} would overwrite a file that is no {report.format} report"
        raise click.UsageError(f"{message} of chartgen: name another file, or remove this one first")


def check_apart(outputs: Outputs, made: Iterable[str]) -> None:
    """Refuse reports in the place of what the command makes.

    Raises:
        click.UsageError: there is one.
    """
    places = {os.path.realpath(name) for name in made} if outputs.files else ()
    for report in outputs.files:
        if os.path.realpath(report.file) in places:
            message = f"--format {report.format}={report.file} would be overwritten by the chart: name another file"
            raise click.UsageError(message)


def deliver(findings: Sequence[Finding], run: Run, outputs: Outputs, *, err: bool = False) -> None:
    """Every report to its place; those of the stream to the standard error, if `err`.

    Raises:
        OutsideStop: a file cannot be written.
    """
    if _RELATIVE & outputs.formats:
        from chartgen.report.places import repository_root

        run = replace(run, root=repository_root(os.environ))
    for name in outputs.stream:
        _print(findings, name, run, outputs, err)
    if "github" in outputs.stream and os.environ.get("GITHUB_STEP_SUMMARY"):
        _summarise(findings, run, os.environ["GITHUB_STEP_SUMMARY"])
    for report in outputs.files:
        from chartgen.write import write_whole

        write_whole(report.file, _bytes(render(findings, report.format, run)))


def _print(findings: Sequence[Finding], name: str, run: Run, outputs: Outputs, err: bool) -> None:
    if FORMATS[name].document:
        click.echo(_bytes(render(findings, name, run)), nl=False, err=err)
        return
    from chartgen.report.paint import coloured, plain, wants_colour

    stream = sys.stderr if err else sys.stdout
    colour = FORMATS[name].coloured and wants_colour(os.environ, stream.isatty())
    text = render(findings, name, run, coloured if colour else plain)
    if outputs.by_itself and FORMATS[name].coloured and findings:
        text = _without_commands(text)
    click.echo(text, nl=False, err=err, color=colour)


def _without_commands(text: str) -> str:
    """A report that holds lines of files, between commands by which GitHub's runner takes no command of it."""
    from secrets import token_hex

    end = token_hex(16)
    return f"::stop-commands::{end}\n{text}::{end}::\n"


def _bytes(text: str) -> bytes:
    """UTF-8, whatever the terminal's encoding is; what is no character as JSON's escape."""
    return text.encode("utf-8", "backslashreplace")


def _summarise(findings: Sequence[Finding], run: Run, file: str) -> None:
    """Add to the summary of the step. Where that is refused, the report and the exit code stay what they are."""
    from chartgen.report.step_summary import ROOM, summary

    try:
        room = ROOM - (os.path.getsize(file) if os.path.exists(file) else 0)
        with open(file, "ab") as summaries:
            summaries.write(_bytes(summary(findings, run, room)))
    except OSError as error:
        click.echo(f"warning: no summary of the step: {file}: {error.strerror or error}", err=True)
