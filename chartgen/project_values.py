"""The values of a chart whose defaults a project file gives: what they are, and where it says so."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from chartgen.documents.nodes import Node, Plain, find
from chartgen.project_model import Project
from chartgen.records import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True)
class ProjectValue:
    """A value of the chart by its path, what the project makes of it, and the keys of the project file that say so."""

    path: Path
    value: Plain
    sources: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)

    def said(self, project: Project) -> Node | None:
        """Where the project file says it; None where the value is one of chartgen's own defaults."""
        found = (find(project.tree, source) for source in self.sources if project.tree is not None)
        return next((node for node in found if node is not None), None)


def project_values(project: Project) -> tuple[ProjectValue, ...]:
    """All of them."""
    names, image, injection = project.names, project.image, project.injection
    folder, html = site(project.page.html)
    return (
        _same(("names", "configMap"), names.config_map),
        _same(("names", "deployment"), names.deployment),
        _same(("names", "container"), names.container),
        _same(("names", "service"), names.service),
        _same(("image", "repository"), image.repository),
        _same(("image", "tag"), image.tag),
        _same(("image", "digest"), image.digest),
        _same(("image", "pullPolicy"), image.pull_policy),
        ProjectValue(("page", "folder"), folder, (("page", "html"),)),
        _same(("page", "html"), list(html)),
        _same(("page", "mode"), project.page.mode),
        _same(("injection", "mode"), injection.mode),
        ProjectValue(("injection", "script"), injection.script, (("injection", "script"), ("injection", "command"))),
        _same(("injection", "image"), injection.image),
        ProjectValue(("command",), list(injection.command), (("injection", "command"),)),
        ProjectValue(("containerPort",), project.port, (("port",),)),
    )


def _same(path: Path, value: Plain) -> ProjectValue:
    return ProjectValue(path, value, (path,))


def site(html: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The folder that all pages are below, from their absolute globs, and the globs from there on.

    >>> site(["/srv/site/*.html", "/srv/site/help/index.html"])
    ('/srv/site', ('*.html', 'help/index.html'))
    """
    folder = posixpath.commonpath([_fixed(posixpath.normpath(glob)) for glob in html])
    return folder, tuple(posixpath.relpath(posixpath.normpath(glob), folder) for glob in html)


def _fixed(glob: str) -> str:
    """The folder above the first part of a glob that has a sign in it, or above its last part."""
    parts = glob.split("/")
    signs = (at for at, part in enumerate(parts) if "*" in part or "?" in part)
    return "/".join(parts[: next(signs, len(parts) - 1)]) or "/"
