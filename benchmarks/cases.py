"""The cases: each runs chartgen and its peers in turn, and gives rows of the table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import entrypoint, inputs
from benchmarks.measure import Command, expect, medians, with_memory

MEMORY = 120
"""MiB that judging many files may take."""

_LIBRARIES = "import click, yaml, jsonschema_rs; from cel_expr_python import cel"
_SAMPLE = 100
"""Runs of `helm lint` that stand for the whole loop."""


@dataclass(frozen=True)
class Bench:
    """Where things are, and how much is measured."""

    folder: Path
    chart: Path
    programs: Path
    helm: Path
    files: int
    rounds: int

    def chartgen(self, *words: str | Path) -> Command:
        """`chartgen validate`, by the reference chart."""
        return (self.programs / "chartgen", "validate", "--chart", self.chart, *words)

    def lint(self, file: str | Path) -> Command:
        """`helm lint` of the reference chart with a values file."""
        return (self.helm, "lint", self.chart, "--values", file)

    def template(self, *words: str | Path) -> Command:
        """`helm template` of the reference chart."""
        return (self.helm, "template", "bench", self.chart, *words)

    def check_jsonschema(self, *files: str | Path) -> Command:
        """The best known checker of YAML files by a JSON Schema, with the chart's own schema."""
        return (self.programs / "check-jsonschema", "--schemafile", self.chart / "values.schema.json", *files)


@dataclass(frozen=True)
class Row:
    """One line: what, chartgen's number, the other's with its name, their ratio, and what is promised of it."""

    what: str
    own: str
    other: str = ""
    ratio: float = 0
    target: str = ""

    @property
    def shown(self) -> str:
        """The ratio, as far as it has digits that mean something."""
        return "" if not self.ratio else f"{self.ratio:.0f} x" if self.ratio >= 20 else f"{self.ratio:.2f} x"

    @property
    def missed(self) -> bool:
        """Whether the promise is broken."""
        word, _, number = self.target.partition(" ")
        limit = float(number.split()[0]) if number else 0
        found = self.ratio or float(self.own.split()[0])
        return bool(word) and (found > limit if word == "<=" else found < limit)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s"


def cold(bench: Bench) -> list[Row]:
    """One file, cold."""
    file = bench.folder / "one.yaml"
    file.write_text(inputs.environment(1), encoding="utf-8")
    peers = {
        "helm lint": bench.lint(file),
        "helm template": bench.template("--values", file),
        "check-jsonschema": bench.check_jsonschema(file),
        "the libraries' import": (bench.programs / "python", "-c", _LIBRARIES),
        "python -c pass": (bench.programs / "python", "-c", "pass"),
    }
    found = medians({"chartgen": bench.chartgen(file), **peers}, bench.rounds)
    targets = {"helm lint": "<= 1.8 x", "check-jsonschema": "<= 0.5 x"}
    own = found["chartgen"]
    return [
        Row("one file, cold", _ms(own), f"{name}: {_ms(found[name])}", own / found[name], targets.get(name, ""))
        for name in peers
    ]


def own_modules(bench: Bench) -> list[Row]:
    """What chartgen's own modules add to the libraries' import."""
    file = bench.folder / "one.yaml"
    words = [str(word) for word in bench.chartgen(file)[1:]]
    python = bench.programs / "python"
    run = f"from chartgen.__main__ import main; main({words!r})"
    listing = f"{_LIBRARIES}; import sys; before = set(sys.modules); {run}; print('+', *(n for n in sys.modules if n not in before))"
    names = expect((python, "-c", listing)).output.partition("+")[2].split()
    code = (
        # `chartgen.__main__.run` holds the collector back, too, before a command is loaded.
        f"import gc; gc.set_threshold(100_000, 20, 100); {_LIBRARIES}; import time\n"
        "from importlib import import_module; start = time.process_time()\n"
        f"for name in {names!r}: import_module(name)\n"
        "print(time.process_time() - start)"
    )
    times = [float(expect((python, "-c", code)).output) for _ in range(bench.rounds)]
    what = f"own modules, and all that only they load ({len(names)})"
    return [Row(what, f"{statistics.median(times) * 1000:.1f} ms", target="<= 20 ms")]


