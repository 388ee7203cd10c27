"""A first declaration of a setting from as little as its name and default; its author narrows it later.

The bounds are generous guesses, but they are there: a rule that computes with an integer needs both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chartgen.finding import UsageStop
from chartgen.records import dataclass
from chartgen.settings.expression import Type, Value
from chartgen.settings.model import NUMBER_BOUND, SAFE_INTEGER
from chartgen.settings.strings import parse_text
from chartgen.start.spelling import env_of, title_of, unit_of

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

UNITS = ("ms", "s", "min", "percent", "bytes", "count")
FORM = "NAME[:TYPE][:UNIT]=DEFAULT"
_DAY = {"ms": 86_400_000, "s": 86_400, "min": 1_440}
_PERCENT = 100
_SHORTEST_LIMIT = 256


@dataclass(frozen=True)
class Draft:
    """A setting to be declared. `name` is its key in the schema, `env` its key in the ConfigMap."""

    name: str
    env: str
    type: Type
    default: Value
    unit: str = ""
    description: str = ""


def draft_of_text(text: str) -> Draft:
    """The setting of `NAME[:TYPE][:UNIT]=DEFAULT`, such as `refreshInterval:ms=5000`, `title=Shop`, `share:number=2.5`.

    Raises:
        UsageStop: the text does not have that form, or the default is not of the type.
    """
    head, sign, value = text.partition("=")
    name, *words = head.split(":")
    types = [word for word in words if word in {kind.value for kind in Type}]
    units = [word for word in words if word in UNITS]
    if not sign or not name or len(types) > 1 or len(units) > 1 or len(types) + len(units) < len(words):
        message = f'the setting "{text}" does not have the form {FORM}'
        help_text = f"a type is one of {', '.join(kind.value for kind in Type)}; a unit is one of {', '.join(UNITS)}"
        raise UsageStop(message, help_text)
    return drafted(name, env_of(name), value, kind=Type(types[0]) if types else None, unit=units[0] if units else "")


def drafted(  # noqa: PLR0913 - each is a fact of its own
    name: str, env: str, text: str, *, kind: Type | None = None, unit: str = "", description: str = ""
) -> Draft:
    """The setting with that default, as a ConfigMap would hold it; type and unit are guessed where they are not given.

    Raises:
        UsageStop: the default is not of the given type.
    """
    kind = kind or _kind_of(text)
    default = parse_text(kind, text)
    if default is None:
        message = f'the default "{text}" of {name} is not of type {kind.value}'
        raise UsageStop(message, "write another type or another default")
    counts = kind in {Type.INTEGER, Type.NUMBER}
    return Draft(name, env, kind, default, (unit or unit_of(name)) if counts else unit, description)


def _kind_of(text: str) -> Type:
    for kind, bound in ((Type.BOOLEAN, 1), (Type.INTEGER, SAFE_INTEGER), (Type.NUMBER, NUMBER_BOUND)):
        value = parse_text(kind, text)
        if value is not None and not isinstance(value, str) and abs(value) <= bound:
            return kind
    return Type.STRING


def declaration(draft: Draft) -> dict[str, Plain]:
    """The setting in the settings schema."""
    described = {"description": draft.description} if draft.description else {}
    unit = {"x-unit": draft.unit} if draft.unit else {}
    return {
        "type": draft.type.value,
        "title": title_of(draft.name),
        **described,
        "default": draft.default,
        **_bounds(draft),
        "x-env": draft.env,
        **unit,
    }


def _bounds(draft: Draft) -> dict[str, Plain]:
    value = draft.default
    if isinstance(value, bool):
        return {}
    if isinstance(value, str):
        return {"maxLength": max(_SHORTEST_LIMIT, 10 * len(value))}
    limit = SAFE_INTEGER if draft.type is Type.INTEGER else NUMBER_BOUND
    above = min(max(1000, 10 ** (len(str(int(abs(value)))) + 2)), limit)
    if value < 0:
        return {"minimum": -above, "maximum": above}
    if draft.unit == "percent" and value <= _PERCENT:
        return {"minimum": 0, "maximum": _PERCENT}
    if draft.unit in _DAY and value <= _DAY[draft.unit]:
        above = _DAY[draft.unit]
    return {"minimum": 1 if draft.unit in _DAY and value >= 1 else 0, "maximum": above}
