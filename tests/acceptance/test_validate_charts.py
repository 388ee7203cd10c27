"""`chartgen validate` with charts of any make: folders, archives, charts in charts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command import chartgen
from tests.properties.chart_trees import packed

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
LISTED = """dependencies:
- name: common
  version: 2.x.x
- name: db
  version: ^1
  condition: db.enabled
"""
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "global": {"type": "object"},
        "common": {},
        "db": {"type": "object"},
        "replicas": {"type": "integer", "minimum": 1},
    },
}
DB_SCHEMA = {
    "properties": {
        "port": {"type": "integer", "maximum": 65535},
        "auth": {"type": "object", "required": ["user"], "additionalProperties": False, "properties": {"user": {}}},
        "settings": {"type": "object", "properties": {"level": {"enum": ["low", "high"]}}},
    }
}


def files_of_shop() -> dict[str, str | bytes]:
    """A chart as one finds them: a library, a database with a condition, globals, a closed schema."""
    db: dict[str, str | bytes] = {
        "Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.4.0\n",
        "values.yaml": "port: 5432\nauth:\n  user: root\n",
        "values.schema.json": json.dumps(DB_SCHEMA),
    }
    return {
        "Chart.yaml": CHART + LISTED,
        "values.yaml": "global: {}\nreplicas: 1\ndb:\n  enabled: true\n",
        "values.schema.json": json.dumps(SCHEMA, indent=2),
        "charts/common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 2.1.0\ntype: library\n",
        "charts/db-1.4.0.tgz": packed(db, "db"),
    }


def write(folder: Path, files: dict[str, Any]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "shop", files_of_shop())
    (tmp_path / "shop.tgz").write_bytes(packed(files_of_shop(), "shop"))
    return tmp_path


def told(folder: Path, *arguments: str) -> list[str]:
    """One line for each finding, by file, line, code and path."""
    done = chartgen("validate", "--format", "json", *arguments, cwd=folder)
    assert done.stderr == ""
    return [
        f"{one['file']}:{one['line']} {one['code']} {one['path']}".strip()
        for one in json.loads(done.stdout)["findings"]
    ]


@pytest.mark.parametrize("chart", ["shop", "shop.tgz"])
def test_a_chart_is_judged_by_its_own_defaults(folder: Path, chart: str) -> None:
    done = chartgen("validate", chart, cwd=folder)

    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings in 1 chart\n", "")


@pytest.mark.parametrize("chart", ["shop", "shop.tgz"])
def test_every_chart_in_it_is_judged_by_its_own_schema_and_told_with_its_path(folder: Path, chart: str) -> None:
    text = "replicas: 0\ndb:\n  port: 70000\n  auth: {usr: x}\n  settings: {level: middle}\n"
    write(folder, {"prod.yaml": text})

    assert told(folder, "--chart", chart, "prod.yaml") == [
        "prod.yaml:1 CG202 replicas",
        "prod.yaml:3 CG202 db.port",
        "prod.yaml:4 CG206 db.auth.usr",
        "prod.yaml:5 CG204 db.settings.level",
    ]


def test_what_a_value_beats_is_told_inside_an_archive(folder: Path) -> None:
    done = chartgen("validate", "--chart", "shop.tgz", "--set", "db.port=70000", cwd=folder)

    assert done.returncode == 1
    assert "--> --set db.port=70000:1:9" in done.stdout
    assert "(this layer overrides shop.tgz!/shop/charts/db-1.4.0.tgz!/db/values.yaml:1)" in done.stdout


def test_a_chart_that_is_off_is_not_judged(folder: Path) -> None:
    off = ["--set", "db.enabled=false", "--set", "db.port=70000"]

    assert told(folder, "--chart", "shop", *off) == []
    assert told(folder, "--chart", "shop", *off[2:]) == ["--set db.port=70000:1 CG202 db.port"]


def test_a_schema_that_does_not_allow_what_helm_adds_is_the_one_to_change(folder: Path) -> None:
    schema = {**SCHEMA, "properties": {"global": {}, "db": {}, "replicas": {}}}
    write(folder, {"shop/values.schema.json": json.dumps(schema, indent=2)})

    assert told(folder, "shop") == ["shop/values.schema.json:3 CG206 common"]


def test_values_of_a_subchart_that_are_no_mapping_are_refused(folder: Path) -> None:
    write(folder, {"prod.yaml": "db: postgres\n"})

    assert told(folder, "--chart", "shop", "prod.yaml") == ["prod.yaml:1 CG201 db"]


def test_a_dependency_that_is_missing_is_told_where_it_is_listed(folder: Path) -> None:
    (folder / "shop" / "charts" / "db-1.4.0.tgz").unlink()
    done = chartgen("validate", "shop", cwd=folder)

    assert done.returncode == 1
    assert "error[CG108]: db is listed as a dependency, but is missing in charts/" in done.stdout
    assert "--> shop/Chart.yaml:7:3" in done.stdout
    assert "run 'helm dependency build shop'" in done.stdout


def test_a_chart_without_a_schema_takes_what_helm_can_read(folder: Path) -> None:
    (folder / "shop" / "values.schema.json").unlink()
    write(folder, {"good.yaml": "anything: [goes]\n", "bad.yaml": "a: [\n"})

    assert told(folder, "--chart", "shop", "good.yaml") == []
    assert told(folder, "--chart", "shop", "bad.yaml") == ["bad.yaml:1 CG102"]


def test_a_schema_of_a_subchart_that_cannot_be_used_is_told_only_where_the_chart_is_on(folder: Path) -> None:
    (folder / "shop" / "charts" / "db-1.4.0.tgz").unlink()
    broken = {"Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.4.0\n", "values.schema.json": '{"type": "integr"}'}
    write(folder / "shop" / "charts" / "db", broken)

    assert told(folder, "shop") == ["shop/charts/db/values.schema.json:1 CG302"]
    assert told(folder, "--chart", "shop", "--set", "db.enabled=false") == []


@pytest.mark.parametrize("place", ["", "charts/db/"])
@pytest.mark.parametrize(
    ("schema", "code"), [(b"{", "CG102"), (b'{"type": "integr"}', "CG302"), (b'{"title": "\xff"}', "CG101")]
)
def test_a_schema_that_cannot_be_used_is_exit_2_wherever_it_is(
    folder: Path, place: str, schema: bytes, code: str
) -> None:
    (folder / "shop" / "charts" / "db-1.4.0.tgz").unlink()
    write(folder / "shop", {"charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.4.0\n"})
    write(folder / "shop", {f"{place}values.schema.json": schema})
    done = chartgen("validate", "shop", cwd=folder)

    assert done.returncode == 2
    assert f"error[{code}]" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "error: empty holds no Chart.yaml"),
        ("prod.yaml", "error: prod.yaml is no chart: neither a folder nor an archive (.tgz)"),
        ("nothing", "error: there is no nothing"),
    ],
)
def test_what_is_no_chart_is_exit_2(folder: Path, name: str, said: str) -> None:
    (folder / "empty").mkdir()
    write(folder, {"prod.yaml": "a: 1\n"})
    done = chartgen("validate", "--chart", name, cwd=folder)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_an_archive_that_is_broken_is_a_finding(folder: Path) -> None:
    (folder / "cut.tgz").write_bytes((folder / "shop.tgz").read_bytes()[:200])

    assert told(folder, "cut.tgz") == ["cut.tgz:1 CG108"]


def test_the_charts_own_values_are_read_by_the_asked_version_of_helm(folder: Path) -> None:
    write(folder, {"shop/values.yaml": "replicas: 1\n---\nreplicas: 0\n"})

    assert told(folder, "shop") == ["shop/values.yaml:3 CG202 replicas"]
    assert told(folder, "--helm-version", "3", "shop") == []


def test_a_key_written_twice_in_the_charts_own_values_is_told_with_the_chart_alone(folder: Path) -> None:
    write(folder, {"shop/values.yaml": "replicas: 1\nreplicas: 2\n", "prod.yaml": "replicas: 3\n"})

    assert told(folder, "shop") == ["shop/values.yaml:2 CG103 replicas"]
    assert told(folder, "--chart", "shop", "prod.yaml") == []


def test_a_generated_chart_below_another_is_judged_by_its_rules(folder: Path, repository: Path) -> None:
    shutil.copytree(repository / "charts" / "ideaforge-frontend", folder / "shop" / "charts" / "front")
    (folder / "shop" / "values.schema.json").unlink()
    write(folder, {"prod.yaml": "ideaforge-frontend:\n  settings:\n    pollIntervalMs: 10000\n"})
    done = chartgen("validate", "--chart", "shop", "prod.yaml", cwd=folder)

    assert done.returncode == 1
    assert "error[CG203]: timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in done.stdout
    assert "--> prod.yaml:3:21" in done.stdout
    assert "= rule: shop/charts/front/values.schema.json:" in done.stdout
    assert "settings.pollIntervalMs" in told(folder, "--chart", "shop", "prod.yaml")[0]


def test_a_mend_in_a_subcharts_values_is_written_into_the_users_file(folder: Path) -> None:
    write(folder, {"prod.yaml": "db:\n  port: '5433'  # the second one\n"})
    done = chartgen("validate", "--chart", "shop", "--fix", "prod.yaml", cwd=folder)

    assert done.returncode == 0
    assert (folder / "prod.yaml").read_text() == "db:\n  port: 5433  # the second one\n"


def test_a_charts_own_values_are_mended_in_a_folder_and_never_in_an_archive(folder: Path) -> None:
    files = {**files_of_shop(), "values.yaml": "replicas: '1'\n"}
    write(folder / "shop", files)
    (folder / "shop.tgz").write_bytes(packed(files, "shop"))
    before = (folder / "shop.tgz").read_bytes()
    done = [chartgen("validate", "--fix", name, cwd=folder).returncode for name in ("shop", "shop.tgz")]

    assert done == [0, 1]
    assert (folder / "shop" / "values.yaml").read_text() == "replicas: 1\n"
    assert (folder / "shop.tgz").read_bytes() == before
