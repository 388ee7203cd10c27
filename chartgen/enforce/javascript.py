"""The reader of the settings as JavaScript, for a page of chartgen's own: the module of `typescript.py` without its types.

The tables come from the same emitter. What is the same for every schema is in `reader.js`, which `scripts/reader_script.py`
(`make reader`) makes of the TypeScript with a real compiler; a test compares the whole with what that compiler makes of the module.
"""

from __future__ import annotations

import pathlib
import re

from chartgen.enforce.tsexpression import HELPERS
from chartgen.enforce.tsinterface import settings_of
from chartgen.enforce.typescript import FRAME, KIND_NAMES, KINDS, called_helpers, rule_tables, used_kinds
from chartgen.settings.model import Settings

SCRIPT = pathlib.Path(__file__).with_name("reader.js")
_PART = re.compile(r"^/\*! part (\w+) \*/\n", re.MULTILINE)


def sources() -> dict[str, str]:
    """The TypeScript that `reader.js` is made of, by the names of its parts."""
    kinds = {KIND_NAMES[type_]: source for type_, source in KINDS.items()}
    return {"frame": FRAME.read_text(encoding="utf-8"), **kinds, **HELPERS}


def joined(parts: dict[str, str]) -> str:
    """The text of `reader.js`, of its parts."""
    return "".join(f"/*! part {name} */\n{text}" for name, text in parts.items())


def reader_script(settings: Settings) -> str:
    """A script with `judgeSettings` and all that it needs, for settings; it exports nothing."""
    _, *found = _PART.split(SCRIPT.read_text(encoding="utf-8"))
    parts = dict(zip(found[::2], found[1::2], strict=True))
    kinds = [KIND_NAMES[type_] for type_ in used_kinds(settings)]
    used = [parts[name] for name in ("frame", *kinds, *called_helpers(settings))]
    return "\n".join([*used, rule_tables(settings, typed=False), *settings_of(settings, typed=False)]) + "\n"
