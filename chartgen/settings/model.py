"""Settings, rules and profiles: what a settings schema says, frozen.

Made by `schema.py` alone, which has proven it: defaults and profiles satisfy bounds and rules, every rule stays within
exact integers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from chartgen.finding import Finding, Severity
from chartgen.records import dataclass, field
from chartgen.settings.expression import Expression, Path, Type, Value, references

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain
    from chartgen.settings.cel import Compiled
    from chartgen.source import Source, Span

SAFE_INTEGER = 2**53 - 1
"""The largest integer that a double, and so JSON in Helm and JavaScript, holds exactly."""

NUMBER_BOUND = 10**15
"""Numbers (doubles) lie within plus and minus this, with at most `NUMBER_DECIMALS` decimals."""

NUMBER_DECIMALS = 6

DIGEST_ANNOTATION = "chartgen.dev/schema"
"""The annotation of a settings ConfigMap that carries `Settings.verdict_digest`."""

_PROSE = frozenset({"$schema", "$id", "$comment", "title", "description", "examples", "x-profiles", "x-renamed-from"})
"""The keywords of a schema that no verdict on a ConfigMap and no message hangs on."""


@dataclass(frozen=True)
class Bounds:
    """The keywords of a setting that limit its value, as written; None where not written.

    Numbers are in the setting's unit; lengths count code points; `pattern` is searched, not anchored.
    """

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: int | None = None
    enum: tuple[Value, ...] | None = None
    const: Value | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class Setting:
    """One runtime value. `path` leads from the schema's root: ("jobs", "timeoutMs"); `renamed_from` are former dotted paths."""

    path: Path
    type: Type
    default: Value
    env: str
    bounds: Bounds = field(default_factory=Bounds)
    unit: str = ""
    role: str = ""
    mend_order: int | None = None
    title: str = ""
    description: str = ""
    examples: tuple[Value, ...] = ()
    deprecated: bool = False
    renamed_from: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The dotted path, as users write it after `settings.`."""
        return ".".join(self.path)

    @property
    def window(self) -> str:
        """The name of the browser's global: `__POLL_MS__`."""
        return f"__{self.env}__"


@dataclass(frozen=True)
class Rule:
    """One CEL expression over settings that must be true.

    `group` is the path that `self` stands for; `expression` is the author's text; `check` its checked tree, with whole
    paths; `message` the author's sentence; `message_expression` a string expression that, if given, replaces it.
    """

    expression: str
    check: Expression
    message: str
    group: Path = ()
    message_expression: Expression | None = None
    field_path: Path | None = None
    reason: str = ""
    severity: Severity = Severity.ERROR
    program: Compiled | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    def holds(self, values: Mapping[Path, Value]) -> bool:
        """CEL's own verdict on whole values; an error of evaluation is a no."""
        return self.program is not None and self.program.evaluate(values) is True

    @cached_property
    def operands(self) -> tuple[Path, ...]:
        """The settings that the rule reads, each once, in order of first use."""
        return references(self.check)


@dataclass(frozen=True)
class Profile:
    """A named set of values, for a situation that the description names."""

    name: str
    description: str
    values: Mapping[Path, Value] = field(hash=False)


@dataclass(frozen=True)
class Settings:
    """A whole settings schema, proven.

    `document` is the schema as plain JSON (for the enforcers that embed it); `warnings` are the findings of the schema that do not keep it from being used.
    """

    settings: tuple[Setting, ...]
    rules: tuple[Rule, ...]
    profiles: tuple[Profile, ...]
    title: str
    description: str
    document: Mapping[str, Plain] = field(hash=False, repr=False)
    source: Source = field(compare=False, repr=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """The sha256 of the document's canonical form."""
        return _digest(self.document)

    @cached_property
    def verdict_digest(self) -> str:
        """The same of what a verdict hangs on: without what only explains, so that better words make no new version."""
        return _digest(_without_prose(self.document))

    @cached_property
    def by_path(self) -> Mapping[Path, Setting]:
        """The settings by path."""
        return {setting.path: setting for setting in self.settings}

    @cached_property
    def defaults(self) -> Mapping[Path, Value]:
        """The default of every setting."""
        return {setting.path: setting.default for setting in self.settings}

    def setting(self, path: Path) -> Setting:
        """The setting at a path.

        Raises:
            KeyError: there is none.
        """
        return self.by_path[path]


def _digest(document: Mapping[str, Plain]) -> str:
    from hashlib import sha256  # noqa: PLC0415 - who only judges values does not ask for it

    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def _without_prose(node: Mapping[str, Plain]) -> dict[str, Plain]:
    found = {key: part for key, part in node.items() if key not in _PROSE}
    properties = node.get("properties")
    if isinstance(properties, Mapping):
        parts = properties.items()
        found["properties"] = {key: _without_prose(part) if isinstance(part, Mapping) else part for key, part in parts}
    return found
