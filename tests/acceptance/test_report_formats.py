"""`--format`: each format by the installed command, to a stream or a file, with one exit code."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import junitparser
import pytest

from chartgen.report.formats import FORMATS
from tests.command import chartgen
from tests.projects import project, write
from tests.report_readers import check_gitlab, check_json, check_junit, check_sarif, workflow_commands

GOOD, BAD = "settings: {intervalMs: 5000}\n", "settings: {intervalMs: 5}\n"
ODD = "settings: {é日🙂: 1, intervalMs: 5}\n"
ODD_NAME = "50% #1/é 日本\\x.yaml"
DOCUMENTS = [name for name, each in FORMATS.items() if each.document]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with good, bad and oddly named values, and one that is only warned of."""
    warned = "settings: {intervalMs: 5000}\nsettings: {intervalMs: 5000}\n"
    files = {"good.yaml": GOOD, "bad.yaml": BAD, "warned.yaml": warned, ODD_NAME: ODD}
    project(tmp_path, files=files)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["good.yaml"], 0),
        (["warned.yaml"], 0),
        (["--strict", "warned.yaml"], 1),
        (["bad.yaml"], 1),
        (["good.yaml", "gone.yaml"], 1),
        (["-f", "good.yaml", "--set", "settings.intervalMs=5"], 1),
        (["good.yaml", "--settings", "broken.yaml"], 2),
        (["good.yaml", "--env", "none"], 2),
    ],
    ids=str,
)
def test_the_exit_code_is_the_same_in_every_format(shop: Path, arguments: list[str], expected: int) -> None:
    write(shop, {"broken.yaml": "type: object\nproperties: {a: {type: integer}}\n"})
    pairs = [word for name in FORMATS for word in ("--format", f"{name}=out.{name}")]
    filed = chartgen("validate", *pairs, *arguments, cwd=shop)
    done = {name: chartgen("validate", "--format", name, *arguments, cwd=shop) for name in FORMATS}

    assert {name: each.returncode for name, each in done.items()} == dict.fromkeys(FORMATS, expected)
    assert filed.returncode == expected
    written = {name: (shop / f"out.{name}").read_text("utf-8") for name in FORMATS if (shop / f"out.{name}").exists()}
    assert written in ({}, {name: each.stdout for name, each in done.items()})


def test_each_reader_takes_what_the_command_writes(shop: Path, sarif_multitool: Path) -> None:
    pairs = [word for name in FORMATS for word in ("--format", f"{name}=out.{name}")]
    files = ["good.yaml", "bad.yaml", "warned.yaml", ODD_NAME, "gone.yaml"]
    done = chartgen("validate", *pairs, *files, cwd=shop)
    texts = {name: (shop / f"out.{name}").read_text(encoding="utf-8") for name in FORMATS}

    assert done.returncode == 1
    assert done.stdout == texts["text"]
    findings = check_json(texts["json"])["findings"]
    assert {finding["file"] for finding in findings} == {"bad.yaml", "warned.yaml", ODD_NAME, "gone.yaml"}
    assert check_sarif(sarif_multitool, [shop / "out.sarif"]) == []
    check_junit(texts["junit"])
    suites = {suite.name: suite.failures for suite in junitparser.JUnitXml.fromfile(str(shop / "out.junit"))}
    assert suites == {"good.yaml": 0, "bad.yaml": 1, "warned.yaml": 0, ODD_NAME: 2, "gone.yaml": 1}
    assert len(check_gitlab(texts["gitlab"])) == len(findings)
    assert len(workflow_commands(texts["github"])) == len(findings)
    assert len(texts["concise"].splitlines()) == len(findings)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_utf_8_whatever_the_terminal_is(shop: Path, name: str) -> None:
    done = chartgen(
        "validate", "--format", name, ODD_NAME, cwd=shop, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    )

    assert "é" in done.stdout
    assert "日本" in done.stdout or name == "sarif"


