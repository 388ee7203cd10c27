"""What the commands that look at a cluster share: where to look, and what at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource

from chartgen.status.state import Sought


def _no_empty_name(context: click.Context, option: click.Parameter, value: str) -> str:
    """What is given; an empty text on the command line is a variable that nobody set, and no default."""
    if not value and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
        raise click.BadParameter("the name is empty", context, option)
    return value


def look_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options of a command that looks at a cluster."""
    options = (
        click.option("--env", "environment", default="", metavar="NAME", help="This environment of chartgen.yaml."),
        click.option("-n", "--namespace", default="", metavar="NS", callback=_no_empty_name, help="The namespace; else that of --env, or of the context."),
        click.option("--context", default="", metavar="NAME", callback=_no_empty_name, help="The context of the kubeconfig; else that of --env, or the current one."),
        click.option("--page-url", default="", metavar="URL", help="The page as users get it."),
        click.option("--users", type=click.IntRange(1), metavar="N", help="How many users the load is told for."),
        click.option("--log-selector", default=Sought.log_selector, show_default=True, metavar="LABELS", help="The pods whose logs show the polling."),
        click.option("--log-container", default="", metavar="NAME", help="Their container; else the first."),
        click.option("--log-pattern", default=Sought.log_pattern, metavar="REGEX", help="What a line has that tells of a poll; the group 'job' names the job. Default: GET /api/multi-agent/jobs and the job behind it."),
        click.option("--window", type=click.IntRange(1, 86400), default=Sought.window, show_default=True, metavar="SECONDS", help="How far back the logs are read."),
        click.option("--redis-url", default="", envvar="CHARTGEN_REDIS_URL", metavar="URL", help="Where Redis has the jobs; or in CHARTGEN_REDIS_URL, which keeps a password out of sight."),
        click.option("--redis-exec", is_flag=True, help="Ask redis-cli in Redis' pod, as kubectl exec does."),
        click.option("--redis-selector", default=Sought.redis_selector, show_default=True, metavar="LABELS", help="Redis' pods, for --redis-exec."),
        click.option("--redis-container", default="", metavar="NAME", help="Their container; else the first."),
        click.option("--job-index", default="", metavar="KEY", help="The sorted set of active jobs; else keys are counted, by SCAN."),
        click.option("--job-pattern", default=Sought.job_pattern, show_default=True, metavar="GLOB", help="The keys of jobs."),
        click.option("--request-timeout", "seconds", type=click.FloatRange(0.1), default=Sought.seconds, show_default=True, metavar="SECONDS", help="How long one request may take."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def sought_of(options: dict[str, Any], *, is_deep: bool = False) -> Sought:
    """What is to be looked at, as the options say.

    Raises:
        click.UsageError: Redis is to be asked in two ways.
    """
    if options["redis_url"] and options["redis_exec"]:
        raise click.UsageError("--redis-url and --redis-exec are two ways to one Redis: choose one")
    return Sought(**options, is_deep=is_deep)
