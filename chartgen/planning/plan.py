"""A whole plan: what was asked, the load of the settings as they are, and of those that are recommended."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.polls import Roles, roles_of
from chartgen.planning.recommend import Question, Recommendation, recommend
from chartgen.records import dataclass
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Settings

INTERVALS = (2.0, 5.0, 10.0)
"""The intervals (seconds) that every plan shows beside its own."""


@dataclass(frozen=True)
class Plan:
    """The figures of `values` for a situation; with a capacity (requests a second), a recommendation."""

    settings: Settings
    values: Mapping[Path, Value]
    situation: Situation
    capacity: float | None = None

    @cached_property
    def roles(self) -> Roles:
        """The settings by which pages poll.

        Raises:
            UsageStop: there are none.
        """
        return roles_of(self.settings)

    @cached_property
    def load(self) -> Load:
        """The load of the values as they are."""
        return self.load_of({})

    def load_of(self, changes: Mapping[Path, Value]) -> Load:
        """The load of the values with some of them changed."""
        return Load(self.situation, self.roles.polls({**self.values, **changes}))

    @property
    def question(self) -> Question | None:
        """What a recommendation answers; None without a capacity."""
        if self.capacity is None:
            return None
        return Question(self.settings, self.roles, self.values, self.situation, self.capacity)

    @cached_property
    def recommendation(self) -> Recommendation | None:
        """The settings to use; None where no capacity says what is too much."""
        return None if self.question is None else recommend(self.question)

    @property
    def comparison(self) -> tuple[Load, ...]:
        """The load at `INTERVALS` and at the interval that is, all else as it is; the shortest first."""
        polls = self.load.polls
        intervals = sorted({*INTERVALS, polls.interval})
        return tuple(Load(self.situation, Polls(each, polls.attempts, polls.timeout)) for each in intervals)
