"""Whether a pattern can match one text in more ways than an engine can try that goes back to try another.

Python's `re` and JavaScript's do so where a text does not match at the end. Ways that part and meet again within a loop
are exponentially many; loops of the same characters, one behind the other, multiply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product

from chartgen.settings.pattern_automaton import Automaton, Loop, TooManyStepsError

MAX_DEGREE = 3
"""How many loops of the same characters may stand one behind the other: the power of a text's length."""


MIN_OPTIONAL, MAX_OPTIONAL_WAYS = 12, 1_000_000
"""Fewer optional parts are not looked at; together they may match one text in so many ways."""


def ambiguous_loop(pattern: str) -> Loop | None:
    """The loop of a sound pattern that takes too long, or None."""
    automaton = Automaton(pattern)
    try:
        whole = automaton.alternatives()
        loop = automaton.empty_loop or _exponential(automaton) or _polynomial(automaton)
        return loop or _many_optional(automaton, whole.first)
    except TooManyStepsError:
        return automaton.loops[-1] if automaton.loops else Loop(0, 0, 0, exact=False)


def _exponential(automaton: Automaton) -> Loop | None:
    """A loop in which ways part and meet again."""
    after, component = _graph(automaton)
    for (state, other), count in automaton.ways.items():
        if count > 1 and component[state] == component[other] >= 0:
            return _loop(automaton, component, component[state])
    characters = automaton.characters()
    seen: set[tuple[int, int]] = set()
    for state, own in component.items():
        apart = [(state, state)] if own >= 0 else []
        while apart:
            left, right = apart.pop()
            automaton.step(len(after[left]) * len(after[right]))
            steps = [
                (min(step), max(step))
                for step in product(after[left], after[right])
                if component[step[0]] == component[step[1]] == own and characters[step[0]] & characters[step[1]]
            ]
            if left != right and any(one == other for one, other in steps):
                return _loop(automaton, component, own)
            apart += [step for step in steps if step[0] != step[1] and step not in seen]
            seen.update(steps)
    return None


def _many_optional(automaton: Automaton, starts: Mapping[int, int]) -> Loop | None:
    """The last of so many parts that may stand or not that one character, repeated, matches them in too many ways."""
    if len(automaton.optional) < MIN_OPTIONAL:
        return None
    characters = automaton.characters()
    before: dict[int, list[tuple[int, int]]] = {state: [] for state in range(len(characters))}
    for (left, right), count in automaton.ways.items():
        if left < right:
            before[right].append((left, count))
    for char in frozenset[str]().union(*characters):
        automaton.step(len(automaton.ways) // 4)
        found: dict[int, int] = {}
        for state, taken in enumerate(characters):
            if char in taken:
                found[state] = starts.get(state, 0) + sum(found.get(left, 0) * count for left, count in before[state])
        if sum(found.values()) > MAX_OPTIONAL_WAYS:
            return automaton.optional[-1]
    return None


def _polynomial(automaton: Automaton) -> Loop | None:
    """The first of more loops of the same characters, one behind the other, than are allowed."""
    after, component = _graph(automaton)
    characters = automaton.characters()
    members: dict[int, list[int]] = {}
    for state, own in component.items():
        if any(loop.first <= state < loop.last and not loop.exact for loop in automaton.loops):
            members.setdefault(own, []).append(state)
    members.pop(-1, None)
    taken = {own: frozenset[str]().union(*(characters[state] for state in states)) for own, states in members.items()}
    degree: dict[int, int] = {}
    # What a component leads to has a smaller number.
    for own in sorted(members):
        automaton.step(len(degree))
        behind = [
            other
            for other in degree
            if taken[own] & taken[other]
            and _shares(automaton, after, component, characters, members[own], members[other])
        ]
        degree[own] = 1 + max((degree[other] for other in behind), default=0)
        if degree[own] > MAX_DEGREE:
            return _loop(automaton, component, own)
    return None


def _shares(  # noqa: PLR0913, PLR0917 - what is known of the automaton
    automaton: Automaton,
    after: Mapping[int, list[int]],
    component: Mapping[int, int],
    characters: list[frozenset[str]],
    one: list[int],
    other: list[int],
) -> bool:
    """Whether a text leads round in one loop, from it to the other, and round in that."""
    for start, end in product(one, other):
        seen: set[tuple[int, int, int]] = set()
        found = [(start, start, end)]
        while found:
            first, between, last = found.pop()
            automaton.step(len(after[first]) * len(after[between]) * len(after[last]))
            for step in product(after[first], after[between], after[last]):
                stays = component[step[0]] == component[start] and component[step[2]] == component[end]
                if step in seen or not stays or not characters[step[0]] & characters[step[1]] & characters[step[2]]:
                    continue
                if step == (start, end, end):
                    return True
                seen.add(step)
                found.append(step)
    return False


def _loop(automaton: Automaton, component: Mapping[int, int], own: int) -> Loop:
    """The smallest loop that holds a whole component."""
    states = [state for state, number in component.items() if number == own]
    holding = [loop for loop in automaton.loops if loop.first <= min(states) and max(states) < loop.last]
    return min(holding or automaton.loops, key=lambda loop: (loop.last - loop.first, -loop.index))


def _graph(automaton: Automaton) -> tuple[dict[int, list[int]], dict[int, int]]:
    """The states after each, and the number of the strongly connected component of each; -1 for those in no loop."""
    after: dict[int, list[int]] = {state: [] for state in range(len(automaton.atoms))}
    before: dict[int, list[int]] = {state: [] for state in after}
    for left, right in automaton.ways:
        after[left].append(right)
        before[right].append(left)
    order = _postorder(after, after)
    component: dict[int, int] = {}
    groups: list[list[int]] = []
    for state in reversed(order):
        if state not in component:
            group = _postorder(before, [state], component.__contains__)
            component |= dict.fromkeys(group, len(groups))
            groups.append(group)
    for group in groups:
        if len(group) == 1 and group[0] not in after[group[0]]:
            component[group[0]] = -1
    # Sources come first: turned round, what a component leads to has the smaller number.
    return after, {state: len(groups) - number if number >= 0 else -1 for state, number in component.items()}


def _postorder(
    after: Mapping[int, list[int]], starts: Iterable[int], done: Callable[[int], bool] = lambda _: False
) -> list[int]:
    """The states that can be reached, each behind all that are reached from it first."""
    order: list[int] = []
    seen: set[int] = set()
    for start in starts:
        stack = [(start, iter(after[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            state, following = stack[-1]
            step = next((each for each in following if each not in seen and not done(each)), None)
            if step is None:
                order.append(state)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(after[step])))
    return order
