"""`chartgen plan`: the load that users make, and the settings that keep it within a capacity."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from chartgen.commands.option_types import NumberRange
from chartgen.commands.value_options import StackCommand, split_files

if TYPE_CHECKING:
    from chartgen.manifests.stack import Asked
    from chartgen.planning.plan import Plan
    from chartgen.planning.stack import Given

_EXAMPLES = """\b
Examples:
  chartgen plan --settings polling.schema.json --users 400
  chartgen plan --settings polling.schema.json --users 400 --job-seconds 120 --capacity 60
  chartgen plan --settings polling.schema.json --users 400 --capacity 60 --write polling.yaml
  chartgen plan --settings polling.schema.json --users 400 --format json
  chartgen plan --settings polling.schema.json --users 400 --format html > plan.html
"""
_YEAR = 31_536_000


def _plan_options(function: Callable[..., int]) -> Callable[..., int]:
    options = (
        click.option("--users", type=click.IntRange(1, 10_000_000), required=True, metavar="N", help="How many users wait for a job at the same time."),
        click.option("--job-seconds", "job", type=NumberRange(0, _YEAR, min_open=True), metavar="S", help="How long a job takes; the next one begins when it is seen to end. Default: longer than all."),
        click.option("--capacity", type=NumberRange(0, 1e9, min_open=True), metavar="RPS", help="How many requests a second the backend takes; then settings are recommended."),
        click.option("--rtt", type=NumberRange(0, 600_000), default=50, show_default=True, metavar="MS", help="How long an answer takes, as the page sees it, in milliseconds."),
        click.option("--poll-bytes", type=click.IntRange(0, 1_000_000_000), default=1200, show_default=True, metavar="BYTES", help="What a request and its answer weigh, their headers too."),
        click.option("--profile", default="", metavar="NAME", help="With this profile of the settings schema."),
        click.option("--env", "environment", default="", metavar="NAME", help="With the values of this environment of chartgen.yaml."),
        click.option("-f", "--values", "files", multiple=True, metavar="FILE", help="With this values file, over the others."),
        click.option("--settings", "schema", default="", metavar="FILE", help="This settings schema; no project is needed then."),
        click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True, help="For people, for programs, or a page with sliders and charts."),
        click.option("--open", "opens", is_flag=True, help="Open that page in the browser, instead of printing."),
        click.option("--write", "target", default="", metavar="FILE", help="Write the recommendation into this values file; it counts as the last -f, unless it is in use already."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@click.command(
    cls=StackCommand, epilog=_EXAMPLES, short_help="Plan the load of polling, and the settings for so many users."
)
@_plan_options
def command(
    profile: str,
    environment: str,
    files: tuple[str, ...],
    schema: str,
    **options: Any,  # noqa: ANN401 - each of its own type, as `_plan_options` names them
) -> int:
    """Tell what so many users ask of the backend, by a model of the client that polls, and recommend settings.

    Each user waits for a job. The mean is users by interval; the peak is what one second in a hundred has more than,
    where the client spreads its polls, and all users at once where nothing does. The settings are those with the roles
    poll-interval, poll-attempts and poll-timeout (x-role): of the chart's values, or as --env, -f and --profile say.

    With --capacity, the shortest interval is recommended whose peak keeps within it, and at which an answer is in time
    for the next poll, with attempts and a timeout that all rules allow and that wait as long as before; and what binds is
    named. Exit status 1: no settings will do.
    """
    from chartgen.manifests.stack import Asked
    from chartgen.planning.load import Situation
    from chartgen.planning.plan import Plan
    from chartgen.planning.stack import given

    target, capacity = options["target"], options["capacity"]
    if target and capacity is None:
        raise click.UsageError("--write writes what is recommended, which takes a capacity: --capacity RPS")
    asked = Asked(environment, profile, split_files(files))
    asked = _with_target(asked, schema, target) if target else asked
    found = given(schema, asked)
    situation = Situation(options["users"], options["rtt"] / 1000, options["job"], options["poll_bytes"])
    plan = Plan(found.settings, found.values, situation, capacity)
    _tell(plan, options["form"], opens=options["opens"])
    if plan.recommendation is not None and plan.recommendation.values is None:
        return 1
    if target:
        _write(plan, found, asked, target)
    return 0


def _with_target(asked: Asked, schema: str, target: str) -> Asked:
    """The stack with the file that is written in it."""
    from chartgen.planning.stack import files_of
    from chartgen.planning.writing import is_same
    from chartgen.records import replace
    from chartgen.write import check_regular

    check_regular(target, "leave --write out, and write the settings by hand")
    if any(is_same(target, file) for file in files_of(schema, asked)):
        return asked
    return replace(asked, files=(*asked.files, target))


def _tell(plan: Plan, form: str, *, opens: bool) -> None:
    if opens:
        from chartgen.planning.page import opened

        click.echo(f"opened {opened(plan)}", err=True)
    else:
        click.echo(_shown(plan, form), nl=False)


def _shown(plan: Plan, form: str) -> str:
    if form == "html":
        from chartgen.planning.page import page

        return page(plan)
    if form == "json":
        from chartgen.planning.as_json import document

        return json.dumps(document(plan), indent=2, ensure_ascii=False) + "\n"
    from chartgen.planning.text import text

    return text(plan)


def _write(plan: Plan, found: Given, asked: Asked, target: str) -> None:
    from chartgen.planning.writing import file_with
    from chartgen.write import rewrite

    assert plan.recommendation is not None
    assert plan.recommendation.values is not None
    changes = {path: value for path, value in plan.recommendation.values.items() if found.values[path] != value}
    old, new = file_with(found, asked, target, changes)
    if changes:
        rewrite({old.name: (old, new.text)})
    click.echo(f"{'wrote' if changes else 'unchanged'} {old.name}", err=True)
