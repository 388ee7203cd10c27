"""chartgen accepts what Helm renders, refuses what Helm refuses, and sees the values that Helm's templates see.

For any chart: schemas of every draft, good and bad, over values of every spelling, in files, documents and flags. A case
of random parts is one line of JSON to a process that links Helm; that this is what `helm template` says is tested, too.
The few refusals of chartgen's own are named, with their reasons, in `tests.reading` and `tests.helm_cases`.
"""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings

from tests.counts import examples
from tests.helm_cases import Case, cases, chartgen_says, helm_says, is_stricter
from tests.oracle import TEMPLATE, Oracle
from tests.reading import REFUSED, whole


def compare(oracle: Oracle, case: Case, helm_version: int) -> None:
    """Assert that chartgen says of a case what Helm says."""
    expected, actual = helm_says(oracle, case), chartgen_says(case, helm_version)
    event("refused by Helm" if expected.values is REFUSED else "rendered by Helm")
    if not is_stricter(actual):
        assert expected.values == actual.values, f"{case}\n{expected.why}\n{actual.why}"


@settings(max_examples=examples(3000))
@given(case=cases())
def test_any_chart_and_values_are_judged_as_helm_4_does(oracle4: Oracle, case: Case) -> None:
    compare(oracle4, case, helm_version=4)


@settings(max_examples=examples(500))
@given(case=cases())
def test_any_chart_and_values_are_judged_as_helm_3_does(oracle3: Oracle, case: Case) -> None:
    compare(oracle3, case, helm_version=3)


def helm_template(helm: str, folder: Path, case: Case) -> Any:
    """The values that `helm template` prints, or `REFUSED`."""
    for name, text in {**case.chart, **TEMPLATE}.items():
        path = folder / "chart" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    arguments = []
    for number, text in enumerate(case.files):
        (folder / f"{number}.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
        arguments += ["-f", f"{number}.yaml"]
    for name, text in case.extra.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    command = [helm, "template", "r", "chart", *arguments, *(f"--{kind}={text}" for kind, text in case.flags)]
    run = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if run.returncode != 0:
        return REFUSED
    return whole(json.loads(base64.b64decode(run.stdout.split("oracle: ", 1)[1])))


@settings(max_examples=examples(200))
@given(case=cases())
@pytest.mark.parametrize("version", [4, 3])
def test_the_oracle_says_what_the_helm_command_says(
    oracle4: Oracle,
    oracle3: Oracle,
    helm4: str,
    helm3: str,
    tmp_path_factory: pytest.TempPathFactory,
    version: int,
    case: Case,
) -> None:
    oracle, helm = (oracle4, helm4) if version == 4 else (oracle3, helm3)

    assert helm_template(helm, tmp_path_factory.mktemp("case"), case) == helm_says(oracle, case).values
