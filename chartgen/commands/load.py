"""`chartgen load`: the load that a plan tells of, made against a real server, and measured beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from chartgen.commands.option_types import NumberRange
from chartgen.commands.value_options import StackCommand, split_files

if TYPE_CHECKING:
    from chartgen.load.comparison import Comparison
    from chartgen.load.order import Order

_EXAMPLES = """\b
Examples:
  chartgen load --settings polling.schema.json --users 400 --url http://127.0.0.1:8080/jobs
  chartgen load --settings polling.schema.json --users 400 --job-seconds 120 --minutes 5 --url http://127.0.0.1:8080/jobs
  chartgen load --settings polling.schema.json --users 1000 --rate 3 --job-seconds 120 --url http://127.0.0.1:8080/jobs
  chartgen load --settings polling.schema.json --users 400 --sync-start --url http://127.0.0.1:8080/jobs --format html > load.html
"""
MOST_USERS, MOST_MINUTES, MOST_JOBS = 10_000, 60, 1000
"""What one run makes at most: users, minutes, jobs a second."""

MOST_WORKERS = 100
_LONGEST_JOB = 3600
_BODY = '{"prompt": "chartgen load", "seconds": "$seconds"}'


def _load_options(function: Callable[..., int]) -> Callable[..., int]:
    options = (
        click.option("--users", type=click.IntRange(1, MOST_USERS), metavar="N", help=f"How many users wait for a job at the same time; with --rate, at most. Up to {MOST_USERS:,}."),
        click.option("--url", required=True, metavar="URL", help="Where a POST asks for a job: its Location, or this and its id, is what a page polls."),
        click.option("--minutes", type=NumberRange(0, MOST_MINUTES, min_open=True), default=2, show_default=True, metavar="M", help=f"How long to measure, after a start of two intervals. Up to {MOST_MINUTES}."),
        click.option("--job-seconds", "job", type=NumberRange(0, _LONGEST_JOB, min_open=True), metavar="S", help="How long a job takes; the next one begins when it is seen to end. Default: longer than the run."),
        click.option("--rate", type=NumberRange(0, MOST_JOBS, min_open=True), metavar="R", help=f"The open model: so many jobs a second come by chance, whatever the server does. Takes --job-seconds. Up to {MOST_JOBS:,}."),
        click.option("--sync-start", is_flag=True, help="All users ask at once at first, as pages without a first phase after a deploy."),
        click.option("--tolerance", type=_Percent(), default="5%", show_default=True, metavar="PERCENT", help="How far the measured mean may be off the planned one."),
        click.option("--rtt", type=NumberRange(0, 600_000), default=50, show_default=True, metavar="MS", help="How long an answer takes, by the plan."),
        click.option("--settings-url", default="", metavar="URL", help="Follow the page's live settings there (settings.json), as each page does."),
        click.option("--body", default=_BODY, metavar="JSON", help='What asks for a job; "$seconds" in it stands for its length. Default: that of the reference application.'),
        click.option("--header", "headers", multiple=True, metavar="'NAME: TEXT'", help="A header of each request for jobs."),
        click.option("--i-own-this-server", "is_owned", is_flag=True, help="Another machine than this one may have the load."),
        click.option("--workers", type=click.IntRange(0, MOST_WORKERS), default=0, metavar="N", help=f"Wait for so many workers, and let them make the load. Up to {MOST_WORKERS}."),
        click.option("--bind", type=_Address(), default="127.0.0.1:5557", show_default=True, metavar="HOST:PORT", help="Where workers join."),
        click.option("--join", type=_Address(), metavar="HOST:PORT", help="Be a worker of the master there, for this --url alone; all else is the master's."),
        click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="SEED", help="Of the chance that spreads polls. Default: any; the report has it."),
        click.option("--profile", default="", metavar="NAME", help="With this profile of the settings schema."),
        click.option("--env", "environment", default="", metavar="NAME", help="With the values of this environment of chartgen.yaml."),
        click.option("-f", "--values", "files", multiple=True, metavar="FILE", help="With this values file, over the others."),
        click.option("--settings", "schema", default="", metavar="FILE", help="This settings schema; no project is needed then."),
        click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True, help="For people, for programs, or a page with a chart."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


class _Percent(click.ParamType[float]):
    """A part, in percent: `5%`, `5`."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - as click's
        """As click's."""
        if isinstance(value, float):
            return value
        try:
            number = float(str(value).removesuffix("%"))
        except ValueError:
            number = -1
        return number / 100 if 0 < number <= 100 else self.fail(f"{value!r} is no percentage above 0.", param, ctx)


class _Address(click.ParamType[tuple[str, int]]):
    """A host and a port: `127.0.0.1:5557`."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:  # noqa: ANN401 - as click's
        """As click's."""
        if isinstance(value, tuple):
            return value
        host, _, port = str(value).rpartition(":")
        if host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536:
            return host.strip("[]"), int(port)
        return self.fail(f"{value!r} is no HOST:PORT.", param, ctx)


