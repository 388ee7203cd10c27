"""The project file, `chartgen.yaml`: what is made of a settings schema, and where it goes.

`schemas/project.schema.json` says what may stand in it; here are the defaults, and what a schema cannot say.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from chartgen.documents import nodes
from chartgen.documents.json_schema import compile_own_schema
from chartgen.documents.parsing import parse
from chartgen.documents.reading import read_source
from chartgen.enforce.chart_checks import INLINE_AND_LIVE
from chartgen.enforce.own_checks import NOT_FOR_SITES, OWN_FOLDER
from chartgen.finding import CODES, Finding, InvalidStop, Note, Severity, is_error
from chartgen.names import did_you_mean
from chartgen.project_model import Chart, Environment, Ignore, Image, Injection, Names, Page, Project
from chartgen.project_values import site
from chartgen.resources import load_schema

if TYPE_CHECKING:
    from chartgen.documents.nodes import Node, Plain
    from chartgen.source import Source

__all__ = ["PROJECT_FILE", "Chart", "Environment", "Ignore", "Image", "Injection", "Names", "Page", "Project"]
__all__ += ["find_project", "load_project", "parse_project", "shown"]

PROJECT_FILE = "chartgen.yaml"
"""The name that `find_project` looks for."""


def find_project(start: str) -> str | None:
    """The path of the nearest `chartgen.yaml` in a folder, or in a file's folder, or in one above; None for none."""
    folder, above = os.path.realpath(start), ""
    while folder != above:
        candidate = os.path.join(folder, PROJECT_FILE)
        if os.path.isfile(candidate):
            return shown(candidate)
        folder, above = os.path.dirname(folder), folder
    return None


def load_project(path: str, read: Callable[[str], Source | Finding] = read_source) -> Project:
    """The project of a file, whose text `read` gives.

    Raises:
        InvalidStop: the file cannot be read or parsed, does not fit its schema (CG351), or names a settings schema that
            is not there (CG352). All findings are in it.
    """
    source = read(path)
    if isinstance(source, Finding):
        raise _invalid(path, [source])
    project = parse_project(source)
    if not os.path.isfile(project.settings):
        raise _invalid(path, [_settings_missing(source, project)])
    return project


def parse_project(source: Source) -> Project:
    """The project of a text that is named after where it lies, or will lie.

    Raises:
        InvalidStop: as `load_project`, but for the settings schema, which is not looked for.
    """
    tree, findings = parse(source)
    if tree is not None:
        from chartgen.documents.form import form_findings  # noqa: PLC0415 - charts alone have no project

        checker = compile_own_schema(load_schema("project.schema.json"))
        findings = [*findings, *form_findings(tree, checker, "CG351")]
    if tree is None or any(map(is_error, findings)):
        raise _invalid(source.name, findings)
    project = _project(tree, os.path.dirname(source.name) or ".", tuple(findings))
    findings = [*_leaving_output(tree, project), *_no_site(tree, project), *_inline_and_live(tree, project)]
    findings += _unknown_codes(tree)
    if findings:
        raise _invalid(source.name, findings)
    return project


def _invalid(path: str, findings: list[Finding]) -> InvalidStop:
    return InvalidStop(f"{path} is not a project that chartgen can use", findings)


def shown(path: str) -> str:
    """An absolute path as a user would type it: from the working folder, unless the whole one is shorter."""
    try:
        return min(os.path.relpath(path), path, key=len)
    except ValueError:  # another drive, on Windows
        return path


def _settings_missing(source: Source, project: Project) -> Finding:
    tree, _ = parse(source)
    node = nodes.find(tree, ("settings",)) if tree else None
    message = f"settings names {project.settings}, which is not there"
    help_text = "correct the path (it starts at this file's folder), or let `chartgen init` write a first schema"
    return Finding("CG352", Severity.ERROR, message, node.span if node else None, path="settings", help=help_text)


def _leaving_output(tree: Node, project: Project) -> Iterator[Finding]:
    """The chart is written and orphans are removed there: a link or `..` must not lead elsewhere."""
    root, output = os.path.realpath(project.root), os.path.realpath(project.chart.output)
    if output == root or output.startswith(os.path.join(root, "")):
        return
    node = nodes.find(tree, ("chart", "output"))
    message = "chart.output leads out of the project's folder"
    help_text = "name a folder below the one that this file lies in"
    span = node.span if node else tree.span
    yield Finding("CG351", Severity.ERROR, message, span, path="chart.output", found=output, help=help_text)


