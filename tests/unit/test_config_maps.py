"""ConfigMaps of settings among others: what kustomize makes of them, what they leave out, what several of them say together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from chartgen.asked import Asked
from chartgen.verdict import verdict_of

SCHEMA = """\
title: Clock
description: When the clock of a page is set.
type: object
properties:
  intervalMs: {type: integer, description: How often., default: 5000, minimum: 1000, maximum: 60000, x-env: CLOCK_MS}
  limitMs: {type: integer, description: How long., default: 10000, minimum: 1000, maximum: 600000, x-env: CLOCK_LIMIT}
  old: {type: boolean, description: No more., default: false, deprecated: true, x-env: CLOCK_OLD}
x-kubernetes-validations:
  - {rule: self.limitMs >= self.intervalMs, message: limitMs is smaller than intervalMs, fieldPath: .limitMs}
"""
PROJECT = """\
settings: clock.schema.yaml
chart: {name: clock}
names: {configMap: clock-settings, deployment: web, container: page}
image: {repository: registry.example.com/clock}
"""
Told: TypeAlias = "list[tuple[str, str]]"
Judge: TypeAlias = "Callable[..., Told]"


def config_map(data: str, name: str = "clock-settings") -> str:
    """A ConfigMap; without data if there is none."""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n" + (f"data: {{{data}}}\n" if data else "")


def workload(*maps: str, env: str = "") -> str:
    """A Deployment whose container takes whole ConfigMaps."""
    given = ", ".join(f"{{configMapRef: {{name: {name}}}}}" for name in maps)
    inner = f"{{name: page, image: i, env: [{env}], envFrom: [{given}]}}"
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
        f"spec: {{template: {{spec: {{containers: [{inner}]}}}}}}\n"
    )


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """The files and codes of all findings in the files of a project."""
    monkeypatch.chdir(tmp_path)

    def told(files: Mapping[str, str], *asked: str) -> Told:
        for name, text in {"clock.schema.yaml": SCHEMA, "chartgen.yaml": PROJECT, **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        findings = verdict_of(Asked(asked or ("k8s",))).findings
        return [(each.primary.source.name if each.primary is not None else "", each.code) for each in findings]

    return told


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
@pytest.mark.parametrize("head", ["", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"])
@pytest.mark.parametrize("asked", ["k8s", "k8s/web.yaml"])
def test_a_map_that_kustomize_makes_is_there(judge: Judge, name: str, head: str, asked: str) -> None:
    made = f"{head}configMapGenerator:\n- {{name: clock-settings, envs: [clock.env]}}\n"

    assert judge({"k8s/web.yaml": workload("clock-settings"), f"k8s/{name}": made}, asked) == []


def test_a_map_that_a_component_makes_is_there(judge: Judge) -> None:
    head = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    made = f"{head}configMapGenerator:\n- {{name: clock-settings, envs: [clock.env]}}\n"

    assert judge({"k8s/web.yaml": workload("clock-settings"), "k8s/part/kustomization.yaml": made}) == []


@pytest.mark.parametrize("text", ["configMapGenerator: [", "- 1\n", "", "configMapGenerator: 3\n"])
def test_a_kustomization_that_makes_no_map_is_no_help(judge: Judge, text: str) -> None:
    found = judge({"k8s/web.yaml": workload("clock-settings"), "k8s/kustomization.yaml": text})

    assert found == [("k8s/web.yaml", "CG401")]


@pytest.mark.parametrize("data", ["", "OTHER: a"])
def test_the_map_of_the_right_name_is_asked_for_every_setting_but_deprecated_ones(judge: Judge, data: str) -> None:
    assert judge({"k8s/map.yaml": config_map(data)}) == [("k8s/map.yaml", "CG406")] * 2


def test_a_place_below_the_project_is_named_without_a_dot(judge: Judge) -> None:
    files = {
        "far/a/map.yaml": config_map("CLOCK_LIMIT: '10000'"),
        "k8s/web.yaml": workload(
            env="{name: CLOCK_MS, valueFrom: {configMapKeyRef: {name: clock-settings, key: CLOCK_MS}}}"
        ),
    }
    judge(files)
    found = verdict_of(Asked(("k8s/web.yaml",))).findings

    assert [note.span.source.name for each in found for note in each.notes if note.span] == ["far/a/map.yaml"]
