"""What a schema's `$id`s, anchors and references mean in it, as Helm resolves them; nothing is fetched.

Helm takes a chart's schema for `file:///values.schema.json`. It collects the identifiers of all schemas first, used or
not, and refuses the whole where two of them are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chartgen.documents.dialects import (
    Draft,
    Steps,
    UnusableSchema,
    draft_named,
    draft_of,
    help_outside,
    inner_schemas,
)
from chartgen.documents.json_pointers import pointed
from chartgen.documents.re2 import PatternError, re2_pattern
from chartgen.records import dataclass, field

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

_BASE = "file:///values.schema.json"
# The first draft in which Helm holds what a keyword refers to to the form of a reference.
_REFERENCES = {"$ref": 6, "$recursiveRef": 2019, "$dynamicRef": 2020}


@dataclass(frozen=True, slots=True)
class _Resource:
    """A schema with an address of its own: its place in the document, and the places of its anchors."""

    place: Steps
    url: str
    anchors: dict[str, Steps] = field(default_factory=dict)


class Index:
    """The identifiers of one document. Made by `index_of`."""

    def __init__(self, document: Plain, draft: Draft) -> None:
        self.document = document
        self.draft = draft
        self.known: set[Steps] = set()
        self.dynamic: list[Steps] = []  # the schemas with a `$dynamicAnchor`: Helm compiles them, used or not
        self._resources: dict[Steps, _Resource] = {(): _Resource((), _BASE)}

    @property
    def has_several_resources(self) -> bool:
        """Whether a schema inside the document has an address of its own."""
        return len(self._resources) > 1

    def collect(self, place: Steps, schema: Plain) -> None:
        """Enter the schema at a place and all below it.

        Raises:
            UnusableSchema: something in it is not what Helm takes.
        """
        stack = [(place, schema, True)]
        while stack:
            here, found, is_checked = stack.pop()
            if here in self.known or not isinstance(found, dict):
                continue
            self.known.add(here)
            if is_checked:
                self._check(here, found)
            self._identify(here, found)
            inner = [
                ((*here, *steps), below, is_checked and self._is_described(steps))
                for steps, below in inner_schemas(found, self.draft)
            ]
            stack.extend(reversed(inner))

    def _is_described(self, steps: Steps) -> bool:
        """Whether the metaschema says what stands there: of 2020-12's `additionalItems`, that Helm looks into, it does not."""
        return self.draft.version < 2020 or steps[0] != "additionalItems"

    def at(self, place: Steps) -> Plain:
        """What stands at a place that `target` gave."""
        found = self.document
        for step in place:
            found = found[step]  # type: ignore[index]
        return found

    def target(self, place: Steps, keyword: str) -> Steps | str:
        """Where the reference of the schema at a place leads: a place in the document, or a metaschema's address.

        Raises:
            UnusableSchema: it leads nowhere, or (CG313) to another document.
        """
        written = str(cast("dict[str, Plain]", self.at(place))[keyword])
        reference, _, fragment = written.partition("#")
        url = self._resource(place).url
        if reference or "%" in fragment:
            url, fragment = _resolved(url, reference, fragment, (*place, keyword))
        resource = self._resources[()] if url == _BASE else self._named(url)
        if resource is None:
            return self._outside(url, fragment, written, (*place, keyword))
        return self._inside(resource, fragment, written, (*place, keyword))

    def _inside(self, resource: _Resource, fragment: str, written: str, origin: Steps) -> Steps:
        if fragment and not fragment.startswith("/"):
            found = resource.anchors.get(fragment)
        else:
            steps = pointed(self.at(resource.place), fragment)
            found = None if steps is None else (*resource.place, *steps)
        if found is None:
            raise UnusableSchema(f'"{written}" is not in this schema', origin, "CG313")
        return found

    def _outside(self, url: str, fragment: str, written: str, origin: Steps) -> str:
        if "://json-schema.org/" in url and draft_named(url) is self.draft:
            return f"{self.draft.url}#{fragment}"
        message = f'"{written}" refers to another document, and chartgen reads no other'
        raise UnusableSchema(message, origin, "CG313", help_outside(url))

    def _named(self, url: str) -> _Resource | None:
        return next((resource for resource in self._resources.values() if resource.url == url), None)

    def _resource(self, place: Steps) -> _Resource:
        return next(
            self._resources[place[:length]] for length in range(len(place), -1, -1) if place[:length] in self._resources
        )

    def _identify(self, place: Steps, schema: dict[str, Plain]) -> None:
        identifier = schema.get(self.draft.identifier)
        hidden = not self.draft.heeds_siblings and "$ref" in schema
        name, _, fragment = identifier.partition("#") if isinstance(identifier, str) and not hidden else ("", "", "")
        if name:
            self._enter(place, name, schema.get("$schema"))
        anchors = [fragment] if self.draft.version < 2019 and not fragment.startswith("/") else []
        if self.draft.version >= 2019:
            anchors = [str(schema[key]) for key in _ANCHORS[self.draft.version] if isinstance(schema.get(key), str)]
        for anchor in filter(None, anchors):
            name = _resolved("", "", anchor, place)[1] if "%" in anchor else anchor
            if self._resource(place).anchors.setdefault(name, place) != place:
                raise UnusableSchema(f'two schemas have the anchor "{name}"', place)
        if self.draft.version >= 2020 and isinstance(schema.get("$dynamicAnchor"), str):
            self.dynamic.append(place)

    def _enter(self, place: Steps, name: str, dialect: Plain) -> None:
        if place and isinstance(dialect, str) and draft_named(dialect) != self.draft:
            message = "a schema inside is of another draft than the whole, and chartgen does not judge by such"
            raise UnusableSchema(message, (*place, "$schema"), help_text="")
        base = self._resource(place).url if place else _BASE
        url, _ = _resolved(base, name, "", (*place, self.draft.identifier))
        if any(other.url == url and other.place != place for other in self._resources.values()):
            raise UnusableSchema(f'two schemas have the {self.draft.identifier} "{url}"', place)
        self._resources[place] = _Resource(place, url)

    def _check(self, place: Steps, schema: dict[str, Plain]) -> None:
        """What Helm's metaschemas demand and the engine's do not."""
        for key in ("$schema", self.draft.identifier, *_REFERENCES):
            value = schema.get(key)
            if isinstance(value, str) and self._is_checked(place, key) and not _is_reference(value, key):
                raise UnusableSchema(f'"{value}" is not a {"URL" if key == "$schema" else "reference"}', (*place, key))
        if self.draft.version == 4 and not isinstance(schema.get("$ref", ""), str):
            raise UnusableSchema("a $ref is a text", (*place, "$ref"))
        self._check_vocabularies((*place, "$vocabulary"), schema.get("$vocabulary"))
        patterns: list[tuple[Steps, Plain]] = [(("pattern",), schema.get("pattern"))]
        if self.draft.version >= 7 and isinstance(named := schema.get("patternProperties"), dict):
            patterns += [(("patternProperties", name), name) for name in named]
        for steps, pattern in patterns:
            if isinstance(pattern, str):
                engine_pattern(pattern, (*place, *steps))
        options = schema.get("enum")
        if self.draft.version < 2019 and isinstance(options, list) and (not options or _has_twins(options)):
            raise UnusableSchema("enum holds nothing, or a value twice", (*place, "enum"))

    def _check_vocabularies(self, place: Steps, named: Plain) -> None:
        for name in named if isinstance(named, dict) and self.draft.version >= 2019 else ():
            if not _is_reference(name, "$schema"):
                raise UnusableSchema(f'"{name}" is not a URL', (*place, name))

    def _is_checked(self, place: Steps, key: str) -> bool:
        return bool(place) if key == "$schema" else self.draft.version >= _REFERENCES.get(key, 6)


