"""Cases in which chartgen and Helm once differed, or that are easy to get wrong: kept, with what each Helm says.

A folder holds the chart's `values.schema.json` and `values.yaml`, `0.yaml` and so on for `-f`, `flags.json` and files for
`--set-file`. `expected.json` has the effective values for each version of Helm, null where it refuses.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helm_cases import chartgen_says, helm_says, read_case
from tests.oracle import Oracle
from tests.reading import REFUSED

FOLDERS = sorted(path.parent for path in (Path(__file__).parent / "helm").glob("*/expected.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("version", [4, 3])
def test_a_kept_case_is_judged_as_helm_does(oracle4: Oracle, oracle3: Oracle, version: int, folder: Path) -> None:
    kept = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[str(version)]
    expected = REFUSED if kept is None else kept
    case = read_case(folder)

    assert helm_says(oracle4 if version == 4 else oracle3, case).values == expected
    assert chartgen_says(case, version).values == expected
