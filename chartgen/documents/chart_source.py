"""A chart, from a folder or an archive, with the charts in it: its metadata, values.yaml and values.schema.json."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from chartgen.documents.chart_fields import lock_findings
from chartgen.documents.chart_files import (
    CHARTS,
    INSIDE,
    MAX_CHART_BYTES,
    OWN_FILES,
    ChartError,
    ChartFile,
    folder_files,
    plain_file,
    refusal,
)
from chartgen.documents.chart_metadata import Metadata, read_metadata
from chartgen.documents.layers import Layer
from chartgen.documents.limits import MAX_BYTES
from chartgen.documents.nodes import Mapping
from chartgen.documents.reading import source_of
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, is_error
from chartgen.records import dataclass, field, replace
from chartgen.source import Source, Span

CHART_FILE = "Chart.yaml"
VALUES = "values.yaml"
VALUES_SCHEMA = "values.schema.json"

MAX_CHART_DEPTH = 20
"""Charts in charts in charts."""

GZIP = b"\x1f\x8b\x08"
"""What an archive begins with."""

_LOCKS = ("Chart.lock", "requirements.lock")


@dataclass(frozen=True)
class ChartSource:
    """A chart as it lies there. `where` is its folder or archive for people; `subcharts` is what `charts/` holds.

    `values` is its values.yaml, empty where `has_values` says that there is none. `size` counts the bytes of all its
    files; `large` names those that are larger than `MAX_BYTES`; `beaten` are the values.yaml of an archive that holds
    another one behind them: Helm has to be able to read them.
    """

    where: str
    metadata: Metadata
    chart_file: Source
    values: Source
    has_values: bool
    schema: Source | None = None
    subcharts: tuple[ChartSource, ...] = ()
    size: int = 0
    large: tuple[str, ...] = ()
    beaten: tuple[Source, ...] = ()
    _read: dict[int, tuple[Layer, list[Finding]]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_packed(self) -> bool:
        """Whether the chart lies in an archive."""
        return INSIDE in self.chart_file.name

    @property
    def is_alone(self) -> bool:
        """Whether the chart has no others in it and names none."""
        return not self.subcharts and not self.metadata.dependencies

    def defaults(self, helm_version: int) -> tuple[Layer, list[Finding]]:
        """The chart's values.yaml as a layer, and what there is to say of it; an empty one where it is not there."""
        found = self._read.get(helm_version)
        if found is None:
            root, findings = parse_yaml(self.values, helm_version)
            layer = Layer(self.values.name, root or Mapping((), Span(self.values, 0, 0)))
            found = self._read[helm_version] = layer, findings
        return found

    def all_charts(self) -> Iterator[ChartSource]:
        """This chart and all that are in it."""
        yield self
        for chart in self.subcharts:
            yield from chart.all_charts()


def is_chart(path: str) -> bool:
    """Whether a path is a folder with a Chart.yaml, or a file that is packed as a chart's archive is."""
    if os.path.isdir(path):
        return os.path.isfile(os.path.join(path, CHART_FILE))
    if not os.path.isfile(path):  # a pipe can be read once only
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(GZIP)) == GZIP
    except OSError:
        return False


def load_chart(path: str) -> tuple[ChartSource | None, list[Finding]]:
    """The chart of a folder or archive, and all that is wrong with it; None if there is an error.

    CG108: no chart, or one that Helm refuses; CG101, CG102: a file cannot be read; CG105: too much of it. Of values.yaml
    and values.schema.json only the text is read here.
    """
    loader = _Loader()
    try:
        files = list(folder_files(path)) if os.path.isdir(path) else loader.unpacked(path, _bytes(path))
    except ChartError as error:
        return None, [error.finding]
    return loader.loaded(path, files)


def chart_of_files(where: str, files: Iterable[ChartFile]) -> tuple[ChartSource | None, list[Finding]]:
    """As `load_chart`, from files that may be in memory; `where` is the chart's name for people."""
    return _Loader().loaded(where, files)


