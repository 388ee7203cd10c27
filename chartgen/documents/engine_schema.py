"""A schema rewritten so that the engine gives Helm's verdict.

Helm's engine is `santhosh-tekuri/jsonschema`. What it does not heed is left out: keywords of other drafts, what stands
beside a `$ref` of the drafts 4 to 7, `content*`, `format` from 2019-09 on, and schemas that nothing refers to, whatever
they in turn refer to. Patterns are spelled anew, and every reference leads to a copy in one place of the document, so
that no URL is left for the engine to resolve. All else stays where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chartgen.documents.dialects import DRAFTS, Steps, UnusableSchema, applied_schemas
from chartgen.documents.schema_index import Index, engine_pattern, index_of
from chartgen.records import dataclass, field

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

_VALUES = {
    "type": 4, "enum": 4, "multipleOf": 4, "maximum": 4, "exclusiveMaximum": 4, "minimum": 4, "exclusiveMinimum": 4,
    "minLength": 4, "maxLength": 4, "minItems": 4, "maxItems": 4, "uniqueItems": 4, "minProperties": 4, "maxProperties": 4,
    "required": 4, "const": 6, "dependentRequired": 2019,
}  # fmt: skip
_CONTAINED = ("minContains", "maxContains")
_REFERENCES = {"$ref": 4, "$recursiveRef": 2019, "$dynamicRef": 2020}
_ELSEWHERE = frozenset({"properties", "patternProperties", "items", "additionalItems", "prefixItems", "contains"})
_OF_MEMBERS = _ELSEWHERE | {"additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"}
_IF = frozenset({"then", "else"})
_WRAPPED = 4  # how many steps lead into what is wrapped, behind `allOf`: its index, `not`, `not`, the keyword
_COPIES = "$defs"
_MOST_APPLIED = 10_000
_EXCLUSIVE = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}
# The engine holds patterns of the drafts before to JavaScript's syntax; else it reads this one as it reads them.
_OLDEST = next(draft for draft in DRAFTS if draft.version == 2019)


@dataclass(frozen=True)
class EngineSchema:
    """The rewritten `schema`, and what leads back from it.

    `copies` names the place that each copy was made of, by its name; `patterns` gives a pattern as it was written by the
    engine's spelling; `wrapped` gives, by the place of a schema, the keywords that now stand in its `allOf`, by their index.
    """

    schema: dict[str, Plain] | bool
    uses_formats: bool = False
    copies: dict[str, Steps] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    wrapped: dict[Steps, dict[int, str]] = field(default_factory=dict)

    def written(self, path: Steps) -> Steps:
        """The place in the schema as it was written, for a path of the engine's."""
        steps: Steps = ()
        if len(path) > 1 and path[0] == _COPIES and path[1] in self.copies:
            steps, path = self.copies[str(path[1])], path[2:]
        while path:
            step, path = path[0], path[1:]
            if step == "allOf" and path and path[0] in (known := self.wrapped.get(steps, {})):
                steps, path = (*steps, known[path[0]]), path[_WRAPPED:]
                continue
            if steps[-1:] == ("patternProperties",):
                step = self.patterns.get(str(step), step)
            steps += (step,)
        return steps


def engine_schema(document: Plain) -> EngineSchema:
    """The schema for the engine.

    Raises:
        UnusableSchema: the schema refers to what is not in it, or to itself without end; or Helm refuses it for another
            reason that the engine does not see.
    """
    return _Writer(index_of(document)).written()


