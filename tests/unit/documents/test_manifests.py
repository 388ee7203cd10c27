"""A text is told apart as Kubernetes' objects or as values, and its objects are found with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.documents.content import manifest_files, may_hold_manifests
from chartgen.documents.manifests import Manifest, read_manifests
from chartgen.documents.pods import pod_of
from chartgen.source import Source

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {K: '1'}\n"


def manifests(text: str) -> list[Manifest]:
    read = read_manifests(Source("m.yaml", text))
    assert read is not None
    return read[0]


@pytest.mark.parametrize(
    "text",
    [
        "settings: {a: 1}\n",
        "kind: blue\nsettings: {a: 1}\n",
        "extra:\n  - apiVersion: v1\n    kind: ConfigMap\n",
        "apiVersion: v1\nsettings: {}\n",
        "apiVersion: v1\nkind: 5\n",
        "apiVersion: v1\nkind:\n  - ConfigMap\n",
        "",
    ],
)
def test_values_are_no_objects(text: str) -> None:
    assert read_manifests(Source("v.yaml", text)) is None


@pytest.mark.parametrize(
    "text",
    [
        MAP,
        f"# a comment\n---\n# Source: c/templates/m.yaml\n{MAP}",
        f"\r\n{MAP}".replace("\n", "\r\n"),
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"}}',
        '"kind": ConfigMap\n"apiVersion": v1\nmetadata: {name: a, namespace: b}\n',
        "---\n---\n" + MAP + "---\n",
    ],
)
def test_an_object_is_found(text: str) -> None:
    assert [(each.kind, each.name, each.namespace) for each in manifests(text)] == [("ConfigMap", "a", "b")]


def test_the_documents_of_a_stream_are_not_merged() -> None:
    found = manifests(f"{MAP}---\n{MAP.replace('name: a', 'name: c')}")

    assert [each.name for each in found] == ["a", "c"]
    assert found[1].node.span.line == 6


def test_the_items_of_lists_are_objects_and_need_no_kind_where_the_list_has_one() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMapList\n  items:\n"
        "  - metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n- null\n- 5\n"
    )

    found = manifests(text)

    assert [(each.kind, each.name, each.path) for each in found] == [
        ("ConfigMap", "a", ("items", 0, "items", 0)),
        ("Secret", "s", ("items", 1)),
    ]


def test_an_empty_list_holds_objects_all_the_same() -> None:
    assert manifests("apiVersion: v1\nkind: List\nitems: []\n") == []


def test_of_a_stream_that_cannot_be_read_only_that_is_told() -> None:
    read = read_manifests(Source("m.yaml", f"{MAP}---\nkind: [\n"))

    assert read is not None
    assert (read[0], [finding.code for finding in read[1]]) == ([], ["CG102"])


def test_a_text_without_the_words_is_not_looked_at_twice() -> None:
    assert not may_hold_manifests("settings:\n  kind: apiVersion\n")
    assert may_hold_manifests("kind: A\napiVersion: b\n")


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        ("Pod", "spec:"),
        ("Deployment", "spec: {template: {spec: %s}}"),
        ("Rollout", "spec: {template: {spec: %s}}"),
        ("CronJob", "spec: {jobTemplate: {spec: {template: {spec: %s}}}}"),
    ],
)
def test_the_containers_of_a_workload_are_found(kind: str, above: str) -> None:
    spec = "{initContainers: [{name: i, env: [{name: A, value: x}]}], containers: [{name: c, image: x}]}"
    text = f"apiVersion: v1\nkind: {kind}\n" + (above % spec if "%" in above else f"{above} {spec}")

    pod = pod_of(manifests(text)[0])

    assert pod is not None
    assert [(each.name, [env.name for env in each.env]) for each in pod.containers] == [("i", ["A"]), ("c", [])]


@pytest.mark.parametrize("spec", ["5", "{containers: 5}", "{template: {spec: {containers: {}}}}", "[]"])
def test_what_has_no_containers_is_no_workload(spec: str) -> None:
    assert pod_of(manifests(f"apiVersion: v1\nkind: X\nspec: {spec}\n")[0]) is None


def test_the_files_of_a_folder_leave_out_what_is_hidden_and_charts(tmp_path: Path) -> None:
    for name in (
        "a.yaml",
        "b/c.yml",
        "b/d.json",
        "b/e.txt",
        ".f.yaml",
        ".g/h.yaml",
        "i/Chart.yaml",
        "i/templates/j.yaml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("")

    found = [file.removeprefix(f"{tmp_path}/") for file in manifest_files(str(tmp_path))]

    assert found == ["a.yaml", "b/c.yml", "b/d.json"]
