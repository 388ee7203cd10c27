"""Findings that are known and accepted: those that the project lists under `ignore`."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from chartgen.finding import Finding
from chartgen.project_model import Project


def unignored(findings: Iterable[Finding], project: Project) -> list[Finding]:
    """The findings that the project does not accept under `ignore`, by code and by the file's path below its root."""
    root = Path(project.root).resolve()
    return [finding for finding in findings if not _ignored(finding, project, root)]


def _ignored(finding: Finding, project: Project, root: Path) -> bool:
    path = Path(finding.primary.source.name).resolve() if finding.primary else root
    below = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
    return any(
        finding.code == item.code
        and (not item.path or fnmatch(below, item.path))  # `*` crosses folders, as in .gitignore's **
        for item in project.ignore
    )
