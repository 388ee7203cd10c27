"""What is wrong with settings that are texts: in a ConfigMap, in the env of a container, in a `.env` file.

The texts follow the one grammar of `settings/strings.py`; what they say is held to bounds and rules as values are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from chartgen.documents.layers import Layer, Merged, merge
from chartgen.documents.layers import Path as Steps
from chartgen.documents.nodes import Scalar
from chartgen.documents.scalars import Value as Loose
from chartgen.edits import Edit
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass, replace
from chartgen.rule_findings import rule_finding, schema_defaults, settings_layer
from chartgen.settings.constraints import TYPE_NAMES, show
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import broken_rules, has_type, violations
from chartgen.settings.model import NUMBER_DECIMALS, Setting, Settings
from chartgen.settings.strings import (
    AROUND,
    BLANKS,
    BROKEN,
    HOW,
    UNREAD,
    WITHOUT_BLANKS,
    parse_text,
    render_text,
)
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from chartgen.documents.json_schema import Checker
    from chartgen.mend_findings import Cause

Write: TypeAlias = "Callable[[Setting, str], Edit | None]"
"""The edit that makes a setting another text, or adds it; None where that cannot be done."""

_MISWRITTEN = frozenset({"CG408", "CG409", "CG414"})
"""The codes of what is written in another way than the one grammar has it."""


@dataclass(frozen=True)
class Texts:
    """Settings as one place gives them: the scalar of each one that it has, and where all of them stand.

    `path` gives the name that a setting has there, for findings; `write` changes one.
    """

    given: Mapping[Path, Scalar]
    span: Span
    path: Callable[[Setting], str]
    write: Write


def text_findings(settings: Settings, layers: Sequence[Texts], unknown: frozenset[Path] = frozenset()) -> list[Finding]:
    """The findings of settings that are texts; each layer overrides the ones before it, and all the schema's defaults.

    No rule is judged that reads a setting that is `unknown`.
    """
    merged = merge([schema_defaults(settings), *(_layer(settings, texts) for texts in layers)])
    told: list[tuple[Finding, Cause]] = []
    settled: list[Finding] = []
    values: dict[Path, Value] = {}
    wrong = set(unknown)
    for setting in settings.settings:
        texts = _last(layers, setting.path)
        node = texts.given[setting.path] if texts is not None else None
        found: list[Finding] = []
        if texts is not None and node is not None:
            found = [_at(each, node, texts.path(setting)) for each in _value_findings(settings, setting, node)]
            mended = [_settled(each, setting, node, texts) for each in found]
            settled += [each for each in mended if each is not None]
            told += [(each, setting.path) for each, done in zip(found, mended, strict=True) if done is None]
        wrong |= {setting.path} if found else set()
        value = setting.default if node is None or found else _read(setting, node)
        values[setting.path] = float(value) if setting.type is Type.NUMBER else value
    broken = list(broken_rules(settings, values, frozenset(wrong)))
    told += [(_placed(rule_finding(settings, merged, values, rule), settings, layers), rule) for rule in broken]
    if not told:
        return settled
    from chartgen.mend_findings import Judged, with_mends  # noqa: PLC0415 - clean runs do not pay for it

    checker = _checker(settings)
    where = _Where(merged, settings, layers)
    faults = checker.faults(merged.values) if wrong else []
    return [*settled, *with_mends(told, Judged(settings, checker, where, values, frozenset(wrong), faults, broken))]


def _settled(finding: Finding, setting: Setting, node: Scalar, texts: Texts) -> Finding | None:
    """A finding whose mend is not searched for: what the text says without its blanks, or a limit that this breaks, too.

    Another number than the one that is written would be a guess.
    """
    if finding.code not in _MISWRITTEN:
        return None
    if setting.type is Type.STRING and isinstance(node.value, str):
        edit = texts.write(setting, node.value.strip(BLANKS))
        return replace(finding, edits=(edit,), help=f"write {edit.text.strip()}") if edit is not None else finding
    value = _meant(setting, node)
    broken = next(violations(setting, value), None) if value is not None else None
    if value is None or broken is None:
        return None
    written, said = str(node.value).strip() if isinstance(node.value, str) else node.span.text, show(value)
    means = f"{said} is not allowed either" if written == said else f"{written} is {said}"
    return replace(finding, help=f"{means}; expected {broken.expected}")


def _meant(setting: Setting, node: Scalar) -> Loose:
    """The value of the setting's type that a text surely stands for; None where that is not sure."""
    from chartgen.settings.readings import certain  # noqa: PLC0415 - clean runs do not pay for it

    value = node.value
    if setting.type is Type.NUMBER and isinstance(value, float):
        value = round(value, NUMBER_DECIMALS)
    return (
        value if has_type(setting.type, value) else certain([setting.type.value], value, node.span.text, setting.unit)
    )


@lru_cache(maxsize=1)
def _checker(settings: Settings) -> Checker:
    """What the new values of a mend are held to; most texts need none."""
    from chartgen.documents.json_schema import compile_schema  # noqa: PLC0415 - clean runs do not pay for it
    from chartgen.enforce.values_schema import values_schema  # noqa: PLC0415

    return compile_schema(values_schema(settings))