class _Writer:
    def __init__(self, index: Index) -> None:
        self.index = index
        self.draft = index.draft
        self.copies: dict[str, Steps] = {}
        self.patterns: dict[str, str] = {}
        self.wrapped: dict[Steps, dict[int, str]] = {}
        self.uses_formats = self.uses_metaschema = False
        self.same_value: dict[Steps, dict[Steps, None]] = {}  # what a schema applies to its own value, each place once

    def written(self) -> EngineSchema:
        schema = self._schema((), self.index.document)
        for place in self.index.dynamic:
            self._copy(place)
        made: dict[str, Plain] = {}
        while len(made) < len(self.copies):
            for name, place in [*self.copies.items()][len(made) :]:
                made[name] = self._schema(place, self.index.at(place))
        self._check_cycles()
        if isinstance(schema, dict):
            draft = self.draft if self.uses_metaschema or self.draft.version > _OLDEST.version else _OLDEST
            schema = {"$schema": draft.url, **schema, **({_COPIES: made} if made else {})}
        return EngineSchema(schema, self.uses_formats, self.copies, self.patterns, self.wrapped)

    def _schema(self, place: Steps, schema: Plain) -> dict[str, Plain] | bool:
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, dict):
            raise UnusableSchema("a schema is a mapping, true or false", place)
        references = self._references(place, schema)
        if "$ref" in references and not self.draft.heeds_siblings:
            return {"$ref": references["$ref"]}
        written = self._values(place, schema)
        for steps, inner in applied_schemas(schema, self.draft):
            if self._is_heeded(steps, schema):
                self._put(written, steps, self._schema((*place, *steps), inner), place)
        self._keep_lists_of_keys(written, schema)
        self._put_references(written, [*references.values()])
        self._wrap_up(written, place)
        return written

    def _values(self, place: Steps, schema: dict[str, Plain]) -> dict[str, Plain]:
        kept = {key: value for key, value in schema.items() if _VALUES.get(key, 9999) <= self.draft.version}
        for keyword, bound in _EXCLUSIVE.items():
            if kept.get(keyword) is True and bound in kept:
                kept[keyword] = kept.pop(bound)
            elif isinstance(kept.get(keyword), bool):
                del kept[keyword]
        if "contains" in schema and self.draft.version >= 2019:
            kept |= {key: schema[key] for key in _CONTAINED if key in schema}
        if isinstance(pattern := schema.get("pattern"), str):
            kept["pattern"] = self._pattern(pattern, (*place, "pattern"))
        if self.draft.asserts_formats and isinstance(name := schema.get("format"), str) and is_known(name):
            kept["format"] = name
            self.uses_formats = True
        return kept

    def _pattern(self, pattern: str, place: Steps) -> str:
        spelled = engine_pattern(pattern, place)
        while self.patterns.setdefault(spelled, pattern) != pattern:
            spelled += "(?:)"
        return spelled

    def _is_heeded(self, steps: Steps, schema: dict[str, Plain]) -> bool:
        if steps[0] in _IF:
            return "if" in schema
        return steps[0] != "additionalItems" or isinstance(schema.get("items"), list)

    def _put(self, written: dict[str, Plain], steps: Steps, schema: dict[str, Plain] | bool, place: Steps) -> None:
        """Enter an inner schema: as a keyword's value, in its list, or under its name."""
        keyword = str(steps[0])
        if keyword not in _OF_MEMBERS:
            self.same_value.setdefault(place, {})[*place, *steps] = None
        if len(steps) == 1:
            written[keyword] = schema
        elif isinstance(steps[1], int):
            items = written.setdefault(keyword, [])
            items.append(schema)  # type: ignore[union-attr]
        else:
            name = self._pattern(steps[1], (*place, *steps)) if keyword == "patternProperties" else steps[1]
            written.setdefault(keyword, {})[name] = schema  # type: ignore[index,call-overload]

    def _keep_lists_of_keys(self, written: dict[str, Plain], schema: dict[str, Plain]) -> None:
        named = schema.get("dependencies")
        if isinstance(named, dict):
            lists = {name: keys for name, keys in named.items() if isinstance(keys, list)}
            if lists:
                written["dependencies"] = {**written.get("dependencies", {}), **lists}  # type: ignore[dict-item]

    def _references(self, place: Steps, schema: dict[str, Plain]) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        for keyword, since in _REFERENCES.items():
            if since <= self.draft.version and isinstance(schema.get(keyword), str):
                if keyword != "$ref" and self.index.has_several_resources:
                    message = f"chartgen does not judge by {keyword} where a schema inside has a $id of its own"
                    raise UnusableSchema(message, (*place, keyword), help_text="")
                found[keyword] = self._reference(place, keyword)
        return found

    def _reference(self, place: Steps, keyword: str) -> str:
        target = self.index.target(place, keyword)
        if isinstance(target, str):
            self.uses_metaschema = True
            return target
        self.same_value.setdefault(place, {})[target] = None
        return self._copy(target) if target else "#"

    def _copy(self, target: Steps) -> str:
        """The reference to a copy of the schema at a place."""
        name = "/".join(map(str, target))
        while self.copies.setdefault(name, target) != target:
            name += "'"
        if target not in self.index.known:
            self.index.collect(target, self.index.at(target))
        return pointer((_COPIES, name))

    def _put_references(self, written: dict[str, Plain], references: list[Plain]) -> None:
        for number, reference in enumerate(references):
            if number == 0:
                written["$ref"] = reference
            else:
                written.setdefault("allOf", []).append({"$ref": reference})  # type: ignore[union-attr]

    def _wrap_up(self, written: dict[str, Plain], place: Steps) -> None:
        """Put keywords where the engine says no more of them than whether they hold.

        It makes an error of each bad name of a key, with a copy of the whole mapping; and in 2019-09 it takes the items
        that `contains` found for evaluated, which Helm does not.
        """
        if "propertyNames" in written:
            self._wrap(written, place, "propertyNames")
        if "contains" in written and self.draft.version == 2019:
            self._wrap(written, place, "contains", *_CONTAINED)

    def _wrap(self, written: dict[str, Plain], place: Steps, *keywords: str) -> None:
        conditions = cast("list[Plain]", written.setdefault("allOf", []))
        self.wrapped.setdefault(place, {})[len(conditions)] = keywords[0]
        inner = {keyword: written.pop(keyword) for keyword in keywords if keyword in written}
        conditions.append({"not": {"not": inner}})

    def _check_cycles(self) -> None:
        """Refuse a schema that applies itself to the same value: Helm's engine stops there with an error.

        Refused, too, is one that applies so many to it, by references to references, that no engine comes to an end.
        """
        done: dict[Steps, int] = {}
        for start in self.same_value:
            trail: list[Steps] = []
            stack: list[tuple[Steps, bool]] = [(start, False)]
            while stack:
                place, leaving = stack.pop()
                if leaving:
                    done[trail.pop()] = applied = 1 + sum(done[below] for below in self.same_value.get(place, ()))
                    if applied > _MOST_APPLIED:
                        message = f"this schema applies more than {_MOST_APPLIED} schemas to one value"
                        raise UnusableSchema(message, place, help_text="")
                elif place in trail:
                    raise self._endless(trail[trail.index(place) :])
                elif place not in done:
                    trail.append(place)
                    stack.append((place, True))
                    stack.extend((below, False) for below in self.same_value.get(place, ()))

    def _endless(self, cycle: list[Steps]) -> UnusableSchema:
        places = ((*place, keyword) for place in cycle for keyword in _REFERENCES if keyword in self._keywords(place))
        message = "this schema applies itself to the same value, without end"
        return UnusableSchema(message, next(places, cycle[0]), help_text="Helm fails for every value that gets there")

    def _keywords(self, place: Steps) -> dict[str, Plain]:
        schema = self.index.at(place)
        return schema if isinstance(schema, dict) else {}


def is_known(name: str) -> bool:
    """Whether Helm asserts a format of this name."""
    from chartgen.documents.go_formats import FORMATS  # noqa: PLC0415 - few schemas have a format that is asserted

    return name in FORMATS


def pointer(place: Steps) -> str:
    """The reference to a place in the document."""
    from urllib.parse import quote  # noqa: PLC0415 - few schemas need it

    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in place)
    return "#" + "".join("/" + quote(step, safe="~$'") for step in steps)
