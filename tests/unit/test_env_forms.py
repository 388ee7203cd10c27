"""Entries of a container's env that Kubernetes reads in its own way: without a value, with two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.asked import Asked
from chartgen.finding import Finding
from chartgen.verdict import verdict_of

SCHEMA = """\
title: Clock
description: When the clock of a page is set.
type: object
properties:
  intervalMs: {type: integer, description: How often., default: 5000, minimum: 1000, maximum: 60000, x-env: CLOCK_MS}
  zone: {type: string, description: Which one., default: UTC, x-env: CLOCK_ZONE}
"""
ZONE = "{name: CLOCK_ZONE, value: UTC}"
REF = "valueFrom: {configMapKeyRef: {name: m, key: CLOCK_MS, optional: true}}"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clock.schema.yaml").write_text(SCHEMA)


def judged(env: str, image: str = "image: i, ") -> list[Finding]:
    """The findings of a container with one env more than the zone's."""
    inner = f"{{name: page, {image}env: [{ZONE}, {env}]}}"
    spec = f"spec: {{template: {{spec: {{containers: [{inner}]}}}}}}\n"
    web = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\n{spec}"
    config = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {CLOCK_MS: '5000', CLOCK_ZONE: UTC}\n"
    Path("web.yaml").write_text(web + config)
    found = verdict_of(Asked(("web.yaml",), settings="clock.schema.yaml")).findings
    return [each for each in found if each.path != "page.env.CLOCK_ZONE"]


@pytest.mark.parametrize("env", ["{name: CLOCK_MS}", "{name: CLOCK_MS, value: ''}"])
def test_an_env_without_a_value_is_an_empty_text(env: str) -> None:
    told = [each for each in judged(env) if each.code != "CG403"]

    assert [(each.code, each.message) for each in told] == [
        ("CG409", 'CLOCK_MS is "", which is not read as an integer')
    ]
    assert told[0].primary is not None
    assert told[0].primary.text in {"CLOCK_MS", "''"}


@pytest.mark.parametrize("env", ["{name: CLOCK_MS, $patch: delete}", "{name: CLOCK_MS}"])
def test_a_patch_may_name_an_env_alone(env: str) -> None:
    assert judged(env, image="") == []


def test_an_env_with_a_value_and_a_source_is_refused_by_kubernetes() -> None:
    (found,) = judged(f"{{name: CLOCK_MS, value: '5000', {REF}}}")

    assert found.code == "CG410"
    assert found.message == "CLOCK_MS has a value and a valueFrom; Kubernetes refuses both"
    assert found.help == "remove the value: then the ConfigMap counts"
    assert found.primary is not None
    assert found.primary.text == "'5000'"


def test_an_empty_value_beside_a_source_does_not_count() -> None:
    assert judged(f"{{name: CLOCK_MS, value: '', {REF}}}") == []


def test_a_source_that_says_nothing_is_no_empty_text() -> None:
    assert judged("{name: CLOCK_MS, valueFrom: {}}") == []
