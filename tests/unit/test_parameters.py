"""What is said of the parameters of a release: each is passed as a flag, which makes of a text what Helm makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chartgen.asked import Asked
from chartgen.finding import Finding
from chartgen.verdict import verdict_of

ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n"
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: a}
spec:
  values: {settings: {attempts: 10}}
  valuesFrom: [{kind: ConfigMap, name: m, valuesKey: v, targetPath: settings.ui.discount}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: m}
data: {v: "0.5"}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(repository / "tests/cases/beside/settings.schema.yaml", tmp_path)


def judged(text: str) -> tuple[Finding, ...]:
    Path("app.yaml").write_text(text)
    return verdict_of(Asked(("app.yaml",), settings="settings.schema.yaml")).findings


@pytest.mark.parametrize(
    ("parameter", "help_"),
    [
        ("{name: settings.timeoutMs, value: '60000', forceString: true}", "drop forceString: it makes a text of 60000"),
        ("{name: settings.ui.beta, value: 'true', forceString: true}", "drop forceString: it makes a text of true"),
        (
            "{name: settings.timeoutMs, value: 1e+05, forceString: true}",
            "write 100000 as the value of settings.timeoutMs, without forceString",
        ),
        (
            "{name: settings.ui.discount, value: '0.5'}",
            "write settings.ui.discount: 0.5 in valuesObject instead: a parameter makes a text of 0.5",
        ),
        ("{name: settings.timeoutMs, value: 6e4}", "write 60000 as the value of settings.timeoutMs"),
        ("{name: settings.ui.theme, value: darc}", "write dark as the value of settings.ui.theme"),
    ],
)
def test_a_parameter_is_mended_as_argo_cd_passes_it(parameter: str, help_: str) -> None:
    told = judged(f"{ARGO}  source: {{chart: shop, helm: {{parameters: [{parameter}]}}}}\n")
    (found,) = (each for each in told if each.code != "CG208")

    assert found.help.removesuffix(", or another value") == help_


def test_a_number_with_a_point_has_no_target_path_either() -> None:
    (found,) = judged(FLUX)

    assert found.help == "write settings.ui.discount: 0.5 in values instead: a targetPath makes a text of 0.5"


def test_a_source_beside_sources_is_not_read() -> None:
    wrong = "{chart: shop, helm: {valuesObject: {settings: {attempts: 0}}}}"
    right = "{chart: shop, helm: {valuesObject: {settings: {attempts: 10}}}}"

    assert judged(f"{ARGO}  source: {wrong}\n  sources: [{right}]\n") == ()
    assert [each.code for each in judged(f"{ARGO}  source: {wrong}\n  sources: []\n")] == ["CG202"]