def test_names_are_those_of_the_repository_from_a_folder_below_too(shop: Path) -> None:
    (shop / ".git").mkdir()
    write(shop, {"envs/bad.yaml": BAD})
    done = chartgen("validate", "--format", "sarif", "--format", "gitlab=q.json", "bad.yaml", cwd=shop / "envs")
    (result,) = json.loads(done.stdout)["runs"][0]["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "envs/bad.yaml"
    (issue,) = check_gitlab((shop / "envs/q.json").read_text(encoding="utf-8"))
    assert issue["location"]["path"] == "envs/bad.yaml"


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        (["json", "sarif"], "--format json and --format sarif would both go to the standard output"),
        (["text", "json=-"], "--format text and --format json would both go to the standard output"),
        (["json=a", "sarif=./a"], "--format json and --format sarif would both go to ./a"),
        (["json=bad.yaml"], "--format json=bad.yaml would overwrite what is judged"),
        (["yaml"], "'yaml' is not one of text, concise, json, sarif, junit, github, gitlab"),
        (["json="], "'json=' names no file"),
    ],
    ids=str,
)
def test_reports_that_cannot_be_told_apart_are_a_mistake_of_the_command_line(
    shop: Path, formats: list[str], told: str
) -> None:
    before = sorted(shop.iterdir())
    done = chartgen("validate", *(f"--format={each}" for each in formats), "bad.yaml", cwd=shop)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert sorted(shop.iterdir()) == before
    assert (shop / "bad.yaml").read_text() == BAD


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("no/such/out.json", "its folder is not there"),
        ("charts", "it is a folder"),
        ("good.yaml/x", "its folder is not there"),
    ],
)
def test_a_file_that_cannot_be_is_told_before_anything_is_changed(shop: Path, file: str, told: str) -> None:
    done = chartgen("validate", "--fix", "--format", f"json={file}", "bad.yaml", cwd=shop)

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"error: {file} cannot be written: {told}\n  = help: ")
    assert (shop / "bad.yaml").read_text() == BAD


def test_a_report_replaces_a_file_whole_and_leaves_nothing_else(shop: Path) -> None:
    write(shop, {"many.yaml": "".join(f"settings: {{intervalMs: {number}}}\n---\n" for number in range(50))})
    chartgen("validate", "--format", "json=real.json", "many.yaml", cwd=shop)
    (shop / "real.json").chmod(0o640)
    (shop / "link.json").symlink_to("real.json")
    before = {file.name for file in shop.iterdir()}
    assert chartgen("validate", "--format", "json=link.json", "bad.yaml", cwd=shop).returncode == 1

    assert check_json((shop / "real.json").read_text())["summary"]["errors"] == 1
    assert stat.S_IMODE((shop / "real.json").stat().st_mode) == 0o640
    assert (shop / "link.json").is_symlink()
    assert {file.name for file in shop.iterdir()} == before


