"""Measure chartgen and its peers in one run, and write the ratios as a Markdown table.

`make bench`, or `python -m benchmarks [--quick] [--output FILE]` from the root of the tree, by the Python of
`.venv-bench` (chartgen as its users have it, and check-jsonschema); Helm is the pinned one that the tests use. Linux.
"""

from __future__ import annotations

import argparse
import compileall
import datetime as dt
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.cases import Bench, Row, at_start, cold, growth, large, many, own_modules, sets
from tests.tools import build

ROOT = Path(__file__).resolve().parent.parent
CHART = ROOT / "charts" / "ideaforge-frontend"
PARTS = (at_start, cold, own_modules, many, large, sets, growth)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description="Measure chartgen beside its peers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the files, few rounds: to try a change")
    parser.add_argument("--output", type=Path, help="write the table to this file, too")
    parser.add_argument("--only", help="one part alone: " + ", ".join(part.__name__ for part in PARTS))
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    compileall.compile_dir(ROOT / "chartgen", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            folder=Path(folder),
            chart=CHART,
            programs=Path(sys.executable).parent,
            helm=build.paths()["helm4"],
            files=1000 if options.quick else 10_000,
            rounds=5 if options.quick else 21,
        )
        rows: list[Row] = []
        for part in (part for part in PARTS if options.only in {None, part.__name__}):
            print(part.__doc__, file=sys.stderr, flush=True)
            rows += part(bench)
    text = table(rows)
    print(text)
    if options.output is not None:
        options.output.write_text(f"{heading(load)}\n{text}\n", encoding="utf-8")
    return int(any(row.missed for row in rows))


def heading(load: float) -> str:
    """When, where and how; `load` is what the machine did besides (a minute's mean of waiting processes)."""
    cores = len(os.sched_getaffinity(0))
    return (
        "# The last full run\n\n"
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {cores} cores, {platform.system()}, "
        f"Python {platform.python_version()}, a load of {load:.1f} from others. Made by `make bench`; [what the rows mean](README.md).\n"
    )


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| what | chartgen | beside | ratio | target |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        target = f"{row.target}{' (missed)' if row.missed else ''}" if row.target else ""
        lines.append(f"| {row.what} | {row.own} | {row.other} | {row.shown} | {target} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
