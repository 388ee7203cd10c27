"""What a project file says, frozen. Made by `project.py`, which knows the file's form."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.documents.nodes import Node
from chartgen.finding import Finding
from chartgen.records import dataclass, field


@dataclass(frozen=True)
class Chart:
    """What Chart.yaml says; `output` is the folder that the chart is written to, inside the project."""

    name: str
    version: str
    app_version: str
    output: str


@dataclass(frozen=True)
class Names:
    """The names of the chart's objects; each is the chart's name unless the project says otherwise."""

    config_map: str
    deployment: str
    container: str
    service: str


@dataclass(frozen=True)
class Image:
    """The frontend's image; an empty tag stands for the chart's appVersion, an empty digest for none."""

    repository: str
    tag: str = ""
    digest: str = ""
    pull_policy: str = "IfNotPresent"


@dataclass(frozen=True)
class Page:
    """Globs of the HTML files in the image, and how they get the settings: `inline`, `file` or `json`."""

    html: tuple[str, ...] = ("/usr/share/nginx/html/*.html",)
    mode: str = "inline"


@dataclass(frozen=True)
class Injection:
    """What writes the settings into the page: `entrypoint`, or `initContainer` or `sidecar` with an image.

    A `sidecar` goes on doing it, for as long as the pod runs.

    The script is in a `configMap` of the chart, or `baked` into the image, whose own command then runs it; if it is empty,
    the chart's values decide by their mode: `configMap` but for `entrypoint`. `command` is what starts the server, for a chart that runs the
    script before it.
    """

    mode: str = "entrypoint"
    image: str = ""
    script: str = ""
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """A place to install the chart in; empty texts stand for Helm's own defaults. `values` are paths."""

    context: str = ""
    namespace: str = ""
    release: str = ""
    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    set_string: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ignore:
    """A finding that is accepted: its code, a glob of files relative to the root (empty for all), and why."""

    code: str
    path: str
    reason: str


@dataclass(frozen=True)
class Project:
    """A project file. Paths in it are joined to `root`, the folder that it lies in.

    `warnings` are findings about the file that are not errors; `tree` is the file as it was read, to tell places in it.
    """

    root: str
    settings: str
    chart: Chart
    names: Names
    image: Image
    port: int = 8080
    page: Page = field(default_factory=Page)
    injection: Injection = field(default_factory=Injection)
    environments: Mapping[str, Environment] = field(default_factory=dict, hash=False)
    ignore: tuple[Ignore, ...] = ()
    warnings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
    tree: Node | None = field(default=None, compare=False, repr=False)
