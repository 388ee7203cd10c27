"""The chart's admission policies as real Helm makes them: those of `chartgen manifests --policy`, where they are wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.chart.files import render_chart
from chartgen.documents.nodes import Plain
from chartgen.manifests.policies import policies
from chartgen.manifests.release import Release
from chartgen.settings.schema import load_settings
from tests.charts import ASYNC_JOB, STOREFRONT, objects, project, run_helm, template, write_chart

ONLY = ("--show-only", "templates/policies.yaml")
LONG_NAME = ".".join(["a" * 62] * 4)


@pytest.fixture(scope="module", params=[ASYNC_JOB, STOREFRONT], ids=["async-job", "storefront"])
def schema(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def chart(schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chart(tmp_path_factory.mktemp("policies") / "chart", schema)


def printed(text: str) -> list[str]:
    """The objects that Helm printed, without what it puts between them."""
    return [document.partition("\n")[2].rstrip("\n") + "\n" for document in text.split("---\n")[1:]]


@pytest.mark.parametrize("name", ["shop-config", LONG_NAME], ids=["short", "long"])
def test_the_template_makes_what_chartgen_makes(helm: str, chart: Path, schema: Path, name: str) -> None:
    found = printed(template(helm, chart, *ONLY, f"--set=names.configMap={name}"))

    values: dict[str, Plain] = {"names": {"configMap": name}}
    made = policies(load_settings(str(schema)), project().chart, values, Release("shop", "20890-shop-dev"), plain=False)
    assert sorted(made) == sorted(found)


def test_no_name_of_a_policy_is_longer_than_kubernetes_takes(helm: str, chart: Path) -> None:
    found = objects(template(helm, chart, *ONLY, f"--set=names.configMap={LONG_NAME}"))

    names = {each["metadata"]["name"] for each in found.values()}
    assert all(len(name) <= 253 for name in names)
    assert all(each["spec"]["policyName"] in names for each in found.values() if each["kind"].endswith("Binding"))


@pytest.mark.parametrize(
    ("flag", "made"),
    [
        ("admissionPolicy.enabled=auto", True),
        ("admissionPolicy.enabled=true", True),
        ("admissionPolicy.enabled=false", False),
        ("admissionPolicy.enabled=null", True),
        ("admissionPolicy=null", True),
    ],
)
def test_they_are_there_where_they_are_wanted(helm: str, chart: Path, flag: str, made: bool) -> None:
    found = objects(template(helm, chart, f"--set={flag}"))

    assert any(each["kind"] == "ValidatingAdmissionPolicy" for each in found.values()) is made


def test_the_text_false_switches_them_off_where_the_schema_is_not_asked(helm: str, chart: Path) -> None:
    found = objects(template(helm, chart, "--set-string=admissionPolicy.enabled=false", "--skip-schema-validation"))

    assert not any(each["kind"] == "ValidatingAdmissionPolicy" for each in found.values())


@pytest.mark.parametrize("more", [(), ("--skip-schema-validation",)], ids=["schema", "guard"])
def test_another_word_is_refused(helm: str, chart: Path, more: tuple[str, ...]) -> None:
    done = run_helm(
        helm, "template", "shop", str(chart), "--kube-version=1.36.0", "--set=admissionPolicy.enabled=1", *more
    )

    assert done.returncode != 0
    assert "admissionPolicy.enabled" in done.stderr or "/admissionPolicy/enabled" in done.stderr


def test_plain_manifests_have_them_only_when_told(helm4: str, schema: Path, tmp_path: Path) -> None:
    for name, text in render_chart(load_settings(str(schema)), project(), plain=True).items():
        path = tmp_path / "chart" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    for flag, made in (("auto", False), ("true", True)):
        found = objects(template(helm4, tmp_path / "chart", f"--set=admissionPolicy.enabled={flag}"))
        assert any(each["kind"] == "ValidatingAdmissionPolicy" for each in found.values()) is made
