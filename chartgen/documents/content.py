"""What a file looks as if it held, before it is parsed: values, Kubernetes' objects, or the lines of a `.env`."""

from __future__ import annotations

import os
import re

_KIND = re.compile(r"""^(?:["']?kind["']?[ \t]*:|[{\ufeff])""", re.MULTILINE)
_DOTENV = ".env"
_NOT_DOTENV = (".yaml", ".yml", ".json")


def may_hold_manifests(text: str) -> bool:
    """Whether a text looks as if it held objects; a no is sure, and quick."""
    return "apiVersion" in text and _KIND.search(text) is not None


def is_dotenv(path: str) -> bool:
    """Whether a file is a `.env` by its name: `.env`, `.env.production`, `prod.env`."""
    name = os.path.basename(path)
    if name.startswith(f"{_DOTENV}."):
        return not name.endswith(_NOT_DOTENV)
    return name.endswith(_DOTENV)
