"""The rules of a settings schema, compiled, read and proven; or findings at CEL's own column, in the author's file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from chartgen.documents.nodes import Mapping as MappingNode
from chartgen.documents.nodes import Scalar, Sequence
from chartgen.finding import Finding, Severity
from chartgen.names import did_you_mean
from chartgen.settings.cel import CelFault, Compiled, Scope
from chartgen.settings.expression import (
    Call,
    Expression,
    Function,
    Literal,
    Path,
    Type,
    references,
    walk,
)
from chartgen.settings.intervals import unproven
from chartgen.settings.model import Rule, Setting
from chartgen.settings.spelling import spell
from chartgen.source import Span

if TYPE_CHECKING:
    from chartgen.documents.nodes import Node

KEYWORD = "x-kubernetes-validations"


def read_rules(root: MappingNode, settings: Mapping[Path, Setting]) -> tuple[list[Rule], list[Finding]]:
    """Every rule of the root and its groups, outer before inner, and what is wrong with those that are not rules."""
    rules: list[Rule] = []
    findings: list[Finding] = []
    scopes: dict[Path, Scope] = {}
    for group, written in _written(root, ()):
        if group not in scopes:
            scopes[group] = Scope(group, {path: s.type for path, s in settings.items() if path[: len(group)] == group})
        rule, faults = _rule(written, scopes[group], settings)
        findings += faults
        if rule is not None:
            rules.append(rule)
    return rules, findings


def _written(group: MappingNode, path: Path) -> Iterator[tuple[Path, MappingNode]]:
    listed = group.get(KEYWORD)
    if listed is not None and isinstance(listed.value, Sequence):
        yield from ((path, item) for item in listed.value.items if isinstance(item, MappingNode))
    properties = group.get("properties")
    if properties is not None and isinstance(properties.value, MappingNode):
        for entry in properties.value.entries:
            if isinstance(entry.value, MappingNode) and _text(entry.value, "type") == "object":
                yield from _written(entry.value, (*path, entry.key))


def _rule(written: MappingNode, scope: Scope, settings: Mapping[Path, Setting]) -> tuple[Rule | None, list[Finding]]:
    check, findings = _compiled(written, "rule", Type.BOOLEAN, scope, settings)
    said, more = _compiled(written, "messageExpression", Type.STRING, scope, settings)
    findings += more
    field_path, more = _field_path(written, scope)
    findings += more
    if check is None or findings:
        return None, findings
    expression = _scalar(written, "rule")
    message = " ".join(_text(written, "message").split())
    rule = Rule(
        expression=_text(written, "rule"),
        check=check.tree,
        message=message or _unsaid(check.tree),
        group=scope.group,
        message_expression=said.tree if said else None,
        field_path=field_path,
        reason=_text(written, "reason"),
        severity=Severity(_text(written, "x-severity") or "error"),
        program=check,
        span=expression.span if expression else None,
    )
    return rule, []


def _unsaid(check: Expression) -> str:

    return f"this does not hold: {spell(check)}"


def _compiled(
    written: MappingNode, keyword: str, type_: Type, scope: Scope, settings: Mapping[Path, Setting]
) -> tuple[Compiled | None, list[Finding]]:
    scalar = _scalar(written, keyword)
    if scalar is None:
        return None, []
    compiled = scope.compile(str(scalar.value), type_)
    if not isinstance(compiled, Compiled):
        return None, [_cel_finding(scalar, fault, scope) for fault in compiled]
    findings = [*_pattern_findings(scalar, compiled.tree)]
    fault = unproven(compiled.tree, settings)
    if fault is not None:
        from chartgen.settings.unproven_rules import range_finding  # noqa: PLC0415 - most rules are proven

        findings.append(range_finding(_at(scalar, max(fault.node.offset, 0)), fault, settings))
    if keyword == "rule" and not references(compiled.tree):
        span = scalar.span
        findings.append(
            Finding("CG308", Severity.ERROR, "the rule reads no setting", span, help="name one: self.<name>")
        )
    return compiled, findings


def _cel_finding(scalar: Scalar, fault: CelFault, scope: Scope) -> Finding:
    help_ = fault.remedy
    if "undeclared reference to 'self." in fault.message:
        word = fault.message.split("'")[1].removeprefix("self.")
        help_ = did_you_mean(word, (".".join(path[len(scope.group) :]) for path in scope.settings))
    code = "CG308" if fault.outside_subset else "CG307"
    message = fault.message.replace("Syntax error", "syntax error")
    return Finding(code, Severity.ERROR, f"not a rule: {message}", _at(scalar, fault.offset), help=help_)


def _pattern_findings(scalar: Scalar, tree: Expression) -> Iterator[Finding]:
    for node in walk(tree):
        if not isinstance(node, Call) or node.function is not Function.MATCHES:
            continue
        from chartgen.settings.patterns import check_pattern  # noqa: PLC0415 - few rules have a pattern

        pattern = node.arguments[1]
        if not isinstance(pattern, Literal):
            message, help_ = "the pattern of matches() is not a literal", "write the pattern as a text in quotes"
            yield Finding("CG308", Severity.ERROR, message, _at(scalar, node.offset), help=help_)
        elif (fault := check_pattern(str(pattern.value))) is not None:
            span = _at(scalar, pattern.offset)
            yield Finding("CG309", Severity.ERROR, f"pattern: {fault.message}", span, help=fault.help)


def _field_path(written: MappingNode, scope: Scope) -> tuple[Path | None, list[Finding]]:
    scalar = _scalar(written, "fieldPath")
    if scalar is None:
        return None, []
    path = (*scope.group, *str(scalar.value).removeprefix(".").split("."))
    if path in scope.settings:
        return path, []
    known = ["." + ".".join(known[len(scope.group) :]) for known in scope.settings]
    message = f'fieldPath "{scalar.value}" names no setting of this group'
    return None, [Finding("CG302", Severity.ERROR, message, scalar.span, help=did_you_mean(str(scalar.value), known))]


def _at(scalar: Scalar, offset: int) -> Span:
    """One code point of an embedded text, where the author's file has it."""
    from chartgen.documents.text_offset import text_offset  # noqa: PLC0415 - rules that are right do not need it

    start = text_offset(scalar, offset)
    return Span(scalar.span.source, start, min(start + 1, len(scalar.span.source.text)))


def _scalar(written: MappingNode, keyword: str) -> Scalar | None:
    entry = written.get(keyword)
    node: Node | None = entry.value if entry else None
    return node if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _text(written: MappingNode, keyword: str) -> str:
    scalar = _scalar(written, keyword)
    return str(scalar.value) if scalar else ""
