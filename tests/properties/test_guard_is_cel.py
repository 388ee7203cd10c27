"""The generated Helm guard says what CEL says, in the same words, of any values."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chartgen.documents.layers import Layer
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.settings.judge import broken_rules, violations
from chartgen.settings.strings import render_text
from chartgen.source import Source
from chartgen.validate import Judge
from tests.counts import examples
from tests.guard_chart import findings, values_text, write_chart
from tests.strategies import Case, cases, effective


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guard") / "chart"


def cli_verdict(case: Case) -> bool:
    """Whether chartgen accepts the values, as the layer of a values file over the schema's defaults."""
    root, faults = parse_yaml(Source("values.json", values_text(case.values)))
    if root is None or any(fault.severity.value == "error" for fault in faults):
        return False
    found = Judge(case.settings).findings([Layer("values.json", root)])
    return not any(finding.severity.value == "error" for finding in found)


@settings(max_examples=examples(300))
@given(cases())
def test_the_guard_refuses_what_chartgen_refuses_and_never_crashes(helm4: str, folder: Path, case: Case) -> None:
    said, printed = findings(helm4, write_chart(folder, case.settings), case.values)

    assert cli_verdict(case) == (not said), printed


@settings(max_examples=examples(300))
@given(cases(bad=st.nothing()))
def test_broken_rules_have_the_same_words_and_mends_in_helm(helm4: str, folder: Path, case: Case) -> None:
    said, _ = findings(helm4, write_chart(folder, case.settings), case.values)

    assert [broken.text for broken in broken_rules(case.settings, effective(case))] == said


@settings(max_examples=examples(1000))
@given(cases(bad=st.nothing()))
def test_the_config_map_holds_what_the_settings_say(helm4: str, folder: Path, case: Case) -> None:
    values = effective(case)
    broken = [*broken_rules(case.settings, values)]
    assume(not broken and not any(any(violations(each, values[each.path])) for each in case.settings.settings))

    said, printed = findings(helm4, write_chart(folder, case.settings), case.values)

    assert said == []
    expected = {each.env: render_text(each.type, values[each.path]) for each in case.settings.settings}
    assert expected == yaml.safe_load(printed)["data"]
