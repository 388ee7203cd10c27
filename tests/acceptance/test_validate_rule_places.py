"""Each finding of a JSON Schema names the line of the schema that is broken, in every format that has notes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command import chartgen

SCHEMA = """{
  "$defs": {"port": {"type": "integer", "maximum": 9}},
  "properties": {
    "port": {
      "$ref": "#/$defs/port"
    },
    "name": {
      "type": "string"
    },
    "never": false,
    "pair": {"prefixItems": [true,
      false]},
    "kind": {"oneOf": [
      {"required": ["a"],
       "properties": {"a": {"minLength": 3}}},
      {"required": ["b"]}
    ]}
  }
}
"""
VALUES = "port: 10\nname: 1\nnever: 1\npair: [1, 2]\nkind: {a: x}\n"
PORT = {"type": "integer", "default": 1, "maximum": 5, "x-env": "PORT"}
CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def rules(folder: Path, *arguments: str) -> dict[str, list[str]]:
    """The places of the schema that each value breaks, by the value's path."""
    done = chartgen("validate", "--format", "json", *arguments, cwd=folder)
    assert done.stderr == ""
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return {
        one["path"]: [f"{note['file']}:{note['line']}:{note['column']}" for note in one["notes"] if note["file"]]
        for one in findings
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"chart/Chart.yaml": CHART, "chart/values.schema.json": SCHEMA, "values.yaml": VALUES})
    return tmp_path


def test_the_keyword_is_named_behind_references_in_lists_and_in_branches(folder: Path) -> None:
    schema = "chart/values.schema.json"

    assert rules(folder, "--chart", "chart", "values.yaml") == {
        "port": [f"{schema}:2:41"],
        "name": [f"{schema}:8:7"],
        "never": [f"{schema}:10:5"],
        "pair[1]": [f"{schema}:12:7"],
        "kind.a": [f"{schema}:15:29"],
    }


def test_the_report_for_people_has_it_in_a_line_of_its_own(folder: Path) -> None:
    done = chartgen("validate", "--chart", "chart", "values.yaml", cwd=folder)

    assert " = rule: chart/values.schema.json:8:7\n" in done.stdout


def test_of_a_chart_in_the_chart_it_is_the_line_of_its_own_schema(folder: Path) -> None:
    write(folder, {"outer/Chart.yaml": CHART, "values.yaml": "inner:\n  name: 1\n"})
    shutil.copytree(folder / "chart", folder / "outer/charts/inner")
    write(folder, {"outer/charts/inner/Chart.yaml": CHART.replace("shop", "inner")})

    assert rules(folder, "--chart", "outer", "values.yaml") == {
        "inner.name": ["outer/charts/inner/values.schema.json:8:7"]
    }


@pytest.mark.parametrize("name", ["settings.yaml", "settings.json"])
def test_of_settings_it_is_the_line_of_the_settings_schema(folder: Path, name: str) -> None:
    document = {"type": "object", "properties": {"settings": {"type": "object", "properties": {"port": PORT}}}}
    write(folder, {name: json.dumps(document, indent=2), "values.yaml": "settings:\n  settings: {port: 9, prot: 1}\n"})

    found = rules(folder, "--settings", name, "values.yaml")

    # That the settings are closed is written nowhere.
    assert found == {"settings.settings.port": [f"{name}:10:11"], "settings.settings.prot": []}


def test_of_a_chart_with_settings_it_is_the_line_of_its_schema(folder: Path) -> None:
    schema = {"properties": {"settings": {"type": "object", "properties": {"port": PORT}}}}
    write(
        folder,
        {"chart/values.schema.json": json.dumps(schema, indent=1), "values.yaml": "settings:\n  port: many\n"},
    )

    assert rules(folder, "--chart", "chart", "values.yaml") == {"settings.port": ["chart/values.schema.json:7:6"]}
