"""Faults of values, and which of them to tell where a value fits none of several schemas.

A value that fits no branch of an `anyOf` or `oneOf` breaks each of them in some way. People want to hear of the branch
that they meant: the one of the right type, with the right word in the key that tells the branches apart, whose keys are
there, that is broken deepest and least.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from chartgen.documents.dialects import Steps
from chartgen.records import dataclass, replace

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

_WORDS = frozenset({"const", "enum"})
_UNKNOWN = frozenset({"additionalProperties", "unevaluatedProperties"})
_KEYS = _UNKNOWN | {"required", "dependentRequired", "falseSchema"}


@dataclass(frozen=True)
class Fault:
    """One keyword that a value breaks.

    `path` leads to the value, or to the key where the key is at fault. `limit` is the keyword's own value: a number for
    `maximum`, a list of types for `type`, the missing key for `required`; for a key that is not allowed it is the sorted
    list of those that are. `schema_path` leads to the keyword in the schema, references resolved. `chosen_by` are the
    paths of the values whose words chose, among alternatives, the one that the keyword is of.
    """

    path: Steps
    keyword: str
    message: str
    limit: Plain
    schema_path: Steps
    chosen_by: tuple[Steps, ...] = ()


def nearest_branch(branches: Sequence[list[Fault]], whole: Fault) -> list[Fault]:
    """The faults to tell of a value that breaks every branch; `whole` is the fault of the keyword itself.

    Where no branch is nearer, what all of them ask is told at once: a type, a word, a key.
    """
    failed = [branch for branch in branches if branch]
    if len(failed) < len(branches) or not failed:
        return [whole]
    if all(_is_of_wrong_type(branch, whole.path) for branch in failed):
        return [_any_type(failed, whole)]
    words = _told_apart_by(failed)
    if words is not None:
        return [_any_word(failed, words, whole)]
    if all(fault.keyword == "required" and fault.path == whole.path for branch in failed for fault in branch):
        return [_any_key(failed, whole)]
    # What is one branch's own, and unknown to another, tells them apart by being there, not by its word.
    no_choice = _common(failed).union(*map(_unknown, failed))
    nearest = min(failed, key=lambda branch: _distance(branch, whole.path, no_choice))
    return _chosen(nearest, failed, no_choice)


def _chosen(nearest: list[Fault], branches: Iterable[list[Fault]], no_choice: set[Steps]) -> list[Fault]:
    """The faults of a branch, with the values that others want to have another word."""
    others = set[Steps]().union(*map(_words, branches)) - _words(nearest) - no_choice
    if not others:
        return nearest
    paths = tuple(sorted(others, key=lambda path: [str(step) for step in path]))
    return [replace(fault, chosen_by=(*fault.chosen_by, *paths)) for fault in nearest]


def _is_of_wrong_type(branch: Iterable[Fault], path: Steps) -> bool:
    return any(fault.keyword == "type" and fault.path == path for fault in branch)


def _words(branch: Iterable[Fault]) -> set[Steps]:
    """Where the branch asks for other words."""
    return {fault.path for fault in branch if fault.keyword in _WORDS}


def _unknown(branch: Iterable[Fault]) -> set[Steps]:
    """The keys that the branch does not know."""
    return {fault.path for fault in branch if fault.keyword in _UNKNOWN}


def _common(branches: Sequence[list[Fault]]) -> set[Steps]:
    return set.intersection(*map(_words, branches))


def _told_apart_by(branches: Sequence[list[Fault]]) -> Steps | None:
    """The value whose word every branch wants to be another one."""
    common = _common(branches)
    return min(common, key=lambda path: (len(path), [str(step) for step in path])) if common else None


def _any_type(branches: Sequence[list[Fault]], whole: Fault) -> Fault:
    faults = [fault for branch in branches for fault in branch if fault.keyword == "type" and fault.path == whole.path]
    names = sorted({str(name) for fault in faults for name in cast("list[Plain]", fault.limit)})
    message = f"the value is not of types {', '.join(names)}"
    return Fault(whole.path, "type", message, [*names], whole.schema_path)


def _any_word(branches: Sequence[list[Fault]], path: Steps, whole: Fault) -> Fault:
    faults = [fault for branch in branches for fault in branch if fault.keyword in _WORDS and fault.path == path]
    options: dict[str, Plain] = {}
    for fault in faults:
        for option in fault.limit if fault.keyword == "enum" and isinstance(fault.limit, list) else [fault.limit]:
            options.setdefault(repr(option), option)
    return Fault(path, "enum", "the value is none of those allowed", [*options.values()], whole.schema_path)


def _any_key(branches: Sequence[list[Fault]], whole: Fault) -> Fault:
    names = [" and ".join(f'"{fault.limit}"' for fault in branch) for branch in branches]
    message = f"the value lacks {' or '.join(dict.fromkeys(names))}"
    return Fault(whole.path, whole.keyword, message, None, whole.schema_path)


def _distance(branch: list[Fault], path: Steps, no_choice: set[Steps]) -> tuple[bool, bool, int, int, int]:
    keys = sum(fault.keyword in _KEYS for fault in branch)
    tells_apart = bool(_words(branch) - no_choice)
    return _is_of_wrong_type(branch, path), tells_apart, keys, -min(len(fault.path) for fault in branch), len(branch)
