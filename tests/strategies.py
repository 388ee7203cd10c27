"""Random settings schemas, rules and values: the inputs of properties."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.model import Settings
from chartgen.settings.schema import read_settings
from chartgen.source import Source

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXT = st.text(CHARACTERS, max_size=8)
PATTERNS = ["^[a-z]+$", "[0-9]{2,}", "^(ab|cd)*$", "é", "^.$"]


@dataclass(frozen=True)
class Case:
    """A schema that chartgen accepts, and values (nested, as below `settings`) of any kind."""

    schema: dict[str, Any]
    settings: Settings
    values: dict[str, Any]


def read(schema: dict[str, Any]) -> Settings | None:
    """The settings of a schema, None where chartgen refuses it."""
    return read_settings(Source("random.schema.json", json.dumps(schema)))[0]


def effective(case: Case) -> dict[Path, Value]:
    """The value of every setting, the default where the case has none."""
    values: dict[Path, Value] = {}
    for setting in case.settings.settings:
        here: Any = case.values
        for key in setting.path:
            here = here.get(key) if isinstance(here, dict) else None
        value = setting.default if here is None else here
        values[setting.path] = float(value) if setting.type is Type.NUMBER else value
    return values


@st.composite
def integers(draw: st.DrawFn) -> dict[str, Any]:
    low = draw(st.integers(-1000, 1000))
    high = low + draw(st.integers(0, 100_000))
    setting: dict[str, Any] = {
        "type": "integer",
        "minimum": low,
        "maximum": high,
        "default": draw(st.integers(low, high)),
    }
    kind = draw(st.integers(0, 5))
    if kind == 0:
        step = draw(st.integers(2, 9))
        setting |= {"multipleOf": step, "default": high - high % step}
        if setting["default"] < low:
            setting |= {"minimum": setting["default"]}
    elif kind == 1:
        choices = draw(st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True))
        setting |= {"enum": choices, "default": choices[0]}
    elif kind == 2 and high - low > 2:
        setting |= {"exclusiveMinimum": low, "exclusiveMaximum": high, "default": low + 1}
        del setting["minimum"], setting["maximum"]
    return setting


def decimals(low: int, high: int) -> st.SearchStrategy[float]:
    """Numbers with at most 6 decimals."""
    return st.integers(low * 10**6, high * 10**6).map(lambda micros: micros / 10**6)


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, Any]:
    low = draw(st.integers(-100, 100))
    high = low + draw(st.integers(0, 1000))
    return {"type": "number", "minimum": low, "maximum": high, "default": draw(decimals(low, high))}


@st.composite
def strings(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        choices = draw(st.lists(TEXT, min_size=1, max_size=4, unique=True))
        return {"type": "string", "enum": choices, "default": draw(st.sampled_from(choices))}
    if kind == 1:
        return {"type": "string", "pattern": "^[a-z]+$", "default": "abc", "maxLength": 20}
    default = draw(TEXT)
    shortest, longest = draw(st.integers(0, len(default))), draw(st.integers(len(default), 12))
    return {"type": "string", "minLength": shortest, "maxLength": longest, "default": default}


BOOLEANS = st.one_of(
    st.booleans().map(lambda default: {"type": "boolean", "default": default}),
    st.booleans().map(lambda only: {"type": "boolean", "default": only, "const": only}),
    st.booleans().map(lambda only: {"type": "boolean", "default": only, "enum": [only]}),
)


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    """A schema of one to five settings, some of them in a group, and up to three rules that its defaults satisfy."""
    counts = range(draw(st.integers(1, 5)))
    kinds = [draw(st.one_of(integers(), integers(), numbers(), strings(), BOOLEANS)) for _ in counts]
    names = {}
    root: dict[str, Any] = {"type": "object", "properties": {}}
    for place, setting in enumerate(kinds):
        name, group = f"s{place}", draw(st.sampled_from(["", "", "group", "deep.er"]))
        below = root
        for key in filter(None, group.split(".")):
            below = below["properties"].setdefault(key, {"type": "object", "properties": {}})
        below["properties"][name] = setting | {"x-env": f"APP_S{place}", "x-mend": draw(st.integers(1, 3))}
        names[".".join(filter(None, ["self", *group.split("."), name]))] = setting
    rules = []
    for number in range(draw(st.integers(0, 3))):
        text = draw(boolean(names, 3))
        rule = {"rule": text, "message": f"rule {number} does not hold", "x-severity": "error"}
        if read(root | {"x-kubernetes-validations": [rule]}) is None:
            rule["rule"] = f"!({text})"
        if read(root | {"x-kubernetes-validations": [rule]}) is not None:
            rules.append(rule)
    return root | ({"x-kubernetes-validations": rules} if rules else {})


def _named(names: dict[str, Any], type_: str) -> list[str]:
    return [name for name, setting in names.items() if setting["type"] == type_]


@st.composite
def boolean(draw: st.DrawFn, names: dict[str, Any], depth: int) -> str:
    """A CEL expression of type bool over the settings."""
    forms = ["comparison", "comparison", "comparison"]
    forms += ["in", "text", "flag"] + (["and", "or", "not", "choice"] if depth else [])
    match draw(st.sampled_from(forms)):
        case "and" | "or" as sign:
            word = "&&" if sign == "and" else "||"
            return f"({draw(boolean(names, depth - 1))} {word} {draw(boolean(names, depth - 1))})"
        case "not":
            return f"!({draw(boolean(names, depth - 1))})"
        case "choice":
            parts = [draw(boolean(names, depth - 1)) for _ in range(3)]
            return f"({parts[0]} ? {parts[1]} : {parts[2]})"
        case "in":
            items = draw(st.lists(st.integers(-50, 50), min_size=1, max_size=3))
            return f"{draw(integer(names, 1))} in {items}"
        case "text":
            return draw(textual(names))
        case "flag" if _named(names, "boolean"):
            return draw(st.sampled_from(_named(names, "boolean")))
        case _:
            sign = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
            with_number = draw(st.booleans())
            if with_number and _named(names, "number"):
                number = draw(st.sampled_from(_named(names, "number")))
                return f"{number} {sign} {draw(decimals(-100, 100)):.6f}"
            return f"{draw(integer(names, 2))} {sign} {draw(integer(names, 2))}"


@st.composite
def textual(draw: st.DrawFn, names: dict[str, Any]) -> str:
    operand = draw(st.sampled_from([*_named(names, "string"), "'abé'"]))
    literal = json.dumps(draw(TEXT))
    form = draw(st.sampled_from(["<", "==", ">=", "startsWith", "endsWith", "contains", "matches", "in"]))
    if form == "matches":
        return f"{operand}.matches({json.dumps(draw(st.sampled_from(PATTERNS)))})"
    if form == "in":
        return f"{operand} in ['a', {literal}]"
    return f"{operand}.{form}({literal})" if form.isalpha() else f"{operand} {form} {literal}"


@st.composite
def integer(draw: st.DrawFn, names: dict[str, Any], depth: int) -> str:
    """A CEL expression of type int over the settings."""
    leaves = [*_named(names, "integer"), *_named(names, "integer"), str(draw(st.integers(-30, 3000)))]
    leaves += [f"size({name})" for name in _named(names, "string")]
    if not depth or draw(st.booleans()):
        return draw(st.sampled_from(leaves))
    sign = draw(st.sampled_from(["+", "-", "*", "/", "%", "neg", "?"]))
    left, right = draw(integer(names, depth - 1)), draw(integer(names, depth - 1))
    if sign == "neg":
        return f"-({left})"
    if sign == "?":
        return f"({left} > {right} ? {left} : {right})"
    return f"({left} {sign} {right})"


def good(setting: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the setting's own limits allow."""
    if "enum" in setting:
        return st.sampled_from(setting["enum"])
    match setting["type"]:
        case "integer":
            low = setting.get("minimum", setting.get("exclusiveMinimum", 0) + 1)
            high = setting.get("maximum", setting.get("exclusiveMaximum", 0) - 1)
            step = setting.get("multipleOf", 1)
            return st.integers(-(-low // step), high // step).map(lambda count: count * step)
        case "number":
            return decimals(int(setting["minimum"]), int(setting["maximum"]))
        case "boolean":
            return st.just(setting["const"]) if "const" in setting else st.booleans()
        case _:
            alphabet = st.sampled_from("abcxyz") if "pattern" in setting else CHARACTERS
            return st.text(alphabet, min_size=setting.get("minLength", 1), max_size=setting["maxLength"])


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**60), 2**60).map(lambda value: int(float(value))),
        st.floats(allow_nan=False, allow_infinity=False, width=32),
        TEXT,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXT, inner, max_size=2)),
    max_leaves=4,
)


@st.composite
def values(draw: st.DrawFn, schema: dict[str, Any], bad: st.SearchStrategy[Any] = ANYTHING) -> dict[str, Any]:
    """Values for a schema: mostly allowed, some absent, some of any kind."""
    result: dict[str, Any] = {}
    for key, part in schema["properties"].items():
        form = draw(st.integers(0, 9))
        if form == 0:
            continue
        if form == 1 and bad is not st.nothing():
            result[key] = draw(bad)
        elif part["type"] == "object":
            result[key] = draw(values(part, bad))
        else:
            result[key] = draw(good(part))
    return result


@st.composite
def cases(draw: st.DrawFn, bad: st.SearchStrategy[Any] = ANYTHING) -> Case:
    """A schema with values for it; `bad=st.nothing()` gives values that break no limit of a single setting."""
    schema = draw(schemas())
    settings = read(schema)
    assert settings is not None, schema
    return Case(schema, settings, draw(values(schema, bad)))
