"""`chartgen apply`: the ConfigMap of a manifest is made the live one's, judged before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chartgen.commands.live_change import run_change
from chartgen.commands.live_options import Options, live_options, project_here
from chartgen.finding import UsageStop

if TYPE_CHECKING:
    from chartgen.cluster.target import Target
    from chartgen.cluster.wanted import Wanted

_EXAMPLES = """\b
Examples:
  chartgen apply -f k8s/dev/configmap.yaml --env dev --dry-run
  chartgen apply -f k8s/dev/configmap.yaml --env dev --wait --yes
  chartgen manifests --env dev --config-map-only | chartgen apply -f - --env dev --yes
"""


@click.command(epilog=_EXAMPLES, short_help="Apply a ConfigMap of settings to the live one, judged first.")
@click.option("-f", "--file", "file", required=True, metavar="FILE", help="The manifest; - is the standard input.")
@live_options
def command(
    file: str,
    environment: str,
    namespace: str,
    context: str,
    **options: Any,  # noqa: ANN401 - each of its own type, as `live_options` names them
) -> int:
    """Give the live ConfigMap the data of the one in FILE, as chartgen set gives it a few settings.

    The file is judged where it stands, then what the live ConfigMap would be. Keys that the file does not have stay as they
    are, as do labels and annotations. Where there is no such ConfigMap, it is created, with the file's labels and annotations.
    Other objects in the file are not applied.
    """
    from chartgen.cluster.target import target_of

    project = project_here()
    target = target_of(project, environment, namespace, context)
    return run_change(project, target, lambda: _wanted(file, target), Options(**options))


def _wanted(file: str, target: Target) -> Wanted:
    from chartgen.cluster.manifest import wanted_of
    from chartgen.report.text import render

    wanted = wanted_of(file, target)
    if wanted.namespace and target.namespace and wanted.namespace != target.namespace:
        message = f"{file} is for namespace {wanted.namespace}, not for {target.namespace}"
        raise UsageStop(message, "leave out -n, or name another environment: --env NAME")
    if wanted.findings:
        click.echo(render(wanted.findings), nl=False, err=True)
    return wanted
