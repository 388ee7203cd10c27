"""The corpus on a real API server: the policies say of each ConfigMap, however it comes, what the other enforcers say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from chartgen.settings.strings import WITHOUT_BLANKS
from tests.cluster.api import APPLY, MERGE, Reply
from tests.cluster.control_plane import ControlPlane
from tests.cluster.policies import Guarded, errors, guard_all, warnings
from tests.verdict.test_verdict import Verdict, as_texts, sayable

Guards = Callable[[Verdict], Guarded]


@cache
def settings_of(schema: str) -> Settings:
    return load_settings(schema)


def texts_of(case: Verdict) -> dict[str, str]:
    texts = as_texts(settings_of(case.schema), case.values)
    assert texts is not None
    return {name: text.decode() for name, text in texts.items()}


@pytest.fixture(scope="module")
def guards(control_plane: ControlPlane) -> Guards:
    """The guarded ConfigMap of each schema of the corpus; it is there, with the defaults."""
    namespace = "corpus"
    control_plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
    schemas = sorted({case.schema for case in sayable()})
    made = {
        schema: Guarded(control_plane.api, namespace, f"settings-{number}", settings_of(schema))
        for number, schema in enumerate(schemas)
    }
    for each in made.values():
        assert each.api.call("POST", each.path, each.object({"OTHER": "1"})).status == 201
    guard_all(made.values())
    return lambda case: made[case.schema]


def create(guarded: Guarded, texts: dict[str, str]) -> Reply:
    """Another object of its name is in the way: it is created, for a try, in its place."""
    assert guarded.api.call("DELETE", f"{guarded.path}/{guarded.name}").status == 200
    try:
        return guarded.judge(texts)
    finally:
        assert guarded.api.call("POST", guarded.path, guarded.object({"OTHER": "1"})).status == 201


def patch(guarded: Guarded, texts: dict[str, str]) -> Reply:
    return guarded.api.call("PATCH", guarded.dry("PATCH"), {"data": texts}, MERGE)


def apply(guarded: Guarded, texts: dict[str, str]) -> Reply:
    query = "&fieldManager=tests&force=true"
    return guarded.api.call("PATCH", guarded.dry("PATCH", query), guarded.object(texts), APPLY)


def replace(guarded: Guarded, texts: dict[str, str]) -> Reply:
    return guarded.api.call("PUT", guarded.dry("PUT"), guarded.object(texts))


@pytest.mark.parametrize("bring", [create, patch, apply, replace])
@pytest.mark.parametrize("case", sayable(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def test_the_api_server_says_it(
    case: Verdict, guards: Guards, bring: Callable[[Guarded, dict[str, str]], Reply]
) -> None:
    reply = bring(guards(case), texts_of(case))

    assert in_env_names(case) == errors(reply)
    assert list(case.warns) == (warnings(reply) if not case.says else list(case.warns))


def in_env_names(case: Verdict) -> list[str]:
    """What is said, with settings called what a ConfigMap calls them, and blanks around a text called that."""
    texts, said = texts_of(case), list(case.says)
    for setting in settings_of(case.schema).settings:
        said = [line.replace(f"settings.{setting.name} is", f"{setting.env} is") for line in said]
        text = texts.get(setting.env, "")
        if text.strip() != text:
            said = [_around(line) if line.startswith(f"{setting.env} is") else line for line in said]
    return said


def _around(line: str) -> str:
    return line.replace("; expected", ", with blanks around the value; expected") + f"; {WITHOUT_BLANKS}"


@pytest.mark.parametrize("case", sayable(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def test_it_says_what_the_command_says_of_the_config_map(case: Verdict, tmp_path: Path) -> None:
    file = tmp_path / "configmap.yaml"
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": texts_of(case)}
    file.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")

    command = [sys.executable, "-m", "chartgen", "validate", "--settings", case.schema, str(file)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "CI": ""})

    assert run.returncode == (1 if case.says else 0), run.stdout
    # Of blanks, the command shows what to write instead.
    for line in (each.removesuffix(f"; {WITHOUT_BLANKS}") for each in in_env_names(case)):
        for part in line.split("; ")[0].rsplit(": ", 1) + line.split("; ")[1:]:
            assert part.strip() in run.stdout
