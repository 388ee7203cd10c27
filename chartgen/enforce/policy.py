"""Settings as ValidatingAdmissionPolicies: what the API server itself asks of the settings' ConfigMap.

One policy for errors, one for warnings, in the words of the other enforcers. A policy is a list of variables, each
evaluated when it is asked for, and one validation: the API server tells the first that fails, so all that is wrong is
collected in one. What stands here is the same for every release; names are the chart's, or the manifest's.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator

from chartgen.enforce.celexpression import chain, quoted
from chartgen.enforce.policy_rules import broken_name, holds, said
from chartgen.enforce.policy_settings import Variable, constants, limits, wrong_name
from chartgen.finding import Severity
from chartgen.settings.model import DIGEST_ANNOTATION, Rule, Setting, Settings
from chartgen.settings.solve import mends

ACTIONS = {Severity.ERROR: ("Deny", "Audit"), Severity.WARNING: ("Warn",)}
"""What the API server does about findings, by their severity; no binding may deny and warn at once."""

FILES = {Severity.ERROR: "errors", Severity.WARNING: "warnings"}
"""What a policy is of, by the severity of its findings: the end of its name, and the name of its file in a chart."""

BETWEEN = " | "
"""What stands between two findings: the API server refuses a message of several lines."""

_LONGEST_FINDING, _CUT = 80, 77
_LONGEST_MESSAGE = 5000  # bytes; Kubernetes drops messages of more than 5 KiB
_SHORTENED = 4900
_SHORTEST = 1200  # characters that are never more bytes than that


def policy_spec(settings: Settings, severity: Severity) -> str:
    """The conditions, variables and validation of a policy as YAML; empty where it would have nothing to say."""
    rules = [rule for rule in settings.rules if rule.severity is severity]
    if not (rules or (severity is Severity.ERROR and settings.settings)):
        return ""
    variables = list(_variables(settings, rules, all_=severity is Severity.ERROR))
    return "\n".join([*_conditions(settings), *_listed(variables), *_validations()]) + "\n"


def _conditions(settings: Settings) -> Iterator[str]:
    digest = quoted(settings.digest)
    own = f"object.metadata.?annotations[?{quoted(DIGEST_ANNOTATION)}].orValue({digest}) == {digest}"
    yield "# A ConfigMap of another version of the schema is that version's: Helm changes it before this policy."
    yield "matchConditions:"
    yield "  - name: schema"
    yield from _block("expression", own)


def _listed(variables: Iterable[Variable]) -> Iterator[str]:
    yield "variables:"
    for variable in variables:
        if variable.comment:
            yield f"  # {variable.comment}"
        yield f"  - name: {variable.name}"
        yield from _block("expression", variable.expression)


def _validations() -> Iterator[str]:
    yield "validations:"
    yield "  - expression: variables.rows.size() == 0"
    yield "    reason: Invalid"
    yield "    message: the settings are invalid"
    yield "    messageExpression: variables.message"


def _block(key: str, text: str) -> Iterator[str]:
    yield f"    {key}: |-"
    yield from (f"      {line}" for line in text.split("\n"))


def _variables(settings: Settings, rules: list[Rule], *, all_: bool) -> Iterator[Variable]:
    judged = _judged(settings, rules)
    read = {path for rule in judged for path in rule.operands}
    used = [setting for setting in settings.settings if all_ or setting.path in read]
    yield from constants(used)
    for setting in used:
        yield from limits(setting, _comment(setting), in_rules=setting.path in read)
    for rule in judged:
        yield holds(rule, settings, _comment(rule))
    for rule in rules:
        yield from said(rule, settings, _comment(rule))
    rows = [wrong_name(setting.path) for setting in used if all_]
    yield from _findings([*rows, *(broken_name(rule, settings) for rule in rules)])


def _judged(settings: Settings, rules: list[Rule]) -> list[Rule]:
    """The rules, and those that their mends must keep, in the schema's order."""
    kept = {id(other) for rule in rules for mend in mends(rule, settings) for other in mend.keeps}
    return [rule for rule in settings.rules if id(rule) in kept or rule in rules]


def _findings(rows: list[str]) -> Iterator[Variable]:
    """All rows, and the one message of them; a text of the user's stands there as in JSON, cut as everywhere."""
    yield Variable("rows", chain(rows, "\n+ "))
    pairs = ", ".join(f"{quoted(char)}: {quoted(json.dumps(char)[1:-1])}" for char in _ESCAPED)
    yield Variable("escapes", f"{{{pairs}}}")
    start = f"(row[1].size() > {_LONGEST_FINDING} ? row[1].substring(0, {_LONGEST_FINDING}) : row[1])"
    inner = f"{start}.split('').map(char, char in variables.escapes ? variables.escapes[char] : char).join('')"
    escaped = f"variables.rows.map(row, row.size() == 1 ? row : [row[0], '\"' + {inner} + '\"', row[2]])"
    cut = f"(row[1].size() > {_LONGEST_FINDING} ? row[1].substring(0, {_CUT}) + '...' : row[1])"
    yield Variable("findings", f"{escaped}\n.map(row, row.size() == 1 ? row[0] : row[0] + {cut} + row[2])")
    yield Variable("text", f"variables.findings.join({quoted(BETWEEN)}).replace('\\n', ' ')")
    text, short = "variables.text", "variables.shortened"
    yield Variable("shortened", f"{text}.size() > {_SHORTENED} ? {text}.substring(0, {_SHORTENED}) : {text}")
    cut = f"bytes({short}).size() <= {_LONGEST_MESSAGE} ? {short} : {text}.substring(0, {_SHORTEST})"
    yield Variable("message", f"bytes({text}).size() <= {_LONGEST_MESSAGE} ? {text}\n: ({cut}) + ' ...'")


_ESCAPED = [*map(chr, range(32)), '"', "\\"]


def _comment(origin: Setting | Rule) -> str:
    """Where the author wrote what the next lines enforce; the file's name alone, so that every machine writes it alike."""
    span = origin.span
    place = f"{_one_line(pathlib.PurePath(span.source.name).name)}:{span.line} " if span is not None else ""
    return place + _one_line(origin.name if isinstance(origin, Setting) else origin.expression)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))
