"""What of a generated chart's values would get in the way of the chart's own containers, volumes and folders.

As in `chart_checks.py`, for both that refuse it: `templates/_checks.tpl`, which is made of these words, and
`chartgen validate`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from chartgen.documents.nodes import Plain
from chartgen.records import dataclass
from chartgen.settings.expression import Type
from chartgen.settings.model import Setting, Settings

CONTAINERS = ("chartgen-copy", "chartgen-page", "chartgen-watch")
VOLUMES = ("chartgen-files", "chartgen-image", "chartgen-settings", "chartgen-site")
FOLDERS = ("/opt/chartgen", "/run/chartgen")
NOT_FOR_SITES = r"^/(run(/chartgen(-image|-settings)?(/.*)?)?|opt(/chartgen(/.*)?)?)$"
"""Folders that are the chart's, in them, or above them, as RE2 and Python read it."""

_STEP = r"(\.{0,2}[^/.]#|\.{3}#)"
SITE = f"^(/{_STEP})+/?$".replace("#", "[^/]*")
"""A folder as it is written without detours, as RE2 and Python read it."""

PAGE = f"^{_STEP}(/{_STEP})*$".replace("[^/.]#", "[^/.:]#").replace("#", "[^/:]*")
"""A page below it. A colon stands between two of them, where they are told by a variable."""

NO_SITE = "is no plain path: it begins with /, and has no //, . or .. in it"
NO_PAGE = "is not a plain path below page.folder, without //, . or .. in it, and without a colon"
ANOTHER_SITE = "name the folder of the site in the frontend's image"

OWN_NAME = "is a name of the chart's own"
OWN_FOLDER = "is a folder of the chart's own"
NAMED = (("initContainers", CONTAINERS), ("sidecars", CONTAINERS), ("volumes", VOLUMES))
"""Lists of objects with names, and the names that are taken."""

LONGEST = 131_072
"""Bytes of one variable, its name, sign and end counted: Linux starts no program with a longer one (MAX_ARG_STRLEN)."""

TOO_LONG = "a container is given it as a variable, and Linux starts no program with one of more than 131071 bytes"
_UTF_8 = 4  # bytes of a character, at most


@dataclass(frozen=True)
class Own:
    """A value that is in the way: its path, what is wrong with it, and what to do; the key itself, if `is_key`."""

    path: tuple[str | int, ...]
    words: str
    help: str
    is_key: bool = False


def may_be_too_long(setting: Setting) -> bool:
    """Whether a setting's bounds allow texts that no variable can hold."""
    longest = setting.bounds.max_length
    is_free = setting.type is Type.STRING and setting.bounds.enum is None and setting.bounds.const is None
    return is_free and (longest is None or _size(setting, longest * _UTF_8) > LONGEST)


def own_faults(values: dict[str, Plain], settings: Settings) -> Iterator[Own]:
    """All of them, of a chart's effective values. What has a wrong type is the schema's to refuse."""
    yield from _names(values)
    yield from _folders(values)
    yield from _too_long(values, settings)


def _names(values: dict[str, Plain]) -> Iterator[Own]:
    name = _part(values, "names").get("container")
    if name in CONTAINERS:
        yield Own(("names", "container"), f"{name} {OWN_NAME}", "give it another name")
    for section, taken in NAMED:
        for index, name in _each(values, section, "name"):
            if name in taken:
                yield Own((section, index, "name"), f"{name} {OWN_NAME}", "give it another name")
    for name in _part(values, "emptyDirs"):
        if name in VOLUMES and _part(values, "emptyDirs")[name] is not None:
            yield Own(("emptyDirs", name), OWN_NAME, "give it another name", is_key=True)


def _folders(values: dict[str, Plain]) -> Iterator[Own]:
    empty = {name: _part(_part(values, "emptyDirs"), name).get("mountPath") for name in _part(values, "emptyDirs")}
    mounts: list[tuple[tuple[str | int, ...], Plain]] = [
        (("emptyDirs", name, "mountPath"), path) for name, path in empty.items()
    ]
    mounts += [
        (("volumeMounts", index, "mountPath"), path) for index, path in _each(values, "volumeMounts", "mountPath")
    ]
    for where, path in mounts:
        if isinstance(path, str) and path and _clean(path) in FOLDERS:
            yield Own(where, f"{path} {OWN_FOLDER}", "mount it elsewhere")
    yield from _site(values, empty)


def _site(values: dict[str, Plain], empty: dict[str, Plain]) -> Iterator[Own]:
    site, pages = _part(values, "page").get("folder"), _part(values, "page").get("html")
    for index, page in enumerate(pages if isinstance(pages, list) else []):
        if isinstance(page, str) and page and page[0] != "/" and not _is(PAGE, page):
            yield Own(("page", "html", index), f"{page} {NO_PAGE}", "write it as seen from page.folder")
    if not isinstance(site, str) or not site.startswith("/"):
        return
    if not _is(SITE, site):
        yield Own(("page", "folder"), f"{site} {NO_SITE}", ANOTHER_SITE)
    elif _is(NOT_FOR_SITES, _clean(site)):
        yield Own(("page", "folder"), f"{site} {OWN_FOLDER}", ANOTHER_SITE)
    for name, path in sorted(empty.items()):
        if isinstance(path, str) and path and _clean(path) == _clean(site) and _has_folder(values):
            yield Own(("page", "folder"), f"{site} is the folder of emptyDirs.{name}, which is empty", ANOTHER_SITE)


def _is(pattern: str, text: str) -> bool:
    return re.match(pattern.removesuffix("$") + r"\Z", text) is not None


def _too_long(values: dict[str, Plain], settings: Settings) -> Iterator[Own]:
    for setting in filter(may_be_too_long, settings.settings):
        here: Plain = values.get("settings")
        for key in setting.path:
            here = here.get(key) if isinstance(here, dict) else None
        size = _size(setting, len(here.encode(errors="replace"))) if isinstance(here, str) else 0
        if size > LONGEST:
            most = LONGEST - _size(setting, 0)
            words = f"is too long: {TOO_LONG}"
            yield Own(("settings", *setting.path), words, f"shorten it to {most} bytes, and declare a maxLength")


def _size(setting: Setting, length: int) -> int:
    return len(setting.env) + len("=") + length + len("\0")


def _has_folder(values: dict[str, Plain]) -> bool:
    """Whether the pages with the settings go into a folder of the chart's, as the chart's templates decide it."""
    injection = _part(values, "injection")
    return injection.get("mode") in {"initContainer", "sidecar"} or (
        bool(injection.get("mode")) and injection.get("script") == "configMap"
    )


def _clean(path: str) -> str:
    """The path without what means nothing in it; as Go's `path.Clean`, which leaves one slash in front."""
    return re.sub("^//+", "/", posixpath.normpath(path))


def _part(values: Plain, key: str) -> dict[str, Plain]:
    found = values.get(key) if isinstance(values, dict) else None
    return found if isinstance(found, dict) else {}


def _each(values: dict[str, Plain], section: str, key: str) -> Iterator[tuple[int, Plain]]:
    """What the objects of a list have at a key, with their indexes."""
    found = values.get(section)
    for index, item in enumerate(found if isinstance(found, list) else []):
        yield index, _part({"": item}, "").get(key)
