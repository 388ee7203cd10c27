"""Charts with charts in them are read as Helm reads them: the same verdict, and the same values where it accepts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.documents.chart_versions import fits
from chartgen.documents.chart_view import effective_values
from chartgen.documents.layers import Layer, merge
from chartgen.documents.set_flags import Flag, flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, InvalidStop, UsageStop, is_error
from chartgen.judges import judge_of_chart
from chartgen.records import replace
from chartgen.source import Source
from chartgen.validate import Judge
from tests.counts import examples
from tests.oracle import TEMPLATE, Answer, Oracle
from tests.properties.chart_trees import VERSIONS, Files, cases, packed
from tests.properties.odd_charts import ARCHIVES, CHART, TREES
from tests.properties.odd_locks import LOCKS
from tests.reading import whole

Flags = Sequence[tuple[str, str]]


@pytest.fixture(scope="module", params=[4, 3])
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def oracle(version: int, oracle4: Oracle, oracle3: Oracle) -> Oracle:
    return oracle4 if version == 4 else oracle3


def judged(
    files: Mapping[str, str | bytes], layers: Sequence[str], flags: Flags, version: int, name: str = ""
) -> tuple[bool, Any, list[Finding]]:
    """Whether chartgen accepts the layers over a chart, the values that it makes of them, and the errors."""
    texts = {f"{number}.yaml": Source(f"{number}.yaml", text) for number, text in enumerate(layers)}
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), files)
        try:
            judge = judge_of_chart(str(Path(folder) / name))
        except InvalidStop as stop:
            return False, None, list(stop.findings)
        except UsageStop:
            return False, None, []
    judge = replace(judge, read=texts.__getitem__)
    errors = list(filter(is_error, judge.findings_of_stack(texts, [Flag(*flag) for flag in flags], version)))
    return (True, effective(judge, texts.values(), flags, version), []) if not errors else (False, None, errors)


def effective(judge: Judge, sources: Any, flags: Flags, version: int) -> Any:
    assert judge.chart is not None
    layers = [Layer(source.name, root) for source in sources if (root := parse_yaml(source, version)[0]) is not None]
    layers += flag_layers(layers, [Flag(*flag) for flag in flags], version)[0]
    if judge.chart.is_alone:
        return whole(merge([judge.chart.defaults(version)[0], *layers], version).values)
    views, _ = effective_values(judge.chart, layers, version)
    return whole(views[0].values)


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def compare(expected: Answer, actual: tuple[bool, Any, list[Finding]]) -> None:
    accepts, values, errors = actual
    told = [finding.message for finding in errors]
    assert (expected.ok, expected.error if not expected.ok else "") == (
        accepts,
        expected.error if not accepts else "",
    ), told
    assert expected.values == values


@settings(max_examples=examples(1000))
@given(case=cases())
def test_charts_in_charts_are_switched_filled_and_judged_as_helm_does_it(
    oracle: Oracle, version: int, case: tuple[Files, list[str], Flags]
) -> None:
    files, layers, flags = case

    compare(oracle.ask(files, layers, flags), judged(files, layers, flags, version))


@settings(max_examples=examples(100))
@given(case=cases())
def test_an_archive_is_the_chart_that_was_packed(
    oracle: Oracle, version: int, case: tuple[Files, list[str], Flags]
) -> None:
    files, layers, flags = case
    archive = {"c.tgz": packed({**files, **TEMPLATE}, "c")}

    compare(oracle.ask(archive, layers, flags), judged(archive, layers, flags, version, "c.tgz"))


@pytest.mark.parametrize("name", TREES)
def test_charts_that_are_odd_in_one_way_are_judged_as_helm_judges_them(oracle: Oracle, version: int, name: str) -> None:
    compare(oracle.ask(TREES[name], ["u: 1"]), judged(TREES[name], ["u: 1"], [], version))


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("name", ["Chart.lock", "requirements.lock"])
def test_locks_are_read_as_helm_reads_them(oracle: Oracle, version: int, name: str, lock: str) -> None:
    chart = {"Chart.yaml": CHART, name: lock}

    compare(oracle.ask(chart), judged(chart, [], [], version))


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_that_are_odd_in_one_way_are_judged_as_helm_judges_them(
    oracle: Oracle, version: int, name: str
) -> None:
    files = {"c.tgz": ARCHIVES[name]}

    compare(oracle.ask(files), judged(files, [], [], version, "c.tgz"))


PARTS = st.lists(st.sampled_from(["0", "1", "2", "10", "x", "*", "01", ""]), min_size=1, max_size=4).map(".".join)
SUFFIXES = st.sampled_from(["", "", "", "-0", "-rc.1", "-rc.2", "-a", "+b", "-rc.1+b", "-01"])
OPERATORS = st.sampled_from(["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "v", " ", "> "])
bounds = st.tuples(OPERATORS, PARTS, SUFFIXES).map("".join)
ranges = st.lists(st.one_of(bounds, st.sampled_from(["||", ",", " ", " - ", ", ", " || "])), max_size=5).map("".join)
numbers = st.lists(st.sampled_from(["0", "1", "2", "10"]), min_size=1, max_size=3).map(".".join)
versions = st.sampled_from(VERSIONS) | st.tuples(numbers, SUFFIXES).map("".join)


@settings(max_examples=examples(2000))
@given(wanted=ranges, there=versions)
def test_ranges_of_versions_are_helms(oracle4: Oracle, wanted: str, there: str) -> None:
    listed = [{"name": "sub", "version": wanted, "alias": "fits"}]
    chart = {
        "Chart.yaml": json.dumps({"apiVersion": "v2", "name": "c", "version": "1.0.0", "dependencies": listed}),
        "charts/sub/Chart.yaml": json.dumps({"apiVersion": "v2", "name": "sub", "version": there}),
    }
    answer = oracle4.ask(chart)

    assert answer.ok or "is invalid" in answer.error
    assert not answer.ok or ("fits" in answer.values) == fits(wanted, there)


PATTERNS = st.lists(
    st.sampled_from(
        ["charts", "a", "b", "/", "*", "?", "values", ".yaml", "!", "[ab]", "[^a]", "#", "\\", "Chart", "-", "["]
    ),
    min_size=1,
    max_size=6,
).map("".join)


@settings(max_examples=examples(300))
@given(lines=st.lists(PATTERNS, min_size=1, max_size=3))
def test_files_that_helmignore_leaves_out_are_left_out(oracle: Oracle, version: int, lines: list[str]) -> None:
    files: Files = {".helmignore": "\n".join(lines), "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"}
    for place in ("", "charts/a/", "charts/b/", "charts/a/charts/b/"):
        files[f"{place}values.yaml"] = json.dumps({"of": place})
        files[f"{place}Chart.yaml"] = json.dumps({"apiVersion": "v2", "name": place[-2:-1] or "c", "version": "1.0.0"})
    answer = oracle.ask(files)
    if "no values in the manifest" in answer.error:  # the oracle's own template is left out
        return
    if version == 3 and any(line.strip("! ").startswith("//") for line in lines):  # one slash less at each file
        return

    compare(answer, judged(files, [], [], version))
