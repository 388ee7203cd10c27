"""Google's CEL, the only front end of rules: what compiles here is a rule, and what it evaluates to is the truth.

Each setting is declared as one variable with a qualified name (`self.jobs.timeoutMs`), so that operands are typed and
an unknown setting is an error at its column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cel_expr_python import cel

from chartgen.records import dataclass, field
from chartgen.settings.checked import OutsideSubsetError, read_checked
from chartgen.settings.expression import Expression, Path, Type, Value, references

_TYPES = {
    Type.INTEGER: cel.Type.INT,
    Type.NUMBER: cel.Type.DOUBLE,
    Type.BOOLEAN: cel.Type.BOOL,
    Type.STRING: cel.Type.STRING,
}
_ERROR = r"(?s)ERROR: <input>:(\d+):(\d+): (.*?)(?=\n \| |\n?ERROR: <input>| \[INVALID_ARGUMENT\]|$)"


@dataclass(frozen=True)
class CelFault:
    """Why a text is not a rule: an offset (code points) into it, what is wrong, and what to do."""

    offset: int
    message: str
    remedy: str = ""
    outside_subset: bool = False


@dataclass(frozen=True)
class Compiled:
    """A compiled expression: its nodes, and CEL's own program with the name that it has for each setting."""

    tree: Expression
    _program: Any = field(repr=False)
    _names: Mapping[Path, str] = field(repr=False)
    _numbers: frozenset[Path] = field(repr=False)

    def evaluate(self, values: Mapping[Path, Value]) -> Value | None:
        """The value for these settings; None where CEL reports an error (a division by zero, an overflow)."""
        data = {
            name: float(values[path]) if path in self._numbers else values[path] for path, name in self._names.items()
        }
        result = self._program.eval(data=data)
        # An error's plain value is a text, which is true: the type must be asked first.
        if result.type() == cel.Type.ERROR:
            return None
        value: Value = result.plain_value()
        return value


@dataclass(frozen=True)
class Scope:
    """The settings that the rules of a group can name, by their paths below the root, with their types."""

    group: Path
    settings: Mapping[Path, Type]

    @cached_property
    def _names(self) -> Mapping[str, Path]:
        """What rules call each setting: `self`, then its path below the group."""
        return {".".join(("self", *path[len(self.group) :])): path for path in self.settings}

    @cached_property
    def _environment(self) -> Any:  # noqa: ANN401 - the library has no types
        return cel.NewEnv(variables={name: _TYPES[self.settings[path]] for name, path in self._names.items()})

    def compile(self, text: str, result: Type) -> Compiled | tuple[CelFault, ...]:
        """The expression, or every fault in it, in order of place. `result` is the type that it must have."""
        try:
            program = self._environment.compile(text)
        except RuntimeError as error:
            return _faults(text, str(error))
        if program.return_type() != _TYPES[result]:
            found = str(program.return_type()).lower()
            return (CelFault(0, f"the expression gives {found}, not {_TYPES[result]!r}".lower(), "write a comparison"),)
        try:
            tree = read_checked(program.serialize(), text, self._names)
        except OutsideSubsetError as error:
            return (CelFault(error.offset, error.message, error.remedy, outside_subset=True),)
        # Of many settings a rule reads few; CEL asks for no others.
        read = references(tree)
        names = {path: ".".join(("self", *path[len(self.group) :])) for path in read}
        return Compiled(tree, program, names, frozenset(path for path in read if self.settings[path] is Type.NUMBER))


def _faults(text: str, report: str) -> tuple[CelFault, ...]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    faults = [
        CelFault(min(starts[int(line) - 1] + int(column) - 1, len(text)), _plain(message), _remedy(message))
        for line, column, message in re.findall(_ERROR, report)
    ]
    if faults and "recursion depth" not in report:
        return tuple(faults)
    if "recursion" in report or "limit" in report:
        return (CelFault(0, "it is deeper or longer than CEL reads", "split it into several rules"),)
    return (CelFault(0, report.strip().splitlines()[0]),)


def _plain(message: str) -> str:
    return message.partition(" expecting {")[0].strip().replace(" (in container '')", "")


def _remedy(message: str) -> str:
    if "undeclared reference to 'self" in message:
        return "name a setting of this group: self.<name>"
    if "undeclared reference" in message:
        return "settings are named with `self.` before them"
    if "no matching overload" in message:
        return "both sides must have one type; a number is compared with a literal that has a point, such as 1.0"
    return ""
