"""What `--fix` does to values files: it makes them right where it can, changes what it named, and nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chartgen.documents.nodes import Mapping, Node, plain
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.edits import Edit, apply_edits
from chartgen.enforce.values_schema import values_schema
from chartgen.finding import Finding, is_error
from chartgen.mend import Fixed, fix
from chartgen.settings.expression import Type
from chartgen.settings.model import Setting, Settings
from chartgen.settings.schema import load_settings
from chartgen.source import Source, Span
from chartgen.validate import Judge
from tests.charts import ASYNC_JOB, STOREFRONT
from tests.counts import examples
from tests.guard_chart import values_text, write_chart
from tests.strategies import ANYTHING, read, schemas, values
from tests.values_texts import values_texts

NAME = "values.yaml"
REFERENCE = [load_settings(str(ASYNC_JOB)), load_settings(str(STOREFRONT))]


def fixed(settings: Settings, text: str) -> tuple[Fixed, str, list[Finding]]:
    """What mending came to, the new text, and all that was told on the way."""
    told: list[Finding] = []

    def judge_again(read: Callable[[str], Source | Finding]) -> list[Finding]:
        found = Judge(settings, read=read).findings_of_file(NAME)
        told.extend(found)
        return found

    made = fix(judge_again, lambda name: Source(name, text))
    return made, made.texts[NAME][1] if made.texts else text, told


def leaves(node: Node, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Node]:
    if isinstance(node, Mapping):
        return {
            inner: leaf
            for entry in node.entries
            for inner, leaf in (leaves(entry.value, (*path, entry.key)) or {(*path, entry.key): entry.value}).items()
        }
    return {path: node}


def tree(text: str) -> Node:
    root, _ = parse_yaml(Source(NAME, text))
    assert root is not None
    return root


def named(settings: Settings, told: Iterable[Finding]) -> set[tuple[str, ...]]:
    """The settings that findings tell of: the value at fault, or every operand of the rule."""
    found = {tuple(finding.path.split(".")) for finding in told}
    broken = {finding.expected for finding in told if finding.code == "CG203"}
    return found | {
        ("settings", *path) for rule in settings.rules if rule.expression in broken for path in rule.operands
    }


def assert_only_named_changed(settings: Settings, old: str, new: str, told: Sequence[Finding]) -> None:
    """All else is byte-identical: the old text with the new values in their places, and the new lines, is the new text."""
    before, after = leaves(tree(old)), leaves(tree(new))
    changed = {path for path in after if path not in before or plain(before[path]) != plain(after[path])}
    assert before.keys() <= after.keys()
    assert changed <= named(settings, told)
    edits = [Edit(before[path].span, after[path].span.text) for path in changed & before.keys()]
    entered = [entry(new, after[path]) for path in changed - before.keys()]
    assert apply_edits(old, edits) == apply_edits(new, entered)


def entry(text: str, leaf: Node) -> Edit:
    """The edit that takes a line, or an item between brackets, out of a text again."""
    start, end = leaf.span.start, leaf.span.end
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1
    if text[first:start].strip().endswith(":") and not set(text[first:start]) & set("{,"):
        # The last line of a text may end without a break: then the one before it is the entry's.
        whole = (first, last) if last else (first - len(text[:first]) + len(text[:first].rstrip("\r\n")), len(text))
        return Edit(Span(leaf.span.source, *whole), "")
    comma = text.rfind(",", 0, start)
    opened = text.rfind("{", 0, start)
    return Edit(Span(leaf.span.source, comma if comma > opened else opened + 1, end), "")


def put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        values = values.setdefault(key, {})
    values[path[-1]] = value


@st.composite
def outside(draw: st.DrawFn, setting: Setting) -> Any:
    """A value of the right type that one of the bounds refuses, or the right value in quotes."""
    bounds = setting.bounds
    if draw(st.integers(0, 4)) == 0:
        return str(setting.default).lower()
    if bounds.const is not None or setting.type is Type.BOOLEAN:
        return "yes" if setting.default else "no"
    if bounds.enum is not None:
        return max(bounds.enum) + draw(st.integers(1, 9))  # type: ignore[operator]
    ends = [bounds.minimum, bounds.exclusive_minimum, bounds.maximum, bounds.exclusive_maximum]
    low, high = min(end for end in ends if end is not None), max(end for end in ends if end is not None)
    far = draw(st.integers(1, 10**9))
    choices = [int(low) - far, int(high) + far]
    if bounds.multiple_of and int(high) > int(low) + 1:
        choices.append(int(bounds.multiple_of) * (int(low) // int(bounds.multiple_of) + 1) + 1)
    return draw(st.sampled_from(choices))


def orderly(setting: Setting) -> bool:
    return setting.type is not Type.STRING


@settings(max_examples=examples(500))
@given(st.data())
def test_a_broken_bound_is_always_mended(data: st.DataObject) -> None:
    """The right values of other settings stay; a setting alone, without rules, can always be mended."""
    schema = data.draw(schemas())
    schema.pop("x-kubernetes-validations", None)
    model = read(schema)
    assert model is not None
    candidates = [setting for setting in model.settings if orderly(setting)]
    assume(candidates)
    content = data.draw(values(schema, bad=st.nothing()))
    broken = data.draw(st.lists(st.sampled_from(candidates), min_size=1, max_size=3, unique_by=lambda each: each.path))
    for setting in broken:
        put(content, setting.path, data.draw(outside(setting)))
    text = data.draw(values_texts(content))

    made, new, told = fixed(model, text)

    assert not made.findings
    assert_only_named_changed(model, text, new, told)


@st.composite
def linear(draw: st.DrawFn) -> dict[str, Any]:
    """A schema of two integers with one linear rule, which the defaults satisfy."""
    low = draw(st.integers(-100, 100))
    defaults = {name: draw(st.integers(low, low + 1000)) for name in "ab"}
    factors = {name: draw(st.sampled_from([-3, -1, 1, 2, 5, 60])) for name in "ab"}
    reached = sum(factors[name] * value for name, value in defaults.items())
    sign = draw(st.sampled_from(["<=", ">=", "<", ">", "=="]))
    slack = {"<=": 1, ">=": -1, "<": 1, ">": -1, "==": 0}[sign] * draw(st.integers(1, 500))
    properties = {
        name: {
            "type": "integer",
            "minimum": low,
            "maximum": low + draw(st.integers(1000, 5000)),
            "default": default,
            "x-env": name.upper(),
            "x-mend": draw(st.integers(1, 2)),
        }
        for name, default in defaults.items()
    }
    rule = f"self.a * {factors['a']} + {factors['b']} * self.b {sign} {reached + slack}"
    rules = [{"rule": rule, "message": "not so"}]
    return {"type": "object", "properties": properties, "x-kubernetes-validations": rules}


@settings(max_examples=examples(500))
@given(st.data())
def test_a_broken_linear_rule_is_always_mended(data: st.DataObject) -> None:
    schema = data.draw(linear())
    model = read(schema)
    assert model is not None
    content = data.draw(values(schema, bad=st.nothing()))
    text = data.draw(values_texts(content))

    made, new, told = fixed(model, text)

    assert not made.findings
    assert_only_named_changed(model, text, new, told)


def judged(model: Settings, text: str) -> list[Finding]:
    return Judge(model, read=lambda name: Source(name, text)).findings_of_file(NAME)


@st.composite
def broken_values(draw: st.DrawFn) -> tuple[Settings, str, list[Finding]]:
    """Settings with rules of any kind, and a file that breaks something: some of its values are of any kind, too."""
    schema = draw(schemas().filter(lambda schema: "x-kubernetes-validations" in schema))
    model = read(schema)
    assert model is not None
    bad = draw(st.sampled_from([st.nothing(), st.nothing(), ANYTHING]))
    every = (draw(values(schema, bad)) for _ in range(4))
    broken = next((content for content in every if told_of(judged(model, values_text(content)))), None)
    assume(broken is not None)
    text = draw(values_texts(broken or {}))
    found = judged(model, text)
    assume(told_of(found))  # not so where YAML itself cannot say it
    return model, text, found


def told_of(findings: Iterable[Finding]) -> bool:
    """Whether any of them is of values, not of the text."""
    return any(each.code.startswith("CG2") for each in findings)


@settings(max_examples=examples(500), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(broken_values())
def test_mending_never_adds_an_error_and_leaves_the_rest_as_it_was(case: tuple[Settings, str, list[Finding]]) -> None:
    """Rules of any kind, values of any kind; an editor may apply the edits of one finding alone."""
    model, text, before = case

    made, new, told = fixed(model, text)

    assert sum(map(is_error, made.findings)) <= sum(map(is_error, before))
    assert_only_named_changed(model, text, new, told)
    assert fixed(model, new)[1] == new
    for finding in before:
        if finding.edits:
            after = judged(model, apply_edits(text, finding.edits))
            assert key(finding) not in map(key, after)
            assert {each.code for each in after} <= {each.code for each in before} | {"CG203"}
            if finding.code == "CG203":
                assert set(map(key, after)) <= set(map(key, before))


def key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.path if finding.code != "CG203" else "", finding.expected


@settings(max_examples=examples(500))
@given(st.data())
def test_values_of_the_reference_apps_come_out_clean(data: st.DataObject) -> None:
    """Any numbers within ten times the bounds, quoted or not; a choice with a letter too many."""
    model = data.draw(st.sampled_from(REFERENCE))
    content: dict[str, Any] = {}
    for setting in model.settings:
        kind = data.draw(st.integers(0, 3))
        if kind and setting.type is Type.INTEGER:
            number = data.draw(st.integers(-5, int(setting.bounds.maximum or 0) * 10))
            put(content, setting.path, str(number) if kind == 1 else number)
        elif kind and setting.bounds.enum is not None:
            put(content, setting.path, f"{data.draw(st.sampled_from(setting.bounds.enum))}{'s' * (kind - 1)}")
        elif kind > 1 and setting.type is Type.BOOLEAN:
            put(content, setting.path, "yes" if kind == 2 else "no")
    text = data.draw(values_texts(content))

    made, new, told = fixed(model, text)

    assert not [finding for finding in made.findings if is_error(finding)]
    assert_only_named_changed(model, text, new, told)


@settings(max_examples=examples(150))
@given(st.data())
def test_helm_accepts_what_was_mended(
    helm4: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    schema = data.draw(linear())
    model = read(schema)
    assert model is not None
    content = data.draw(values(schema, bad=st.nothing()))
    put(content, ("a",), data.draw(outside(model.setting(("a",)))))
    text = data.draw(values_texts(content))
    folder = tmp_path_factory.mktemp("mended")
    chart = write_chart(folder / "chart", model)
    (chart / "values.schema.json").write_text(json.dumps(values_schema(model)), encoding="utf-8")

    _, new, _ = fixed(model, text)

    assert tuple(helm_says(helm4, chart, written) for written in (text, new)) == (1, 0)


def helm_says(helm: str, chart: Path, text: str) -> int:
    """The exit code of `helm template`."""
    file = chart.parent / "values.yaml"
    file.write_bytes(text.encode())
    command = [helm, "template", "r", str(chart), "-f", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode
