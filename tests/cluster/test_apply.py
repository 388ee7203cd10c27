"""`chartgen apply`: a manifest's settings become the live ConfigMap's, by the same rules as those of `chartgen set`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, MAP, Shop, shop

ON = ("--yes", "--no-restart")


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


def manifest(data: dict[str, object], name: str = MAP) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})


def test_the_data_of_a_file_are_applied_and_other_keys_stay(app: Shop) -> None:
    app.patch_map({"data": {"app.conf": "a = 1\n"}})
    app.deploy()
    before = app.pods()
    (app.folder / "map.yaml").write_text(manifest({**DATA, "INTERVAL_MS": "6000", "more": "x"}), encoding="utf-8")
    done = app.run("apply", "-f", "map.yaml", "--yes", "--wait")

    assert done.returncode == 0, done.stderr
    assert app.data() == {**DATA, "INTERVAL_MS": "6000", "more": "x", "app.conf": "a = 1\n"}
    assert app.pods().isdisjoint(before)


def test_the_file_is_judged_where_it_stands(app: Shop) -> None:
    (app.folder / "map.yaml").write_text(manifest({**DATA, "TIMEOUT_MS": "1e+06"}), encoding="utf-8")
    done = app.run("apply", "-f", "map.yaml", *ON)

    assert (done.returncode, app.data()) == (1, DATA)
    assert "error[CG409]" in done.stderr
    assert " --> map.yaml:1:" in done.stderr


def test_what_fits_alone_but_not_with_what_is_there_changes_nothing(app: Shop) -> None:
    app.patch_map({"data": {"ATTEMPTS": "12", "INTERVAL_MS": "5000"}})
    done = app.run("apply", "-f", "-", *ON, stdin=manifest({"INTERVAL_MS": "6000"}))

    assert (done.returncode, app.data()["INTERVAL_MS"]) == (1, "5000")
    assert "error[CG203]" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (manifest({}, "other"), f"has no ConfigMap {MAP}; the ConfigMaps in it: other"),
        ("a: 1\n", f"has no ConfigMap {MAP}"),
        (f"{manifest({})}\n---\n{manifest({})}\n", f"has ConfigMap {MAP} 2 times"),
        (manifest({"other": 3}), "other is no text"),
    ],
)
def test_a_file_that_does_not_have_it_changes_nothing(app: Shop, text: str, said: str) -> None:
    done = app.run("apply", "-f", "-", *ON, stdin=text)

    assert (done.returncode, app.data()) == (2, DATA)
    assert said in done.stderr


def test_a_file_of_another_namespace_changes_nothing(app: Shop) -> None:
    text = json.loads(manifest({"INTERVAL_MS": "6000"}))
    text["metadata"]["namespace"] = "elsewhere"
    done = app.run("apply", "-f", "-", *ON, stdin=json.dumps(text))

    assert (done.returncode, app.data()) == (2, DATA)
    assert "is for namespace elsewhere" in done.stderr
