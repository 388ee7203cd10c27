"""Kubernetes' own schemas, laid out as kubeconform looks for them, so that it downloads nothing.

The package `kubernetes-validate` ships them, with an `$id` and with absolute references that only its own code resolves.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

VERSIONS = ("1.30.0", "1.36.0", "1.37.0")
"""The oldest Kubernetes that charts are made for, and the two newest that the package knows."""

LOCATION = "{{.NormalizedKubernetesVersion}}{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json"
"""kubeconform's `-schema-location`, below the folder that `lay_out` returns."""


def relocate(text: str) -> str:
    """One schema file's text without its `$id`, its references relative to its own folder."""
    document = json.loads(text)
    document.pop("$id", None)
    return json.dumps(document).replace('"/api/_definitions.json#', '"_definitions.json#')


def shipped() -> Path:
    """The folder of the installed package that holds a folder of schemas for each version."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        message = "kubernetes-validate is not installed: run 'make test', or install the extra 'test'"
        raise ModuleNotFoundError(message)
    return Path(spec.origin).parent / "kubernetes-json-schema"


def lay_out(cache: Path) -> Path:
    """The folder with the schemas of `VERSIONS`, made in the cache if it is not there yet.

    Several processes may ask at once: each makes its own copy and renames it; the first one stays.
    """
    package = importlib.metadata.version("kubernetes-validate")
    target = cache / "kubernetes-schemas" / "-".join([package, *VERSIONS])
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        for version in VERSIONS:
            folder = scratch / "all" / f"v{version}-strict"
            folder.mkdir(parents=True)
            for file in (shipped() / f"v{version}-local-strict").glob("*.json"):
                (folder / file.name).write_text(relocate(file.read_text(encoding="utf-8")), encoding="utf-8")
        (scratch / "all").rename(target)
    except OSError:
        if not target.exists():
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target
