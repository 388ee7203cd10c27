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


PATCH = "resources: [../base]\npatches:\n- path: map.yaml\n"
BASE = config_map("CLOCK_MS: '5000', CLOCK_LIMIT: '60000'")
REF = "{name: %s, valueFrom: {configMapKeyRef: {name: %s, key: %s}}}"


@pytest.mark.parametrize("field", ["patches:\n- path: map.yaml\n", "patchesStrategicMerge: [./map.yaml]\n"])
@pytest.mark.parametrize("asked", ["k8s", "k8s/prod/map.yaml"])
def test_a_patch_is_judged_over_its_base(judge: Judge, field: str, asked: str) -> None:
    files = {"k8s/base/map.yaml": BASE, "k8s/prod/kustomization.yaml": f"resources: [../base]\n{field}"}
    patch = {"k8s/prod/map.yaml": config_map("CLOCK_MS: '50000'")}

    assert judge({**files, **patch}, asked) == []
    assert judge({**files, "k8s/prod/map.yaml": config_map("CLOCK_LIMIT: '4000'")}, asked) == [
        ("k8s/prod/map.yaml", "CG203")
    ]


def test_a_patch_without_its_base_is_judged_by_itself(judge: Judge) -> None:
    files = {"k8s/kustomization.yaml": PATCH, "k8s/map.yaml": config_map("CLOCK_MS: '50000'")}

    assert judge(files) == []
    assert judge({**files, "k8s/map.yaml": config_map("CLOCK_MS: '90000'")}) == [("k8s/map.yaml", "CG202")]


def test_of_maps_of_one_name_no_rule_is_told_that_needs_what_the_other_has(judge: Judge) -> None:
    files = {"k8s/a/map.yaml": BASE, "k8s/b/map.yaml": config_map("CLOCK_MS: '50000'")}

    assert judge(files) == [("k8s/b/map.yaml", "CG406")]
    both = config_map("CLOCK_MS: '50000', CLOCK_LIMIT: '40000'")
    assert judge({**files, "k8s/b/map.yaml": both}) == [("k8s/b/map.yaml", "CG203")]


@pytest.mark.parametrize("asked", ["k8s", "k8s/b.yaml"])
def test_maps_of_one_container_are_judged_together(judge: Judge, asked: str) -> None:
    files = {
        "k8s/a.yaml": config_map("CLOCK_LIMIT: '60000'", "clock-settings"),
        "k8s/b.yaml": config_map("CLOCK_MS: '50000'", "b"),
        "k8s/web.yaml": workload("clock-settings", "b"),
    }

    assert judge(files, asked) == []
    assert judge({**files, "k8s/a.yaml": config_map("CLOCK_LIMIT: '40000'")}, asked) == [("k8s/b.yaml", "CG203")]


@pytest.mark.parametrize(("order", "expected"), [(("clock-settings", "b"), []), (("b", "clock-settings"), ["CG203"])])
def test_the_later_map_of_a_container_counts(judge: Judge, order: tuple[str, ...], expected: list[str]) -> None:
    files = {
        "k8s/a.yaml": config_map("CLOCK_MS: '50000', CLOCK_LIMIT: '40000'"),
        "k8s/b.yaml": config_map("CLOCK_LIMIT: '60000'", "b"),
        "k8s/web.yaml": workload(*order),
    }

    assert [code for _, code in judge(files)] == expected


def test_keys_that_envs_take_from_two_maps_are_judged_together(judge: Judge) -> None:
    env = f"{REF % ('CLOCK_MS', 'b', 'CLOCK_MS')}, {REF % ('CLOCK_LIMIT', 'clock-settings', 'CLOCK_LIMIT')}"
    env += f", {REF % ('CLOCK_OLD', 'clock-settings', 'CLOCK_OLD')}"
    files = {
        "k8s/a.yaml": config_map("CLOCK_LIMIT: '60000', CLOCK_OLD: 'false'"),
        "k8s/b.yaml": config_map("CLOCK_MS: '50000'", "b"),
        "k8s/web.yaml": workload(env=env),
    }

    assert judge(files) == []
    limit = config_map("CLOCK_LIMIT: '40000', CLOCK_OLD: 'false'")
    assert judge({**files, "k8s/a.yaml": limit}) == [("k8s/a.yaml", "CG203")]


def test_a_literal_counts_for_what_its_map_leaves_out(judge: Judge) -> None:
    files = {
        "k8s/a.yaml": config_map("CLOCK_MS: '50000'"),
        "k8s/web.yaml": workload("clock-settings", env="{name: CLOCK_LIMIT, value: '60000'}"),
    }

    assert judge(files) == []


def test_a_map_that_is_not_here_may_say_what_the_one_here_does_not(judge: Judge) -> None:
    files = {
        "k8s/a.yaml": config_map("CLOCK_MS: '50000'"),
        "k8s/kustomization.yaml": "configMapGenerator: [{name: made, envs: [a.env]}]\n",
        "k8s/web.yaml": workload("clock-settings", "made"),
    }

    assert judge(files) == []


def test_a_map_alone_is_judged_with_the_defaults_of_what_it_leaves_out(judge: Judge) -> None:
    files = {"k8s/a.yaml": config_map("CLOCK_MS: '50000'"), "k8s/web.yaml": workload("clock-settings")}

    assert judge(files) == [("k8s/a.yaml", "CG406"), ("k8s/a.yaml", "CG203")]


def test_each_of_two_workloads_counts(judge: Judge) -> None:
    files = {
        "k8s/a.yaml": config_map("CLOCK_MS: '50000'"),
        "k8s/b.yaml": config_map("CLOCK_LIMIT: '60000'", "b"),
        "k8s/one.yaml": workload("clock-settings", "b"),
        "k8s/two.yaml": workload("clock-settings").replace("name: web", "name: other"),
    }

    assert ("k8s/a.yaml", "CG203") in judge(files)


@pytest.mark.parametrize(
    ("file", "text"), [("k8s/map.yaml", config_map('CLOCK_LIMIT_1: "5"')), (".env", "CLOCK_LIMIT_1=5\n")]
)
def test_a_setting_is_not_another_one_misspelt_that_is_left_out(judge: Judge, file: str, text: str) -> None:
    one = "one: {type: integer, description: One., default: 5, minimum: 1, maximum: 9, x-env: CLOCK_LIMIT_1}"
    two = one.replace("one", "two").replace("LIMIT_1", "LIMIT_2")
    schema = f"title: Clock\ndescription: Two limits.\ntype: object\nproperties:\n  {one}\n  {two}\n"

    assert (file, "CG407") not in judge({"clock.schema.yaml": schema, file: text}, file)