def _layer(settings: Settings, texts: Texts) -> Layer:
    """The texts as typed values; what does not follow the grammar stays as it is written."""
    nodes = {path: Scalar(_read(settings.setting(path), node), node.span) for path, node in texts.given.items()}
    return settings_layer(texts.span.source.name, nodes, texts.span)


def _read(setting: Setting, node: Scalar) -> Value:
    found = parse_text(setting.type, node.value) if isinstance(node.value, str) else None
    return found if found is not None else node.value  # type: ignore[return-value]


def _last(layers: Sequence[Texts], path: Path) -> Texts | None:
    return next((texts for texts in reversed(layers) if path in texts.given), None)


def _value_findings(settings: Settings, setting: Setting, node: Scalar) -> Iterator[Finding]:
    """What one text breaks: that it is one, the grammar, or else every limit."""
    if not isinstance(node.value, str):
        yield _no_text(setting, node.value)
        return
    value = parse_text(setting.type, node.value)
    if value is not None and not any(violations(setting, value)):
        return
    from chartgen.value_findings import rule_note  # noqa: PLC0415 - clean runs do not pay for it

    if value is None:
        yield replace(_unread(setting, node.value), notes=rule_note(settings, setting, "type"))
        return
    bare = node.value.strip(BLANKS)
    if setting.type is Type.STRING and bare != node.value and not any(violations(setting, bare)):
        broken = next(violations(setting, value))
        notes = rule_note(settings, setting, broken.keyword)
        yield replace(_blanks(setting, node.value, broken.expected), notes=notes)
        return
    for violation in violations(setting, value):
        message = BROKEN.format(env=setting.env, shown=_shown(setting, value), expected=violation.expected)
        help_ = f"give a value that is {violation.expected}"
        notes = rule_note(settings, setting, violation.keyword)
        yield Finding(violation.code, Severity.ERROR, message, expected=violation.expected, help=help_, notes=notes)


def _unread(setting: Setting, text: str) -> Finding:
    """CG409; CG414 where only blanks around it keep it from being read."""
    expected = TYPE_NAMES[setting.type]
    if parse_text(setting.type, text.strip(BLANKS)) is not None:
        return _blanks(setting, text, f"{expected} alone")
    message = UNREAD.format(env=setting.env, shown=show(text), expected=expected)
    return Finding("CG409", Severity.ERROR, message, expected=expected, help=f"write {HOW[setting.type]}")


def _blanks(setting: Setting, text: str, expected: str) -> Finding:
    message = AROUND.format(env=setting.env, shown=show(text), expected=expected)
    return Finding("CG414", Severity.ERROR, message, expected=expected, help=WITHOUT_BLANKS)


def _shown(setting: Setting, value: Value) -> str:
    """A value as it is written: the texts 5 and 5.0 are the same number."""
    return show(value) if setting.type is Type.STRING else render_text(setting.type, value)


def _no_text(setting: Setting, value: Loose) -> Finding:
    """CG408; it is mended by the text of what is meant."""
    if value is None:
        message = f"{setting.env} has no value; expected a text"
        help_ = "write a text, or remove the line: then the default applies"
    else:
        kind = f"the boolean {show(value)}" if isinstance(value, bool) else f"the number {show(value)}"
        message = f"{setting.env} is {kind}; expected a text: Kubernetes refuses anything else"
        help_ = "put it in quotes"
    return Finding("CG408", Severity.ERROR, message, expected="a text", help=help_)


def _at(finding: Finding, node: Scalar, path: str) -> Finding:
    """The finding, told at the text."""
    return replace(finding, primary=node.span, path=path, found=show(node.value), layer=node.span.source.name)


def _placed(finding: Finding, settings: Settings, layers: Sequence[Texts]) -> Finding:
    """The finding of a rule, with the path that its setting has here."""
    keys = tuple(finding.path.split(".")[1:])
    texts = _last(layers, keys)
    return replace(finding, path=texts.path(settings.setting(keys))) if texts is not None else finding


@dataclass(frozen=True)
class _Where:
    """Where the texts can be changed: each in the layer that has it, what is new in the last one."""

    view: Merged
    settings: Settings
    layers: Sequence[Texts]

    def file_of(self, path: Steps) -> int:  # noqa: ARG002 - as of `Places`
        """All of them are of one file, or of files that are judged together."""
        return 0

    def edit(self, path: Steps, value: Loose, siblings: Sequence[str] = (), told: int = -1) -> Edit | None:  # noqa: ARG002
        """The edit that writes the value as a text."""
        setting = self.settings.setting(tuple(map(str, path[1:])))
        if not has_type(setting.type, value):
            return None
        texts = _last(self.layers, setting.path) or self.layers[-1]
        return texts.write(setting, render_text(setting.type, value))  # type: ignore[arg-type]

    def words(self, edit: Edit, path: Steps, told: Source | None) -> str:  # noqa: ARG002 - as of `Places`
        """What an edit does: a text that is wrong is there, so that another one is written in its place."""
        return f"write {edit.text.strip()}"

    def instead(self, path: Steps, value: Loose) -> str:  # noqa: ARG002 - as of `Places`
        """There are no flags."""
        return ""
