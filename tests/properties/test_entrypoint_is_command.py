"""A slice of the same, through the command: what `chartgen validate` says of a ConfigMap, the entrypoint says of its texts.

The words are equal but for what docs/reference/entrypoint.md tells: the command finds mends by search, too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

from chartgen.__main__ import main
from chartgen.settings.model import Settings
from tests.counts import examples
from tests.entrypoint import EP, table_of
from tests.json_for_yaml import json_for_yaml
from tests.setting_texts import texts_for

OF_THE_TEXT = {"CG407", "CG406", "CG208", "CG412"}
"""What the command says of how a ConfigMap is written, and not of the values that it gives."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("command")


def told(folder: Path, settings_: Settings, texts: dict[str, str]) -> list[dict[str, Any]]:
    """The findings of the command on a ConfigMap with the texts."""
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": texts}
    schema, file = folder / "schema.json", folder / "settings.yaml"
    schema.write_text(json.dumps(settings_.document), encoding="utf-8")
    file.write_text(json_for_yaml(config_map), encoding="utf-8")
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    main(["validate", "--settings", str(schema), "--format", f"json={report}", str(file)])
    return [
        each for each in json.loads(report.read_text(encoding="utf-8"))["findings"] if each["code"] not in OF_THE_TEXT
    ]


@settings(max_examples=examples(500), deadline=None)
@given(texts_for())
def test_the_command_says_the_same(folder: Path, case: tuple[Settings, dict[str, str]]) -> None:
    settings_, texts = case
    _, errors, warnings = EP.judge(table_of(settings_), {name: text.encode() for name, text in texts.items()}, str)

    found = told(folder, settings_, texts)
    assume(not any(each["code"].startswith("CG1") for each in found))  # characters that YAML does not take

    plain = ", in plain digits: no blanks, no exponent"
    values = [each for each in found if each["code"] != "CG203"]
    rules = [each for each in found if each["code"] == "CG203"]
    env = {setting.env: setting.name for setting in settings_.settings}
    names = [each["path"].removeprefix("data.") for each in values]
    # Of a text with blanks around, the command says that the value is to stand alone.
    wanted = [each["expected"].removesuffix(" alone" if each["code"] == "CG414" else "") for each in values]
    expected = [f"{name} ({env[name]}): expected {want}" for name, want in zip(names, wanted, strict=True)]
    said = [text.removesuffix(plain) for _, text in errors]
    assert sorted(said[: len(expected)]) == sorted(expected)
    said = sorted([*said[len(expected) :], *warnings])
    assert len(said) == len(rules)
    for text, each in zip(said, sorted(rules, key=words), strict=True):
        assert text.startswith(words(each))
        mends = text[len(words(each)) :].removeprefix("; ")
        assert set(filter(None, mends.split(", or "))) <= set(each["help"].split(", or "))


def words(finding: dict[str, Any]) -> str:
    """What is told of a broken rule, without what mends it."""
    return f"{finding['message']}: {finding['label']}" if finding["label"] else str(finding["message"])