class _Loader:
    """One run over a chart and those in it; `findings` is what is wrong in any of them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.left = MAX_CHART_BYTES  # of what archives may unpack to, together

    def loaded(self, where: str, files: Iterable[ChartFile]) -> tuple[ChartSource | None, list[Finding]]:
        try:
            chart = self.chart(where, files, 0)
        except ChartError as error:
            return None, [*self.findings, error.finding]
        return (None if any(map(is_error, self.findings)) else chart), self.findings

    def unpacked(self, shown: str, data: bytes) -> list[ChartFile]:
        from chartgen.documents.chart_archive import archive_files  # noqa: PLC0415 - for archives alone

        files, size = archive_files(shown, data, self.left)
        self.left -= size
        return files

    def chart(self, where: str, files: Iterable[ChartFile], depth: int) -> ChartSource | None:
        if depth > MAX_CHART_DEPTH:
            raise refusal(where, f"charts are nested deeper than {MAX_CHART_DEPTH} levels", code="CG105")
        below: dict[str, list[ChartFile]] = {}
        own: dict[str, list[ChartFile]] = {}
        size, large = 0, []
        for file in files:
            size += file.size
            if file.size > MAX_BYTES:
                large.append(file.shown)
            if file.name == VALUES_SCHEMA:  # of several Helm reads the last alone
                own[VALUES_SCHEMA] = [file]
            elif file.name in OWN_FILES:
                own.setdefault(file.name, []).append(file)
            elif file.name.startswith(CHARTS) and not file.name.endswith(".prov"):
                inner = replace(file, name=file.name.removeprefix(CHARTS))
                below.setdefault(inner.name.partition("/")[0], []).append(inner)
        if CHART_FILE not in own:
            help_ = "Helm takes all that is in charts/ for charts, but for names that begin with . or _"
            raise refusal(where, f"{where} holds no {CHART_FILE}", help_=help_ if depth else "")
        where = own[CHART_FILE][-1].place
        chart_files, requirements = self.texts(own, CHART_FILE), self.texts(own, "requirements.yaml")
        values, schemas = self.texts(own, VALUES), self.texts(own, VALUES_SCHEMA)
        for lock in _LOCKS:
            self.locks(self.texts(own, lock))
        metadata = self.metadata([*chart_files, *requirements])
        subcharts = [self.subchart(name, inner, depth + 1) for name, inner in sorted(below.items())]
        if metadata is None or not chart_files:
            return None
        return ChartSource(
            where,
            metadata,
            chart_files[-1],
            values[-1] if values else Source(f"{where}/{VALUES}", ""),
            VALUES in own,
            schemas[-1] if schemas else None,
            tuple(chart for chart in subcharts if chart is not None),
            size,
            tuple(large),
            tuple(values[:-1]),
        )

    def metadata(self, sources: list[Source]) -> Metadata | None:
        if not sources:
            return None
        metadata, findings = read_metadata(*sources)
        self.findings += findings
        return metadata

    def texts(self, own: dict[str, list[ChartFile]], name: str) -> list[Source]:
        """The texts of a name's files: an archive may hold several."""
        found = [source_of(file.shown, file.read()) for file in own.get(name, ())]
        self.findings += [text for text in found if isinstance(text, Finding)]
        return [text for text in found if isinstance(text, Source)]

    def locks(self, sources: list[Source]) -> None:
        for source in sources:
            root, findings = parse_yaml(source, helm_version=3)
            self.findings += filter(is_error, findings)
            if isinstance(root, Mapping):
                self.findings += lock_findings(root)

    def subchart(self, name: str, files: list[ChartFile], depth: int) -> ChartSource | None:
        """The chart of one name in `charts/`; None where Helm passes it over or it is wrong."""
        if name.startswith((".", "_")):
            return None
        first = files[0]
        try:
            if not name.endswith(".tgz"):
                inner = [replace(file, name=file.name.partition("/")[2]) for file in files if "/" in file.name]
                return self.chart(inner[0].place if inner else first.shown, inner, depth)
            if first.name != name:
                raise refusal(first.place, f"{first.place}/{name} is a folder, and Helm expects an archive")
            return self.chart(first.shown, self.unpacked(first.shown, first.read()), depth)
        except ChartError as error:
            self.findings.append(error.finding)
            return None


def _bytes(path: str) -> bytes:
    return plain_file(path, path).read()
