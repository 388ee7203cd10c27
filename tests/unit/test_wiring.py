"""Which env of which container is held to the settings, and to which ConfigMap."""

from __future__ import annotations

from collections.abc import Mapping
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
PROJECT = """\
settings: clock.schema.yaml
chart: {name: clock}
names: {configMap: clock-settings, deployment: web, container: page}
image: {repository: registry.example.com/clock}
"""
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s%s}\ndata: {CLOCK_MS: '5000', CLOCK_ZONE: UTC}\n"
CONFIG = MAP % ("clock-settings", "")


def ref(name: str, key: str = "", of: str = "clock-settings") -> str:
    """An env that takes a key of a ConfigMap."""
    return f"{{name: {name}, valueFrom: {{configMapKeyRef: {{name: {of}, key: {key or name}}}}}}}"


BOTH = f"{ref('CLOCK_MS')}, {ref('CLOCK_ZONE')}"


def workload(env: str = "", *, name: str = "web", container: str = "page", more: str = "", image: str = "i") -> str:
    """A Deployment of one container."""
    inner = f"{{name: {container}{f', image: {image}' if image else ''}, env: [{env}]{more}}}"
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\n"
        f"spec: {{template: {{spec: {{containers: [{inner}]}}}}}}\n"
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clock.schema.yaml").write_text(SCHEMA)
    return tmp_path


def told(folder: Path, files: Mapping[str, str], *asked: str, project: str = PROJECT) -> list[tuple[str, str]]:
    """The files and codes of all findings."""
    for name, text in {"chartgen.yaml": project, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return [(_file(finding), finding.code) for finding in verdict_of(Asked(asked or ("k8s",))).findings]


def _file(finding: Finding) -> str:
    assert finding.primary is not None
    return finding.primary.source.name


def test_a_folder_that_is_wired_is_clean(folder: Path) -> None:
    assert told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": workload(BOTH)}) == []


def test_env_from_wires_every_setting(folder: Path) -> None:
    web = workload(more=", envFrom: [{configMapRef: {name: clock-settings}}]")

    assert told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web}) == []


def test_env_from_of_another_map_wires_none(folder: Path) -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {A: b}\n"
    web = workload(more=", envFrom: [{configMapRef: {name: other}}]")

    found = told(folder, {"k8s/config.yaml": CONFIG, "k8s/other.yaml": other, "k8s/web.yaml": web})

    assert found == [("k8s/web.yaml", "CG404")]


def test_an_init_container_may_hold_the_settings(folder: Path) -> None:
    spec = f"{{initContainers: [{{name: init, image: i, env: [{BOTH}]}}], containers: [{{name: page, image: i}}]}}"
    web = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{template: {{spec: {spec}}}}}\n"

    assert told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web}) == []


MOUNT = "{name: s, mountPath: /s}"
WATCH = "args: [--settings=/s, --watch]"
VOLUME = "{name: s, configMap: {name: clock-settings}}"


@pytest.mark.parametrize(
    ("watch", "mount", "volume", "expected"),
    [
        (WATCH, MOUNT, VOLUME, []),
        ("command: [python3, entrypoint.py, --settings, /s/]", MOUNT, VOLUME, []),
        ("env: [{name: CHARTGEN_SETTINGS, value: /s}]", MOUNT, VOLUME, []),
        (
            WATCH,
            MOUNT,
            "{name: s, projected: {sources: [{secret: {name: a}}, {configMap: {name: clock-settings}}]}}",
            [],
        ),
        (WATCH, "{name: s, mountPath: /s, subPath: CLOCK_MS}", VOLUME, ["CG404"]),
        (WATCH, "{name: s, mountPath: /other}", VOLUME, ["CG404"]),
        (WATCH, MOUNT, "{name: s, configMap: {name: other}}", ["CG404"]),
        (WATCH, MOUNT, "{name: s, emptyDir: {}}", ["CG404"]),
        (WATCH, MOUNT, "{name: other, configMap: {name: clock-settings}}", ["CG404"]),
        ("args: [--once, --settings]", MOUNT, VOLUME, ["CG404"]),
        ("args: {a: b}", MOUNT, VOLUME, ["CG404"]),
    ],
)
def test_a_config_map_that_is_mounted_where_the_entrypoint_reads_wires_every_setting(
    folder: Path, watch: str, mount: str, volume: str, expected: list[str]
) -> None:
    inner = f"{{name: watch, image: i, restartPolicy: Always, {watch}, volumeMounts: [{mount}]}}"
    spec = f"{{initContainers: [{inner}], containers: [{{name: page, image: i}}], volumes: [{volume}]}}"
    web = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{template: {{spec: {spec}}}}}\n"
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {A: b}\n"

    found = told(folder, {"k8s/config.yaml": CONFIG, "k8s/other.yaml": other, "k8s/web.yaml": web})

    assert found == [("k8s/web.yaml", code) for code in expected]


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("{name: s, configMap: {name: clock-setings}}", "error[CG401]: the ConfigMap clock-setings is not here"),
        ("{name: s, configMap: {name: none, optional: true}}", "warning[CG401]: the ConfigMap none is not here"),
        (
            "{name: s, projected: {sources: [{secret: {name: a}}, {configMap: {name: none}}]}}",
            "error[CG401]: the ConfigMap none is not here",
        ),
        ("{name: s, configMap: {name: clock-settings}}", ""),
        ("{name: s, configMap: {name: kube-root-ca.crt}}", ""),
        ("{name: s, configMap: {}}", ""),
        ("{name: s, secret: {secretName: none}}", ""),
    ],
)
def test_a_volume_of_the_frontend_names_a_map_that_is_there(folder: Path, volume: str, expected: str) -> None:
    spec = f"{{containers: [{{name: page, image: i, env: [{BOTH}]}}], volumes: [{volume}]}}"
    web = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{template: {{spec: {spec}}}}}\n"
    files = {"chartgen.yaml": PROJECT, "k8s/config.yaml": CONFIG, "k8s/web.yaml": web}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    found = verdict_of(Asked(files=("k8s",))).findings

    said = [f"{each.severity.value}[{each.code}]: {each.message}" for each in found]
    assert said == ([expected] if expected else [])
    assert all(each.primary is not None and each.primary.text in {"clock-setings", "none"} for each in found)