_ANCHORS = {2019: ("$anchor",), 2020: ("$anchor", "$dynamicAnchor")}


def _resolved(base: str, reference: str, fragment: str, place: Steps) -> tuple[str, str]:
    """The URL and the fragment that a reference means below a base."""
    from chartgen.documents.go_urls import UrlError, parse_url, unescaped  # noqa: PLC0415 - most schemas need none

    try:
        return str(parse_url(base).join(parse_url(reference))), unescaped(fragment)
    except UrlError:
        raise UnusableSchema(f'"{reference or fragment}" is not a URL', place) from None


def _is_reference(text: str, keyword: str) -> bool:
    if text.startswith("#") and not {"%", "\\"} & set(text):
        return keyword != "$schema"
    from chartgen.documents.go_formats import is_uri, is_uri_reference  # noqa: PLC0415 - most schemas need none

    return is_uri(text) if keyword == "$schema" else is_uri_reference(text)


def engine_pattern(pattern: str, place: Steps) -> str:
    """A pattern as the engine reads it.

    Raises:
        UnusableSchema: Go does not read it.
    """
    try:
        return re2_pattern(pattern)
    except PatternError as error:
        raise UnusableSchema(f'"{pattern}" is not a pattern that Helm reads: {error}', place) from None


def _has_twins(items: list[Plain]) -> bool:
    return any(_same(items[i], items[j]) for i in range(len(items)) for j in range(i))


def _same(one: Plain, other: Plain) -> bool:
    """JSON's equality: 1 is 1.0, but not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return one == other


def index_of(document: Plain) -> Index:
    """The identifiers of a schema.

    Raises:
        UnusableSchema: its `$schema` is none of Helm's drafts, or its identifiers, patterns or references are not what
            Helm takes.
    """
    index = Index(document, draft_of(document))
    index.collect((), document)
    return index