def _no_site(tree: Node, project: Project) -> Iterator[Finding]:
    """The site is the folder that all pages are below; it is copied, and another one is put in its place."""
    folder, _ = site(project.page.html)
    node = nodes.find(tree, ("page", "html"))
    if folder == "/":
        message = "the pages have no folder in common but /, so that the site would be the whole file system"
        help_text = "name pages of one folder, such as /usr/share/nginx/html/**/*.html"
    elif re.match(NOT_FOR_SITES, folder):
        message, help_text = f"the folder of the pages, {folder}, {OWN_FOLDER}", "put the site elsewhere in the image"
    else:
        return
    span = node.span if node else tree.span
    yield Finding("CG351", Severity.ERROR, message, span, path="page.html", found=folder, help=help_text)


def _inline_and_live(tree: Node, project: Project) -> Iterator[Finding]:
    """A script in the page is allowed by its hash, which the server has told and a later setting would change."""
    pair = INLINE_AND_LIVE
    if project.injection.mode != pair.one.word or project.page.mode != pair.other.word:
        return
    live, inline = nodes.find(tree, pair.one.path), nodes.find(tree, pair.other.path)
    its_default = "" if inline else ", its default"
    message = f"{pair.one.name} {pair.one.word} cannot go with {pair.other.name} {pair.other.word}{its_default}"
    notes = (Note("what changes settings under a running server", live.span),) if live and inline else ()
    node = inline or live
    span = node.span if node else None
    path, found = pair.other.name, pair.other.word
    yield Finding("CG351", Severity.ERROR, message, span, notes=notes, path=path, found=found, help=pair.help)


def _unknown_codes(tree: Node) -> Iterator[Finding]:
    ignored = nodes.find(tree, ("ignore",))
    for index, item in enumerate(ignored.items if isinstance(ignored, nodes.Sequence) else ()):
        node = nodes.find(item, ("code",))
        code = str(nodes.plain(node)) if node else ""
        if node and code not in CODES:
            message, path = f"{code} is not a code of chartgen's findings", f"ignore[{index}].code"
            help_text = did_you_mean(code, CODES)
            yield Finding("CG351", Severity.ERROR, message, node.span, path=path, found=code, help=help_text)


def _project(tree: Node, root: str, warnings: tuple[Finding, ...]) -> Project:
    plain = _section(nodes.plain(tree))
    chart, image, names = (_section(plain.get(key)) for key in ("chart", "image", "names"))
    name, version, tag = _text(chart, "name"), _text(chart, "version", "0.1.0"), _text(image, "tag")
    environments = _section(plain.get("environments"))
    return Project(
        root=root,
        settings=_joined(root, _text(plain, "settings")),
        chart=Chart(
            name=name,
            version=version,
            app_version=_text(chart, "appVersion", tag or version),
            output=_joined(root, _text(chart, "output", f"charts/{name}")),
        ),
        names=Names(*(_text(names, key, name) for key in ("configMap", "deployment", "container", "service"))),
        image=Image(
            repository=_text(image, "repository"),
            tag=tag,
            digest=_text(image, "digest"),
            pull_policy=_text(image, "pullPolicy", Image.pull_policy),
        ),
        port=int(cast("int", plain.get("port", Project.port))),
        page=_page(_section(plain.get("page"))),
        injection=_injection(_section(plain.get("injection"))),
        environments={key: _environment(_section(value), root) for key, value in environments.items()},
        ignore=tuple(_ignore(_section(item)) for item in cast("list[Plain]", plain.get("ignore", []))),
        warnings=warnings,
        tree=tree,
    )


def _page(page: dict[str, Plain]) -> Page:
    return Page(html=_texts(page, "html") or Page.html, mode=_text(page, "mode", Page.mode))


def _injection(injection: dict[str, Plain]) -> Injection:
    mode, command = _text(injection, "mode", Injection.mode), _texts(injection, "command")
    script = "configMap" if command or mode != "entrypoint" else Injection.script
    return Injection(mode, _text(injection, "image"), _text(injection, "script", script), command)


def _environment(given: dict[str, Plain], root: str) -> Environment:
    return Environment(
        context=_text(given, "context"),
        namespace=_text(given, "namespace"),
        release=_text(given, "release"),
        values=tuple(_joined(root, path) for path in _texts(given, "values")),
        set=_texts(given, "set"),
        set_string=_texts(given, "setString"),
    )


def _ignore(given: dict[str, Plain]) -> Ignore:
    return Ignore(code=_text(given, "code"), path=_text(given, "path"), reason=_text(given, "reason"))


def _joined(root: str, path: str) -> str:
    joined = os.path.normpath(os.path.join(root, path))
    return joined if joined != "-" else os.path.join(".", joined)  # a file of this name, not the standard input


def _section(value: Plain) -> dict[str, Plain]:
    return cast("dict[str, Plain]", value) if value is not None else {}


def _text(section: dict[str, Plain], key: str, default: str = "") -> str:
    return cast("str", section.get(key, default))


def _texts(section: dict[str, Plain], key: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", section.get(key, [])))
