"""`chartgen set`: settings of a live ConfigMap are changed, judged before anything is written."""

from __future__ import annotations

from typing import Any

import click

from chartgen.commands.live_change import run_change
from chartgen.commands.live_options import Options, live_options, project_here

_EXAMPLES = """\b
Examples:
  chartgen set refreshInterval=10000 --env prod --dry-run
  chartgen set refreshInterval=10000 darkMode=true --env prod --wait   (asks)
  chartgen set REFRESH_INTERVAL=10000 -n shop --context staging --yes  (in a pipeline)
  chartgen set --profile high-load --env prod --yes --reason "the launch"
  chartgen set refreshInterval=10000 --env prod --yes --format json    (for programs)
  chartgen set refreshInterval=10000 --env prod --write --yes          (prod's values file, too)
"""


@click.command(epilog=_EXAMPLES, short_help="Change settings of a live ConfigMap, judged first.")
@click.option("--profile", default="", metavar="NAME", help="A profile of the settings schema, under each KEY=VALUE.")
@live_options
@click.argument("pairs", nargs=-1, metavar="[KEY=VALUE]...")
def command(
    profile: str,
    environment: str,
    namespace: str,
    context: str,
    pairs: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - each of its own type, as `live_options` names them
) -> int:
    """Change settings in the cluster: KEY is a setting's name or its environment name.

    The ConfigMap is read, and judged as it would be: with an error, nothing is changed. What changes is shown, with what
    it does to the polling load, and asked of the API server in a dry run. Then the change is made for that version of
    the ConfigMap alone; if somebody else changes it at the same time, it is read and judged again, and nothing of theirs
    is lost. Who changed what, when and why is kept in the annotation chartgen.dev/last-change.

    New pods are started where running ones do not take changes over (all but injection.mode sidecar). With --wait, the
    command ends when all are new; if they do not become so, the old values are put back, where they still fit.
    Other Deployments that read the ConfigMap are named, if you may list them, and not restarted.

    Of a ConfigMap of Helm's, the values to write and the helm upgrade that keeps the change are shown; --write writes
    them. One of Argo CD's or Flux's is changed with --force alone.
    """
    from chartgen.cluster.target import target_of
    from chartgen.cluster.wanted import Wanted, wanted_texts

    project = project_here()
    target = target_of(project, environment, namespace, context)
    wanted = Wanted(wanted_texts(target.settings, profile, pairs))
    return run_change(project, target, lambda: wanted, Options(**options))
