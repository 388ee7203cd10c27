"""`chartgen validate`: values, manifests and `.env` files, judged by the settings and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chartgen.commands.progress import progress
from chartgen.commands.reports import Outputs, Report, deliver, format_option, outputs_of
from chartgen.commands.value_options import StackCommand, set_options, split_files
from chartgen.report.formats import Counts, Run

if TYPE_CHECKING:
    from chartgen.asked import Asked
    from chartgen.finding import Finding
    from chartgen.mend import Fixed
    from chartgen.mend_desk import Read
    from chartgen.verdict import Verdict

_EXAMPLES = """\b
Examples:
  chartgen validate                                    (the chart's own values.yaml and every environment)
  chartgen validate envs/prod.yaml envs/dev.yaml       (each in the environments that use it)
  chartgen validate --env prod --set image.tag=1.4.2   (an environment, with what a deployment adds)
  chartgen validate charts/redis charts/shop-1.0.0.tgz (each chart by its own defaults)
  chartgen validate --chart charts/shop values-prod.yaml
  chartgen validate --settings settings.schema.json values.yaml
  chartgen validate charts/shop -f base.yaml -f prod.yaml --set settings.refreshInterval=5000
  helm get values shop -o yaml | chartgen validate -   (what is installed)
  helm template shop charts/shop | chartgen validate - (what would be applied)
  chartgen validate k8s .env.production                (manifests, as one set, and a .env file)
  chartgen validate --diff envs/prod.yaml              (what --fix would change)
"""


@click.command(
    cls=StackCommand, epilog=_EXAMPLES, short_help="Judge values, manifests, environments and charts of any make."
)
@click.option("--chart", metavar="DIR|TGZ", default="", help="Judge by this chart: its schema, rules, values.yaml.")
@click.option("--settings", metavar="FILE", default="", help="Judge by this settings schema and its defaults.")
@click.option(
    "--env",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only this environment of chartgen.yaml; -f and the --set options lie over its own layers.",
)
@click.option(
    "-f", "--values", "stack", multiple=True, metavar="FILE", help="One layer of a stack, as in helm template."
)
@set_options
@click.option(
    "--helm-version",
    type=click.Choice(["3", "4"]),
    default="4",
    show_default=True,
    help="The Helm that will read the values: 3 reads the first document of a file alone.",
)
@format_option
@click.option("--fix", is_flag=True, help="Change what can be mended, in the files, and judge again.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--strict", is_flag=True, help="Exit 1 for warnings, too.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    chart: str,
    settings: str,
    environments: tuple[str, ...],
    stack: tuple[str, ...],
    helm_version: str,
    reports: tuple[Report, ...],
    fix: bool,
    diff: bool,
    strict: bool,
    files: tuple[str, ...],
    **flags: tuple[str, ...],
) -> int:
    """Judge each values FILE, laid over the chart's defaults as Helm does it; - is standard input.

    A file that environments of chartgen.yaml use is judged in each of them, with their own layers. A FILE may also be a
    chart, a folder or an archive, which is judged by its own defaults; or a chartgen.yaml, which stands for all that
    its project has: the chart's defaults and every environment. That is what is judged without FILE, too.

    What -f and the --set options give is one stack, laid over the defaults of the chart, or of each chart that is named,
    in Helm's order: the files, then --set-json, --set, --set-string, --set-file, --set-literal.

    A FILE of Kubernetes' objects or a .env file is judged by the settings that it holds: it is told apart by what is in
    it. A folder that is neither a chart nor a project is one set of objects.

    Without --chart and --settings, a file is judged by the nearest chartgen.yaml or Chart.yaml in its folder or one
    above, else in the working folder or one above; a project's own chart counts as the project.

    With --diff, the standard output is the changes, and the report goes to the standard error; with --format json,
    sarif, junit or gitlab it is the other way round.
    """
    if chart and settings:
        message = "--chart and --settings exclude each other: a chart has its settings in it"
        raise click.UsageError(message)
    from chartgen.asked import Asked
    from chartgen.documents.flag import Flag

    given = tuple(Flag(kind.replace("_", "-"), text) for kind, texts in flags.items() for text in texts)
    asked = Asked(files, split_files(stack), given, environments, chart, settings, int(helm_version))
    outputs = outputs_of(reports, (*files, *asked.stack, settings))
    verdict = _shown(asked, outputs) if diff else _mended(asked) if fix else _judged(asked)
    exit_code = verdict.exit_code or int(strict and bool(verdict.findings))
    deliver(verdict.findings, _run(verdict, exit_code, strict), outputs, err=diff and not outputs.is_document)
    for stop in verdict.stops:
        click.echo(f"error: {stop}", err=True)
    return exit_code


def _judged(asked: Asked) -> Verdict:
    from chartgen.documents.reading import read_source
    from chartgen.verdict import verdict_of

    with progress(read_source) as read:
        return verdict_of(asked, read)


def _shown(asked: Asked, outputs: Outputs) -> Verdict:
    """The verdict on the files as they are; what would mend them is printed."""
    from chartgen.mend_diff import diff
    from chartgen.write import has_mark

    fixed, verdicts = _fixed(asked)
    click.echo(diff(fixed, has_mark), nl=False, err=outputs.is_document)
    return verdicts[0]


def _mended(asked: Asked) -> Verdict:
    """The verdict on the files with what mends them, which is written."""
    from chartgen.write import check_regular, rewrite

    for name in (*asked.files, *asked.stack):
        check_regular(name)
    fixed, verdicts = _fixed(asked)
    rewrite(fixed.texts)
    for name in sorted(fixed.texts):
        click.echo(f"mended {name}", err=True)
    return next(verdict for verdict in verdicts if verdict.findings is fixed.findings)


def _fixed(asked: Asked) -> tuple[Fixed, list[Verdict]]:
    """What can be mended, and the verdicts on the way: the first on the files as they are, one on those mended."""
    from chartgen.documents.reading import read_source
    from chartgen.mend import fix
    from chartgen.verdict import verdict_of

    verdicts: list[Verdict] = []

    def judge_again(read: Read) -> tuple[Finding, ...]:
        verdicts.append(verdict_of(asked, read))
        return verdicts[-1].findings

    with progress(read_source) as read:
        return fix(judge_again, read), verdicts


def _run(verdict: Verdict, exit_code: int, strict: bool) -> Run:
    counts = Counts(verdict.files, verdict.charts, verdict.environments, verdict.ignored)
    return Run(counts, verdict.judged, verdict.stops, exit_code, strict)
