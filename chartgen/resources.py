"""The data files that travel with the package.

In a checkout they lie at the top level, for people and editors; in a wheel they lie inside the package.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

_PACKAGE = os.path.dirname(os.path.realpath(__file__))
_HOMES = (os.path.join(_PACKAGE, "data"), os.path.dirname(_PACKAGE))


def resource_path(*parts: str) -> str:
    """The absolute path of a file or folder that travels with the package: `resource_path("schemas", "x.json")`.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    for home in _HOMES:
        path = os.path.join(home, *parts)
        if os.path.exists(path):
            return path
    raise FileNotFoundError(2, "this installation of chartgen lacks a data file", "/".join(parts))


def read_text(*parts: str) -> str:
    """The text of a file that travels with the package.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    with open(resource_path(*parts), encoding="utf-8") as file:
        return file.read()


@cache
def load_schema(name: str) -> dict[str, Plain]:
    """A packaged JSON Schema by its file name, such as `settings-schema.json`; do not change what you get.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    return cast("dict[str, Plain]", json.loads(read_text("schemas", name)))
