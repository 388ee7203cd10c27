"""Where `schema diff` finds nothing breaking and warns of nothing, every values file that was taken is taken still."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from chartgen.finding import is_error
from chartgen.schema_diff.changes import InUse, Level
from chartgen.schema_diff.diff import schema_diff
from chartgen.schema_report import as_json, text
from chartgen.settings.judge import violations
from chartgen.settings.model import Settings
from chartgen.source import Source
from chartgen.validate import Judge
from tests.counts import examples
from tests.strategies import (
    ANYTHING,
    BOOLEANS,
    Case,
    boolean,
    cases,
    good,
    integers,
    numbers,
    read,
    schemas,
    strings,
    values,
)

TRIED = 4
PATHS = [(*group, f"s{place}") for group in ((), ("group",), ("deep", "er")) for place in range(4)]
"""Where the settings of random schemas are, and others."""


def groups(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The root and every group of a schema."""
    below = [part for part in schema["properties"].values() if part["type"] == "object"]
    return [schema, *(group for part in below for group in groups(part))]


def named(schema: dict[str, Any], path: str = "self") -> dict[str, Any]:
    """The settings by their names in rules of the root."""
    found: dict[str, Any] = {}
    for key, part in schema["properties"].items():
        found |= named(part, f"{path}.{key}") if part["type"] == "object" else {f"{path}.{key}": part}
    return found


