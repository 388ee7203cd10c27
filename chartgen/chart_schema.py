"""What a chart's values.schema.json demands: its JSON Schema, and the settings and rules where it declares them.

A generated chart carries its settings and rules in its schema, so that a chart alone is enough to judge by. For a chart
of another make only its JSON Schema counts, whatever it has under `settings`.
"""

from __future__ import annotations

from chartgen.documents import nodes
from chartgen.documents.json_schema import Checker, UnusableSchema, compile_schema
from chartgen.documents.json_tree import parse_json
from chartgen.documents.layers import Path as Steps
from chartgen.enforce.chart_checks import MADE_BY
from chartgen.finding import Finding, Severity, is_error
from chartgen.names import listed, nearest
from chartgen.records import dataclass, replace
from chartgen.rule_findings import SETTINGS
from chartgen.settings.model import Settings
from chartgen.settings.schema import settings_of
from chartgen.source import Source, Span

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
"""JSON Schema's names of types."""

_OURS = frozenset({"x-env", "x-kubernetes-validations"})


@dataclass(frozen=True)
class ChartSchema:
    """What the values of one chart are held to."""

    settings: Settings
    checker: Checker
    source: Source | None = None

    @property
    def has_guard(self) -> bool:
        """Whether the chart is a generated one, whose own templates refuse more than its schema does."""
        return self.source is not None and MADE_BY in self.source.text

    def span(self, path: Steps) -> Span | None:
        """The place of a keyword in the schema's text: in the settings schema where the values' is made of that one.

        None where neither text has it.
        """
        from chartgen.documents.keyword_places import keyword_places  # noqa: PLC0415 - only faults are told by it

        if self.source is not None:
            return keyword_places(self.source).span(path)
        if path[: len(SETTINGS)] != SETTINGS:
            return None
        return keyword_places(self.settings.source).span(path[len(SETTINGS) :])


def no_settings(source: Source) -> Settings:
    """The settings of a chart that declares none."""
    return Settings((), (), (), "", "", {}, source)


def read_chart_schema(source: Source | None, nowhere: Source) -> tuple[ChartSchema | None, list[Finding]]:
    """What a values.schema.json demands; None and errors (CG102, CG3xx) where it cannot be used.

    A chart without one, whose place is then `nowhere`, takes all values.
    """
    if source is None:
        return ChartSchema(no_settings(nowhere), compile_schema({})), []
    root, findings = parse_json(source, exact=True)
    if root is None:
        return None, findings
    document = nodes.plain(root)
    if not isinstance(document, dict | bool):
        return None, [_refused(UnusableSchema("a schema is a mapping, or true or false"), root)]
    try:
        checker = compile_schema(document)
    except UnusableSchema as error:
        return None, [_refused(error, root)]
    settings, findings = _settings(root, source)
    if settings is None or any(map(is_error, findings)):
        return None, findings
    return ChartSchema(settings, checker, source), findings


def _refused(error: UnusableSchema, root: nodes.Node) -> Finding:
    node = nodes.find(root, error.path) or root
    word = _no_type(error, node)
    if not word:
        return Finding(error.code, Severity.ERROR, error.message, node.span, help=error.help)
    message = f'"{word}" is no type; expected one of {listed(TYPES)}'
    guess = nearest(word, TYPES)
    help_ = f'did you mean "{guess}"? {error.help}' if guess else error.help
    return Finding(error.code, Severity.ERROR, message, node.span, found=word, help=help_)


def _no_type(error: UnusableSchema, node: nodes.Node) -> str:
    """The word that stands where the name of a type has to be, if that is what is wrong."""
    keyword = next((step for step in reversed(error.path) if isinstance(step, str)), "")
    if keyword != "type" or " is not one of " not in error.message or not isinstance(node, nodes.Scalar):
        return ""
    return node.value if isinstance(node.value, str) and node.value not in TYPES else ""


def _settings(root: nodes.Node, source: Source) -> tuple[Settings | None, list[Finding]]:
    part = nodes.find(root, SETTINGS)
    if not isinstance(part, nodes.Mapping) or not _declares(part):
        return no_settings(source), []
    return settings_of(_as_written(part), source)


def _declares(node: nodes.Node) -> bool:
    """Whether settings or rules of ours are anywhere below."""
    if isinstance(node, nodes.Sequence):
        return any(map(_declares, node.items))
    if isinstance(node, nodes.Mapping):
        return any(entry.key in _OURS or _declares(entry.value) for entry in node.entries)
    return False


def _as_written(node: nodes.Mapping) -> nodes.Mapping:
    """The settings schema that a values schema was made of: without the step that Helm needs for numbers."""
    kind = nodes.find(node, ("type",))
    dropped = {"multipleOf"} if isinstance(kind, nodes.Scalar) and kind.value == "number" else set()
    kept = (entry for entry in node.entries if entry.key not in dropped)
    below = (
        replace(entry, value=_as_written(entry.value)) if isinstance(entry.value, nodes.Mapping) else entry
        for entry in kept
    )
    return replace(node, entries=tuple(below))
