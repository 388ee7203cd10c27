"""The one message of an admission policy: rows of what is wrong become findings in chartgen's words.

Kubernetes takes no message of several lines, none of more than 5 KiB, and no warning with a control character: it would
tell of none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from chartgen.enforce.celexpression import chain, quoted
from chartgen.enforce.policy_settings import GRAMMARS, LONGEST_VALUE, Variable
from chartgen.settings.constraints import TYPE_NAMES
from chartgen.settings.expression import Type
from chartgen.settings.strings import AROUND, BROKEN, HOW, UNREAD, WITHOUT_BLANKS

BETWEEN = " | "
"""What stands between two findings."""

_LONGEST, _CUT = 80, 77  # of a text in a finding, as everywhere
_LONGEST_MESSAGE = 5000  # bytes
_SHORTENED = 4900
_SHORTEST = 1200  # characters, which are never more bytes than that
_ESCAPED = [*map(chr, range(32)), '"', "\\"]


def findings(rows: list[str], types: Iterable[Type]) -> Iterator[Variable]:
    """All rows, and the message of them; `types` are those that a row may say a text cannot be read as."""
    types = [type_ for type_ in dict.fromkeys(types) if type_ is not Type.STRING]
    yield Variable("rows", chain(rows, "\n+ "))
    yield Variable("escapes", _map((char, json.dumps(char)[1:-1]) for char in _ESCAPED))
    if types:
        yield Variable("grammars", _map((type_.value, GRAMMARS[type_]) for type_ in types))
        yield Variable("unread", _map((type_.value, _unread(type_)) for type_ in types))
        yield Variable("unread_for_blanks", _map((type_.value, _unread_for_blanks(type_)) for type_ in types))
    yield Variable("quoted", _quoted(unread=bool(types)))
    cut = f"part[1].size() > {_LONGEST} ? part[1].substring(0, {_CUT}) + '...' : part[1]"
    yield Variable("findings", f"variables.quoted.map(part, part.size() == 1 ? part[0] : part[0] + ({cut}) + part[2])")
    yield Variable("text", f"variables.findings.join({quoted(BETWEEN)})")
    text, short = "variables.text", "variables.shortened"
    yield Variable("shortened", f"{text}.size() > {_SHORTENED} ? {text}.substring(0, {_SHORTENED}) : {text}")
    cut = f"bytes({short}).size() <= {_LONGEST_MESSAGE} ? {short} : {text}.substring(0, {_SHORTEST})"
    yield Variable("told", f"bytes({text}).size() <= {_LONGEST_MESSAGE} ? {text}\n: ({cut}) + ' ...'")
    control = quoted(r"\p{Cc}")
    blanks = f"variables.told.split('').map(char, char.matches({control}) ? ' ' : char).join('')"
    yield Variable("message", f"variables.told.matches({control})\n? {blanks}\n: variables.told")


def _quoted(*, unread: bool) -> str:
    """Each row as a finding, or as the three parts of one that has a text of the user's in its middle, as in JSON."""
    is_, expected = _between(BROKEN)
    start = f"(row[2].size() > {_LONGEST} ? row[2].substring(0, {_LONGEST}) : row[2])"
    inner = f"{start}.split('').map(char, char in variables.escapes ? variables.escapes[char] : char).join('')"
    around = f"{quoted(_between(AROUND)[1])} + row[3] + {quoted(f'; {WITHOUT_BLANKS}')}"
    tail = f"row[0] == 'around' ? {around} : {quoted(expected)} + row[3]"
    if unread:
        for_blanks = f"row[2].size() < {LONGEST_VALUE} && row[2].trim().matches(variables.grammars[row[0]])"
        tails = f"({for_blanks} ? variables.unread_for_blanks : variables.unread)[row[0]]"
        tail = f"row[0] in variables.unread ? {tails} : {tail}"
    return (
        "variables.rows.map(row, row[0] == 'rule' ? [row[1]]\n"
        f": row[0] == 'value' ? [row[1] + {quoted(is_)} + row[2] + {quoted(expected)} + row[3]]\n"
        f": [row[1] + {quoted(is_)}, '\"' + {inner} + '\"',\n"
        f"  {tail}])"
    )


def _between(said: str) -> tuple[str, str]:
    """What a sentence has between the name and the value, and between that and what was expected."""
    first, second, _ = said.format(env="", shown="\n", expected="\n").split("\n")
    return first, second


def _unread(type_: Type) -> str:
    return f"{_between(UNREAD)[1]}{TYPE_NAMES[type_]}; write {HOW[type_]}"


def _unread_for_blanks(type_: Type) -> str:
    return f"{_between(AROUND)[1]}{TYPE_NAMES[type_]} alone; {WITHOUT_BLANKS}"


def _map(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {quoted(text)}" for key, text in pairs) + "}"