@st.composite
def changed(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with one to three changes, some of which loosen it, some tighten it."""
    schema = copy.deepcopy(schema)
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        group = draw(st.sampled_from(groups(schema)))
        parts = {key: part for key, part in group["properties"].items() if part["type"] != "object"}
        key = draw(st.sampled_from(sorted(parts))) if parts else ""
        match draw(st.sampled_from(["bound", "bound", "default", "drop", "add", "rename", "rule", "no rule", "env"])):
            case "bound" if key:
                change_bound(draw, parts[key])
            case "default" if key:
                parts[key]["default"] = draw(near(parts[key]))
            case "drop" if len(group["properties"]) > 1 and key:
                del group["properties"][key]
            case "add":
                group["properties"]["added"] = {"type": "integer", "default": 1, "x-env": f"ADDED{len(groups(schema))}"}
            case "rename" if key:
                group["properties"]["renamed"] = group["properties"].pop(key)
            case "rule":
                rule = {"rule": draw(boolean(named(schema), 1)), "message": "new"}
                schema.setdefault("x-kubernetes-validations", []).append(rule)
            case "no rule" if schema.get("x-kubernetes-validations"):
                schema["x-kubernetes-validations"].pop()
            case "env" if key:
                parts[key]["x-env"] = "OTHER"
            case _:
                pass
    return schema


def near(part: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values like a setting's default, which its bounds may allow."""
    match part["type"]:
        case "integer" | "number":
            return st.integers(-3, 3).map(lambda step: part["default"] + step)
        case "boolean":
            return st.booleans()
        case _:
            return st.sampled_from(["", "a", "abc", "ABC", f"{part['default']}a"])


def change_bound(draw: Callable[..., Any], part: dict[str, Any]) -> None:
    """Move, drop or add one keyword that limits a setting."""
    keywords = {
        "integer": ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum", "const"],
        "number": ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"],
        "string": ["minLength", "maxLength", "pattern", "enum", "const"],
        "boolean": ["const", "enum"],
    }[part["type"]]
    keyword = draw(st.sampled_from([word for word in keywords if word in part] * 3 + keywords))
    before = part.get(keyword)
    if keyword == "enum":
        more = draw(st.lists(near(part), max_size=2))
        items = [*(before or [part["default"]]), *more]
        part["enum"] = [item for place, item in enumerate(items) if item not in items[:place]]
        if draw(st.booleans()) and len(part["enum"]) > 1:
            part["enum"].pop()
    elif before is not None and draw(st.integers(0, 3)) == 0:
        del part[keyword]
    elif keyword == "const":
        part["const"] = part["default"]
    elif keyword == "pattern":
        part["pattern"] = draw(st.sampled_from(["^[a-z]+$", "^.*$", ""]))
    elif keyword == "multipleOf":
        part["multipleOf"] = draw(st.sampled_from([1, 2, 3, before or 1, 2 * (before or 1)]))
    else:
        start = before if before is not None else 0
        part[keyword] = max(start + draw(st.integers(-3, 3)), 0 if "Length" in keyword else -(10**9))


def edges(part: dict[str, Any]) -> list[Any]:
    """Values at the ends of what a setting allows, and its choices."""
    ends = [part[word] for word in ("default", "minimum", "maximum", "const") if word in part]
    ends += [part[word] + step for word, step in (("exclusiveMinimum", 1), ("exclusiveMaximum", -1)) if word in part]
    ends += ["a" * part[word] for word in ("minLength", "maxLength") if word in part]
    return [*ends, *part.get("enum", ()), *([False, True] if part["type"] == "boolean" else [])]


def nested(name: str, value: Any) -> dict[str, Any]:
    """A values file below `settings` that sets one setting, by its name in rules."""
    for key in reversed(name.removeprefix("self.").split(".")):
        value = {key: value}
    found: dict[str, Any] = value
    return found


def takes(schema: Settings, given_values: dict[str, Any]) -> bool:
    """Whether `chartgen validate` accepts a values file."""
    source = Source("values.json", json.dumps({"settings": given_values}))
    return not any(map(is_error, Judge(schema, read=lambda _: source).findings_of_file("values.json")))


@given(data=st.data())
@settings(max_examples=examples(1500), suppress_health_check=list(HealthCheck))
def test_what_is_not_told_breaks_nothing(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    other = data.draw(changed(schema))
    old, new = read(schema), read(other)
    assume(old is not None and new is not None)
    assert old is not None
    assert new is not None
    changes = schema_diff(old, new)
    safe = not any(change.level in (Level.BREAKING, Level.WARNING) for change in changes)
    event(f"{'safe' if safe else 'not safe'}, {'no ' if not changes else ''}changes")
    if not safe:
        return
    files = [nested(name, value) for name, part in named(schema).items() for value in edges(part)]
    for tried in (*files, *(data.draw(values(schema, st.nothing())) for _ in range(TRIED))):
        if takes(old, tried):
            assert takes(new, tried), (schema, other, tried)


@given(old=cases(), new=schemas(), used=st.dictionaries(st.sampled_from(PATHS), ANYTHING, max_size=4))
@settings(max_examples=examples(500), suppress_health_check=list(HealthCheck))
def test_any_two_schemas_can_be_compared_whatever_is_in_use(
    old: Case, new: dict[str, Any], used: dict[Any, Any]
) -> None:
    after = read(new)
    assert after is not None
    changes = schema_diff(old.settings, after, [InUse("used", used)])

    assert all(change.span is not None for change in changes)
    assert json.loads(as_json(changes, "major", []))["summary"]["note"] <= len(changes)
    assert text(changes, "major", ["used"]).endswith("looked at: used\n")


@given(schema=schemas())
@settings(max_examples=examples(200))
@example(schema={"type": "object", "properties": {"a": {"type": "boolean", "default": True, "x-env": "A"}}})
def test_a_schema_does_not_differ_from_itself(schema: dict[str, Any]) -> None:
    old = read(schema)
    assert old is not None

    assert schema_diff(old, old) == []


@given(data=st.data())
@settings(max_examples=examples(10_000), suppress_health_check=list(HealthCheck))
def test_a_bound_that_is_not_told_refuses_nothing(data: st.DataObject) -> None:
    """The same for one setting, of which many changes can be tried, at the ends of what was allowed."""
    part = data.draw(st.one_of(integers(), numbers(), strings(), BOOLEANS)) | {"x-env": "A"}
    other = copy.deepcopy(part)
    change_bound(data.draw, other)
    old, new = (read({"type": "object", "properties": {"a": each}}) for each in (part, other))
    assume(old is not None and new is not None)
    assert old is not None
    assert new is not None
    before, after = old.settings[0], new.settings[0]
    told = [change.kind for change in schema_diff(old, new)]
    refused = [
        value
        for value in (*edges(part), *edges(other), data.draw(good(part)))
        if not any(violations(before, value)) and any(violations(after, value))
    ]

    assert not refused or "bound-tightened" in told
