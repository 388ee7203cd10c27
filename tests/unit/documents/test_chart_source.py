"""Charts are loaded as Helm loads them, and what it would not load is told with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chartgen.documents import chart_files, chart_source
from chartgen.documents.chart_checks import chart_problems
from chartgen.documents.chart_source import is_chart, load_chart
from chartgen.finding import Finding
from tests.properties.chart_trees import packed
from tests.properties.odd_charts import archive
from tests.unit.documents.charts import CHART, DB, LISTED, load, loaded


def write(folder: Path, files: dict[str, str | bytes]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(folder)


def only(findings: list[Finding]) -> tuple[str, str, str]:
    """The code, the message and the place of the one finding."""
    (finding,) = findings
    assert finding.primary is not None
    return finding.code, finding.message, finding.primary.place()


def test_a_folder_and_an_archive_with_charts_in_both_forms_are_the_same_chart(tmp_path: Path) -> None:
    db: dict[str, str | bytes] = {"Chart.yaml": DB, "values.yaml": "a: 1\n", "values.schema.json": "{}"}
    files: dict[str, str | bytes] = {
        "Chart.yaml": LISTED,
        "values.yaml": "b: 2\n",
        **{f"charts/db/{name}": text for name, text in db.items()},
        "charts/old-1.0.0.tgz": packed({**db, "Chart.yaml": DB.replace("name: db", "name: old")}, "old"),
    }
    folder = write(tmp_path / "shop", files)
    (tmp_path / "shop.tgz").write_bytes(packed(files, "shop"))

    in_folder, _ = load_chart(folder)
    in_archive, _ = load_chart(str(tmp_path / "shop.tgz"))

    assert in_folder is not None
    assert in_archive is not None
    assert [chart.metadata for chart in in_folder.all_charts()] == [chart.metadata for chart in in_archive.all_charts()]
    assert [chart.values.name for chart in in_folder.all_charts()] == [
        f"{folder}{os.sep}values.yaml",
        os.path.join(folder, "charts", "db", "values.yaml"),
        os.path.join(folder, "charts", "old-1.0.0.tgz") + "!/old/values.yaml",
    ]
    assert in_archive.subcharts[1].values.name == f"{tmp_path}/shop.tgz!/shop/charts/old-1.0.0.tgz!/old/values.yaml"
    assert (in_folder.is_packed, in_archive.is_packed) == (False, True)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"Chart.yaml": "name: a\n"}, ("CG108", "the chart has no version", "shop/Chart.yaml:1:1")),
        ({"Chart.yaml": CHART.replace("1.0.0", "one")}, ("CG108", '"one" is not a version', "shop/Chart.yaml:3:10")),
        ({"Chart.yaml": f"{CHART}type: app\n"}, ("CG108", '"app" is not a type of chart: application or library', "shop/Chart.yaml:4:7")),
        ({"Chart.yaml": f"{CHART}keywords: a\n"}, ("CG108", "keywords is a; expected a list of texts", "shop/Chart.yaml:4:11")),
        ({"Chart.yaml": f"{CHART}dependencies: [{{tags: a}}]\n"}, ("CG108", "dependencies[0].tags is a; expected a list of texts", "shop/Chart.yaml:4:23")),
        ({"Chart.yaml": f"{LISTED}- name: db\n"}, ("CG108", 'two dependencies have the name or alias "db"', "shop/Chart.yaml:7:3")),
        ({"Chart.yaml": f"{LISTED}  alias: a.b\n"}, ("CG108", 'the alias "a.b" of the dependency db may hold letters, digits, - and _ alone', "shop/Chart.yaml:7:10")),
        ({"Chart.yaml": f"{CHART}a: [\n"}, ("CG102", "this bracket is never closed", "shop/Chart.yaml:4:4")),
        ({"Chart.yaml": b"\xff"}, ("CG101", "shop/Chart.yaml is not UTF-8: byte 0 is 0xff", "shop/Chart.yaml:1:1")),
        ({"Chart.yaml": CHART, "charts/db/values.yaml": ""}, ("CG108", "shop/charts/db holds no Chart.yaml", "shop/charts/db:1:1")),
        ({"Chart.yaml": CHART, "charts/README.md": ""}, ("CG108", "shop/charts/README.md holds no Chart.yaml", "shop/charts/README.md:1:1")),
        ({"Chart.yaml": CHART, "charts/db/Chart.yaml": "name: db\n"}, ("CG108", "the chart has no version", "shop/charts/db/Chart.yaml:1:1")),
        ({"Chart.yaml": CHART, "charts/db.tgz": "hello"}, ("CG108", "shop/charts/db.tgz is not an archive that can be read: it is no gzip file, or goes on with what is none", "shop/charts/db.tgz:1:1")),
        ({"Chart.yaml": CHART, "charts/db.tgz/Chart.yaml": DB}, ("CG108", "shop/charts/db.tgz is a folder, and Helm expects an archive", "shop/charts:1:1")),
        ({"Chart.yaml": CHART, "charts/db.tgz": packed({"Chart.yaml": "name: db\n"}, "db")}, ("CG108", "the chart has no version", "shop/charts/db.tgz!/db/Chart.yaml:1:1")),
        ({"Chart.yaml": CHART, "charts/db.tgz": archive(("c/../../x", ""))}, ("CG108", "shop/charts/db.tgz holds c/../../x, which leads out of the chart", "shop/charts/db.tgz:1:1")),
        ({"Chart.yaml": CHART, "Chart.lock": "[]"}, ("CG106", "the file holds a list, not a mapping", "shop/Chart.lock:1:1")),
    ],
)  # fmt: skip
def test_what_helm_would_not_load_is_told_at_its_place(
    files: dict[str, str | bytes], told: tuple[str, str, str]
) -> None:
    chart, findings = load(files)

    assert chart is None
    assert only(findings) == told


def test_all_that_is_wrong_in_any_chart_is_told_in_one_run() -> None:
    broken = "name: x\n"
    chart, findings = load({"Chart.yaml": broken, "charts/a/Chart.yaml": broken, "charts/b/Chart.yaml": broken})

    assert chart is None
    assert {finding.primary.source.name for finding in findings if finding.primary} == {
        "shop/Chart.yaml",
        "shop/charts/a/Chart.yaml",
        "shop/charts/b/Chart.yaml",
    }


def test_requirements_lie_over_the_dependencies_of_chart_yaml() -> None:
    requirements = "dependencies:\n- {name: db, version: 2.x}\n- {name: more}\n"
    chart = loaded({"Chart.yaml": f"{LISTED}  condition: q\n", "requirements.yaml": requirements})

    listed = chart.metadata.dependencies or ()
    assert [(one.name, one.version, one.condition) for one in listed] == [("db", "2.x", "q"), ("more", "", "")]


@pytest.mark.parametrize(
    ("files", "version", "told"),
    [
        ({"Chart.yaml": LISTED}, 4, ("CG108", "db is listed as a dependency, but is missing in charts/", "shop/Chart.yaml:5:3")),
        ({"Chart.yaml": f"{CHART}type: library\n"}, 4, ("CG108", "shop is a library chart, which Helm does not install", "shop/Chart.yaml:4:7")),
        ({"Chart.yaml": CHART.replace("v2", "v3")}, 4, ("CG108", "apiVersion is v3; expected v1 or v2", "shop/Chart.yaml:1:13")),
        ({"Chart.yaml": CHART, "values.yaml": "[]"}, 4, ("CG106", "the file holds a list, not a mapping", "shop/values.yaml:1:1")),
        ({"Chart.yaml": CHART, "charts/db/Chart.yaml": DB, "charts/db/values.yaml": "[]"}, 3, ("CG106", "the file holds a list, not a mapping", "shop/charts/db/values.yaml:1:1")),
        ({"Chart.yaml": CHART, "values.yaml": "a: 1\n---\n[]"}, 4, ("CG106", "the file holds a list, not a mapping", "shop/values.yaml:3:1")),
    ],
)  # fmt: skip
def test_what_keeps_helm_from_a_chart_is_told_whatever_the_values_are(
    files: dict[str, str | bytes], version: int, told: tuple[str, str, str]
) -> None:
    assert only(chart_problems(loaded(files), version)) == told


def test_helm_3_takes_any_api_version_and_the_first_document_alone() -> None:
    chart = loaded({"Chart.yaml": CHART.replace("v2", "v9"), "values.yaml": "a: 1\n---\n[]"})

    assert chart_problems(chart, 3) == []


def test_a_dependency_of_a_dependency_may_be_missing() -> None:
    listed = f"{DB}dependencies: [{{name: more, version: '*'}}]\n"

    assert chart_problems(loaded({"Chart.yaml": CHART, "charts/db/Chart.yaml": listed}), 4) == []


def test_a_folder_without_chart_yaml_and_a_file_of_another_kind_are_no_charts(tmp_path: Path) -> None:
    write(tmp_path, {"values.yaml": "a: 1\n", "chart/Chart.yaml": CHART, "c.tgz": packed({"Chart.yaml": CHART}, "c")})
    found = {name: is_chart(str(tmp_path / name)) for name in ("", "values.yaml", "chart", "c.tgz", "nothing")}

    assert found == {"": False, "values.yaml": False, "chart": True, "c.tgz": True, "nothing": False}


def test_links_are_followed_and_a_circle_of_them_comes_to_an_end(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", {"Chart.yaml": CHART})
    write(tmp_path / "db", {"Chart.yaml": DB})
    (tmp_path / "shop" / "charts").mkdir()
    (tmp_path / "shop" / "charts" / "db").symlink_to(tmp_path / "db")
    chart, _ = load_chart(folder)
    (tmp_path / "db" / "again").symlink_to(tmp_path / "db")
    _, findings = load_chart(folder)

    assert chart is not None
    assert [inner.metadata.name for inner in chart.subcharts] == ["db"]
    assert len(findings) == 1


def test_too_many_files_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, {"Chart.yaml": CHART, "charts/db/Chart.yaml": DB, "charts/db/a": "", "charts/db/b": ""})
    monkeypatch.setattr(chart_files, "MAX_FILES", 2)
    _, findings = load_chart(folder)

    assert only(findings)[0] == "CG105"


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c.tgz").write_bytes(packed({"Chart.yaml": CHART, "big": "x" * 100_000}, "c"))
    monkeypatch.setattr(chart_source, "MAX_CHART_BYTES", 100_000)
    _, findings = load_chart(str(tmp_path / "c.tgz"))

    assert only(findings)[0] == "CG105"


def test_archives_in_archives_unpack_to_no_more_together(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = packed({"Chart.yaml": DB, "big": "x" * 60_000}, "db")
    monkeypatch.setattr(chart_source, "MAX_CHART_BYTES", 100_000)
    _, findings = load({"Chart.yaml": CHART, "charts/a.tgz": inner, "charts/b.tgz": inner})

    assert [finding.code for finding in findings] == ["CG105"]


def test_charts_in_charts_come_to_an_end() -> None:
    data = packed({"Chart.yaml": DB}, "db")
    for _ in range(chart_source.MAX_CHART_DEPTH + 1):
        data = packed({"Chart.yaml": DB, "charts/db.tgz": data}, "db")
    _, findings = load({"Chart.yaml": CHART, "charts/db.tgz": data})

    assert [finding.code for finding in findings] == ["CG105"]
