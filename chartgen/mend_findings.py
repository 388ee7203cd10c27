"""Findings in values, with the edits that mend them and the words for it.

Nothing is proposed that was not tried: with the new values the chart's schema says nothing that it did not say before,
and every rule that held still holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeAlias

from chartgen.documents.json_schema import Checker, Fault
from chartgen.documents.layers import Path as Steps
from chartgen.documents.nodes import Plain, Scalar
from chartgen.documents.scalars import Value as Loose
from chartgen.documents.scalars import whole
from chartgen.edits import Edit
from chartgen.finding import Finding
from chartgen.mend_faults import nearest_value
from chartgen.records import dataclass, replace
from chartgen.rule_findings import ROOT
from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import BrokenRule, has_type
from chartgen.settings.model import NUMBER_DECIMALS, Settings
from chartgen.settings.propose import Changes, Proposals
from chartgen.settings.readings import certain

if TYPE_CHECKING:
    from chartgen.mend_places import View
    from chartgen.source import Source

Cause: TypeAlias = "Path | Fault | BrokenRule"
"""What a finding tells of: the path of a setting whose value breaks its limits, a fault of the schema, a broken rule."""

_SEARCHED_SAID = 5
"""How many of the mends that were searched for the help of one finding names."""
_WRITTEN = 4
"""How many of the mends of one finding have edits: the first, and others for where that one does not do for all."""
_TRIED_ALONE = 20
"""How many new values are tried one by one where all of them together do not do."""


class Where(Protocol):
    """Where values can be changed, as `Places` has it."""

    @property
    def view(self) -> View:
        """The effective values."""

    def file_of(self, path: Steps) -> int:
        """Which of the files the value at a path is from; -1 if it is from none."""

    def edit(self, path: Steps, value: Loose, siblings: Sequence[str] = (), told: int = -1) -> Edit | None:
        """The edit that makes the value at a path another one; None where no file can."""

    def words(self, edit: Edit, path: Steps, told: Source | None) -> str:
        """What an edit of the value at a path does, for people; the file is named where it is not the one that is `told`."""

    def instead(self, path: Steps, value: Loose) -> str:
        """The flag to pass instead of the one that set the value at a path; empty where that takes more words."""


@dataclass(frozen=True)
class Judged:
    """What a judge knows of one chart's values.

    `values` has every setting, those in `wrong` with their defaults; `faults` are all that the schema says.
    """

    settings: Settings
    checker: Checker
    places: Where
    values: Mapping[Path, Value]
    wrong: frozenset[Path]
    faults: Sequence[Fault]
    broken: Sequence[BrokenRule]

    @cached_property
    def proposals(self) -> Proposals:
        """What mends the broken rules."""
        return Proposals(self.settings, self.values, self.wrong, self.broken)

    def allows(self, new: Mapping[Steps, Loose]) -> bool:
        """Whether the schema has nothing new to say of the values, and nothing of the new ones."""
        values = _with(dict(self.places.view.values), new)
        if not self.faults:
            return self.checker.is_valid(values)
        before = {(fault.path, fault.keyword) for fault in self.faults}
        after = {(fault.path, fault.keyword) for fault in self.checker.faults(values)}
        return after <= before and not any(path in new for path, _ in after)


def with_mends(told: Iterable[tuple[Finding, Cause]], judged: Judged) -> list[Finding]:
    """The findings with their edits, and with words for mends that isolation alone did not find."""
    told = list(told)
    new: dict[Steps, Loose] = {}
    for _, cause in told:
        path = _path(cause)
        # A value that breaks several limits is moved by each in turn, so that it satisfies the last one, too.
        if path is not None and (path not in new or new[path] is not None):
            new[path] = _value(cause, new.get(path), judged)
    new = _allowed({path: value for path, value in new.items() if value is not None}, judged)
    return [_mended(finding, cause, new, judged) for finding, cause in told]


def _path(cause: Cause) -> Steps | None:
    """Where the value stands that is at fault; None for a rule."""
    if isinstance(cause, BrokenRule):
        return None
    return cause.path if isinstance(cause, Fault) else (ROOT, *cause)


def _value(cause: Cause, moved: Loose, judged: Judged) -> Loose:
    """What to write instead of the value that is at fault, `moved` by what was told before; None where nobody knows."""
    assert not isinstance(cause, BrokenRule)
    leaf = judged.places.view.leaf(_path(cause) or ())
    if leaf is None or not isinstance(leaf.node, Scalar) or leaf.node.value is None:
        return None
    value, text = leaf.node.value, leaf.node.span.text
    if isinstance(cause, Fault):
        return nearest_value(cause, value if moved is None else moved, text, judged.checker.schema)
    setting = judged.settings.setting(cause)
    if setting.type is Type.NUMBER and isinstance(value, float):
        value = round(value, NUMBER_DECIMALS)
    read = value if has_type(setting.type, value) else certain([setting.type.value], value, text, setting.unit)
    found = judged.proposals.for_wrong(setting, read) if read is not None else None
    return whole(found) if isinstance(found, float) else found


def _allowed(new: dict[Steps, Loose], judged: Judged) -> dict[Steps, Loose]:
    """Those of the new values that the schema allows."""
    if not new or judged.allows(new):
        return new
    return {path: value for path, value in list(new.items())[:_TRIED_ALONE] if judged.allows({path: value})}


def _mended(finding: Finding, cause: Cause, new: Mapping[Steps, Loose], judged: Judged) -> Finding:
    if isinstance(cause, BrokenRule):
        return _mended_rule(finding, cause, judged)
    path = _path(cause) or ()
    if path not in new or finding.code == "CG206":
        return finding
    edit = judged.places.edit(path, new[path], _siblings(path, judged.settings))
    if edit is not None:
        other = finding.help.replace("give a value", ", or another value", 1) if finding.code == "CG202" else ""
        words = judged.places.words(edit, path, finding.primary.source if finding.primary else None)
        return replace(finding, edits=(edit,), help=f"{words}{other}")
    instead = judged.places.instead(path, new[path])
    return replace(finding, help=f"pass {instead}") if instead else finding


def _mended_rule(finding: Finding, broken: BrokenRule, judged: Judged) -> Finding:
    options = [changes for changes in judged.proposals.for_rule(broken) if judged.allows(_loose(changes))]
    written = (edits for changes in options if (edits := _edits(changes, broken, judged)))
    edits, *others = [*dict.fromkeys(islice(written, _WRITTEN))] or [()]
    return replace(finding, edits=edits, alternatives=tuple(others), help=_help(options, broken, judged))


def _loose(changes: Changes) -> dict[Steps, Loose]:
    return {(ROOT, *path): whole(value) if isinstance(value, float) else value for path, value in changes.items()}


def _edits(changes: Changes, broken: BrokenRule, judged: Judged) -> tuple[Edit, ...]:
    """The edits of all changes; none if one of them cannot be written."""
    places = judged.places
    told = max((places.file_of((ROOT, *path)) for path in broken.rule.operands), default=-1)
    edits = [
        places.edit(path, value, _siblings(path, judged.settings), told) for path, value in _loose(changes).items()
    ]
    return tuple(edit for edit in edits if edit is not None) if None not in edits else ()


def _help(options: Sequence[Changes], broken: BrokenRule, judged: Judged) -> str:
    """The mends that every enforcer names, then those that were searched for, then what to pass instead of flags."""
    single: Changes = {}
    for changes in options:
        for path, value in changes.items() if len(changes) == 1 else ():
            single.setdefault(path, value)
    words = dict.fromkeys(_words(options, single, broken, judged))
    flags = filter(None, (judged.places.instead(where, value) for where, value in _loose(single).items()))
    passed = " or ".join(flags)
    return ", or ".join(words) + (f"; pass {passed}" if passed else "")


def _words(options: Sequence[Changes], single: Changes, broken: BrokenRule, judged: Judged) -> Iterator[str]:
    """Each setting with one value: where another rule asks for another value than this one, with that.

    `single` has the best value of each setting that mends the rule alone.
    """
    words = judged.proposals.words
    named = [(mend.path, evaluate(mend.value, judged.values)) for mend in broken.mends]
    for (path, _), own in zip(named, broken.mend_words, strict=True):
        fits = path not in single or (path, single[path]) in named
        yield (own if fits else words({path: single[path]})).replace("\n", " ")
    known = {path for path, _ in named}
    others = [changes for changes in options if len(changes) > 1 or changes.items() <= single.items()]
    others = [changes for changes in others if len(changes) > 1 or known.isdisjoint(changes)]
    yield from (words(changes).replace("\n", " ") for changes in others[:_SEARCHED_SAID])


def _siblings(path: Steps, settings: Settings) -> list[str]:
    """The keys behind which a setting is to stand: those that the schema has before it in its group, nearest first."""
    group = path[1:-1]
    names = [setting.path[-1] for setting in settings.settings if setting.path[:-1] == group]
    before = names[: names.index(str(path[-1]))] if path[-1] in names else []
    return [*reversed(before)]


def _with(values: Plain, new: Mapping[Steps, Loose]) -> Plain:
    """The values with others at some paths; only what is on the way is made anew."""
    if () in new:
        return new[()]
    below: dict[str | int, dict[Steps, Loose]] = {}
    for path, value in new.items():
        below.setdefault(path[0], {})[path[1:]] = value
    if isinstance(values, list):
        items = [*values]
        for key, inner in below.items():
            if isinstance(key, int) and key < len(items):
                items[key] = _with(items[key], inner)
        return items
    known = values if isinstance(values, dict) else {}
    return known | {str(key): _with(known.get(str(key)), inner) for key, inner in below.items()}