def test_a_volume_of_another_workload_is_left_alone(folder: Path) -> None:
    web = workload(BOTH)
    spec = "{containers: [{name: a, image: i}], volumes: [{name: s, configMap: {name: none}}]}"
    other = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: b}}\nspec: {{template: {{spec: {spec}}}}}\n"

    assert told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web, "k8s/other.yaml": other}) == []


def test_another_workload_may_hold_some_settings_under_names_of_its_own(folder: Path) -> None:
    backend = workload(f"{ref('CLOCK_MS')}, {ref('BACKEND_ZONE', 'CLOCK_ZONE')}", name="backend", container="api")

    found = told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": workload(BOTH), "k8s/back.yaml": backend})

    assert found == []


def test_without_a_workload_of_the_right_name_the_one_that_holds_most_settings_is_the_frontend(folder: Path) -> None:
    files = {
        "k8s/config.yaml": CONFIG,
        "k8s/a.yaml": workload(BOTH, name="a", container="a"),
        "k8s/b.yaml": workload(ref("CLOCK_MS"), name="b", container="b"),
    }

    assert told(folder, files) == []
    assert told(folder, {"k8s/a.yaml": "a: 1\n"}) == [("k8s/b.yaml", "CG404")]


def test_a_patch_leaves_out_what_it_does_not_change(folder: Path) -> None:
    files = {"k8s/config.yaml": CONFIG, "k8s/patch.yaml": workload(ref("CLOCK_MS"), image="")}

    assert told(folder, files) == []


def test_a_workload_without_any_setting_is_left_alone_but_for_the_one_of_the_right_name(folder: Path) -> None:
    files = {"k8s/config.yaml": CONFIG, "k8s/web.yaml": workload(), "k8s/db.yaml": workload(name="db", container="db")}

    assert told(folder, files) == [("k8s/web.yaml", "CG404")]


def test_the_env_of_other_maps_is_left_alone(folder: Path) -> None:
    web = workload(f"{BOTH}, {ref('LEVEL', 'level', 'not-here')}, {{name: A, value: b}}")

    assert told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web}) == []


def test_a_file_alone_finds_its_map_beside_it_and_only_its_own_findings_are_told(folder: Path) -> None:
    broken = CONFIG.replace("5000", "5")
    files = {"k8s/config.yaml": broken, "k8s/web.yaml": workload(BOTH)}

    assert told(folder, files, "k8s/web.yaml") == []
    assert told(folder, files, "k8s/config.yaml") == [("k8s/config.yaml", "CG202")]


def test_a_file_alone_finds_its_map_elsewhere_in_the_project(folder: Path) -> None:
    files = {"config/clock.yaml": CONFIG, "apps/web/deploy.yaml": workload(BOTH)}

    assert told(folder, files, "apps/web/deploy.yaml") == []
    assert told(folder, files, "apps") == [("apps/web/deploy.yaml", "CG401"), ("apps/web/deploy.yaml", "CG401")]


