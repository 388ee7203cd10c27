"""The files of a chart that decide what its values are, from a folder or an archive: names now, contents when asked.

Names are relative to the chart, with `/` between their parts, as Helm has them after loading.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from chartgen.documents.chart_ignore import Ignored, ignore_rules, ignored
from chartgen.documents.reading import read_source
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Source, Span

MAX_FILES = 20_000
"""Files below one chart's `charts/`, or in its archive."""

MAX_CHART_BYTES = 100 * 1024 * 1024
"""Helm takes no archive that unpacks to more."""

MAX_FOLDERS = 60
"""Levels of folders below a chart: more than any that Helm could pack, fewer than a link to a folder above makes."""

OWN_FILES = ("Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock", "values.yaml", "values.schema.json")
"""What Helm reads of a chart, but for its templates and the charts in it."""

IGNORE_FILE = ".helmignore"
CHARTS = "charts/"

INSIDE = "!/"
"""Between the name of an archive and that of a file in it: `shop-1.0.0.tgz!/shop/values.yaml`."""


@dataclass(frozen=True)
class ChartFile:
    """A file: its name in the chart, its name for people, its bytes when they are asked for."""

    name: str
    shown: str
    read: Callable[[], bytes]

    @property
    def place(self) -> str:
        """The folder that `name` starts at, for people."""
        return self.shown[: max(len(self.shown) - len(self.name) - 1, 0)] or "."


class ChartError(Exception):
    """A chart that cannot be loaded, as a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def refusal(where: str, message: str, *, code: str = "CG108", help_: str = "") -> ChartError:
    """The error that a file or folder makes a chart unusable; its place is the file's start."""
    return ChartError(Finding(code, Severity.ERROR, message, Span(Source(where, ""), 0, 0), help=help_))


def folder_files(folder: str) -> Iterator[ChartFile]:
    """The files of a chart's folder that count, without those that its `.helmignore` leaves out, in Helm's order.

    Raises:
        ChartError: `.helmignore` cannot be read, or the folder holds too much or what is no file.
    """
    folder = "" if folder == "." else folder  # `values.yaml`, not `./values.yaml`
    rules = _rules(os.path.join(folder, IGNORE_FILE))
    for name in OWN_FILES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and not ignored(rules, name, is_folder=False):
            yield plain_file(name, path)
        elif os.path.lexists(path) and not os.path.isdir(path) and not ignored(rules, name, is_folder=False):
            raise _no_file(path)
    charts = CHARTS.rstrip("/")
    path = os.path.join(folder, charts)
    if os.path.isdir(path) and not ignored(rules, charts, is_folder=True):
        for number, file in enumerate(_below(path, charts, rules, 0)):
            if number == MAX_FILES:
                raise refusal(path, f"{path} holds more than {MAX_FILES} files", code="CG105")
            yield file


def _below(path: str, name: str, rules: Ignored, depth: int) -> Iterator[ChartFile]:
    """The files below a folder; links are followed, as Helm does it."""
    if depth > MAX_FOLDERS:
        raise refusal(path, f"folders are nested deeper than {MAX_FOLDERS} levels here", code="CG105")
    try:
        entries = sorted(os.listdir(path))
    except OSError as error:
        raise refusal(path, f"cannot read {path}: {error.strerror}", code="CG101") from None
    for entry in entries:
        inner, below = os.path.join(path, entry), f"{name}/{entry}"
        is_folder = os.path.isdir(inner)
        if ignored(rules, below, is_folder=is_folder):
            continue
        if is_folder:
            yield from _below(inner, below, rules, depth + 1)
        elif os.path.isfile(inner):
            yield plain_file(below, inner)
        else:
            raise _no_file(inner)


def _no_file(path: str) -> ChartError:
    message = f"{path} is neither a file nor a folder, nor a link to one that is there"
    return refusal(path, message, help_="Helm does not load such a chart")


def plain_file(name: str, path: str) -> ChartFile:
    """A file of the disk; reading it can raise `ChartError`."""
    return ChartFile(name, path, lambda: _bytes(path))


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_CHART_BYTES + 1)
    except OSError as error:
        raise refusal(path, f"cannot read {path}: {error.strerror}", code="CG101") from None
    if len(data) > MAX_CHART_BYTES:
        raise refusal(path, f"{path} is larger than {MAX_CHART_BYTES // 1024 // 1024} MiB", code="CG105")
    return data


def _rules(path: str) -> Ignored:
    if not os.path.isfile(path):
        return ()
    source = read_source(path)
    if isinstance(source, Finding):
        raise ChartError(source)
    rules = ignore_rules(source)
    if isinstance(rules, Finding):
        raise ChartError(rules)
    return rules
