"""A setting's own limits as variables of an admission policy: its text, what is wrong with it, its value.

What is wrong is a list of rows. A row of one text is a finding; one of three is what stands before, in and behind the
quotes that the policy puts around a text of the user's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chartgen.enforce.celexpression import chain, emit, literal, number_text, quoted
from chartgen.records import dataclass
from chartgen.settings.constraints import TYPE_NAMES, Constraint, constraints
from chartgen.settings.expression import Path, Type
from chartgen.settings.model import Setting
from chartgen.settings.strings import (
    AROUND,
    BROKEN,
    HOW,
    INTEGER_PATTERN,
    NO_TEXT,
    NUMBER_PATTERN,
    UNREAD,
    WITHOUT_BLANKS,
    render_text,
)

LONGEST_TEXT = 100_000
"""The most characters of a text that patterns and rules are asked of: the API server bounds what they may cost."""

_PATTERN_COST = 9_000_000
_LONGEST_NUMBER = 1000


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


def constants(settings: list[Setting]) -> Iterator[Variable]:
    """What the variables of all settings share."""
    yield Variable("data", "has(object.data) ? object.data : {}")
    yield Variable("bytes", "has(object.binaryData) ? object.binaryData.map(key, key) : []")
    for type_ in dict.fromkeys(setting.type for setting in settings if setting.type is not Type.STRING):
        unread = UNREAD.format(env="", shown="", expected=TYPE_NAMES[type_]).removeprefix(" is ")
        around = AROUND.format(env="", shown="", expected=f"{TYPE_NAMES[type_]} alone").removeprefix(" is ")
        yield Variable(f"unread_{type_.value}", quoted(f"{unread}; write {HOW[type_]}"))
        yield Variable(f"around_{type_.value}", quoted(f"{around}; {WITHOUT_BLANKS}"))


def limits(setting: Setting, comment: str, *, in_rules: bool) -> Iterator[Variable]:
    """The variables of a setting; `in_rules` where one reads it."""
    default = quoted(render_text(setting.type, setting.default))
    text = text_name(setting.path)
    yield _variable(text, f"variables.data[?{quoted(setting.env)}].orValue({default})", comment)
    if setting.type is Type.STRING:
        yield from _wrong_text(setting, in_rules=in_rules)
    else:
        yield _variable(wrong_name(setting.path), _unless_bytes(setting, _wrong_scalar(setting)))
    if in_rules:
        is_right = f"{wrong_name(setting.path)}.size() == 0"
        value = f"{is_right} ? {_parsed(setting)} : {literal(setting.default, setting.type)}"
        yield _variable(value_name(setting.path), value)
        if setting.type is Type.STRING:
            shown = f"{text}.size() > 5000 ? {text}.substring(0, 5000) : {value_name(setting.path)}"
            yield _variable(shown_name(setting.path), shown)


def _variable(name: str, expression: str, comment: str = "") -> Variable:
    return Variable(name.removeprefix("variables."), expression, comment)


def _unless_bytes(setting: Setting, rows: str) -> str:
    said = quoted(NO_TEXT.format(env=setting.env, what="bytes"))
    return f"{quoted(setting.env)} in variables.bytes ? [[{said}]]\n: {rows}"


def _wrong_scalar(setting: Setting) -> str:
    """The rows of an integer, a number or a boolean."""
    text, type_ = text_name(setting.path), setting.type.value
    tail = f"{_reads(setting, f'{text}.trim()')} ? variables.around_{type_} : variables.unread_{type_}"
    unread = f"[[{quoted(f'{setting.env} is ')}, {text}, {tail}]]"
    names = {setting.path: _parsed(setting)}
    rows = [
        f"({emit(limit.holds, names)} ? [] : [[{quoted(f'{setting.env} is ')} + {_shown(setting)} + {_behind(limit)}]])"
        for limit in constraints(setting)
    ]
    return f"!({_reads(setting, text)}) ? {unread}\n: {chain(rows, chr(10) + '+ ') or '[]'}"


def _behind(limit: Constraint) -> str:
    return quoted(BROKEN.format(env="", shown="", expected=limit.expected).removeprefix(" is "))


def _reads(setting: Setting, text: str) -> str:
    """That a text follows the grammar of the setting's type."""
    if setting.type is Type.BOOLEAN:
        return f"{text} in ['true', 'false']"
    pattern = INTEGER_PATTERN if setting.type is Type.INTEGER else NUMBER_PATTERN
    return f"{text}.size() < {_LONGEST_NUMBER} && {text}.matches({quoted(f'^{pattern}$')})"


def _parsed(setting: Setting) -> str:
    """The value of a text that follows the grammar."""
    text = text_name(setting.path)
    return {
        Type.INTEGER: f"int({text})",
        Type.NUMBER: f"double({text})",
        Type.BOOLEAN: f"({text} == 'true')",
        Type.STRING: text,
    }[setting.type]


def _shown(setting: Setting) -> str:
    """A value within the type as findings show it."""
    text = text_name(setting.path)
    if setting.type is Type.NUMBER:
        return number_text(f"double({text}) + 0.0")
    return text if setting.type is Type.BOOLEAN else f"string(int({text}))"


def _wrong_text(setting: Setting, *, in_rules: bool) -> Iterator[Variable]:
    """The rows of a text: those of its limits, or the one that blanks around it are what is wrong."""
    text, path = text_name(setting.path), setting.path
    found = constraints(setting)
    rows = [f"({_holds(setting, limit, text)} ? [] : [{_row(setting, _behind(limit))}])" for limit in found]
    longest = _longest(setting)
    if (in_rules or setting.bounds.pattern is not None) and (setting.bounds.max_length or longest + 1) > longest:
        told = quoted(f"; expected at most {longest} characters: longer ones are not checked here")
        rows.append(f"(size({text}) <= {longest} ? [] : [{_row(setting, told)}])")
    if not rows:
        yield _variable(wrong_name(path), _unless_bytes(setting, "[]"))
        return
    broken = "variables.broken_" + "_".join(path)
    yield _variable(broken, chain(rows, "\n+ "))
    bare = f"{text}.trim()"
    allowed = "".join(f" && {_holds(setting, limit, bare)}" for limit in found)
    tail = f"{quoted(_AROUND)} + {broken}[0][2] + {quoted(f'; {WITHOUT_BLANKS}')}"
    around = f"{broken}.size() > 0 && {bare} != {text}{allowed} ? [{_row(setting, tail)}]\n: {broken}"
    yield _variable(wrong_name(path), _unless_bytes(setting, around))


_AROUND = AROUND.format(env="", shown="", expected="\n").removeprefix(" is ").partition("; ")[0]


def _row(setting: Setting, tail: str) -> str:
    return f"[{quoted(f'{setting.env} is ')}, {text_name(setting.path)}, {tail}]"


def _holds(setting: Setting, limit: Constraint, text: str) -> str:
    names: Mapping[Path, str] = {setting.path: text}
    holds = emit(limit.holds, names, 3)
    return f"(size({text}) > {_longest(setting)} || {holds})" if limit.keyword == "pattern" else holds


def _longest(setting: Setting) -> int:
    """As `LONGEST_TEXT`; less for a pattern that is very long."""
    cost = -(-len((setting.bounds.pattern or "").encode()) // 4) or 1
    return min(LONGEST_TEXT, _PATTERN_COST // cost)
