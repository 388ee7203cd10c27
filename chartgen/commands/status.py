"""`chartgen status`: each setting in every place that has it, on one screen."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from chartgen.commands.live_options import project_here
from chartgen.commands.look_options import look_options, sought_of
from chartgen.commands.option_types import DAY, NumberRange

if TYPE_CHECKING:
    from chartgen.cluster.connection import Connection
    from chartgen.cluster.target import Target
    from chartgen.status.state import Sought, State

_EXAMPLES = """\b
Examples:
  chartgen status --env prod
  chartgen status --env prod --format json
  chartgen status --env prod --redis-exec --job-index jobs:active
"""
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"


@click.command(epilog=_EXAMPLES, short_help="Show each setting in every place that has it, and the load.")
@look_options
@click.option("--watch", is_flag=True, help="Look again and again, until Ctrl-C.")
@click.option("--every", type=NumberRange(0.2, DAY), default=2, show_default=True, metavar="SECONDS", help="How often --watch looks.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people, or for programs; with --watch, a line each time.")  # fmt: skip
def command(
    environment: str,
    namespace: str,
    context: str,
    **options: Any,  # noqa: ANN401 - each of its own type, as `look_options` names them
) -> int:
    """Show what is so: each setting in the schema, the chart's values, the live ConfigMap, the Deployment, its pods, and the page.

    Where these say different things, the row has a !, and a line below tells what. Then the load of polling, as the settings
    make it and as the backend's logs show it, and the jobs that Redis has. Nothing is changed; no value of a Secret is read.

    What may not be read is left out, with the verb and the resource that are missing. Exit status 1: places say different
    things, or pods are older than the ConfigMap. 4: the ConfigMap itself was not seen.
    """
    from chartgen.cluster.connection import connect
    from chartgen.cluster.target import target_of
    from chartgen.status.reading import read_state

    watch, every, form = (options.pop(name) for name in ("watch", "every", "form"))
    sought = sought_of(options)
    target = target_of(project_here(), environment, namespace, context)
    connection = connect(target.context, sought.seconds)
    if watch:
        _watch(connection, target, sought, every, form)
    state = read_state(connection, target, sought)
    click.echo(_shown(state, sought, form), nl=False)
    return _exit_code(state)


def _shown(state: State, sought: Sought, form: str, indent: int | None = 2) -> str:
    from chartgen.status.as_json import document
    from chartgen.status.text import screen

    if form == "json":
        return json.dumps(document(state, sought), indent=indent, ensure_ascii=False) + "\n"
    return screen(state, sought)


def _exit_code(state: State) -> int:
    from chartgen.cluster.live import LiveMap
    from chartgen.status.rows import rows

    if not isinstance(state.live, LiveMap):
        return 4
    return int(any(row.drift for row in rows(state)))


def _watch(connection: Connection, target: Target, sought: Sought, every: float, form: str) -> None:
    """Look again and again. A server that is away is asked again; what was seen last stays, with word of that."""
    from chartgen.cluster.failures import ClusterStop
    from chartgen.status.reading import read_state

    is_terminal = sys.stdout.isatty() and form == "text"
    last, since = "", ""
    while True:
        try:
            last, since = _shown(read_state(connection, target, sought), sought, form, None), ""
            shown = last
        except ClusterStop as stop:
            if stop.status in {401, 403}:
                raise
            since = since or time.strftime("%H:%M:%S")
            told = f"no answer since {since}: {stop.message}"
            shown = f"{json.dumps({'version': 1, 'kind': 'noAnswer', 'reason': stop.message})}\n" if form == "json" else f"{told}\n\n{last}"  # fmt: skip
        click.echo(_frame(shown) if is_terminal else f"{shown}{'' if form == 'json' else chr(10)}", nl=False)
        time.sleep(every)


def _frame(text: str) -> str:
    """What writes a text over the one before it. A window would scroll for what does not go into it: that is cut."""
    from chartgen.report.excerpt import fitting

    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        columns, rows = 0, 0
    columns, rows = columns or 80, rows or 24
    lines = text.rstrip("\n").split("\n")
    if len(lines) > rows:
        lines = [*lines[: rows - 1], f"... and {len(lines) - rows + 1} lines more: the window is too small"]
    return _HOME + "\n".join(f"{fitting(line, columns)}{_CLEAR_LINE}" for line in lines) + _CLEAR_REST
