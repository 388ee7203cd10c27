"""Where a file belongs: the project, the chart or the settings schema that it is judged by.

The nearest `chartgen.yaml` or `Chart.yaml` upward from the file decides, else the nearest upward from the working
folder. A chart that is a project's own output belongs to the project.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum

from chartgen.documents.reading import read_source
from chartgen.finding import Finding, InvalidStop
from chartgen.project import PROJECT_FILE, find_project, load_project, shown
from chartgen.project_model import Project
from chartgen.records import dataclass
from chartgen.source import Source

CHART_FILE = "Chart.yaml"
ARCHIVES = (".tgz", ".tar.gz")


class Kind(Enum):
    """What a home is."""

    PROJECT = "project"
    CHART = "chart"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Home:
    """What judges a file: a project (its `chartgen.yaml`), a chart (folder or archive), or a settings schema."""

    kind: Kind
    path: str


class Homes:
    """The homes of files. Each folder is looked at once, each project is read once, by `read`."""

    def __init__(self, read: Callable[[str], Source | Finding] = read_source) -> None:
        self.read = read
        self._named: dict[tuple[Kind, str], Home] = {}
        self._found: dict[str, Home | None] = {}
        self._folders: dict[str, str] = {}
        self._projects: dict[str, Project | InvalidStop] = {}

    def named(self, kind: Kind, path: str) -> Home:
        """The home at a path, always the same, however the path is written."""
        return self._named.setdefault((kind, os.path.realpath(path)), Home(kind, path))

    def of_folder(self, folder: str) -> Home | None:
        """The nearest home of a folder, in it or above."""
        return self._above(self.real_folder(folder))

    def of_file(self, file: str) -> Home | None:
        """The home of a values file; without one above it, and for `-`, the home of the working folder."""
        beside = None if file == "-" else self.of_folder(os.path.dirname(file))
        return beside or self.of_folder("")

    def project(self, path: str) -> Project:
        """The project of a `chartgen.yaml`.

        Raises:
            InvalidStop: it is wrong.
        """
        if path not in self._projects:
            try:
                self._projects[path] = load_project(path, self.read)
            except InvalidStop as stop:
                self._projects[path] = stop
        found = self._projects[path]
        if isinstance(found, InvalidStop):
            raise found
        return found

    def project_or_none(self, path: str) -> Project | None:
        """The same, None where it is wrong."""
        try:
            return self.project(path)
        except InvalidStop:
            return None

    def real_folder(self, folder: str) -> str:
        """The absolute path of a folder, without links."""
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return self._folders[folder]

    def real(self, file: str) -> str:
        """The absolute path of a file, without links."""
        folder, name = os.path.split(file)
        path = os.path.join(self.real_folder(folder), name)
        return os.path.realpath(path) if os.path.islink(path) else path

    def _above(self, folder: str) -> Home | None:
        if folder not in self._found:
            self._found[folder] = self._nearest(folder)
        return self._found[folder]

    def _nearest(self, folder: str) -> Home | None:
        if os.path.isfile(os.path.join(folder, PROJECT_FILE)):
            return self.named(Kind.PROJECT, shown(os.path.join(folder, PROJECT_FILE)))
        if os.path.isfile(os.path.join(folder, CHART_FILE)):
            return self._of_chart(folder)
        parent = os.path.dirname(folder)
        return None if parent == folder else self._above(parent)

    def _of_chart(self, folder: str) -> Home:
        path = find_project(os.path.dirname(folder))
        if path is not None and self._may_make(path, folder):
            return self.named(Kind.PROJECT, path)
        return self.named(Kind.CHART, shown(folder))

    def _may_make(self, project: str, folder: str) -> bool:
        """Whether the chart in a folder is the project's output. Of a project that is wrong nobody knows: it is told."""
        found = self.project_or_none(project)
        return found is None or os.path.realpath(found.chart.output) == folder