WHOLE = """\
environments:
  prod: {values: [envs/base.yaml, envs/prod.yaml]}
"""
OF_THE_RUN = [
    "chartgen.yaml",
    "settings.yaml",
    "envs/base.yaml",
    "envs/prod.yaml",
    "charts/shop/values.yaml",
    "charts/shop/values.schema.json",
    "charts/shop/Chart.yaml",
    "charts/shop/templates/deployment.yaml",
    "charts/shop/.chartgen.lock",
    "k8s/map.yaml",
    "linked.json",
    ".env",
    "notes.txt",
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole project, and what else a run may read or find."""
    folder = tmp_path_factory.mktemp("rendered")
    files = {"envs/base.yaml": GOOD, "envs/prod.yaml": GOOD, ".env": "INTERVAL_MS=5000\n", "notes.txt": "mine\n"}
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {INTERVAL_MS: '5000'}\n"
    project(folder, WHOLE, {**files, "k8s/map.yaml": manifest})
    (folder / "charts/shop/values.yaml").unlink()
    assert chartgen("render", "--force", cwd=folder).returncode == 0
    (folder / "linked.json").symlink_to("envs/prod.yaml")
    return folder


@pytest.mark.parametrize("command", [["validate"], ["validate", "--fix"], ["render"], ["validate", "k8s", ".env"]])
def test_a_report_overwrites_nothing_but_a_former_one(rendered: Path, command: list[str]) -> None:
    def texts() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in rendered.rglob("*") if path.is_file()}

    before = texts()
    for name, file in zip(list(FORMATS) * 2, OF_THE_RUN, strict=False):
        done = chartgen(*command, "--format", f"{name}={file}", cwd=rendered)

        assert (done.returncode, done.stdout) == (2, "")
        assert f"--format {name}={file} would overwrite " in done.stderr
    assert texts() == before


@pytest.mark.parametrize("file", ["envs/prod.yaml", "charts/shop/values.yaml", ".env"])
def test_an_empty_file_that_may_be_a_source_is_not_overwritten_either(shop: Path, file: str) -> None:
    write(shop, {file: "", "made-by-mktemp": ""})
    done = chartgen("validate", "--format", f"json={file}", "good.yaml", cwd=shop)

    assert (done.returncode, (shop / file).read_text()) == (2, "")
    assert chartgen("validate", "--format", "json=made-by-mktemp", "good.yaml", cwd=shop).returncode == 0
    check_json((shop / "made-by-mktemp").read_text())


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_a_report_does_not_take_the_place_of_a_file_of_the_chart(shop: Path, check: list[str]) -> None:
    file = "charts/shop/values.schema.json"
    done = chartgen("render", "--force", *check, "--format", f"json={file}", cwd=shop)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"--format json={file} would be overwritten by the chart" in done.stderr
    assert not (shop / file).exists()


@pytest.mark.parametrize("arguments", [["good.yaml"], ["bad.yaml"], ["warned.yaml"]])
def test_a_report_overwrites_the_former_one_in_each_format(shop: Path, arguments: list[str]) -> None:
    pairs = [word for name in FORMATS for word in ("--format", f"{name}=out.{name}")]
    chartgen("validate", *pairs, "bad.yaml", "warned.yaml", ODD_NAME, cwd=shop)
    again = chartgen("validate", *pairs, *arguments, cwd=shop)

    assert again.returncode in {0, 1}
    assert (shop / "out.text").read_text(encoding="utf-8") == again.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev")
def test_a_device_is_written_into() -> None:
    done = chartgen("validate", "--format", "text=/dev/null", "--format", "json", cwd=Path(__file__).parents[2])

    assert (done.returncode, check_json(done.stdout)["findings"]) == (0, [])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev")
def test_a_pipe_is_written_into_as_a_shell_gives_it(shop: Path) -> None:
    done = chartgen("validate", "--format", "concise", "--format", "json=/dev/stdout", "bad.yaml", cwd=shop)
    line, _, document = done.stdout.partition("\n")

    assert line.startswith("bad.yaml:1:")
    assert check_json(document)["summary"]["errors"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_what_would_change_is_beside_a_document_and_before_other_reports(shop: Path, name: str) -> None:
    done = chartgen("validate", "--diff", "--format", name, "bad.yaml", cwd=shop)
    report = chartgen("validate", "--format", name, "bad.yaml", cwd=shop).stdout
    streams = (done.stdout, done.stderr) if FORMATS[name].document else (done.stderr, done.stdout)

    assert streams[0] == report
    assert streams[1].startswith("--- ")


def test_render_tells_its_findings_in_every_format(shop: Path) -> None:
    write(shop, {"charts/shop/values.yaml": BAD})
    text = chartgen("render", "--check", cwd=shop)
    done = {name: chartgen("render", "--check", "--format", name, cwd=shop) for name in FORMATS}

    assert "error[CG202]" in text.stdout
    assert {name: (each.returncode, each.stderr) for name, each in done.items()} == dict.fromkeys(
        FORMATS, (1, "nothing written: the values have errors\n")
    )
    assert [name for name, each in done.items() if "CG202" not in each.stdout] == []


def test_render_tells_what_is_wrong_with_the_schema_in_every_format(shop: Path) -> None:
    write(shop, {"settings.yaml": "type: object\nproperties: {a: {type: integer}}\n"})
    done = {name: chartgen("render", "--check", "--format", name, cwd=shop) for name in FORMATS}

    assert {name: each.returncode for name, each in done.items()} == dict.fromkeys(FORMATS, 2)
    assert {name: "CG302" in each.stdout for name, each in done.items()} == {
        name: each.document for name, each in FORMATS.items()
    }
    assert {name: "CG302" in each.stderr for name, each in done.items()} == {
        name: not each.document for name, each in FORMATS.items()
    }


AS_THE_PROJECT_SAYS = "image: {repository: example.com/shop, tag: '1'}\n"


@pytest.mark.parametrize("flags", [["--check"], ["--diff"], []])
def test_a_file_of_the_chart_that_is_not_up_to_date_is_in_every_report(shop: Path, flags: list[str]) -> None:
    write(shop, {"charts/shop/values.yaml": AS_THE_PROJECT_SAYS})
    assert chartgen("render", "--force", cwd=shop).returncode == 0
    write(shop, {"charts/shop/Chart.yaml": "mine\n"})
    pairs = [word for name in FORMATS for word in ("--format", f"{name}=out.{name}")]
    done = chartgen("render", *flags, *pairs, cwd=shop)
    texts = {name: (shop / f"out.{name}").read_text(encoding="utf-8") for name in FORMATS}

    assert done.returncode == 1
    assert [name for name, text in texts.items() if "charts/shop/Chart.yaml was edited by hand" not in text] == []
    (finding,) = check_json(texts["json"])["findings"]
    assert (finding["code"], finding["severity"], finding["file"]) == ("CG353", "error", "charts/shop/Chart.yaml")
    assert junitparser.JUnitXml.fromstring(texts["junit"].encode()).failures == 1
    (issue,) = check_gitlab(texts["gitlab"])
    assert (issue["location"]["path"], issue["severity"]) == ("charts/shop/Chart.yaml", "major")
    assert len(workflow_commands(texts["github"])) == 1


def test_a_document_of_render_stands_alone(shop: Path) -> None:
    write(shop, {"charts/shop/values.yaml": AS_THE_PROJECT_SAYS})
    stale = chartgen("render", "--check", "--format", "json", cwd=shop)
    codes = {finding["code"] for finding in check_json(stale.stdout)["findings"]}
    assert (stale.returncode, codes) == (1, {"CG353"})
    assert "run 'chartgen render'" in stale.stderr
    written = chartgen("render", "--force", "--format", "json", cwd=shop)
    assert (written.returncode, check_json(written.stdout)["findings"]) == (0, [])
    assert "created " in written.stderr
