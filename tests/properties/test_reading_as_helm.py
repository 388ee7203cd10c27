"""chartgen reads YAML as the real Helm does: the same values, and what Helm refuses is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.documents.layers import Layer, merge
from chartgen.documents.set_flags import Flag, flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.source import Source
from tests.counts import examples
from tests.input_texts import BASES, DOCUMENTS, FILES, PIECES, SCALARS, TAGS, WHOLE_FILES, flags, roots
from tests.oracle import Oracle
from tests.reading import REFUSED, STRICTER, STRICTER_FLAGS, chartgen_reads, helm_reads

numbers = st.text("0123456789+-._eExXoObBinfNaAty~:", max_size=9).map("a: {}\n".format)
soup = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A document with a few places changed."""
    text = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[start + draw(st.integers(0, 2)) :]
    return text


def compare(helm: str, texts: list[str]) -> None:
    """Assert that chartgen makes of each text what Helm does, but for the few that it refuses on purpose."""
    for text, expected in zip(texts, helm_reads(helm, texts), strict=True):
        actual, message = chartgen_reads(text, helm_version=3)
        if actual is REFUSED and message in STRICTER:
            continue
        assert (text, expected) == (text, actual)


def test_every_kind_of_scalar_and_key_is_read_as_helm_reads_it(helm: str) -> None:
    forms = ["a: {}\n", "{}: 1\n", "a: [{}]\n", "? {}\n: 1\n", "a:\n- {}\n- &x {}\n- *x\n"]
    tagged = [
        f"{form} {{}}{end}" for tag in TAGS for form, end in ((f"a: {tag}", ""), (tag, ": 1"), (f"b: [&c {tag}", "]"))
    ]
    quoted = [f"a: {tag} '{{}}'" for tag in TAGS]

    compare(helm, [form.replace("{}", scalar) for form in (*forms, *tagged, *quoted) for scalar in SCALARS])


def test_every_kind_of_document_is_read_as_helm_reads_it(helm: str) -> None:
    compare(helm, DOCUMENTS)


@pytest.mark.parametrize("text", WHOLE_FILES)
def test_the_documents_of_a_file_are_cut_and_merged_as_helm_does(oracle4: Oracle, oracle3: Oracle, text: str) -> None:
    for oracle, version in ((oracle4, 4), (oracle3, 3)):
        actual, message = chartgen_reads(text, version)
        if message not in STRICTER:
            assert (version, helm_values(oracle, [text])) == (version, actual)


def helm_values(oracle: Oracle, files: list[str], used: Sequence[Flag] = (), defaults: str = "") -> Any:
    """The effective values of files and flags over a chart's defaults, or `REFUSED`."""
    answer = oracle.ask({"values.yaml": defaults}, files, [(flag.kind, flag.text) for flag in used])
    return answer.values if answer.ok else REFUSED


@settings(max_examples=examples(100))
@given(texts=st.lists(st.one_of(numbers, soup, changed()), min_size=100, max_size=200))
def test_any_text_is_read_as_helm_reads_it(helm4: str, texts: list[str]) -> None:
    compare(helm4, texts)


@settings(max_examples=examples(1000))
@given(stack=st.lists(roots, min_size=1, max_size=4))
@pytest.mark.parametrize("version", [4, 3])
def test_layers_merge_as_helm_merges_them(
    oracle4: Oracle, oracle3: Oracle, version: int, stack: list[dict[str, Any]]
) -> None:
    texts = [json.dumps(values) for values in stack]
    layers = [Layer(str(number), _tree_of(text)) for number, text in enumerate(texts)]

    expected = helm_values(oracle4 if version == 4 else oracle3, texts[1:], defaults=texts[0])
    assert expected == merge(layers, version).values


@settings(max_examples=examples(1000))
@given(files=st.lists(st.sampled_from(FILES), max_size=2), used=st.lists(flags, min_size=1, max_size=2))
@pytest.mark.parametrize("version", [4, 3])
def test_flags_are_applied_as_helm_applies_them(
    oracle4: Oracle, oracle3: Oracle, version: int, files: list[str], used: list[Flag]
) -> None:
    layers = [Layer(str(number), _tree_of(text)) for number, text in enumerate(files)]
    made, findings = flag_layers(layers, used, version)
    if any(part in finding.message for part in STRICTER_FLAGS for finding in findings):
        return
    nothing = Layer("values.yaml", _tree_of("{}"))
    actual = REFUSED if findings else merge([nothing, *layers, *made], version).values

    assert helm_values(oracle4 if version == 4 else oracle3, files, used) == actual


def _tree_of(text: str) -> Any:
    return parse_yaml(Source("values.yaml", text))[0]