def many(bench: Bench) -> list[Row]:
    """Many files in one command."""
    short = bench.folder / "many"
    long = bench.folder / "long"
    names = inputs.many(short, bench.files)
    inputs.long_files(long, (bench.chart / "values.yaml").read_text(encoding="utf-8"), bench.files)
    rows: list[Row] = []
    for what, folder in ((f"{bench.files} files of 14 lines", short), (f"{bench.files} files of 375 lines", long)):
        loop = _loop(bench, folder, names)
        runs = [with_memory(bench.chartgen(*names), folder) for _ in range(3)]
        seconds = statistics.median(run.seconds for run in runs)
        helm = f"a loop of helm lint: {_s(loop)} (of {_SAMPLE} runs)"
        rows.append(Row(what, _s(seconds), helm, loop / seconds, ">= 100 x"))
        memory = max(run.shared_once for run in runs)
        each = max(run.each for run in runs)
        rows.append(Row(f"{what}: peak memory", f"{memory:.0f} MiB", target=f"<= {MEMORY} MiB"))
        rows.append(Row(f"{what}: the same, shared pages counted twice", f"{each:.0f} MiB", target=f"<= {MEMORY} MiB"))
        if folder is short:
            peer = expect(bench.check_jsonschema(*names), folder=folder).seconds
            rows.append(Row(what, _s(seconds), f"one check-jsonschema: {_s(peer)}", peer / seconds))
    return rows


def _loop(bench: Bench, folder: Path, names: list[str]) -> float:
    """The seconds that a loop of `helm lint` over all files takes, by a sample of them."""
    sample = names[:: max(1, len(names) // _SAMPLE)][:_SAMPLE]
    start = time.perf_counter()
    for name in sample:
        expect(bench.lint(name), folder=folder)
    return (time.perf_counter() - start) / len(sample) * len(names)


def large(bench: Bench) -> list[Row]:
    """A values file of 5 MB."""
    file = inputs.large(bench.folder / "large.yaml", 5_000_000)
    peers = {"helm lint": bench.lint(file), "check-jsonschema": bench.check_jsonschema(file)}
    found = medians({"chartgen": bench.chartgen(file), **peers}, 3)
    own = found["chartgen"]
    rows = [Row("a file of 5 MB", _s(own), f"{name}: {_s(found[name])}", own / found[name]) for name in peers]
    memory = with_memory(bench.chartgen(file)).shared_once
    return [*rows, Row("a file of 5 MB: peak memory", f"{memory:.0f} MiB")]


def sets(bench: Bench) -> list[Row]:
    """1,000 `--set`s."""
    words = inputs.flags(1000)
    commands = {"chartgen": bench.chartgen(*words), "helm template": bench.template(*words)}
    found = medians(commands, max(3, bench.rounds // 3))
    own, helm = found["chartgen"], found["helm template"]
    return [Row("1,000 `--set`s", _ms(own), f"helm template: {_ms(helm)}", own / helm)]


def growth(bench: Bench) -> list[Row]:
    """Growth with files, size, rules and flags."""
    folder = bench.folder
    names = inputs.many(folder / "many", bench.files)
    one = folder / "empty.yaml"
    one.write_text("{}\n", encoding="utf-8")

    def by_rules(count: int) -> Command:
        schema = inputs.rules_schema(folder / f"{count}.json", count)
        return (bench.programs / "chartgen", "validate", "--settings", schema, one)

    def by_size(size: int) -> Command:
        return bench.chartgen(inputs.large(folder / f"{size}.yaml", size))

    start = bench.chartgen(one)
    series: tuple[tuple[str, int, Command, Callable[[int], Command]], ...] = (
        ("files", bench.files // 4, start, lambda count: bench.chartgen(*names[:count])),
        ("bytes", 1_250_000, start, by_size),
        ("rules", 250, by_rules(1), by_rules),
        ("`--set`s", 2000, start, lambda count: bench.chartgen(*inputs.flags(count))),
    )
    rows: list[Row] = []
    for what, first, nothing, command in series:
        counts = [first, first * 2, first * 4]
        found = medians({"": nothing, **{str(count): command(count) for count in counts}}, 5, folder / "many")
        beyond = [found[str(count)] - found[""] for count in counts]
        for at in (1, 2):
            own, other = _ms(beyond[at]), f"{counts[at - 1]:,}: {_ms(beyond[at - 1])}"
            rows.append(
                Row(f"{counts[at]:,} {what}, beyond the start", own, other, beyond[at] / max(beyond[at - 1], 1e-3))
            )
    return rows


def at_start(bench: Bench) -> list[Row]:
    """The entrypoint, at a container's start."""
    found = entrypoint.prepared(bench.folder / "start").medians(bench.rounds)
    targets = {"its modules' import": "<= 1.3 x", "import-meta-env": "<= 1 x"}
    return [
        Row(
            f"a page's settings, {own}",
            _ms(found[own]),
            f"{name}: {_ms(found[name])}",
            found[own] / found[name],
            target,
        )
        for own, targeted in (("entrypoint.pyc", True), ("entrypoint.py", False))
        for name in found
        if not name.startswith("entrypoint")
        for target in (targets.get(name, "") if targeted else "",)
    ]
