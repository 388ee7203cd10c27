"""Findings that the project accepts, each with a reason: those that its `ignore` list names.

What comments accept is in `ignore_comments.py`, which few runs need.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator

from chartgen.documents import nodes
from chartgen.finding import Finding, Severity
from chartgen.project_model import Ignore, Project

WORD = "chartgen:"
"""What every comment that ignores findings holds; a text without it is not looked at."""

_NO_VALUES = {".git", ".venv", "node_modules"}
"""Folders in which no values files are looked for."""


def unignored(findings: Iterable[Finding], project: Project) -> list[Finding]:
    """The findings that the project does not accept under `ignore`, by code and by the file's path below its root."""
    root = os.path.realpath(project.root)
    return [
        finding
        for finding in findings
        if not any(_lists(item, finding.code, _below_root(finding, root)) for item in project.ignore)
    ]


def unused_entries(findings: Collection[Finding], project: Project, files: Iterable[str]) -> Iterator[Finding]:
    """CG209 for each entry of the project's `ignore` that accepts none of the findings, which are those of `files`.

    An entry for other files that exist is left alone: it may be for a run that judges them.
    """
    root = os.path.realpath(project.root)
    told = [(finding.code, _below_root(finding, root)) for finding in findings]
    judged = [_relative(file, root) for file in files]
    for index, item in enumerate(project.ignore):
        if any(_lists(item, code, below) for code, below in told):
            continue
        if item.path and not any(_fits(below, item.path) for below in judged) and _may_exist(root, item.path):
            continue
        yield _unused_entry(index, item, project)


def _lists(item: Ignore, code: str, below: str) -> bool:
    return code == item.code and (not item.path or _fits(below, item.path))


def _fits(below: str, pattern: str) -> bool:
    from fnmatch import fnmatch  # noqa: PLC0415 - few projects ignore anything

    # `*` crosses folders, as in .gitignore's **.
    return fnmatch(below, pattern)


def _below_root(finding: Finding, root: str) -> str:
    return _relative(finding.primary.source.name, root) if finding.primary else ""


def _relative(file: str, root: str) -> str:
    path, above = os.path.realpath(file), os.path.join(root, "")
    return path.removeprefix(above).replace(os.sep, "/") if path.startswith(above) else ""


def _may_exist(root: str, pattern: str) -> bool:
    if not set("*?[") & set(pattern):
        return os.path.exists(os.path.join(root, pattern))
    return any(_fits(below, pattern) for below in _files_below(root))


def _files_below(root: str) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _NO_VALUES]
        yield from (os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for name in names)


def _unused_entry(index: int, item: Ignore, project: Project) -> Finding:
    node = nodes.find(project.tree, ("ignore", index)) if project.tree is not None else None
    where = f" in {item.path}" if item.path else ""
    return Finding(
        "CG209",
        Severity.WARNING,
        f"{item.code} does not occur{where}, so there is nothing to ignore",
        node.span if node is not None else None,
        path=f"ignore[{index}]",
        found=item.code,
        help="remove the entry",
    )