@click.command(
    cls=StackCommand, epilog=_EXAMPLES, short_help="Make the load of a plan against a real server, and measure it."
)
@_load_options
def command(
    profile: str,
    environment: str,
    files: tuple[str, ...],
    schema: str,
    **options: Any,  # noqa: ANN401 - each of its own type, as `_load_options` names them
) -> int:
    """Poll a server as so many users do, each with a page that waits for a job, and tell what was planned beside what was measured.

    The pages do what the client does: a first phase by chance, then jitter, back-off, Retry-After as far as it is sensible.
    Their settings are those of chartgen plan. In the closed model each user has a job, and another one when that has ended;
    in the open one (--rate) jobs come by chance, however slow the server is. Ctrl-C ends it, with the report so far.

    The load goes to this machine alone, unless the server is said to be yours. It takes the extra load: pip install
    'chartgen[load]'. More than one machine can make it: --workers on one, --join on the others. Exit status 1: the mean is off by more than the tolerance, or as many polls were not answered. 4: the
    server is away.
    """
    from chartgen.finding import OutsideStop
    from chartgen.load.comparison import Comparison
    from chartgen.load.order import Place
    from chartgen.load.running import check_installed, join, run
    from chartgen.load.target import check_target

    order = None if options["join"] else _order(profile, environment, files, schema, options)
    check_installed()
    for name, address in (("--url", options["url"]), ("--settings-url", options["settings_url"])):
        if address or name == "--url":
            check_target(name, address, is_owned=options["is_owned"])
    if order is None:
        join(Place(join=options["join"], url=options["url"], settings_url=options["settings_url"]), _progress(0))
        return 0
    done = run(Place(order.text(), options["workers"], options["bind"]), _progress(order.lasts))
    found = Comparison(
        order, options["rtt"] / 1000, options["tolerance"], done.tally, done.began, done.lasted, done.interrupted
    )
    if not found.is_answered and not done.interrupted:
        raise OutsideStop(f"{order.url} told of no job in {done.lasted:.0f} s", "look at the server's log")
    click.echo(_shown(found, options["form"]), nl=False)
    if done.interrupted:
        raise KeyboardInterrupt
    return int(not found.is_as_planned)


def _order(profile: str, environment: str, files: tuple[str, ...], schema: str, options: dict[str, Any]) -> Order:
    import random

    from chartgen.load.order import Order, settling
    from chartgen.manifests.stack import Asked
    from chartgen.plan import SECONDS
    from chartgen.planning.load import Situation
    from chartgen.planning.plan import Plan
    from chartgen.planning.stack import given

    job, rate = options["job"], options["rate"]
    if options["users"] is None:
        raise click.UsageError("Missing option '--users'.")
    if rate is not None and job is None:
        raise click.UsageError("--rate R takes the length of a job: --job-seconds S")
    if rate is not None and options["sync_start"]:
        raise click.UsageError("--sync-start is of users who are all there; with --rate they come by chance")
    found = given(schema, Asked(environment, profile, split_files(files)))
    plan = Plan(found.settings, found.values, Situation(options["users"], options["rtt"] / 1000, job))
    seed = options["seed"]
    roles = plan.roles
    named = (("interval", roles.interval), ("attempts", roles.attempts), ("timeout", roles.timeout))
    return Order(
        url=options["url"],
        users=options["users"],
        polls=plan.load.polls,
        lasts=settling(plan.load.polls.interval, together=options["sync_start"]) + 60 * options["minutes"],
        seed=random.SystemRandom().randrange(2**32) if seed is None else seed,
        job=job,
        rate=rate,
        sync_start=options["sync_start"],
        body=_body(options["body"]),
        headers=tuple(map(_header, options["headers"])),
        settings_url=options["settings_url"],
        watched=tuple(
            (name, setting.env, 1 if name == "attempts" else SECONDS[setting.unit])
            for name, setting in named
            if setting is not None
        ),
    )


def _body(text: str) -> str:
    try:
        return json.dumps(json.loads(text))
    except ValueError as error:
        raise click.UsageError(f"--body is no JSON: {error}") from None


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if (
        not colon
        or not name.strip().isascii()
        or not value.strip().isprintable()
        or any(each in name for each in " \r\n")
    ):
        raise click.UsageError(f"--header {text!r}: expected 'NAME: TEXT'")
    return name.strip(), value.strip()


def _progress(lasts: float) -> Callable[[dict[str, Any]], None]:
    """Tell how far it is, on a terminal in one line."""
    import sys

    def heard(message: dict[str, Any]) -> None:
        if not sys.stderr.isatty():
            return
        words = message.get("preparing")
        if words is None:
            polls = "" if message["polls"] is None else f": {message['polls']} polls"
            words = f"second {message['second']} of {lasts:.0f}{polls}"
        click.echo(f"\r\x1b[K{words}", err=True, nl=False)

    return heard


def _shown(found: Comparison, form: str) -> str:
    if form == "html":
        from chartgen.load.page import page

        return page(found)
    if form == "json":
        from chartgen.load.as_json import document

        return json.dumps(document(found), indent=2, ensure_ascii=False) + "\n"
    from chartgen.load.text import text

    return text(found)
