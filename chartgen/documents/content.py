"""What a file looks as if it held, before it is parsed: values, Kubernetes' objects, or the lines of a `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

_KIND = re.compile(r"""^(?:["']?kind["']?[ \t]*:|[{\ufeff])""", re.MULTILINE)
_DOTENV = ".env"
_ENDINGS = (".yaml", ".yml", ".json")
_NO_MANIFESTS = frozenset({"node_modules", "venv", "__pycache__"})
_CHART = "Chart.yaml"
_KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})


def may_hold_manifests(text: str) -> bool:
    """Whether a text looks as if it held objects; a no is sure, and quick."""
    return "apiVersion" in text and _KIND.search(text) is not None


def is_dotenv(path: str) -> bool:
    """Whether a file is a `.env` by its name: `.env`, `.env.production`, `prod.env`."""
    name = os.path.basename(path)
    if name.startswith(f"{_DOTENV}."):
        return not name.endswith(_ENDINGS)
    return name.endswith(_DOTENV)


def manifest_files(folder: str) -> Iterator[str]:
    """The YAML and JSON files in a folder and in those below, in order; what is hidden and what is in a chart left out.

    Those of the working folder, `.`, are named without it.
    """
    needless = os.path.join(os.curdir, "") if folder == os.curdir else ""
    for here, folders, names in os.walk(folder):
        if _CHART in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NO_MANIFESTS)
        files = (os.path.join(here, name) for name in sorted(names) if is_manifest_name(name))
        yield from (file.removeprefix(needless) for file in files)


def is_manifest_name(name: str) -> bool:
    """Whether a file of a folder may hold objects, by its name."""
    return (name.endswith(_ENDINGS) and not name.startswith(".")) or name in _KUSTOMIZATIONS


def is_kustomization(path: str) -> bool:
    """Whether a file is a kustomization by its name, which need not say so itself."""
    return os.path.basename(path) in _KUSTOMIZATIONS
