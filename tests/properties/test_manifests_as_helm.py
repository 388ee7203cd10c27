"""The ConfigMap that chartgen makes alone is the one that Helm makes of the chart, byte for byte."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chartgen.chart.files import render_chart
from chartgen.documents.layers import Layer, merge
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.manifests.config_map import config_map
from chartgen.manifests.release import Release
from chartgen.project_model import Chart, Project
from chartgen.settings.judge import broken_rules, violations
from chartgen.source import Source
from chartgen.write import apply, plan
from tests.charts import project, template
from tests.counts import examples
from tests.guard_chart import values_text
from tests.strategies import Case, cases, effective

# Beside ASCII, characters that every supported Python and Helm print alike; younger ones differ.
KNOWN = "\x80\x85\xa0\xad\xe9\u0301\u200b\u2028\u2029\u3000\ud7ff\ue000\ufeff\ufffd\uffff\U0001f600\U0010ffff"
TEXT = st.text(st.one_of(st.characters(max_codepoint=127), st.sampled_from(KNOWN)), max_size=12)
# Texts that are no texts to YAML, or nearly.
ODD = "y NO on off null true 1 0x1F 0b1 0o7 08 1_0 1e3 1.5 1e400 2020-01-01 2020-1-31 2020-2-30 0000-2-29 a10 a9 a1b a01 A".split()
WORD = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?", fullmatch=True)
NUMBERED = st.from_regex(r"[a-c]?[0-3]{0,3}[.a-c][0-3]{1,22}[a-c]?", fullmatch=True).filter(lambda text: text[0] != ".")
LABEL = st.one_of(st.sampled_from(ODD), NUMBERED, WORD)
PREFIX = st.sampled_from(["", "example.com/", "app.kubernetes.io/", "helm.sh/", f"{'a' * 60}.{'b' * 60}.c/"])
KEY = st.one_of(
    st.tuples(PREFIX, LABEL).map("".join),
    st.sampled_from(["app.kubernetes.io/version", "app.kubernetes.io/name", "helm.sh/chart"]),
)
NAME = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
OTHERS = st.fixed_dictionaries(
    {},
    optional={
        "extraData": st.dictionaries(st.from_regex(r"[A-Za-z0-9._-]{1,12}", fullmatch=True), TEXT, max_size=5),
        "commonLabels": st.dictionaries(KEY, st.one_of(st.just(""), LABEL), max_size=6),
        "names": st.sampled_from([{}, None, {"configMap": ""}, {"configMap": "a.b-1"}, {"configMap": None}]),
        "nameOverride": st.one_of(st.none(), LABEL, st.just("-")),
        "fullnameOverride": st.one_of(st.just(""), NAME, st.just("a" * 61 + "-b")),
        "partOf": LABEL,
    },
)
VERSION = st.sampled_from(["0.1.0", "1.2.3+build.4", f"1.2.3-{'r' * 60}", "10.20.30"])
APP_VERSION = st.one_of(LABEL, st.sampled_from(["1.10 beta", "---", "é", "x" * 64, "v1.2.3+4"]))


@dataclass(frozen=True)
class World:
    """What a ConfigMap is made of."""

    case: Case
    others: dict[str, Any]
    project: Project
    release: Release


@st.composite
def worlds(draw: st.DrawFn) -> World:
    name = draw(NAME)
    chart = Chart(name, draw(VERSION), draw(APP_VERSION), "charts/it")
    release = Release(draw(st.one_of(st.sampled_from(["123", "1e3", f"a-{name}", "r.s"]), NAME)), draw(NAME))
    return World(draw(cases(bad=st.nothing())), draw(OTHERS), project(chart=chart), release)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("manifests") / "chart"


def document(printed: str) -> str:
    """What Helm printed, without its mark of a document, its comment, and the blank lines of --show-only."""
    return re.sub(r"\A---\n# Source: .*\n", "", printed).rstrip("\n") + "\n"


def compared(helm: str, folder: Path, world: World, helm_version: int, *, plain: bool) -> tuple[str, str]:
    """The ConfigMap of Helm, and chartgen's."""
    case = world.case
    values = effective(case)
    assume(not [*broken_rules(case.settings, values)])
    assume(not any(any(violations(each, values[each.path])) for each in case.settings.settings))
    shutil.rmtree(folder, ignore_errors=True)
    files = render_chart(case.settings, world.project, plain=plain)
    apply(plan(folder, files))
    given_values = values_text(case.values, **world.others)
    file = folder.parent / "given.json"
    file.write_text(given_values, encoding="utf-8")
    roots = [parse_yaml(Source(name, text))[0] for name, text in (("a", files["values.yaml"]), ("b", given_values))]
    merged = merge([Layer(str(place), root) for place, root in enumerate(roots) if root], helm_version)
    only = ["--values", str(file), "--show-only", "templates/configmap.yaml"]
    printed = template(helm, folder, *only, release=world.release.name, namespace=world.release.namespace)
    own = config_map(case.settings, world.project.chart, merged.values, world.release, plain=plain)
    return document(printed), own


@settings(max_examples=examples(1000))
@given(world=worlds(), plain=st.booleans())
def test_helm_4_makes_the_same_config_map(helm4: str, folder: Path, world: World, plain: bool) -> None:
    theirs, own = compared(helm4, folder, world, 4, plain=plain)

    assert theirs == own


@settings(max_examples=examples(1000))
@given(world=worlds(), plain=st.booleans())
def test_helm_3_makes_the_same_config_map(helm3: str, folder: Path, world: World, plain: bool) -> None:
    theirs, own = compared(helm3, folder, world, 3, plain=plain)

    assert theirs == own
