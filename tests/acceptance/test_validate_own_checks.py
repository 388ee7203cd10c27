"""Values outside of `settings` that a generated chart's own guard refuses: `chartgen validate` says what Helm says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chartgen.resources import load_schema
from tests.charts import run_helm, write_chart
from tests.command import chartgen

ACCEPTED = ""
CASES = {
    "preStopSleepSeconds=30": ACCEPTED,
    "preStopSleepSeconds=31": "preStopSleepSeconds 31 is longer than terminationGracePeriodSeconds 30",
    "preStopSleepSeconds=60,terminationGracePeriodSeconds=60": ACCEPTED,
    "preStopSleepSeconds=1,terminationGracePeriodSeconds=0": (
        "preStopSleepSeconds 1 is longer than terminationGracePeriodSeconds 0"
    ),
    "terminationGracePeriodSeconds=null": ACCEPTED,
    "terminationGracePeriodSeconds=null,preStopSleepSeconds=31": (
        "preStopSleepSeconds 31 is longer than terminationGracePeriodSeconds 30"
    ),
    "preStopSleepSeconds=null,terminationGracePeriodSeconds=0": ACCEPTED,
    "autoscaling.minReplicas=11": ACCEPTED,
    "autoscaling.enabled=true,autoscaling.minReplicas=10": ACCEPTED,
    "autoscaling.enabled=true,autoscaling.minReplicas=11": (
        "autoscaling.minReplicas 11 is more than autoscaling.maxReplicas 10"
    ),
    "autoscaling.enabled=true,autoscaling.maxReplicas=null,autoscaling.minReplicas=11": (
        "autoscaling.minReplicas 11 is more than autoscaling.maxReplicas 10"
    ),
    "autoscaling.enabled=true,autoscaling.minReplicas=null,autoscaling.maxReplicas=1": ACCEPTED,
    "autoscaling=null": ACCEPTED,
    "extraData.JOB_TIMEOUT_MSX=a": ACCEPTED,
    "extraData.JOB_TIMEOUT_MS=a": "extraData.JOB_TIMEOUT_MS is the setting timeoutMs",
    "env[0].name=OTHER": ACCEPTED,
    "env[0].name=JOB_TIMEOUT_MS": "env[0].name is JOB_TIMEOUT_MS, which is the setting timeoutMs",
    "env[0].value=a": ACCEPTED,
    "env[0].name=5": ACCEPTED,
    "env[0].name=null": ACCEPTED,
    "image.repository=a": ACCEPTED,
    "image.repository=": "image.repository is empty",
    "image.repository=null": "image lacks the key repository",
    "image=null": "the values lack the key image",
    "emptyDirs.tmp=null": ACCEPTED,
    "emptyDirs=null": ACCEPTED,
    "emptyDirs.cache.mountPath=/c": ACCEPTED,
    "emptyDirs.cache.mountPath=": 'emptyDirs.cache.mountPath is ""; expected a match of ^/',
    "emptyDirs.cache.sizeLimit=1Mi": "emptyDirs.cache lacks the key mountPath",
    "emptyDirs.tmp.mountPath=null": "emptyDirs.tmp lacks the key mountPath",
    "injection.mode=sidecar,injection.image=a,page.mode=json": ACCEPTED,
    "injection.mode=sidecar,injection.image=a,page.mode=file": ACCEPTED,
    "injection.mode=sidecar,injection.image=a": "injection.mode sidecar cannot go with page.mode inline",
    "injection.mode=sidecar,injection.image=a,page.mode=null": "injection.mode sidecar cannot go with page.mode inline",
    "injection.mode=sidecar,injection.image=a,page=null": "injection.mode sidecar cannot go with page.mode inline",
    "injection.mode=initContainer,injection.image=a": ACCEPTED,
    "injection.mode=initContainer": "injection.mode initContainer needs injection.image",
    "injection.mode=sidecar,page.mode=json": "injection.mode sidecar needs injection.image",
    "injection.mode=sidecar,page.mode=json,injection.image=null": "injection.mode sidecar needs injection.image",
    "injection.mode=entrypoint,injection.image=null": ACCEPTED,
    "injection.mode=null,injection.image=null": ACCEPTED,
    "injection=null": ACCEPTED,
    "injection.script=configMap": "injection.script configMap needs command",
    "injection.script=configMap,command={nginx}": ACCEPTED,
    "injection.script=configMap,command=null": "injection.script configMap needs command",
    "injection.script=configMap,injection.mode=initContainer,injection.image=a": ACCEPTED,
    "injection.script=configMap,injection.mode=": ACCEPTED,
    "injection.script=": ACCEPTED,
    "page.folder=/srv/site/": ACCEPTED,
    "page.folder=/srv/..site/.a/...": ACCEPTED,
    "page.folder=/runner": ACCEPTED,
    "page.folder=/": "page.folder / is no plain path: it begins with /, and has no //, . or .. in it",
    "page.folder=//": "page.folder // is no plain path: it begins with /, and has no //, . or .. in it",
    "page.folder=/srv/..": "page.folder /srv/.. is no plain path: it begins with /, and has no //, . or .. in it",
    "page.folder=/srv/./site": "page.folder /srv/./site is no plain path: it begins with /, and has no //, . or .. in it",
    "page.folder=/srv//site": "page.folder /srv//site is no plain path: it begins with /, and has no //, . or .. in it",
    "page.folder=/run": "page.folder /run is a folder of the chart's own",
    "page.folder=/run/chartgen/site": "page.folder /run/chartgen/site is a folder of the chart's own",
    "page.folder=/opt/": "page.folder /opt/ is a folder of the chart's own",
    "page.folder=/tmp": ACCEPTED,
    "page.folder=/tmp,command={nginx},injection.script=configMap": (
        "page.folder /tmp is the folder of emptyDirs.tmp, which is empty"
    ),
    "page.folder=/tmp,injection.mode=initContainer,injection.image=a": (
        "page.folder /tmp is the folder of emptyDirs.tmp, which is empty"
    ),
    "page.folder=/c/,emptyDirs.a.mountPath=/c,injection.mode=initContainer,injection.image=a": (
        "page.folder /c/ is the folder of emptyDirs.a, which is empty"
    ),
    "page.html={/srv/site/index.html}": 'page.html[0] is "/srv/site/index.html"; expected a match of HTML',
    "page.html={a/../../b.html}": "page.html[0] a/../../b.html is not a plain path below page.folder, without //, . or .. in it, and without a colon",
    "page.html={a:b.html}": "page.html[0] a:b.html is not a plain path below page.folder, without //, . or .. in it, and without a colon",
    "page.html={**/*.html}": ACCEPTED,
    "page.publicPath=//evil": 'page.publicPath is "//evil"; expected a match of PUBLIC',
    "page.publicPath=/a//b": ACCEPTED,
    "names.container=chartgen-page": "names.container chartgen-page is a name of the chart's own",
    "names.container=chartgen": ACCEPTED,
    "initContainers[0].name=chartgen-copy": "initContainers[0].name chartgen-copy is a name of the chart's own",
    "sidecars[0].name=chartgen-watch": "sidecars[0].name chartgen-watch is a name of the chart's own",
    "volumes[0].name=chartgen-files": "volumes[0].name chartgen-files is a name of the chart's own",
    "emptyDirs.chartgen-site.mountPath=/c": "emptyDirs.chartgen-site is a name of the chart's own",
    "emptyDirs.run.mountPath=/run/chartgen/": "emptyDirs.run.mountPath /run/chartgen/ is a folder of the chart's own",
    "volumeMounts[0].mountPath=/opt/chartgen": "volumeMounts[0].mountPath /opt/chartgen is a folder of the chart's own",
    "volumeMounts[0].mountPath=/run": ACCEPTED,
}


TEXTS = {
    "type": "object",
    "properties": {
        "note": {"type": "string", "default": "", "x-env": "NOTE"},
        "short": {"type": "string", "default": "", "x-env": "SHORT", "maxLength": 100},
    },
}
PATTERNS = {
    "HTML": ("page", "html", "items", "pattern"),
    "PUBLIC": ("page", "publicPath", "pattern"),
}


def pattern(group: str, *path: str) -> str:
    """A pattern of the schema of values."""
    schema: Any = load_schema("chart-values.json")
    here = schema["properties"][group]["properties"]
    for key in path:
        here = here[key]
    return str(here)


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chart(tmp_path_factory.mktemp("own") / "shop")


def judged(chart: Path, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    run = chartgen("validate", "--chart", str(chart), "--format", "json", *arguments, cwd=chart.parent)
    assert not run.stderr
    return run.returncode, json.loads(run.stdout)["findings"]


@pytest.mark.parametrize(("values", "expected"), CASES.items(), ids=CASES)
@pytest.mark.parametrize("version", ["4", "3"])
def test_what_the_charts_guard_refuses_is_refused_and_no_more(
    helm4: str, helm3: str, chart: Path, version: str, values: str, expected: str
) -> None:
    helm = run_helm(helm4 if version == "4" else helm3, "template", "shop", str(chart), "--set", values)
    code, findings = judged(chart, "--set", values, "--helm-version", version)

    assert (helm.returncode, code) == ((1, 1) if expected else (0, 0))
    for name, path in PATTERNS.items():
        expected = expected.replace(f"match of {name}", f"match of {pattern(*path)}")
    assert [finding["message"] for finding in findings] == ([expected] if expected else [])


def test_a_text_that_no_variable_can_hold_is_refused(helm4: str, tmp_path: Path) -> None:
    """Linux starts no program with a longer one: the frontend's container would not start."""
    (tmp_path / "settings.json").write_text(json.dumps(TEXTS), encoding="utf-8")
    chart = write_chart(tmp_path / "chart", tmp_path / "settings.json")
    most = 131072 - len("NOTE=") - 1
    for text, is_fine in (
        ("é" * (most // 2), True),
        ("é" * (most // 2) + "é", False),
        ("x" * most, True),
        ("x" * most + "x", False),
    ):
        (tmp_path / "values.yaml").write_text(f"settings: {{note: '{text}', short: a}}\n", encoding="utf-8")

        helm = run_helm(helm4, "template", "shop", str(chart), "--values", str(tmp_path / "values.yaml"))
        code, findings = judged(chart, str(tmp_path / "values.yaml"))

        assert (helm.returncode == 0, code == 0) == (is_fine, is_fine)
        assert ["is too long" in finding["message"] for finding in findings] == [True] * (not is_fine)
        assert all(text not in json.dumps(finding) for finding in findings)
        starts = True
        try:
            subprocess.run(["/bin/true"], env={"NOTE": text}, check=True)
        except OSError:
            starts = False
        assert starts == is_fine


def test_a_comparison_is_told_at_the_last_value_with_the_other_beside_it(chart: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("preStopSleepSeconds: 40\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("terminationGracePeriodSeconds: 20\n", encoding="utf-8")

    _, (finding,) = judged(chart, "-f", str(tmp_path / "a.yaml"), "-f", str(tmp_path / "b.yaml"))

    assert (finding["code"], finding["file"], finding["line"], finding["path"]) == (
        "CG207", str(tmp_path / "b.yaml"), 1, "terminationGracePeriodSeconds",
    )  # fmt: skip
    assert [note["message"] for note in finding["notes"]] == ["preStopSleepSeconds: 40"]
    assert finding["help"] == "lower preStopSleepSeconds, or raise terminationGracePeriodSeconds"


def test_two_choices_that_cannot_go_together_are_told_at_the_last_of_them(chart: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "injection: {mode: sidecar, image: python}\npage: {mode: file}\n", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text("page:\n  mode: inline\n", encoding="utf-8")

    _, (finding,) = judged(chart, "-f", str(tmp_path / "a.yaml"), "-f", str(tmp_path / "b.yaml"))

    assert (finding["code"], finding["file"], finding["line"], finding["path"]) == (
        "CG207", str(tmp_path / "b.yaml"), 2, "page.mode",
    )  # fmt: skip
    assert [note["message"] for note in finding["notes"]] == ["injection.mode: sidecar"]
    assert finding["help"].startswith("set page.mode to json")


def test_files_that_are_quickly_read_are_held_to_the_checks_too(chart: Path, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_text(f"preStopSleepSeconds: {number * 20}\n", encoding="utf-8")

    code, findings = judged(chart, *(str(tmp_path / f"{number}.yaml") for number in range(3)))

    assert (code, [finding["file"] for finding in findings]) == (1, [str(tmp_path / "2.yaml")])


def test_a_generated_chart_below_another_is_held_to_its_checks(helm4: str, tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: all\nversion: 1.0.0\n", encoding="utf-8")
    write_chart(tmp_path / "charts" / "shop-frontend")
    flags = ["--set", "shop-frontend.preStopSleepSeconds=31,shop-frontend.image=null"]

    code, findings = judged(tmp_path, *flags)

    assert run_helm(helm4, "template", "shop", str(tmp_path), *flags).returncode == code == 1
    assert sorted(finding["message"] for finding in findings) == [
        "shop-frontend lacks the key image",
        "shop-frontend.preStopSleepSeconds 31 is longer than shop-frontend.terminationGracePeriodSeconds 30",
    ]


def test_a_chart_of_another_make_has_no_such_checks(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: other\nversion: 1.0.0\n", encoding="utf-8")
    (tmp_path / "values.schema.json").write_text('{"type": "object"}', encoding="utf-8")

    assert judged(tmp_path, "--set", "preStopSleepSeconds=31") == (0, [])
