"""A run as one page that needs nothing else: the table, and the chart of its seconds."""

from __future__ import annotations

import html
from importlib.resources import files
from typing import Any

from chartgen.load import chart
from chartgen.load.comparison import Comparison, Stretch
from chartgen.load.text import head, lasted, notes, rows, verdict, who
from chartgen.templates import render


def page(run: Comparison) -> str:
    """The text of the page; all words are escaped here, the templates escape none."""
    title = f"Polling by {run.order.users:,} users: planned and measured"
    return render(
        "load/page.html",
        title=title,
        style=files("chartgen").joinpath("planning", "page.css").read_text(encoding="utf-8").strip(),
        who=html.escape(who(run)),
        where=html.escape(run.order.url),
        when=html.escape(lasted(run)),
        good=run.is_as_planned,
        verdict=html.escape(verdict(run)),
        stretches=[_stretch(run, each) for each in run.stretches],
        polls=chart.polls(run),
        answers=chart.answers(run),
    )


def _stretch(run: Comparison, stretch: Stretch) -> dict[str, Any]:
    return {
        "head": html.escape(head(stretch)),
        "rows": [[html.escape(cell) for cell in row] for row in rows(run, stretch)],
        "notes": [html.escape(note) for note in notes(stretch)],
    }