def test_of_two_maps_of_one_name_the_nearer_one_is_meant(folder: Path) -> None:
    files = {
        "k8s/dev/config.yaml": CONFIG,
        "k8s/prod/config.yaml": CONFIG.replace(", CLOCK_ZONE: UTC", ""),
        "k8s/dev/web.yaml": workload(BOTH),
        "k8s/prod/web.yaml": workload(BOTH),
    }

    assert told(folder, files) == [("k8s/prod/config.yaml", "CG406"), ("k8s/prod/web.yaml", "CG402")]


def test_a_map_of_another_namespace_is_another_one(folder: Path) -> None:
    files = {
        "k8s/config.yaml": MAP % ("clock-settings", ", namespace: dev"),
        "k8s/web.yaml": workload(BOTH).replace("name: web", "name: web, namespace: prod"),
    }

    assert told(folder, files) == [("k8s/web.yaml", "CG401"), ("k8s/web.yaml", "CG401")]


def test_a_map_that_a_kustomization_makes_is_there(folder: Path) -> None:
    kustomization = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "configMapGenerator:\n- name: clock-settings\n  envs: [clock.env]\n"
    )

    assert told(folder, {"k8s/kustomization.yaml": kustomization, "k8s/web.yaml": workload(BOTH)}) == []


def test_a_literal_is_judged_with_what_the_map_says(folder: Path) -> None:
    web = workload(f"{{name: CLOCK_MS, value: '500'}}, {ref('CLOCK_ZONE')}")

    found = told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web})

    assert found == [("k8s/web.yaml", "CG202"), ("k8s/web.yaml", "CG403")]


def test_a_literal_that_depends_on_another_env_is_not_judged_alone(folder: Path) -> None:
    web = workload("{name: CLOCK_MS, value: $(A)}, {name: CLOCK_ZONE, value: CET}")

    assert told(folder, {"k8s/web.yaml": web}) == []


def test_an_env_without_a_value_is_an_empty_literal(folder: Path) -> None:
    web = workload(f"{{name: CLOCK_MS}}, {ref('CLOCK_ZONE')}")
    found = told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web})

    assert found == [("k8s/web.yaml", "CG403"), ("k8s/web.yaml", "CG409")]


@pytest.mark.parametrize("source", ["secretKeyRef: {name: s, key: k}", "fieldRef: {fieldPath: metadata.name}"])
def test_a_setting_comes_from_no_other_source(folder: Path, source: str) -> None:
    web = workload(f"{ref('CLOCK_MS')}, {{name: CLOCK_ZONE, valueFrom: {{{source}}}}}")

    assert told(folder, {"k8s/config.yaml": CONFIG, "k8s/web.yaml": web}) == [("k8s/web.yaml", "CG411")]


def test_an_entry_of_ignore_accepts_a_finding_in_a_manifest(folder: Path) -> None:
    files = {"k8s/config.yaml": CONFIG, "k8s/web.yaml": workload(ref("CLOCK_MS"))}
    project = f"{PROJECT}ignore: [{{code: CG404, path: k8s/web.yaml, reason: shown in UTC alone}}]\n"

    assert told(folder, files, project=project) == []


def test_a_comment_accepts_a_finding_in_a_manifest(folder: Path) -> None:
    head = "apiVersion: v1\nkind: ConfigMap\ndata:\n  CLOCK_ZONE: UTC\n"
    accepted = f"{head}  CLOCK_MS: '5s' # chartgen: ignore[CG409] for a test\n"
    in_vain = f"{head}  CLOCK_MS: '5000' # chartgen: ignore[CG409] for a test\n"

    assert told(folder, {"k8s/config.yaml": accepted}) == []
    assert told(folder, {"k8s/config.yaml": in_vain}) == [("k8s/config.yaml", "CG209")]


def test_the_same_is_told_with_all_cores(folder: Path) -> None:
    files = {f"k8s/{number}.yaml": MAP % (f"m{number}", "") for number in range(80)}
    files |= {
        f"k8s/w{number}.yaml": workload(ref("CLOCK_MS", of=f"m{number}"), name=str(number)) for number in range(80)
    }

    assert len(told(folder, files)) == 80


def test_an_unreadable_text_beside_a_file_is_not_told(folder: Path) -> None:
    files = {"k8s/config.yaml": "apiVersion: v1\nkind: ConfigMap\ndata: [\n", "k8s/web.yaml": workload(BOTH)}

    assert told(folder, files, "k8s/web.yaml") == [("k8s/web.yaml", "CG401"), ("k8s/web.yaml", "CG401")]
    assert ("k8s/config.yaml", "CG102") in told(folder, files)
