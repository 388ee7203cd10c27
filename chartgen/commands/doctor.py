"""`chartgen doctor`: what is wrong in a cluster, with the evidence and what mends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from chartgen.commands.live_options import project_here
from chartgen.commands.look_options import look_options, sought_of
from chartgen.commands.option_types import NumberRange
from chartgen.commands.reports import Report, deliver, format_option, outputs_of
from chartgen.finding import UsageStop

if TYPE_CHECKING:
    from chartgen.doctor.examine import Examination
    from chartgen.report.run import Run

_EXAMPLES = """\b
Examples:
  chartgen doctor --env prod
  chartgen doctor --env prod --redis-exec --job-index jobs:active --users 400
  chartgen doctor --env prod --format sarif=doctor.sarif
"""


@click.command(epilog=_EXAMPLES, short_help="Find what is wrong in the cluster, and what mends it.")
@look_options
@click.option("--most-requests", type=NumberRange(0, 1e6, min_open=True), default=100, show_default=True, metavar="N", help="How many polls a second the backend is to take.")  # fmt: skip
@click.option("--timeout-pattern", default="", metavar="REGEX", help="What a line of the log has that tells of a job that timed out.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 1 for warnings, too.")
@format_option
def command(
    environment: str,
    namespace: str,
    context: str,
    reports: tuple[Report, ...],
    **options: Any,  # noqa: ANN401 - each of its own type, as the decorators name them
) -> int:
    """Look for what goes wrong with settings and polling in a cluster: pods older than the ConfigMap, wiring, texts, pages, load, jobs.

    Each finding has its evidence, the command that shows it to you, the cause, and what mends it; chartgen explain CODE
    says more. What could not be looked at is named, with the right that is missing. Nothing is changed.

    Exit status 1: something is wrong. 4: nothing is, as far as could be seen, but not all could be: a right is missing, the ConfigMap or
    the Deployment is not there, or the page, the logs or Redis that were asked for are not.
    """
    from chartgen.cluster.connection import connect
    from chartgen.cluster.target import target_of
    from chartgen.doctor.examine import examine

    limits, is_strict = _limits(options), options.pop("strict")
    sought = sought_of(options, is_deep=True)
    project = project_here()
    outputs = outputs_of(reports)
    target = target_of(project, environment, namespace, context)
    found = examine(connect(target.context, sought.seconds), target, sought, limits)
    exit_code = _exit_code(found, is_strict=is_strict)
    deliver(found.findings, _run(found, exit_code, is_strict=is_strict), outputs)
    if not found.findings and not outputs.is_document:
        click.echo("no findings")
    _tell(found)
    return exit_code


def _limits(options: dict[str, Any]) -> Any:  # noqa: ANN401 - its class is loaded when it is needed
    from chartgen.doctor.examined import TIMED_OUT, Limits

    pattern = options.pop("timeout_pattern")
    try:
        return Limits(options.pop("most_requests"), re.compile(pattern or TIMED_OUT))
    except re.error as error:
        raise UsageStop(f"--timeout-pattern is no regular expression: {error}", "correct it") from error


def _exit_code(found: Examination, *, is_strict: bool) -> int:
    from chartgen.finding import is_error

    if any(map(is_error, found.findings)) or (is_strict and found.findings):
        return 1
    return 4 if found.unseen else 0


def _run(found: Examination, exit_code: int, *, is_strict: bool) -> Run:
    from chartgen.report.run import Run

    return Run(stops=found.unseen, exit_code=exit_code, strict=is_strict, looked=found.looked, skipped=found.skipped)


def _tell(found: Examination) -> None:
    """What was looked for, and what not."""
    if found.looked:
        click.echo(f"looked for {', '.join(found.looked)}", err=True)
    for reason, codes in found.skipped:
        click.echo(f"not looked for {', '.join(codes)}: {reason}", err=True)
    for reason in found.unseen:
        click.echo(f"error: {reason}", err=True)
