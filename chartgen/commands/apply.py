"""`chartgen apply`: the ConfigMap of a manifest is made the live one's, judged before anything is written."""

from __future__ import annotations

from typing import Any

import click

from chartgen.commands.live_change import run_change
from chartgen.commands.live_options import Options, live_options, project_here
from chartgen.finding import UsageStop

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
    from chartgen.cluster.manifest import applied_of
    from chartgen.cluster.target import target_of
    from chartgen.report.text import render

    project = project_here()
    target = target_of(project, environment, namespace, context)
    applied = applied_of(file, target)
    given = applied.wanted.namespace
    if given and target.namespace and given != target.namespace:
        message = f"{file} is for namespace {given}, not for {target.namespace}"
        raise UsageStop(message, "leave out -n, or name another environment: --env NAME")
    if applied.findings:
        click.echo(render(applied.findings), nl=False, err=True)
    return run_change(project, target, applied.wanted, Options(**options))
