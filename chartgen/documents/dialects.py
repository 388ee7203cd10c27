"""The drafts of JSON Schema that Helm reads, and where in a schema of each there are schemas again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from chartgen.records import dataclass

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

HELM_TOO = "Helm refuses this schema, too"

Steps: TypeAlias = tuple[str | int, ...]


class UnusableSchema(ValueError):  # noqa: N818 - it is the schema that is at fault, not a step that failed
    """A schema that is not JSON Schema, or that refers to what is not in it.

    `path` leads to the fault, where known; `code` is that of its finding: CG313 for a reference, else CG302. `help` is
    what to do.
    """

    def __init__(self, message: str, path: Steps = (), code: str = "CG302", help_text: str = HELM_TOO) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.code = code
        self.help = help_text


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: its year or number, the address of its metaschema."""

    version: int
    url: str

    @property
    def identifier(self) -> str:
        """The keyword that names a schema."""
        return "id" if self.version == 4 else "$id"

    @property
    def asserts_formats(self) -> bool:
        """Whether Helm asserts `format`."""
        return self.version < 2019

    @property
    def heeds_siblings(self) -> bool:
        """Whether keywords beside a `$ref` count."""
        return self.version >= 2019


DRAFTS = (
    Draft(4, "http://json-schema.org/draft-04/schema"),
    Draft(6, "http://json-schema.org/draft-06/schema"),
    Draft(7, "http://json-schema.org/draft-07/schema"),
    Draft(2019, "https://json-schema.org/draft/2019-09/schema"),
    Draft(2020, "https://json-schema.org/draft/2020-12/schema"),
)
LATEST = DRAFTS[-1]

# The first draft in which Helm heeds the keyword, and, behind the slash, the first in which it no longer does.
_ONE = {
    "not": "4", "additionalProperties": "4", "additionalItems": "4/2020", "items": "4", "contains": "6", "propertyNames": "6",
    "if": "7", "then": "7", "else": "7", "unevaluatedItems": "2019", "unevaluatedProperties": "2019",
}  # fmt: skip
_LISTS = {"allOf": "4", "anyOf": "4", "oneOf": "4", "items": "4/2020", "prefixItems": "2020"}
_NAMED = {"properties": "4", "patternProperties": "4", "dependencies": "4", "dependentSchemas": "2019"}
_KEPT_ONE = {"contentSchema": "2019", "additionalItems": "4"}
_KEPT_NAMED = {"definitions": "4", "$defs": "2019"}


def draft_named(address: str) -> Draft | None:
    """The draft of a `$schema`, None where that is none of Helm's."""
    name, _, fragment = address.partition("#")
    name = name.removeprefix("http://") if name.startswith("http://") else name.removeprefix("https://")
    return None if fragment else _BY_NAME.get(name)


_BY_NAME = {draft.url.partition("//")[2]: draft for draft in DRAFTS} | {"json-schema.org/schema": LATEST}


def help_outside(url: str) -> str:
    """What to do about a reference to another document, and what Helm does with it."""
    scheme, _, rest = url.partition(":")
    said = _SAID_OF_SCHEMES.get(scheme, HELM_TOO)
    if draft_named(url) is not None or rest.startswith(_VOCABULARIES):
        said = "Helm has that one built in"
    elif scheme == "file":
        said = f"Helm looks for it at {rest.removeprefix('//')}, from the root of the disk"
    return f"put what it refers to into this schema, under $defs; {said}"


_SAID_OF_SCHEMES = {
    "urn": "Helm lets every value pass there",
    **dict.fromkeys(("http", "https"), "Helm would fetch it"),
}
_VOCABULARIES = ("//json-schema.org/draft/2019-09/meta/", "//json-schema.org/draft/2020-12/meta/")


def draft_of(document: Plain) -> Draft:
    """The draft of a schema; without a `$schema` the latest.

    Raises:
        UnusableSchema: `$schema` is none of Helm's drafts, so that Helm would fetch it.
    """
    address = document.get("$schema") if isinstance(document, dict) else None
    if not isinstance(address, str):
        return LATEST
    draft = draft_named(address)
    if draft is None:
        message = f'"{address}" is none of the drafts that Helm knows, and chartgen reads no other document'
        known = ", ".join(draft.url for draft in reversed(DRAFTS))
        raise UnusableSchema(message, ("$schema",), help_text=f"write one of {known}")
    return draft


def applied_schemas(schema: Mapping[str, Plain], draft: Draft) -> Iterator[tuple[Steps, Plain]]:
    """The schemas that keywords of a schema apply, each with the steps that lead to it."""
    return _schemas(schema, draft.version, _ONE, _NAMED)


def inner_schemas(schema: Mapping[str, Plain], draft: Draft) -> Iterator[tuple[Steps, Plain]]:
    """All that Helm takes for schemas of a draft: those that are applied, and those kept for references."""
    return _schemas(schema, draft.version, _ONE | _KEPT_ONE, _NAMED | _KEPT_NAMED)


def _schemas(
    schema: Mapping[str, Plain], version: int, one: Mapping[str, str], named: Mapping[str, str]
) -> Iterator[tuple[Steps, Plain]]:
    for key, value in schema.items():
        if isinstance(value, list):
            if _in_force(_LISTS.get(key), version):
                yield from (((key, index), item) for index, item in enumerate(value))
        elif _in_force(one.get(key), version):
            yield (key,), value
        elif isinstance(value, dict) and _in_force(named.get(key), version):
            yield from (((key, name), item) for name, item in value.items() if not isinstance(item, list))


def _in_force(drafts: str | None, version: int) -> bool:
    if drafts is None:
        return False
    first, _, end = drafts.partition("/")
    return int(first) <= version < int(end or 9999)
