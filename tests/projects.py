"""Small projects and charts of other makes, as folders that a test fills."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SETTINGS = """\
type: object
additionalProperties: false
properties:
  intervalMs: {type: integer, default: 5000, minimum: 100, maximum: 60000, x-env: INTERVAL_MS, x-unit: ms}
  attempts: {type: integer, default: 10, minimum: 1, maximum: 1000, x-env: ATTEMPTS, x-unit: count}
  timeoutMs: {type: integer, default: 60000, minimum: 1000, maximum: 90000000, x-env: TIMEOUT_MS, x-unit: ms}
x-kubernetes-validations:
  - rule: self.timeoutMs >= self.attempts * self.intervalMs
    message: timeoutMs is smaller than attempts * intervalMs
    fieldPath: .timeoutMs
"""
PROJECT = """\
settings: settings.yaml
chart: {name: shop}
image: {repository: example.com/shop, tag: "1"}
"""
FOREIGN = """\
apiVersion: v2
name: NAME
version: 1.0.0
"""
FOREIGN_SCHEMA = {"type": "object", "properties": {"replicas": {"type": "integer", "minimum": 1}}}


def write(folder: Path, files: dict[str, str]) -> None:
    """Files by their paths below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def project(folder: Path, more: str = "", files: dict[str, str] | None = None) -> None:
    """A project whose chart's values.yaml sets nothing; `more` goes on in its chartgen.yaml."""
    chart = {"charts/shop/values.yaml": "{}\n", "charts/shop/Chart.yaml": FOREIGN.replace("NAME", "shop")}
    write(folder, {"settings.yaml": SETTINGS, "chartgen.yaml": PROJECT + more, **chart, **(files or {})})


def foreign_chart(folder: Path, values: str = "replicas: 1\n", schema: Any = FOREIGN_SCHEMA) -> None:
    """A chart of another make, with a schema."""
    files = {"Chart.yaml": FOREIGN.replace("NAME", folder.name), "values.schema.json": json.dumps(schema)}
    write(folder, {**files, "values.yaml": values})
