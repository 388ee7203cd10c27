"""The files of a chart that decide what its values are, from a folder or an archive: names now, contents when asked.

Names are relative to the chart, with `/` between their parts, as Helm has them after loading.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Iterator

from chartgen.documents.chart_ignore import DEFAULT_RULES, Ignored, ignore_rules, ignored
from chartgen.documents.limits import MAX_BYTES
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Source, Span

MAX_FILES = 50_000
"""Files in one chart's folder or archive."""

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
    """A file: its name in the chart, its name for people, its bytes when they are asked for, and how many they are."""

    name: str
    shown: str
    read: Callable[[], bytes]
    size: int = 0

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
    """The files of a chart's folder, without those that its `.helmignore` leaves out, in Helm's order.

    Raises:
        ChartError: `.helmignore` cannot be read, or the folder holds too much or what is no file.
    """
    folder = "" if folder == "." else folder  # `values.yaml`, not `./values.yaml`
    rules = _rules(os.path.join(folder, IGNORE_FILE))
    for number, file in enumerate(_below(folder, "", rules, 0)):
        if number == MAX_FILES:
            raise refusal(folder or ".", f"{folder or '.'} holds more than {MAX_FILES} files", code="CG105")
        yield file


def _below(path: str, above: str, rules: Ignored, depth: int) -> Iterator[ChartFile]:
    """The files below a folder, whose name in the chart is `above`; links are followed, as Helm does it."""
    if depth > MAX_FOLDERS:
        raise refusal(path, f"folders are nested deeper than {MAX_FOLDERS} levels here", code="CG105")
    try:
        entries = sorted(os.listdir(path or "."))
    except OSError as error:
        raise refusal(path, f"cannot read {path}: {error.strerror}", code="CG101") from None
    for entry in entries:
        inner, name = os.path.join(path, entry), f"{above}{entry}"
        status = _status(inner)
        if status is None:  # a link to nothing, which Helm follows before it asks whether the link is left out
            raise _no_file(inner)
        is_folder = stat.S_ISDIR(status.st_mode)
        if ignored(rules, name, is_folder=is_folder):
            continue
        if is_folder:
            yield from _below(inner, f"{name}/", rules, depth + 1)
        elif stat.S_ISREG(status.st_mode):
            yield plain_file(name, inner, status.st_size)
        else:
            raise _no_file(inner)


def _status(path: str) -> os.stat_result | None:
    """What a path leads to, None for nothing."""
    try:
        return os.stat(path)
    except OSError:
        return None


def _no_file(path: str) -> ChartError:
    message = f"{path} is neither a file nor a folder, nor a link to one that is there"
    return refusal(path, message, help_="Helm does not load such a chart")


def plain_file(name: str, path: str, size: int = 0) -> ChartFile:
    """A file of the disk; reading it can raise `ChartError`."""
    return ChartFile(name, path, lambda: _bytes(path), size)


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
    """The rules of a `.helmignore` and Helm's own; bytes that are no UTF-8 are those of file names."""
    status = _status(path)
    if status is None:
        return DEFAULT_RULES
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no file"
        raise refusal(path, f"{path} is {kind}, where Helm expects a file of patterns")
    data = _bytes(path)
    if len(data) > MAX_BYTES:
        raise refusal(path, f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB", code="CG105")
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    rules = ignore_rules(Source(path, text))
    if isinstance(rules, Finding):
        raise ChartError(rules)
    return (*rules, *DEFAULT_RULES)
