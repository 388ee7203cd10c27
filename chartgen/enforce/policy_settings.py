"""A setting's own limits as variables of an admission policy: its text, what is wrong with it, its value.

What is wrong is a list of rows of texts, which `policy_findings.py` makes findings of: the kind of the row, the env name,
the value, what was expected. Kinds are `value` (a value within its type), `text` and `around` (a text of the user's, which
is put in quotes), and the type that a text cannot be read as.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chartgen.enforce.celexpression import chain, emit, literal, number_text, quoted
from chartgen.enforce.policy_cost import longest_text
from chartgen.records import dataclass
from chartgen.settings.constraints import Constraint, constraints
from chartgen.settings.expression import Path, Type
from chartgen.settings.model import Rule, Setting, Settings
from chartgen.settings.strings import INTEGER_PATTERN, NO_TEXT, NUMBER_PATTERN, render_text

GRAMMARS = {
    Type.INTEGER: f"^{INTEGER_PATTERN}$",
    Type.NUMBER: f"^{NUMBER_PATTERN}$",
    Type.BOOLEAN: "^(true|false)$",
}
"""The whole text of a value, by its type; a string may be any."""

LONGEST_VALUE = 1000
"""A longer text is nothing but a string, and is not looked at."""

_RELATION = 3


@dataclass(frozen=True)
class Variable:
    """A variable of a policy; `comment` is where the author wrote what it is about."""

    name: str
    expression: str
    comment: str = ""


def text_name(path: Path) -> str:
    """The text that the ConfigMap has, or that of the default."""
    return "variables.text_" + "_".join(path)


def wrong_name(path: Path) -> str:
    """The rows of what is wrong with it."""
    return "variables.wrong_" + "_".join(path)


def value_name(path: Path) -> str:
    """The value, the default where it is wrong."""
    return "variables.value_" + "_".join(path)


def shown_name(path: Path) -> str:
    """A text as messages have it, cut where they are cut anyway."""
    return "variables.shown_" + "_".join(path)


def of_all(settings: list[Setting]) -> Iterator[Variable]:
    """What the variables of all settings read: the data, and the rows of settings that are bytes."""
    yield Variable("data", "has(object.data) ? object.data : {}")
    envs = ", ".join(quoted(setting.env) for setting in settings)
    said = f"['rule', env + {quoted(NO_TEXT.format(env='', what='bytes'))}]"
    rows = f"[{envs}].filter(env, env in object.binaryData).map(env, {said})"
    yield Variable("bytes", f"has(object.binaryData)\n? {rows}\n: []")


def limits(
    setting: Setting, comment: str, rules: Sequence[Rule], *, is_told: bool, settings: Settings
) -> Iterator[Variable]:
    """The variables of a setting; `rules` are those that read it, `is_told` where the message of one does."""
    in_rules = bool(rules)
    text, wrong = text_name(setting.path), wrong_name(setting.path)
    default = quoted(render_text(setting.type, setting.default))
    yield _variable(text, f"variables.data[?{quoted(setting.env)}].orValue({default})", comment)
    if setting.type is Type.STRING:
        yield from _wrong_text(setting, longest_text(setting, rules, settings), in_rules=in_rules)
    else:
        yield _wrong_value(setting)
    if in_rules or is_told:
        default = literal(setting.default, setting.type)
        yield _variable(value_name(setting.path), f"{wrong}.size() == 0 ? {_positive_zero(setting)} : {default}")
    if (in_rules or is_told) and setting.type is Type.STRING:
        is_long = f"{text}.size() > 5000 && {wrong}.size() == 0"
        shown = f"{is_long} ? {text}.substring(0, 5000) : {value_name(setting.path)}"
        yield _variable(shown_name(setting.path), shown)


def _variable(name: str, expression: str, comment: str = "") -> Variable:
    return Variable(name.removeprefix("variables."), expression, comment)


def _wrong_value(setting: Setting) -> Variable:
    """The rows of an integer, a number or a boolean."""
    value = _parsed(setting)
    shown = {Type.INTEGER: f"string({value})", Type.NUMBER: number_text(_positive_zero(setting))}.get(
        setting.type, text_name(setting.path)
    )
    rows = [
        f"({emit(limit.holds, {setting.path: value})} ? [] : [{_row('value', setting, shown, quoted(limit.expected))}])"
        for limit in constraints(setting)
    ]
    unread = f"[{_row(setting.type.value, setting, text_name(setting.path))}]"
    return _variable(
        wrong_name(setting.path), f"!{_is_read(setting)} ? {unread}\n: {chain(rows, chr(10) + '+ ') or '[]'}"
    )


def _is_read(setting: Setting) -> str:
    """That the text follows the grammar of the setting's type."""
    text = text_name(setting.path)
    if setting.type is Type.BOOLEAN:
        return f"({text} in ['true', 'false'])"
    matches = f"{text}.matches({quoted(GRAMMARS[setting.type])})"
    # The pattern of integers is so short that any text may be asked.
    return matches if setting.type is Type.INTEGER else f"({text}.size() < {LONGEST_VALUE} && {matches})"


def _parsed(setting: Setting) -> str:
    """The value of a text that follows the grammar."""
    text = text_name(setting.path)
    return {
        Type.INTEGER: f"int({text})",
        Type.NUMBER: f"double({text})",
        Type.BOOLEAN: f"({text} == 'true')",
        Type.STRING: text,
    }[setting.type]


def _positive_zero(setting: Setting) -> str:
    """The value, and 0 for -0."""
    return f"{_parsed(setting)} + 0.0" if setting.type is Type.NUMBER else _parsed(setting)


def _wrong_text(setting: Setting, longest: int, *, in_rules: bool) -> Iterator[Variable]:
    """The rows of a text: those of its limits, or the one that blanks around it are what is wrong."""
    text, path = text_name(setting.path), setting.path
    found = constraints(setting)
    rows = [
        f"({_holds(setting, limit, text, longest)} ? [] : [{_row('text', setting, text, quoted(limit.expected))}])"
        for limit in found
    ]
    if (in_rules or setting.bounds.pattern is not None) and (setting.bounds.max_length or longest + 1) > longest:
        told = quoted(f"at most {longest} characters: longer ones are not checked here")
        rows.append(f"(size({text}) <= {longest} ? [] : [{_row('text', setting, text, told)}])")
    if not found:
        yield _variable(wrong_name(path), chain(rows, "\n+ ") or "[]")
        return
    broken, bare = "variables.broken_" + "_".join(path), f"{text}.trim()"
    yield _variable(broken, chain(rows, "\n+ "))
    allowed = "".join(f" && {_holds(setting, limit, bare, longest)}" for limit in found)
    around = _row("around", setting, text, f"{broken}[0][3]")
    yield _variable(wrong_name(path), f"{broken}.size() > 0 && {bare} != {text}{allowed} ? [{around}] : {broken}")


def _row(kind: str, setting: Setting, *texts: str) -> str:
    return f"[{', '.join((quoted(kind), quoted(setting.env), *texts))}]"


def _holds(setting: Setting, limit: Constraint, text: str, longest: int) -> str:
    names: Mapping[Path, str] = {setting.path: text}
    holds = emit(limit.holds, names, _RELATION)
    return f"(size({text}) > {longest} || {holds})" if limit.keyword == "pattern" else holds
