"""A settings schema becomes `Settings`, or findings at the author's own line and column.

The form is held to the metaschema (`schemas/settings-schema.json`); what JSON Schema cannot say (bounds that
contradict each other, rules that do not compile, defaults that break them) is held to here and in `authoring.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chartgen.documents.json_schema import compile_own_schema
from chartgen.documents.nodes import Mapping, Node, plain
from chartgen.documents.parsing import parse
from chartgen.documents.reading import read_source
from chartgen.finding import Finding, InvalidStop, is_error
from chartgen.records import replace
from chartgen.resources import load_schema
from chartgen.settings.authoring import setting_findings
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.model import Bounds, Profile, Rule, Setting, Settings
from chartgen.settings.profiles import read_profiles
from chartgen.settings.rules import read_rules
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

METASCHEMA = "settings-schema.json"
_OF_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_OF_TEXTS = frozenset({"minLength", "maxLength", "pattern"})
_FOREIGN = {
    Type.INTEGER: _OF_TEXTS,
    Type.NUMBER: _OF_TEXTS | {"multipleOf", "x-role"},
    Type.BOOLEAN: _OF_NUMBERS | _OF_TEXTS | {"x-unit", "x-role"},
    Type.STRING: _OF_NUMBERS | {"x-unit", "x-role"},
}
_CODES = {"additionalProperties": "CG301", "unevaluatedProperties": "CG301", "propertyNames": "CG311"}


def load_settings(path: str) -> Settings:
    """The settings that a schema file (JSON or YAML) declares: `Settings`, frozen and proven.

    Values are bool, int, float or str, in the unit that the setting names (`x-unit`: ms, s, min, percent, bytes, count);
    paths are tuples of keys. Findings that are only warnings come along as `Settings.warnings`.

    Raises:
        InvalidStop: the file cannot be read or the schema is wrong; it holds every finding, each at line and column.
    """
    source = read_source(path)
    settings, findings = (None, [source]) if isinstance(source, Finding) else read_settings(source)
    if settings is None:
        message = f"the settings schema {path} cannot be used"
        raise InvalidStop(message, findings)
    return settings


def read_settings(source: Source) -> tuple[Settings | None, list[Finding]]:
    """The settings, None where a finding is an error; and every finding of the schema, warnings too."""
    root, findings = parse(source)
    if root is None or any(map(is_error, findings)):
        return None, findings
    settings, more = settings_of(root, source)
    found = [*findings, *more]
    return (None if settings is None else replace(settings, warnings=tuple(found))), found


def settings_of(root: Node, source: Source) -> tuple[Settings | None, list[Finding]]:
    """The settings of a schema that has been parsed, as `read_settings`."""
    findings = _form(root)
    if not isinstance(root, Mapping) or any(finding.code == "CG302" for finding in findings):
        return None, findings
    found = tuple(_settings(root, ()))
    findings += setting_findings(root, found)
    rules, more = read_rules(root, {setting.path: setting for setting in found})
    findings += more
    settings = _whole(root, source, found, tuple(rules), ())
    if not any(map(is_error, findings)):
        profiles, more = read_profiles(root, settings)
        findings += more
        settings = _whole(root, source, found, tuple(rules), tuple(profiles))
    return (None if any(map(is_error, findings)) else settings), findings


def _form(root: Node) -> list[Finding]:
    checker = compile_own_schema(load_schema(METASCHEMA))
    if checker.is_valid(plain(root)):
        return []
    from chartgen.documents.form import form_findings  # noqa: PLC0415 - most schemas have the right form

    return form_findings(root, checker, "CG302", _CODES)


def _settings(group: Mapping, path: Path) -> Iterator[Setting]:
    properties = group.get("properties")
    if properties is None or not isinstance(properties.value, Mapping):
        return
    for entry in properties.value.entries:
        here = (*path, entry.key)
        if isinstance(entry.value, Mapping):
            keywords = cast("dict[str, Any]", plain(entry.value))
            if keywords.get("type") == "object":
                yield from _settings(entry.value, here)
            else:
                yield _setting(here, keywords, entry.key_span)


def _setting(path: Path, keywords: dict[str, Any], span: Span) -> Setting:
    type_ = Type(keywords["type"])
    # A keyword of another type is a finding of its own, and counts for nothing here.
    keywords = {key: value for key, value in keywords.items() if key not in _FOREIGN[type_]}
    return Setting(
        path=path,
        type=type_,
        default=_typed(type_, keywords["default"]),
        env=keywords["x-env"],
        bounds=_bounds(type_, keywords),
        unit=keywords.get("x-unit", ""),
        role=keywords.get("x-role", ""),
        mend_order=keywords.get("x-mend"),
        title=keywords.get("title", ""),
        description=keywords.get("description", ""),
        examples=tuple(_typed(type_, example) for example in keywords.get("examples", ())),
        deprecated=keywords.get("deprecated", False),
        renamed_from=_texts(keywords.get("x-renamed-from", ())),
        span=span,
    )


def _texts(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _bounds(type_: Type, keywords: dict[str, Any]) -> Bounds:
    enum = keywords.get("enum")
    return Bounds(
        minimum=keywords.get("minimum"),
        maximum=keywords.get("maximum"),
        exclusive_minimum=keywords.get("exclusiveMinimum"),
        exclusive_maximum=keywords.get("exclusiveMaximum"),
        multiple_of=keywords.get("multipleOf"),
        enum=None if enum is None else tuple(_typed(type_, item) for item in enum),
        const=_typed(type_, keywords["const"]) if "const" in keywords else None,
        min_length=keywords.get("minLength"),
        max_length=keywords.get("maxLength"),
        pattern=keywords.get("pattern"),
    )


def _typed(type_: Type, value: Value) -> Value:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if type_ is Type.NUMBER and whole else value


def _whole(
    root: Mapping, source: Source, found: tuple[Setting, ...], rules: tuple[Rule, ...], profiles: tuple[Profile, ...]
) -> Settings:
    document = cast("dict[str, Any]", plain(root))
    return Settings(
        settings=found,
        rules=rules,
        profiles=profiles,
        title=document.get("title", ""),
        description=document.get("description", ""),
        document=document,
        source=source,
    )
