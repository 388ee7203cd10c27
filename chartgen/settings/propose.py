"""Which settings to change, and to what, so that broken rules hold: one setting each, or two where one cannot do it.

Every proposal is proven: with it, the rule holds, and so does every rule that held before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

from chartgen.finding import Severity
from chartgen.names import likeliest
from chartgen.records import dataclass
from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import BrokenRule, broken_rules
from chartgen.settings.model import Rule, Setting, Settings
from chartgen.settings.search import allowed, ends, holds, nearest
from chartgen.settings.strings import render_text

Changes: TypeAlias = "dict[Path, Value]"
"""New values of settings that together mend something."""

_PAIRED = 6
"""How many settings are tried in pairs."""

_TOGETHER = 6
"""How many broken rules that share settings are mended together; of more, each is mended alone."""


@dataclass(frozen=True)
class Proposals:
    """What mends the broken rules of some values.

    `values` has every setting; those in `wrong` break a limit of their own and stand with their defaults, so that no rule
    that reads one of them counts.
    """

    settings: Settings
    values: Mapping[Path, Value]
    wrong: frozenset[Path]
    broken: Sequence[BrokenRule]

    @cached_property
    def _rank(self) -> Mapping[Path, tuple[float, int]]:
        """The order of `x-mend`, then of the schema."""
        return {
            setting.path: (float("inf") if setting.mend_order is None else setting.mend_order, place)
            for place, setting in enumerate(self.settings.settings)
        }

    @cached_property
    def _broken(self) -> frozenset[int]:
        """The broken rules, by identity: to compare them is slow where there are many."""
        return frozenset(id(other.rule) for other in self.broken)

    def for_rule(self, broken: BrokenRule) -> list[Changes]:
        """The changes of one setting that mend the rule, in the order of `x-mend`; of two settings if there is none.

        Where other broken rules share its settings, one that mends them all comes first, be it of two settings.
        """
        group = self._group(broken)
        operands = sorted(broken.rule.operands, key=self._rank.__getitem__)
        mending = [(path, self._single(path, broken.rule)) for path in operands]
        alone: list[Changes] = [{path: value} for path, value in mending if value is not None]
        if len(group) == 1 or len(group) > _TOGETHER:
            return alone or list(self._pairs([broken]))
        every = [path for rule in group for path in rule.rule.operands]
        one: list[Changes] = [
            {path: value}
            for path in sorted(set(every), key=self._rank.__getitem__)
            if (value := self._nearest(path, self._goals([path], [other.rule for other in group]))) is not None
        ]
        joint = one or list(self._pairs(group))
        return [*joint, *(changes for changes in alone if changes not in joint)]

    def for_wrong(self, setting: Setting, value: Value) -> Value | None:
        """The allowed value nearest to one of the right type, with which all rules hold that can; None where that is a guess."""
        if allowed(setting, value):
            return value
        if setting.type is Type.STRING:
            return _meant(setting, str(value))
        values = {**self.values, setting.path: value}
        others = self.wrong - {setting.path}
        rules = [
            rule for rule in self.settings.rules if setting.path in rule.operands and others.isdisjoint(rule.operands)
        ]
        errors = [rule for rule in rules if rule.severity is Severity.ERROR]
        found = (nearest(setting, goals, values) for goals in (rules, errors))
        best = next((value for value in found if value is not None), None)
        return best if best is not None else self._sparing(setting, values)

    def _sparing(self, setting: Setting, values: Mapping[Path, Value]) -> Value | None:
        """The allowed value with which the others have to change least where they have to; of equal ones the nearest."""
        value = values[setting.path]
        plain = nearest(setting, [], values)
        if plain is None:
            return None
        others = (other for rule in self.settings.rules if setting.path in rule.operands for other in rule.operands)
        beside = (
            self.values[path] for path in dict.fromkeys(others) if self.settings.setting(path).type is setting.type
        )
        tried = dict.fromkeys((plain, *ends(setting)[:_PAIRED], *(each for each in beside if allowed(setting, each))))
        wrong = self.wrong - {setting.path}
        cost = {new: self._cost({**values, setting.path: new}, wrong) for new in tried}
        return min(tried, key=lambda new: (cost[new], _far(new, value)))

    def _cost(self, values: Mapping[Path, Value], wrong: frozenset[Path]) -> float:
        """How far others have to move, in parts of what they are, for the rules to hold."""
        broken = list(broken_rules(self.settings, values, wrong))[:_TOGETHER]
        after = Proposals(self.settings, values, wrong, broken)
        moves = ([_moved(changes, values) for changes in after.for_rule(rule)] for rule in broken)
        return sum(min(each, default=float("inf")) for each in moves)

    def words(self, changes: Changes) -> str:
        """`raise timeoutMs to 40000`; of two changes, both."""
        return " and ".join(self._words(path, value) for path, value in changes.items())

    def _words(self, path: Path, value: Value) -> str:
        setting, old = self.settings.setting(path), self.values[path]
        ordered = setting.type in (Type.INTEGER, Type.NUMBER)
        verb = "set" if not ordered else "raise" if value > old else "lower"  # type: ignore[operator]
        return f"{verb} {setting.name} to {written(setting.type, value)}"

    def _group(self, broken: BrokenRule) -> list[BrokenRule]:
        """The broken rules that share settings with this one, straight or by others of them; some of very many."""
        group, rest = [broken], [other for other in self.broken if other is not broken]
        for member in group:
            if len(group) > _TOGETHER:
                break
            group += [other for other in rest if not set(other.rule.operands).isdisjoint(member.rule.operands)]
            rest = [other for other in rest if set(other.rule.operands).isdisjoint(member.rule.operands)]
        chosen = set(map(id, group))
        return [other for other in self.broken if id(other) in chosen]

    def _single(self, path: Path, rule: Rule) -> Value | None:
        return self._nearest(path, self._goals([path], [rule]))

    def _goals(self, paths: Iterable[Path], rules: Sequence[Rule]) -> Iterator[list[Rule]]:
        """What must hold when these settings change, at best first: every rule, those that held, the errors of those."""
        changed, asked, broken = set(paths), set(map(id, rules)), self._broken
        touched = [
            rule
            for rule in self.settings.rules
            if id(rule) in asked or (not changed.isdisjoint(rule.operands) and self.wrong.isdisjoint(rule.operands))
        ]
        yield touched
        held = [rule for rule in touched if id(rule) in asked or id(rule) not in broken]
        yield held
        if any(rule.severity is Severity.ERROR for rule in rules):
            yield [rule for rule in held if id(rule) in asked or rule.severity is Severity.ERROR]

    def _nearest(
        self, path: Path, goals: Iterable[Sequence[Rule]], changed: Mapping[Path, Value] | None = None
    ) -> Value | None:
        values = {**self.values, **(changed or {})}
        tried: list[Sequence[Rule]] = []
        for rules in goals:
            if rules in tried or any(path not in rule.operands and not rule.holds(values) for rule in rules):
                continue
            tried.append(rules)
            reading = [rule for rule in rules if path in rule.operands]
            found = nearest(self.settings.setting(path), reading, values, self._hints(path) if not changed else ())
            if found is not None:
                return found
        return None

    def _hints(self, path: Path) -> list[Value]:
        """What isolation found for the setting."""
        found = [
            evaluate(mend.value, self.values) for other in self.broken for mend in other.mends if mend.path == path
        ]
        return [value for value in found if not isinstance(value, str)]

    def _pairs(self, group: Sequence[BrokenRule]) -> Iterator[Changes]:
        """The first change of two settings that makes the rules of the group hold."""
        rules = [other.rule for other in group]
        paths = sorted({path for rule in rules for path in rule.operands}, key=self._rank.__getitem__)
        pairs = list(combinations(paths[:_PAIRED], 2))
        for first, second in (*pairs, *(pair[::-1] for pair in pairs)):
            for value in self._candidates(first, rules):
                other = self._beside(second, first, value, rules)
                if other is not None and other != self.values[second]:
                    # The first one was a guess: with the second one in place, a nearer one may do.
                    nearer = self._beside(first, second, other, rules)
                    changes = {first: value if nearer is None else nearer, second: other}
                    yield {path: new for path, new in changes.items() if new != self.values[path]}
                    return

    def _beside(self, path: Path, changed: Path, value: Value, rules: Sequence[Rule]) -> Value | None:
        """The nearest value of one setting while another one has changed."""
        return self._nearest(path, self._goals([path, changed], rules), {changed: value})

    def _candidates(self, path: Path, rules: Iterable[Rule]) -> list[Value]:
        """Values of a setting worth trying while another one is searched for."""
        setting = self.settings.setting(path)
        found = [
            setting.default,
            *(profile.values[path] for profile in self.settings.profiles if path in profile.values),
        ]
        found += [value for rule in rules if (value := self._nearest(path, [[rule]])) is not None]
        found += ends(setting)
        own = self.values[path]
        fitting = [value for value in dict.fromkeys(found) if value != own and holds(setting, value, (), self.values)]
        if setting.type in (Type.INTEGER, Type.NUMBER):
            fitting.sort(key=lambda value: abs(value - own))  # type: ignore[operator]
        return fitting


def _moved(changes: Changes, values: Mapping[Path, Value]) -> float:
    """How far settings move, each in parts of what it was or becomes; what has no order moves by one."""
    moves = 0.0
    for path, new in changes.items():
        old = values[path]
        if isinstance(new, bool | str) or isinstance(old, bool | str):
            moves += 1
        else:
            moves += abs(new - old) / max(abs(new), abs(old), 1)
    return moves


def _far(new: Value, old: Value) -> float:
    """How far a value is from another one; what has no order is as far as anything else."""
    return abs(new - old) if isinstance(new, int | float) and isinstance(old, int | float) else 1


def _meant(setting: Setting, text: str) -> Value | None:
    """The choice that a text surely stands for."""
    if setting.bounds.const is not None:
        return setting.bounds.const
    return likeliest(text, map(str, setting.bounds.enum)) if setting.bounds.enum is not None else None


def written(type_: Type, value: Value) -> str:
    """A value as the words of a mend have it: a text in quotes."""
    return f'"{value}"' if type_ is Type.STRING else render_text(type_, value)
