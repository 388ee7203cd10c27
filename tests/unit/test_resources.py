"""The data files are found in a checkout and in an installed wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chartgen.documents.json_schema import compile_own_schema, compile_schema
from chartgen.resources import load_schema, read_text, resource_path


def test_a_checkout_has_its_schemas_at_the_top(repository: Path) -> None:
    assert resource_path("schemas", "settings-schema.json") == str(repository / "schemas" / "settings-schema.json")


def test_a_schema_is_read_once_and_is_json() -> None:
    assert load_schema("project.schema.json")["title"] == "chartgen.yaml"
    assert load_schema("project.schema.json") is load_schema("project.schema.json")


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"schemas/none\.json"):
        read_text("schemas", "none.json")


def test_an_installed_wheel_carries_the_same_files(repository: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True, cwd=repository)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = "from chartgen.resources import read_text; print(read_text('schemas', 'settings-schema.json'), end='')"
    shown = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(site)!r}); {code}"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
    )

    assert shown.stdout == (repository / "schemas" / "settings-schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["settings-schema.json", "project.schema.json"])
@pytest.mark.parametrize(
    "document",
    [
        {},
        {"properties": {"a b": {"type": "integer"}, "c": {"type": "text", "default": []}}, "title": 1},
        {"chart": {"name": "A b", "version": "1"}, "port": 0, "ignore": [{"code": "x"}], "colour": None},
        {"settings": "", "names": {"service": "-"}, "environments": {"a b": {"values": "x"}}},
    ],
    ids=["empty", "settings", "chart", "names"],
)
def test_a_packaged_schema_means_the_same_without_what_helm_does_to_it(name: str, document: dict[str, Any]) -> None:
    schema = load_schema(name)

    assert compile_own_schema(schema).faults(document) == compile_schema(schema).faults(document)
